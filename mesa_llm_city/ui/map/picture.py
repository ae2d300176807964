"""The map at a moment as a picture, for files: PNG for papers, frames for films."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.experiments.land_look import AREA_LOOKS, LINE_LOOKS
from mesa_llm_city.experiments.land_picture import MapNames, ThemeName, draw_land, land_names
from mesa_llm_city.experiments.town_map import scale_bar_m
from mesa_llm_city.ui.palette import LEVELS, THEMES, UNKNOWN, colouring
from mesa_llm_city.ui.views.protocols import CityView

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.collections import PathCollection
    from matplotlib.figure import Figure
    from matplotlib.text import Text

__all__ = ["MapPicture", "map_png"]

_PAPER_DPI = 300
_MAP_WIDTH = 0.79
_TALLEST = 1.3
_STATION_PT = 5.0
_MARGIN = 0.03


class MapPicture:
    """A picture of a city in which the people move; the base map is drawn once.

    Parameters
    ----------
    view : CityView
        The city.
    by : str, default "activity"
        What people are coloured by.
    dark : bool, default False
        Whether on a dark background.
    width_in : float, default 9
        Width in inches.

    Attributes
    ----------
    figure : matplotlib.figure.Figure
        The picture.
    colours : tuple of str
        Colours of the areas, lines and dots that mean something, as ``#rrggbb``.
    """

    def __init__(
        self, view: CityView, *, by: str = "activity", dark: bool = False, width_in: float = 9.0
    ) -> None:
        self.view = view
        self._name: ThemeName = "dark" if dark else "light"
        self._theme = THEMES[self._name]
        self._shown = colouring(by, view.parameters)
        shades = self._shown.dark if dark else self._shown.light
        self._colours = np.array([*shades, *[UNKNOWN] * (LEVELS + 1 - len(shades))])
        theme = self._theme
        areas = (theme.background, theme.land, theme.edge, theme.street, theme.text, theme.panel)
        marks = (theme.home, theme.place, theme.station, UNKNOWN)
        below = [getattr(look, self._name) for look in (*AREA_LOOKS.values(), *LINE_LOOKS.values())]
        self.colours = tuple(dict.fromkeys([*areas, *marks, *shades, *below]))
        self.figure = self._sheet(width_in)
        self._axes = self._map_axes()
        self._draw_base_map()
        self._people: PathCollection = self._axes.scatter([], [], linewidths=0.25, zorder=5)
        self._title: Text = self.figure.text(0.02, 0.965, "", va="top", color=self._theme.text)
        self._draw_legend(shades)
        self._still: tuple[int, Any, Any] | None = None  # matplotlib has no types for these
        self.update()

    def update(self) -> None:
        """Show the moment at which the view stands."""
        crowd, now = self.view.crowd(), self.view.clock.at(self.view.minute)
        codes = self._shown.codes(self.view.values(self._shown.by))
        under_way = crowd.mode >= 0
        self._people.set_offsets(np.column_stack([crowd.x, crowd.y]))
        self._people.set_facecolor(self._colours[codes].tolist())
        self._people.set_edgecolor(self._theme.panel)
        self._people.set_sizes(np.where(under_way, 1.5, 1.0) * self._size_pt2(len(crowd)))
        self._title.set_text(f"{self.view.title}   {now:%A} {now.day} {now:%B %Y}, {now:%H:%M}")

    def png(self, *, dpi: int = _PAPER_DPI) -> bytes:
        """Return the picture as PNG."""
        out = BytesIO()
        self.figure.savefig(out, format="png", dpi=dpi, facecolor=self._theme.background)
        return out.getvalue()

    def pixels(self, *, dpi: int) -> NDArray[np.uint8]:
        """Return the picture as red, green and blue, shape (height, width, 3), for films.

        What does not move is drawn once for a resolution, and then copied.
        """
        if self._still is None or self._still[0] != dpi:
            self._still = (dpi, *self._drawn_still(dpi))
        _, canvas, still = self._still
        canvas.restore_region(still)
        for artist in self._above():
            self._axes.draw_artist(artist)
        self.figure.draw_artist(self._title)
        return np.asarray(canvas.buffer_rgba())[..., :3].copy()

    def _drawn_still(self, dpi: int) -> tuple[Any, Any]:
        """Return a canvas with all that does not move, and a copy of that."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        self.figure.set_dpi(dpi)
        canvas: Any = FigureCanvasAgg(self.figure)
        moving = [*self._above(), self._title]
        for artist in moving:
            artist.set_visible(False)
        canvas.draw()
        still = canvas.copy_from_bbox(self.figure.bbox)
        for artist in moving:
            artist.set_visible(True)
        return canvas, still

    def _above(self) -> list[Artist]:
        """Return the people and what lies above them, from below."""
        return [self._people, *self._axes.lines, *self._axes.texts]

    def _sheet(self, width_in: float) -> Figure:
        from matplotlib.figure import Figure

        west, south, east, north = self._extent()
        shape = min((north - south) / max(east - west, 1.0), _TALLEST)
        height_in = width_in * (_MAP_WIDTH * shape + 0.08)
        return Figure(figsize=(width_in, height_in), facecolor=self._theme.background)

    def _extent(self) -> tuple[float, float, float, float]:
        """Return what is shown: the part of the city to look at first, and a margin."""
        west, south, east, north = self.view.basemap().focus
        margin = _MARGIN * max(east - west, north - south, 1.0)
        return west - margin, south - margin, east + margin, north + margin

    def _map_axes(self) -> Axes:
        axes: Axes = self.figure.add_axes((0.02, 0.02, _MAP_WIDTH - 0.03, 0.9))
        west, south, east, north = self._extent()
        axes.set_xlim(west, east)
        axes.set_ylim(south, north)
        axes.set_aspect("equal")
        axes.set_axis_off()
        return axes

    def _draw_base_map(self) -> None:
        from matplotlib.collections import LineCollection, PolyCollection

        base_map, theme, axes = self.view.basemap(), self._theme, self._axes
        zones = list(base_map.zones)
        axes.add_collection(PolyCollection(zones, facecolors=theme.land, zorder=0))
        draw_land(axes, base_map.land, theme=self._name, zorder=0.2)
        edges = LineCollection(zones, colors=theme.edge, linewidths=0.5, zorder=1.5)
        axes.add_collection(edges)
        if not len(base_map.land.lines):
            pieces = list(base_map.streets.reshape(-1, 2, 2))
            streets = LineCollection(pieces, colors=theme.street, linewidths=0.5, zorder=2)
            axes.add_collection(streets)
        for mask, colour, size in (
            (base_map.is_home, theme.home, 1.2),
            (~base_map.is_home, theme.place, 2.2),
        ):
            x, y = base_map.places[mask].T
            axes.scatter(x, y, s=size, c=colour, linewidths=0, zorder=3)
        self._draw_names()
        self._draw_scale()

    def _draw_names(self) -> None:
        """Draw the stations, and the names of stations, districts, parks and waters."""
        base_map, theme = self.view.basemap(), self._theme
        names = MapNames(self._axes, halo=theme.land)
        x, y = base_map.stations.reshape(-1, 2).T
        self._axes.scatter(x, y, s=_STATION_PT**2, marker="s", c=theme.station, zorder=4)
        at = base_map.stations.tolist()
        for east, north in at:
            names.keep_free(east, north, _STATION_PT)
        for name, (east, north) in zip(base_map.station_names, at, strict=True):
            names.write(name, east, north, colour=theme.text, beside_pt=_STATION_PT)
        for name, east, north, _ in land_names(self._axes, base_map.land):
            names.write(name, east, north, size_pt=6.5, colour=theme.faint)

    def _draw_scale(self) -> None:
        (west, east), (south, north) = self._axes.get_xlim(), self._axes.get_ylim()
        length = scale_bar_m(east - west)
        x, y = west + 0.02 * (east - west), south + 0.02 * (north - south)
        self._axes.plot([x, x + length], [y, y], color=self._theme.text, lw=1.6, zorder=6)
        label = f"{length / 1000:g} km" if length >= 1000.0 else f"{length:g} m"
        above = y + 0.008 * (north - south)
        self._axes.text(x, above, label, fontsize=7, color=self._theme.text, zorder=6)

    def _draw_legend(self, shades: tuple[str, ...]) -> None:
        """Explain the colours: names of classes, or both ends of a ramp."""
        from matplotlib.lines import Line2D

        shown = self._shown
        middle = shades[len(shades) // 2]
        ramp = {shown.ends[0]: shades[0], "": middle, shown.ends[1]: shades[-1]}
        named = dict(zip(shown.labels, shades, strict=True)) if shown.labels else ramp
        marks = [
            Line2D([], [], linestyle="", marker="o", markersize=6, color=colour, label=name or "…")
            for name, colour in named.items()
        ]
        self.figure.legend(
            handles=marks,
            title=shown.title or shown.by,
            loc="upper left",
            bbox_to_anchor=(_MAP_WIDTH, 0.92),
            frameon=False,
            fontsize=8,
            labelcolor=self._theme.text,
            alignment="left",
        ).get_title().set_color(self._theme.text)

    @staticmethod
    def _size_pt2(people: int) -> float:
        """Return the area of a dot: smaller where there are many."""
        return float(np.clip(12_000.0 / max(people, 1), 4.0, 22.0))


def map_png(view: CityView, *, by: str = "activity", dark: bool = False) -> bytes:
    """Return the map at the moment at which a view stands, as PNG at 300 dots per inch.

    Parameters
    ----------
    view : CityView
        The city.
    by : str, default "activity"
        What people are coloured by.
    dark : bool, default False
        Whether on a dark background.
    """
    return MapPicture(view, by=by, dark=dark).png()
