"""The map of a run: land, streets, places, and where people went."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.experiments.land_picture import MapNames, draw_land, land_names
from mesa_llm_city.experiments.palette import Group, Palette

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

    from mesa_llm_city.city import City

__all__ = ["draw_map", "scale_bar_m"]
_LARGEST_PT2, _ONE_PT2 = 260.0, 32.0
_LEAST_PT2 = 2.5
"""Circles are not smaller than this, so that single visits can be seen."""

_STATION_PT = 7.0
_ROUND = (1.0, 2.0, 5.0)
_NAMES = {
    "water": ("#2b6a8c", "italic"),
    "sea": ("#2b6a8c", "italic"),
    "park": ("#3b6b34", "normal"),
    "wood": ("#3b6b34", "normal"),
    "district": ("#5c5566", "normal"),
}
_OTHER_NAMES = ("#6b6560", "normal")
"""Colour and style of names by what is named."""

_HOME, _PLACE = "#d3c3ab", "#9c9c9c"


def draw_map(axes: Axes, city: City, visits: pd.DataFrame, palette: Palette) -> None:
    """Draw a city, its visited places as circles whose area is the number of visits.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    city : City
        The map.
    visits : pandas.DataFrame
        The columns ``place`` and ``purpose`` of a table of visits.
    palette : Palette
        Colours and labels.
    """
    axes.set_aspect("equal")
    axes.set_axis_off()
    _set_limits(axes, city)
    _draw_base_map(axes, city)
    _draw_places(axes, city)
    largest = _draw_visits(axes, city, visits, palette)
    _draw_names(axes, city)
    _draw_scale(axes)
    groups = sorted({palette.group_of(one) for one in visits["purpose"].unique()})
    _draw_legend(axes, city, [palette.groups[row] for row in groups], largest)


def scale_bar_m(width_m: float) -> float:
    """Return a round length of about a fifth of the width: 1, 2 or 5 times a power of ten.

    Examples
    --------
    >>> scale_bar_m(7200.0), scale_bar_m(31_000.0)
    (1000.0, 5000.0)
    """
    aim = width_m / 5.0
    power = 10.0 ** np.floor(np.log10(aim))
    return float(power * max(one for one in _ROUND if one * power <= aim))


def _draw_base_map(axes: Axes, city: City) -> None:
    """Draw land and streets, and the borders of the zones."""
    import shapely
    from matplotlib.collections import LineCollection

    land = city.land
    draw_land(axes, land)
    borders = shapely.get_parts(shapely.boundary(city.zones.polygons))
    edges = [shapely.get_coordinates(one) for one in borders]
    is_bare = land.is_empty and not len(city.streets)
    colour, width = ("#c8c8c8", 0.8) if is_bare else ("#b9b4c4", 0.35)
    axes.add_collection(LineCollection(edges, colors=colour, linewidths=width, zorder=1.5))
    if len(city.streets) and not len(land.lines):
        lines = LineCollection(list(city.streets), colors="#d5d5d5", linewidths=0.45, zorder=2)
        axes.add_collection(lines)


def _draw_places(axes: Axes, city: City) -> None:
    """Draw homes very faint, and other places faint."""
    places, homes = city.places, city.places.is_residence
    for mask, colour, size in ((homes, _HOME, 1.5), (~homes, _PLACE, 2.5)):
        axes.scatter(places.x[mask], places.y[mask], s=size, c=colour, linewidths=0, zorder=3)


def _draw_visits(axes: Axes, city: City, visits: pd.DataFrame, palette: Palette) -> int:
    """Draw the visited places, coloured by the purpose of most visits; return the most visits."""
    place, count, group = _visited(visits, palette)
    if not len(place):
        return 0
    order = np.argsort(-count, kind="stable")
    place, count, group = place[order], count[order], group[order]
    axes.scatter(
        city.places.x[place],
        city.places.y[place],
        s=np.maximum(_unit_pt2(int(count.max())) * count, _LEAST_PT2),
        c=[palette.groups[row].colour for row in group],
        alpha=0.75,
        edgecolors="white",
        linewidths=0.4,
        zorder=4,
    )
    return int(count.max())


def _visited(visits: pd.DataFrame, palette: Palette) -> tuple[Int, Int, Int]:
    """Return visited places, their numbers of visits, and the group of most visits."""
    rows = {one: palette.group_of(one) for one in visits["purpose"].unique()}
    groups = np.array([rows[one] for one in visits["purpose"]], dtype=np.int64)
    place, row = np.unique(visits["place"].to_numpy(dtype=np.int64), return_inverse=True)
    counts = np.zeros((len(place), len(palette.groups)), dtype=np.int64)
    np.add.at(counts, (row, groups), 1)
    return place, counts.sum(axis=1), counts.argmax(axis=1)


def _draw_names(axes: Axes, city: City) -> None:
    """Draw the stations in view, and write as many names as there is room for."""
    (west, east), (south, north), stations = axes.get_xlim(), axes.get_ylim(), city.stations
    names = MapNames(axes)
    seen = [
        (name, x, y)
        for name, x, y in zip(stations.names, stations.x, stations.y, strict=True)
        if west < x < east and south < y < north
    ]
    for _, x, y in seen:
        axes.plot(x, y, "s", color="black", markersize=5.8, markeredgecolor="white", zorder=6)
        names.keep_free(x, y, _STATION_PT)
    for name, x, y in seen:
        names.write(name, x, y, size_pt=7.5, beside_pt=_STATION_PT)
    for name, x, y, kind in land_names(axes, city.land):
        colour, style = _NAMES.get(kind, _OTHER_NAMES)
        names.write(name, x, y, size_pt=7.0, colour=colour, style=style)


def _set_limits(axes: Axes, city: City) -> None:
    """Show where nearly all places lie, so that stray ones do not shrink the town."""
    import shapely

    west, south, east, north = shapely.total_bounds(city.zones.polygons)
    axes.set_xlim(*_span(city.places.x, west, east))
    axes.set_ylim(*_span(city.places.y, south, north))


def _span(values: Float, least: float, most: float) -> tuple[float, float]:
    """Return the range of 98 in 100 values with a margin, within the zones."""
    low, high = np.quantile(values, [0.01, 0.99])
    margin = 0.12 * (high - low) + 50.0
    return max(low - margin, least - 50.0), min(high + margin, most + 50.0)


def _draw_scale(axes: Axes) -> None:
    from matplotlib.patheffects import withStroke

    left, right = axes.get_xlim()
    bottom, top = axes.get_ylim()
    length = scale_bar_m(right - left)
    x, y = left + 0.02 * (right - left), bottom + 0.015 * (top - bottom)
    axes.plot(
        [x, x + length], [y, y], color="black", linewidth=2.5, solid_capstyle="butt", zorder=8
    )
    text = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    axes.annotate(
        text,
        (x, y),
        xytext=(1, 4),
        textcoords="offset points",
        fontsize=7.5,
        zorder=8,
        path_effects=[withStroke(linewidth=2.2, foreground="white")],
    )


def _draw_legend(axes: Axes, city: City, groups: Sequence[Group], largest: int) -> None:
    """Explain colours and sizes below the map."""
    handles = [
        _mark("home", _HOME, 12.0),
        _mark("place not visited", _PLACE, 12.0),
        *([_mark("station", "black", 34.0, marker="s")] if len(city.stations) else []),
        *(_mark(group.label, group.colour, 60.0) for group in groups),
        *(_mark(_times(n), "#777777", _unit_pt2(largest) * n) for n in _sample_counts(largest)),
    ]
    axes.legend(
        handles=handles,
        loc="upper center",
        bbox_to_anchor=(0.5, -0.005),
        ncols=5,
        frameon=False,
        fontsize=8.5,
        handletextpad=0.4,
        columnspacing=1.4,
        labelspacing=0.7,
    )


def _mark(label: str, colour: str, size_pt2: float, *, marker: str = "o") -> Line2D:
    from matplotlib.lines import Line2D

    return Line2D(
        [],
        [],
        linestyle="",
        marker=marker,
        markersize=size_pt2**0.5,
        markeredgecolor="white",
        markeredgewidth=0.4,
        color=colour,
        label=label,
    )


def _times(count: int) -> str:
    return "1 visit" if count == 1 else f"{count} visits"


def _unit_pt2(largest: int) -> float:
    """Return the area of a single visit in square points."""
    return min(_ONE_PT2, _LARGEST_PT2 / largest)


def _sample_counts(largest: int) -> list[int]:
    """Return the least, a middling and the greatest number of visits."""
    return sorted({one for one in (1, largest // 3, largest) if one >= 1 and largest})
