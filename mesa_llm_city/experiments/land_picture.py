"""Land, waters, buildings and streets in pictures of a city, and names on maps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from mesa_llm_city.city.land import AREA_KINDS, LINE_KINDS, Land
from mesa_llm_city.city.land.extent import Box, cut_to
from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.key_layout import text_width_pt
from mesa_llm_city.experiments.land_look import AREA_LOOKS, LINE_LOOKS, LineLook

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.path import Path

__all__ = ["MapNames", "ThemeName", "draw_land", "land_names"]

ThemeName = Literal["light", "dark"]

_PT_PER_PX = 0.75
"""A pixel of a page is a 96th of an inch, a point a 72nd."""

_LEAST_PT = 0.15
_CASING_PT = 0.5
_CASED_FROM_PT = 1.2
"""Lines thinner than this have no edges."""

_LINE = 1.35
"""Height of a line of text, in sizes of the type."""

_NAMED_FROM_PT = 28.0
"""Side of an area, in points, from which on its name is written."""


def draw_land(axes: Axes, land: Land, *, theme: ThemeName = "light", zorder: float = 0.0) -> None:
    """Draw areas and lines as the map on the page does, below everything else.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw; its limits are in metres and stay as they are.
    land : Land
        What is there.
    theme : {"light", "dark"}
        Background for which the colours are.
    zorder : float, default 0
        From here to 1 above, in the order of drawing.
    """
    steps = np.linspace(zorder, zorder + 1.0, len(AREA_KINDS) + 2 * len(LINE_KINDS)).tolist()
    _draw_areas(axes, land, theme, steps[: len(AREA_KINDS)])
    _draw_lines(axes, land, theme, steps[len(AREA_KINDS) :])


def _draw_areas(axes: Axes, land: Land, theme: ThemeName, steps: Sequence[float]) -> None:
    from matplotlib.collections import PathCollection

    scale, box = _points_per_metre(axes), _view(axes)
    for row, (kind, step) in enumerate(zip(AREA_KINDS, steps, strict=True)):
        look = AREA_LOOKS[kind.name]
        if scale / _PT_PER_PX >= look.min_scale:
            paths = _outlines(_single(cut_to(land.areas[land.area_kind == row], box)))
            colour = getattr(look, theme)
            axes.add_collection(
                PathCollection(paths, facecolors=colour, edgecolors="none", zorder=step)
            )


def _draw_lines(axes: Axes, land: Land, theme: ThemeName, steps: Sequence[float]) -> None:
    """Draw the edges of all lines, and then the lines, so that crossings are open."""
    from matplotlib.collections import LineCollection

    scale, box = _points_per_metre(axes), _view(axes)
    for row, kind in enumerate(LINE_KINDS):
        look = LINE_LOOKS[kind.name]
        if scale / _PT_PER_PX < look.min_scale:
            continue
        cut = _single(cut_to(land.lines[land.line_kind == row], box))
        pieces, width = [shapely.get_coordinates(one) for one in cut], _width_pt(look, scale)
        casing, step = getattr(look, f"casing_{theme}"), steps[row]
        if casing and width >= _CASED_FROM_PT:
            edge = width + 2.0 * _CASING_PT
            axes.add_collection(LineCollection(pieces, colors=casing, linewidths=edge, zorder=step))
        colour, step = _seen_alone(look, theme, scale), steps[len(LINE_KINDS) + row]
        axes.add_collection(LineCollection(pieces, colors=colour, linewidths=width, zorder=step))


def _view(axes: Axes) -> Box:
    """Return the west, south, east and north end of what is in view, in metres."""
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    return west, south, east, north


def _points_per_metre(axes: Axes) -> float:
    """Return how long a metre is on paper, in points."""
    west, south, east, north = _view(axes)
    point_px = axes.figure.dpi / 72.0
    wide, high = axes.bbox.width / point_px, axes.bbox.height / point_px
    return float(min(wide / (east - west), high / (north - south)))


def _width_pt(look: LineLook, scale: float) -> float:
    """Return the width of a line: that in metres, and at least that in pixels."""
    return max(_PT_PER_PX * look.width_px, look.width_m * scale, _LEAST_PT)


def _seen_alone(look: LineLook, theme: ThemeName, scale: float) -> str:
    """Return the colour of a line: that of its edges if it is too thin for any."""
    casing = getattr(look, f"casing_{theme}")
    is_thin = _width_pt(look, scale) < _CASED_FROM_PT
    colour: str = casing if casing and is_thin and theme == "light" else getattr(look, theme)
    return colour


def _single(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return the single shapes, without empty ones."""
    parts = shapely.get_parts(shapes)
    return parts[~shapely.is_empty(parts)]


def _outlines(areas: NDArray[np.object_]) -> list[Path]:
    """Return polygons as paths; holes stay holes."""
    from matplotlib.path import Path

    # Paths are filled by the number of turns around a point, so holes turn the other way.
    rings, row = shapely.get_rings(shapely.orient_polygons(areas), return_index=True)
    corners = [shapely.get_coordinates(ring) for ring in rings]
    of_area: dict[int, list[Float]] = {}
    for at, ring in zip(row.tolist(), corners, strict=True):
        of_area.setdefault(at, []).append(ring)
    return [
        Path(
            np.concatenate(every),
            np.concatenate([_codes(len(ring), Path) for ring in every]),
        )
        for every in of_area.values()
    ]


def _codes(count: int, path: type[Path]) -> NDArray[np.uint8]:
    codes = np.full(count, path.LINETO, dtype=np.uint8)
    codes[0], codes[-1] = path.MOVETO, path.CLOSEPOLY
    return codes


def land_names(axes: Axes, land: Land) -> list[tuple[str, float, float, str]]:
    """Return the names of districts and of large areas in view, in the order of their weight.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        The map; its limits are in metres.
    land : Land
        What is there.

    Returns
    -------
    list of (str, float, float, str)
        Name, position in metres, and kind of what is named; each name once.
    """
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    least_m = _NAMED_FROM_PT / _points_per_metre(axes)
    found = {
        one.name: (one.x, one.y, one.kind)
        for one in land.labels
        if west < one.x < east and south < one.y < north
    }
    named = [row for row, name in enumerate(land.area_name) if name]
    named = [row for row in named if AREA_KINDS[land.area_kind[row]].is_named]
    cut = cut_to(land.areas[np.array(named, dtype=np.int64)], (west, south, east, north))
    for at in np.argsort(-shapely.area(cut), kind="stable").tolist():
        if np.sqrt(cut[at].area) >= least_m:
            point, row = shapely.point_on_surface(cut[at]), named[at]
            kind = AREA_KINDS[land.area_kind[row]].name
            found.setdefault(land.area_name[row], (point.x, point.y, kind))
    return [(name, *where) for name, where in found.items()]


@dataclass(slots=True, eq=False)
class MapNames:
    """Names on a map that do not lie on one another: who comes first has the room.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        The map.
    halo : str, default "white"
        Colour around the letters.
    """

    axes: Axes
    halo: str = "white"
    _taken: list[tuple[float, float, float, float]] = field(default_factory=list, init=False)

    def keep_free(self, x: float, y: float, side_pt: float) -> None:
        """Let no name lie on a mark of some size around a point."""
        scale = _points_per_metre(self.axes)
        half = side_pt / scale / 2.0
        self._taken.append((x - half, y - half, x + half, y + half))

    def write(
        self,
        text: str,
        x: float,
        y: float,
        *,
        size_pt: float = 7.0,
        colour: str = "black",
        beside_pt: float = 0.0,
        style: str = "normal",
    ) -> bool:
        """Write a name if there is room for it.

        Parameters
        ----------
        text : str
            The name.
        x, y : float
            Where it belongs, in metres.
        size_pt : float, default 7
            Size of the type in points.
        colour, style : str
            Colour, and ``"normal"`` or ``"italic"``.
        beside_pt : float, default 0
            How far to the right of the point it begins; with 0 it stands across the point.

        Returns
        -------
        bool
            Whether it has been written.
        """
        from matplotlib.patheffects import withStroke

        scale = _points_per_metre(self.axes)
        wide = max(text_width_pt(line, size_pt) for line in text.splitlines()) / scale
        high = _LINE * size_pt * len(text.splitlines()) / scale
        left = x + beside_pt / scale if beside_pt else x - wide / 2.0
        room = (left, y - high / 2.0, left + wide, y + high / 2.0)
        (west, east), (south, north) = self.axes.get_xlim(), self.axes.get_ylim()
        is_in_view = room[0] > west and room[2] < east and room[1] > south and room[3] < north
        if not is_in_view or any(_overlap(room, other) for other in self._taken):
            return False
        self._taken.append(room)
        self.axes.text(
            left if beside_pt else x,
            y,
            text,
            ha="left" if beside_pt else "center",
            va="center",
            fontsize=size_pt,
            color=colour,
            style=style,
            linespacing=0.95,
            zorder=7,
            path_effects=[withStroke(linewidth=0.28 * size_pt, foreground=self.halo)],
        )
        return True


def _overlap(one: Sequence[float], other: Iterable[float]) -> bool:
    """Return whether two boxes have a point in common."""
    west, south, east, north = other
    return one[0] < east and one[2] > west and one[1] < north and one[3] > south
