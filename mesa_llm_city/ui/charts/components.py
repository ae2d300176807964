"""Charts and clock of a city, as components: ``f(model)``, for `SolaraViz` and any page."""

from __future__ import annotations

from collections.abc import Callable

import solara
import solara.lab

from mesa_llm_city.core.values import Float
from mesa_llm_city.simulation.phrases import date_and_time
from mesa_llm_city.ui.charts.catalogue import CHARTS, Drawn, time_use
from mesa_llm_city.ui.charts.figures import DARK, LIGHT, ChartStyle, png_of
from mesa_llm_city.ui.page.throttle import use_throttled
from mesa_llm_city.ui.panel import Hint, Panel, Picture, image_url
from mesa_llm_city.ui.person.selection import NOBODY, selected
from mesa_llm_city.ui.views.consistent_read import read_steadily
from mesa_llm_city.ui.views.counts import model_of
from mesa_llm_city.ui.views.protocols import CityView, view_of

__all__ = ["Clock", "Needs", "PlacePopularity", "TimeUse", "TripsPerHour"]

_Draw = Callable[[CityView, ChartStyle, int], Drawn]


def TimeUse(model: object, observed: Float | None = None) -> solara.Element:
    """Show the shares of people by activity and time of day.

    Parameters
    ----------
    model : CityModel or CityView
        The city.
    observed : ndarray, shape (groups, slots), optional
        Observed shares to compare with (see `time_use_figure`); give them with
        `functools.partial`.
    """

    def draw(view: CityView, style: ChartStyle, person: int) -> Drawn:
        return time_use(view, style, person, observed=observed)

    return _chart(model, "time_use", CHARTS["time_use"].draw if observed is None else draw)


def TripsPerHour(model: object) -> solara.Element:
    """Show departures per 100 people by hour and mode."""
    return _chart(model, "trips")


def Needs(model: object) -> solara.Element:
    """Show the needs of the last 24 hours: the mean, and those of the person selected."""
    return _chart(model, "needs", personal=True)


def PlacePopularity(model: object) -> solara.Element:
    """Show the places most visited, and the satisfaction of their visitors."""
    return _chart(model, "places")


def Clock(model: object) -> solara.Element:
    """Show date and time of the run, and the weather if it is known."""
    return _Clock(model=model, minute=view_of(model).minute)


def _chart(
    model: object, name: str, draw: _Draw | None = None, *, personal: bool = False
) -> solara.Element:
    # The minute is handed over, so that the chart is looked at anew when it has changed.
    minute = view_of(model).minute
    chosen = draw or CHARTS[name].draw
    return _Chart(model=model, minute=minute, name=name, draw=chosen, personal=personal)


@solara.component
def _Chart(model: object, minute: int, name: str, draw: _Draw, *, personal: bool) -> None:
    view = view_of(model)
    person = selected(model).value if personal else NOBODY
    style = DARK if solara.lab.use_dark_effective() else LIGHT

    def make() -> tuple[str, str]:
        drawn = read_steadily(lambda: draw(view, style, person))
        return drawn.description, "" if drawn.figure is None else image_url(png_of(drawn.figure))

    text, url = use_throttled(minute, make, urgent=(person, style, id(model)))
    with Panel(CHARTS[name].title, name=name.replace("_", "-")):
        if url:
            Picture(url, text)
        else:
            Hint(text)


@solara.component
def _Clock(model: object, minute: int) -> None:
    view = view_of(model)
    day = view.clock.day(minute) + 1
    kind = "a working day" if view.clock.is_workday(minute) else "no working day"
    date, _, time = date_and_time(view.clock, minute).rpartition(", ")
    with solara.Column(gap="0px", classes=["city-clock"], style={"padding": "4px 8px"}):
        solara.Text(time, classes=["city-time"], style={"font-size": "1.9rem", "line-height": "1"})
        solara.Text(date, classes=["city-date"], style={"font-weight": "600"})
        solara.Text(f"Day {day}, {kind}", classes=["city-day"])
        if weather := _weather(view, minute):
            solara.Text(weather, classes=["city-weather"])


def _weather(view: CityView, minute: int) -> str:
    """Return the weather in words, empty where it is not known."""
    model = model_of(view)
    if model is None:
        return ""
    weather = model.world.weather(minute)
    rain = f"rain, {weather.rain_mm_h:.1f} mm/h" if weather.is_wet else "dry"
    return f"{weather.temperature_c:.0f} °C, {rain}"
