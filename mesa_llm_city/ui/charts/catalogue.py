"""All charts by name: as figures to save and for the browser, with a description."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mesa_llm_city.core.clock import clock_time
from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.palette import OTHER, palette_of
from mesa_llm_city.ui.charts.figures import (
    ChartStyle,
    needs_figure,
    popularity_figure,
    time_use_figure,
    trips_figure,
)
from mesa_llm_city.ui.charts.plots.needs import needs_plot
from mesa_llm_city.ui.charts.plots.places import places_plot
from mesa_llm_city.ui.charts.plots.plot import Plot
from mesa_llm_city.ui.charts.plots.time_use import NOBODY_LIVES, time_use_plot
from mesa_llm_city.ui.charts.plots.trips import trips_plot
from mesa_llm_city.ui.charts.time_of_day import name_of, named, now_h
from mesa_llm_city.ui.person.selection import NOBODY
from mesa_llm_city.ui.views.counts import counts_of
from mesa_llm_city.ui.views.protocols import CityView

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["CHARTS", "Chart", "Drawn", "time_use"]

_SHOWN = 8


class Drawn(NamedTuple):
    """A chart.

    Attributes
    ----------
    description : str
        What it shows, in a sentence; without a figure, what to do to have one.
    figure : matplotlib.figure.Figure, optional
        The chart itself.
    """

    description: str
    figure: Figure | None = None


class Chart(NamedTuple):
    """A chart of a city.

    Attributes
    ----------
    title : str
        Heading of the chart.
    draw : callable
        Draws a view in a style, for a person or `NOBODY`, as a figure to save.
    plot : callable
        Returns it for the browser, from a view and a person or `NOBODY`.
    """

    title: str
    draw: Callable[[CityView, ChartStyle, int], Drawn]
    plot: Callable[[CityView, int], Plot]


def time_use(
    view: CityView, style: ChartStyle, person: int = NOBODY, *, observed: Float | None = None
) -> Drawn:
    """Draw the shares of people by activity (see `time_use_figure`)."""
    del person
    if not view.minute:
        return Drawn("Nothing has happened yet: press Step or Play.")
    profile = counts_of(view).time_use(view)
    if profile.latest is None:
        return Drawn(NOBODY_LIVES)
    figure = time_use_figure(
        profile, now_h=now_h(view), style=style, observed=observed, parameters=view.parameters
    )
    labels = [group.label for group in palette_of(view.parameters).groups]
    shares = [f"{label} {share:.0%}" for label, share in named(labels, profile.latest)]
    return Drawn(f"At {clock_time(view.minute)}: {', '.join(shares)}.", figure)


def _trips(view: CityView, style: ChartStyle, person: int = NOBODY) -> Drawn:
    """Draw departures by hour and mode (see `trips_figure`)."""
    del person
    profile = counts_of(view).trips(view)
    if not np.nansum([profile.today, profile.before]):
        return Drawn("Nobody has arrived anywhere yet: go on until the morning.")
    total = np.nansum(profile.today, axis=1)
    labels = [*(mode.label for mode in view.parameters.modes.values()), OTHER.label]
    shares = [f"{label} {count:.0f}" for label, count in named(labels, total)]
    description = f"Trips today per 100 people, by mode: {', '.join(shares)}."
    return Drawn(
        description,
        trips_figure(profile, now_h=now_h(view), style=style, parameters=view.parameters),
    )


def _needs(view: CityView, style: ChartStyle, person: int = NOBODY) -> Drawn:
    """Draw needs over the last 24 hours (see `needs_figure`)."""
    series = counts_of(view).needs(view, person)
    if len(series.minute) < 2:
        known = not view.minute or len(series.minute)
        soon = "Needs are written down each hour: go on for two hours."
        return Drawn(soon if known else "This run has no needs to show.")
    labels = [need.label for need in view.parameters.needs.values()]
    levels = [f"{label} {at:.2f}" for label, at in zip(labels, series.mean[-1], strict=True)]
    name = "" if np.isnan(series.own).all() else name_of(view, person)
    description = f"Mean needs at {clock_time(int(series.minute[-1]))}: {', '.join(levels)}."
    return Drawn(
        description, needs_figure(series, name=name, style=style, parameters=view.parameters)
    )


def _places(view: CityView, style: ChartStyle, person: int = NOBODY) -> Drawn:
    """Draw the places most visited (see `popularity_figure`)."""
    del person
    counted = counts_of(view).popularity(view)
    if not len(counted.place):
        return Drawn("No visit has ended yet: go on until people have been out.")
    known = view.basemap().names
    names = [known[place] for place in counted.place[:_SHOWN].tolist()]
    visits = counted.visits[:_SHOWN].tolist()
    counts = ", ".join(f"{name} {count}" for name, count in zip(names, visits, strict=True))
    figure = popularity_figure(names, visits, counted.satisfaction[:_SHOWN].tolist(), style)
    return Drawn(f"Visits so far: {counts}.", figure)


CHARTS: Mapping[str, Chart] = MappingProxyType(
    {
        "time_use": Chart("Time use", time_use, time_use_plot),
        "trips": Chart("Trips per hour", _trips, trips_plot),
        "needs": Chart("Needs", _needs, needs_plot),
        "places": Chart("Places most visited", _places, places_plot),
    }
)
"""The charts by name, for components and exports."""
