"""Trips between zones as arrows on the map: as wide as trips are many, those most used on top."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.experiments.figures.town import SavedTown
from mesa_llm_city.experiments.key_layout import sheet_of, width_in_of
from mesa_llm_city.experiments.land_picture import MapNames
from mesa_llm_city.experiments.town_map import draw_ground, draw_scale

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["draw_flows", "flows_of"]

MOST_FLOWS = 60
"""Arrows that are drawn: more cannot be told apart."""

_WIDEST_PT_PER_IN, _THINNEST_PT = 0.62, 0.35
_BEND = 0.22
_MOST_NAMES = 12
_NAME_PT = 6.5
_COLOUR, _WITHIN = "#332288", "#CC6677"
_LARGEST_PT2_PER_IN = 24.0


def flows_of(table: pd.DataFrame) -> tuple[Int, Int]:
    """Return pairs of zones and the trips between them, those most used last.

    Parameters
    ----------
    table : pandas.DataFrame
        ``zone_flows``: columns origin, destination and trips.

    Returns
    -------
    ndarray of int64, shape (n, 2)
        Rows of the zones, origin and destination.
    ndarray of int64, shape (n,)
        Numbers of trips over the whole run.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"origin": [0, 0, 1], "destination": [1, 1, 1], "trips": [2, 3, 1]})
    >>> pairs, trips = flows_of(table)
    >>> pairs.tolist(), trips.tolist()
    ([[1, 1], [0, 1]], [1, 5])
    """
    columns = [table[name].to_numpy(dtype=np.int64) for name in ("origin", "destination", "trips")]
    pairs, row = np.unique(np.column_stack(columns[:2]), axis=0, return_inverse=True)
    trips = np.zeros(len(pairs), dtype=np.int64)
    np.add.at(trips, row, columns[2])
    order = np.argsort(trips, kind="stable")
    return pairs[order], trips[order]


def draw_flows(axes: Axes, town: SavedTown, table: pd.DataFrame) -> None:
    """Draw the most used ways between zones, and discs for trips within a zone.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    town : SavedTown
        The map.
    table : pandas.DataFrame
        ``zone_flows`` of the run.
    """
    import shapely

    draw_ground(axes, town)
    pairs, trips = flows_of(table)
    centres = shapely.get_coordinates(shapely.centroid(town.zones.polygons))
    between = pairs[:, 0] != pairs[:, 1]
    _draw_within(axes, centres[pairs[~between, 0]], trips[~between])
    shown = np.flatnonzero(between)[-MOST_FLOWS:]
    _draw_between(axes, centres[pairs[shown]], trips[shown])
    _name_zones(axes, town, centres, pairs, trips)
    draw_scale(axes)
    _explain(axes, trips, shown, total=int(trips[between].sum()))


def _draw_within(axes: Axes, at: Float, trips: Int) -> None:
    """Draw trips within a zone as discs; their area is their number."""
    if len(trips):
        size = _LARGEST_PT2_PER_IN * width_in_of(axes) * trips / trips.max()
        axes.scatter(at[:, 0], at[:, 1], s=size, color=_WITHIN, alpha=0.55, linewidths=0, zorder=4)


def _draw_between(axes: Axes, ends: Float, trips: Int) -> None:
    """Draw trips between zones as bent arrows, so that both directions are seen."""
    from matplotlib.patches import FancyArrowPatch

    for (start, end), count in zip(ends, trips, strict=True):
        share = float(count) / float(trips.max())
        width = _width_pt(axes, share)
        arrow = FancyArrowPatch(
            tuple(start),
            tuple(end),
            connectionstyle=f"arc3,rad={_BEND}",
            arrowstyle=f"-|>,head_length={1.6 + width},head_width={0.9 + 0.5 * width}",
            linewidth=width,
            color=_COLOUR,
            alpha=0.25 + 0.55 * share,
            shrinkA=2.0,
            shrinkB=2.0,
            zorder=5,
        )
        axes.add_patch(arrow)


def _width_pt(axes: Axes, share: float) -> float:
    """Return the width of an arrow for a share of the trips of the widest."""
    return max(_WIDEST_PT_PER_IN * width_in_of(axes) * share, _THINNEST_PT)


def _name_zones(axes: Axes, town: SavedTown, centres: Float, pairs: Int, trips: Int) -> None:
    """Write the names of the zones with most trips, unless two would lie on each other."""
    of_zone = np.zeros(len(centres), dtype=np.int64)
    np.add.at(of_zone, pairs[:, 0], trips)
    np.add.at(of_zone, pairs[:, 1], trips)
    names, named = MapNames(axes), 0
    for row in np.argsort(-of_zone, kind="stable").tolist():
        if named == _MOST_NAMES or not of_zone[row]:
            return
        x, y = centres[row].tolist()
        name = town.zones.names[row].replace("$", r"\$")
        named += names.write(name, x, y, size_pt=_NAME_PT)


def _explain(axes: Axes, trips: Int, shown: Int, *, total: int) -> None:
    """Tell what widths mean, and what share of the trips between zones is drawn."""
    from matplotlib.lines import Line2D

    if not len(shown):
        return
    most = int(trips[shown].max())
    drawn = int(trips[shown].sum())
    widths = sorted({most, max(most // 4, 1)}, reverse=True)
    handles = [Line2D([], [], color=_COLOUR, linewidth=_width_pt(axes, n / most)) for n in widths]
    labels = [f"{n:,} trips" for n in widths]
    disc = Line2D([], [], linestyle="", marker="o", markersize=6, color=_WITHIN, alpha=0.55)
    sheet_of(axes).legend(
        handles=[*handles, disc],
        labels=[*labels, "within a zone"],
        title=f"{len(shown)} flows with {drawn / total:.0%} of the trips between zones",
        loc="outside lower center",
        ncols=3,
        frameon=False,
    )
