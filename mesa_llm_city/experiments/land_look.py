"""Colours and sizes of land, waters, buildings and lines on the map, by theme."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from mesa_llm_city.city.land import AREA_KINDS, LINE_KINDS

__all__ = ["AREA_LOOKS", "LINE_LOOKS", "AreaLook", "LineLook", "area_looks", "line_looks"]


@dataclass(frozen=True, slots=True)
class AreaLook:
    """How a kind of area is drawn.

    Parameters
    ----------
    light, dark : str
        Colour on a light and on a dark background, as ``#rrggbb``.
    min_scale : float, default 0
        Least scale at which it is drawn, in pixels per metre.
    """

    light: str
    dark: str
    min_scale: float = 0.0


@dataclass(frozen=True, slots=True)
class LineLook:
    """How a kind of line is drawn.

    Parameters
    ----------
    light, dark : str
        Colour on a light and on a dark background, as ``#rrggbb``.
    casing_light, casing_dark : str
        Colours of the edges; empty for none.
    width_px : float
        Least width in pixels.
    width_m : float
        Width in metres, where that is more.
    min_scale, name_scale : float
        Least scales at which the line and its name are drawn, in pixels per metre.
    """

    light: str
    dark: str
    casing_light: str
    casing_dark: str
    width_px: float
    width_m: float
    min_scale: float
    name_scale: float


AREA_LOOKS: Mapping[str, AreaLook] = MappingProxyType(
    {
        "sea": AreaLook("#bcd9ea", "#14303f"),
        "residential": AreaLook("#f1efea", "#1a2128"),
        "retail": AreaLook("#f5ebe4", "#242126"),
        "industrial": AreaLook("#e9e6ee", "#1f2230"),
        "campus": AreaLook("#f7ecd2", "#2a2619"),
        "farmland": AreaLook("#f0f1e3", "#182019"),
        "park": AreaLook("#d3e8c8", "#1b3325"),
        "grass": AreaLook("#e0edd5", "#1b2b22"),
        "wood": AreaLook("#bddcb2", "#173020"),
        "beach": AreaLook("#f3ead0", "#2a281f"),
        "pitch": AreaLook("#c6e6d2", "#1c372f"),
        "square": AreaLook("#ebe9e4", "#222a31", 0.05),
        "water": AreaLook("#bcd9ea", "#14303f"),
        "building": AreaLook("#ddd6cc", "#2c343c", 0.12),
    }
)
"""Looks of the kinds of `AREA_KINDS`."""

LINE_LOOKS: Mapping[str, LineLook] = MappingProxyType(
    {
        "river": LineLook("#a9cde2", "#1a3c4f", "", "", 1.2, 12.0, 0.0, 0.15),
        "stream": LineLook("#a9cde2", "#1a3c4f", "", "", 0.8, 3.0, 0.08, 1.0),
        "path": LineLook("#dccfbd", "#343d46", "", "", 0.6, 1.6, 0.25, 2.0),
        "service": LineLook("#ffffff", "#2e3943", "#d5d2cb", "#1c242b", 0.7, 4.0, 0.2, 2.0),
        "minor": LineLook("#ffffff", "#3b4854", "#cfccc5", "#1a2229", 0.9, 7.0, 0.03, 0.5),
        "secondary": LineLook("#fff8dc", "#52616f", "#d2c493", "#1a2229", 1.5, 10.0, 0.0, 0.2),
        "primary": LineLook("#fdebb0", "#6a7a84", "#d0ae5c", "#1a2229", 2.2, 13.0, 0.0, 0.1),
        "motorway": LineLook("#fbd38c", "#88959a", "#cc8f3a", "#1a2229", 2.8, 18.0, 0.0, 0.06),
        "tram": LineLook("#a39fae", "#525a66", "", "", 0.6, 1.0, 0.15, 9.0),
        "rail": LineLook("#a09daa", "#5a6470", "", "", 1.2, 1.6, 0.0, 9.0),
    }
)
"""Looks of the kinds of `LINE_KINDS`."""


def area_looks() -> list[dict[str, object]]:
    """Return the looks of areas as the widget takes them, one a row of `AREA_KINDS`."""
    return [
        {"kind": kind.name, "label": kind.label, **_plain(AREA_LOOKS[kind.name])}
        for kind in AREA_KINDS
    ]


def line_looks() -> list[dict[str, object]]:
    """Return the looks of lines as the widget takes them, one a row of `LINE_KINDS`."""
    return [
        {"kind": kind.name, "label": kind.label, **_plain(LINE_LOOKS[kind.name])}
        for kind in LINE_KINDS
    ]


def _plain(look: AreaLook | LineLook) -> dict[str, object]:
    return {name: getattr(look, name) for name in look.__slots__}
