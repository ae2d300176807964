"""Charts and clock of a city, as components: ``f(model)``, for `SolaraViz` and any page."""

from __future__ import annotations

import re
from functools import partial

import solara

from mesa_llm_city.core.values import Float
from mesa_llm_city.simulation.phrases import date_and_time
from mesa_llm_city.ui.charts.observations import observations
from mesa_llm_city.ui.charts.plot_panel import PlotPanel
from mesa_llm_city.ui.charts.plots.needs import needs_plot
from mesa_llm_city.ui.charts.plots.places import places_plot
from mesa_llm_city.ui.charts.plots.reporter import reporter_plot
from mesa_llm_city.ui.charts.plots.time_use import time_use_plot
from mesa_llm_city.ui.charts.plots.trips import trips_plot
from mesa_llm_city.ui.views.counts import model_of
from mesa_llm_city.ui.views.protocols import CityView, view_of

__all__ = ["Clock", "Needs", "PlacePopularity", "ReporterChart", "TimeUse", "TripsPerHour"]


def TimeUse(model: object, observed: Float | None = None, source: str = "") -> solara.Element:
    """Show the shares of people by activity and time of day.

    Parameters
    ----------
    model : CityModel or CityView
        The city.
    observed : ndarray, shape (groups, slots), optional
        Observed shares to compare with (see `time_use_plot`); give them with
        `functools.partial`, or for all charts of the city by `observe`.
    source : str, optional
        Where they come from.
    """
    if observed is None:
        known = observations(model)
        observed, source = known.time_use, known.time_use_source
    return PlotPanel(model, "time_use", partial(time_use_plot, observed=observed, source=source))


def TripsPerHour(model: object, observed: Float | None = None, source: str = "") -> solara.Element:
    """Show departures per 100 people by hour and mode.

    Parameters
    ----------
    model : CityModel or CityView
        The city.
    observed : ndarray, shape (24,), optional
        Observed shares of the trips of a day, by hour (see `trips_plot`); those of `observe` if
        not given.
    source : str, optional
        Where they come from.
    """
    if observed is None:
        known, view = observations(model), view_of(model)
        observed = known.departures_on(view.clock, max(view.minute - 1, 0))
        source = known.departures_source
    return PlotPanel(model, "trips", partial(trips_plot, observed=observed, source=source))


def Needs(model: object) -> solara.Element:
    """Show the needs of the last 24 hours: the mean, and those of the person selected."""
    return PlotPanel(model, "needs", needs_plot, personal=True)


def PlacePopularity(model: object) -> solara.Element:
    """Show the places most visited, and the satisfaction of their visitors."""
    return PlotPanel(model, "places", places_plot)


def ReporterChart(model: object, reporter: str) -> solara.Element:
    """Show what a model has reported at each step, as a line.

    Parameters
    ----------
    model : CityModel or CityView
        The city.
    reporter : str
        Name of a model reporter, or another of `reporters_of`.
    """
    name = re.sub(r"\W+", "_", reporter)
    return PlotPanel(model, name, partial(reporter_plot, reporter=reporter), title=reporter)


def Clock(model: object) -> solara.Element:
    """Show date and time of the run, and the weather if it is known."""
    return _Clock(model=model, minute=view_of(model).minute)


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
