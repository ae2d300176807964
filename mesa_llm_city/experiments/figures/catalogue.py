"""The figures of a run of a city, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.suggestions import did_you_mean
from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.figures.distances import draw_lengths, draw_mode_shares
from mesa_llm_city.experiments.figures.flow_map import draw_flows
from mesa_llm_city.experiments.figures.place_ranks import draw_place_ranks
from mesa_llm_city.experiments.figures.saved import SavedLives
from mesa_llm_city.experiments.hourly import DAY_H, minutes_of
from mesa_llm_city.experiments.panels import (
    draw_departures,
    draw_needs,
    draw_shares,
    draw_time_use,
    draw_trips,
)
from mesa_llm_city.experiments.town_map import draw_map

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["FIGURES", "RunFigure", "figure_of"]


class RunFigure(NamedTuple):
    """A figure of a run.

    Attributes
    ----------
    title : str
        What it shows, for captions.
    height : float
        Height of the figure as a share of its width.
    table : str
        Table that it needs; there is no figure of a run without it.
    draw : callable
        Draws it on axes: ``f(axes, lives)``.
    """

    title: str
    height: float
    table: str
    draw: Callable[[Axes, SavedLives], None]


def figure_of(name: str) -> RunFigure:
    """Return a figure by its name.

    Raises
    ------
    ConfigError
        If there is none of this name.
    """
    if name not in FIGURES:
        message = (
            f"there is no figure {name!r}{did_you_mean(name, FIGURES) or '.'} "
            f"Of a run of a city there are {', '.join(FIGURES)}"
        )
        raise ConfigError(message)
    return FIGURES[name]


def _map(axes: Axes, lives: SavedLives) -> None:
    visits = lives.table("visits", ["person", "place", "purpose"])
    draw_map(axes, lives.town, visits, lives.palette, key_below=True)


def _flows(axes: Axes, lives: SavedLives) -> None:
    columns = ["time", "origin", "destination", "trips"]
    draw_flows(axes, lives.town, lives.table("zone_flows", columns))


def _time_use(axes: Axes, lives: SavedLives) -> None:
    if lives.has("activities"):
        activities = lives.table("activities", ["person", "start", "end", "purpose"])
        draw_time_use(axes, activities, lives.clock, lives.palette, days=lives.days, key_below=True)
    else:
        draw_shares(axes, _hourly_shares(lives), lives.palette, key_below=True)


def _hourly_shares(lives: SavedLives) -> Float:
    """Return shares by hour of a crowd that kept no tables."""
    frame = lives.table("hourly_activity", ["time", "purpose", "person_min"])
    minutes = np.zeros((len(lives.palette.groups), DAY_H))
    hour = minutes_of(frame["time"], lives.clock) % DAY_MIN // HOUR_MIN
    group = np.array([lives.palette.group_of(one) for one in frame["purpose"]], dtype=np.int64)
    np.add.at(minutes, (group, hour), frame["person_min"].to_numpy(dtype=np.float64))
    shares: Float = minutes / np.maximum(minutes.sum(axis=0), 1.0)
    return shares


def _trips(axes: Axes, lives: SavedLives) -> None:
    if lives.has("trips"):
        trips = lives.table("trips", ["person", "start", "mode"])
        draw_trips(
            axes,
            trips,
            lives.clock,
            lives.palette,
            days=lives.days,
            people=lives.people,
            key_below=True,
        )
    else:
        counts = _hourly_trips(lives)
        draw_departures(
            axes, counts, lives.clock, lives.palette, people=lives.people, key_below=True
        )


def _hourly_trips(lives: SavedLives) -> Float:
    """Return departures by day, mode and hour of a crowd that kept no tables."""
    frame = lives.table("hourly_modes", ["time", "mode", "trips"])
    modes = [*lives.palette.modes]
    counts = np.zeros((lives.days, len(modes) + 1, DAY_H))
    minute = minutes_of(frame["time"], lives.clock)
    known = [modes.index(one) if one in modes else len(modes) for one in frame["mode"]]
    mode = np.array(known, dtype=np.int64)
    at = (minute // DAY_MIN, mode, minute % DAY_MIN // HOUR_MIN)
    np.add.at(counts, at, frame["trips"].to_numpy(dtype=np.float64))
    return counts


def _mode_shares(axes: Axes, lives: SavedLives) -> None:
    trips = lives.table("trips", ["person", "mode", "distance_m"])
    draw_mode_shares(axes, trips, lives.palette, key_below=True)


def _lengths(axes: Axes, lives: SavedLives) -> None:
    trips = lives.table("trips", ["person", "mode", "distance_m"])
    draw_lengths(axes, trips, lives.palette, key_below=True)


def _needs(axes: Axes, lives: SavedLives) -> None:
    needs = lives.parameters.needs
    thresholds = {name: need.threshold for name, need in needs.items()}
    levels = lives.table("needs", ["person", "time", *needs])
    draw_needs(axes, levels, thresholds, lives.palette, key_below=True)


def _places(axes: Axes, lives: SavedLives) -> None:
    visits = lives.table("visits", ["person", "place", "purpose"])
    draw_place_ranks(axes, visits, lives.palette, key_below=True)


FIGURES: Mapping[str, RunFigure] = MappingProxyType(
    {
        "map": RunFigure("Places by number of visits", 1.0, "visits", _map),
        "flows": RunFigure("Trips between zones", 0.95, "zone_flows", _flows),
        "time_use": RunFigure("What people are doing", 0.75, "hourly_activity", _time_use),
        "trips": RunFigure("Trips by mode and hour of departure", 0.66, "hourly_modes", _trips),
        "modes": RunFigure("Modes by the length of the trip", 0.66, "trips", _mode_shares),
        "lengths": RunFigure("Lengths of trips", 0.72, "trips", _lengths),
        "needs": RunFigure("Levels of needs", 0.68, "needs", _needs),
        "places": RunFigure("Visits by rank of the place", 0.72, "visits", _places),
    }
)
"""The figures of a run of a city."""
