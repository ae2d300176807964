"""Colours of the page, for any colour vision, on light and dark backgrounds.

Activities and modes have the labels and colours that the parameters give them, as in the
pictures that a run leaves behind (`experiments.palette`). Ramps run between colours of Okabe
and Ito (2008), Color universal design, and along "viridis" of Smith and van der Walt (2015).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.experiments.palette import OTHER, palette_of
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.ui.views.kinds import colourings

__all__ = [
    "LEVELS",
    "THEMES",
    "UNKNOWN",
    "Colouring",
    "Theme",
    "colouring",
    "counting",
    "diverging",
    "on_any_ground",
]

LEVELS = 15
"""How many steps a ramp of colours has; the code after the last is for what is unknown."""

UNKNOWN = "#9a9a9a"
"""Colour of what is not known, or of those whom a colouring is not about."""

# From vermilion to blue, with a middle that is seen on either background.
_BAD_GOOD = ("#a3230b", "#d55e00", "#e69f00", "#a8a89c", "#56a8dc", "#0072b2", "#1b3f78")
_BAD_GOOD_DARK = ("#ff5a3c", "#ff8a3d", "#f5b942", "#c4c4ba", "#86c8f0", "#4aa3df", "#4f7fe0")
_LITTLE_MUCH = ("#440154", "#3e4a89", "#31688e", "#26828e", "#1f9e89", "#35b779", "#6dcd59")
# From hardly seen to strong, on either background: shades of blue.
_FEW_MANY = ("#e8eef5", "#a9cbe6", "#5aa0d0", "#2171b5", "#08306b")
_FEW_MANY_DARK = ("#1a2733", "#23527c", "#3d86c0", "#7fbce8", "#d6ecff")
# From less to more around a middle like the land itself: orange and blue differ for everybody.
_LESS_MORE = ("#7f3b08", "#c05f0a", "#f0a04b", "#f7f7f5", "#7fb3e0", "#2f6fb5", "#12366f")
_LESS_MORE_DARK = ("#ffb066", "#e07b24", "#8a4a16", "#20272e", "#1d5590", "#3f93dc", "#9fd0ff")
_LITTLE_MUCH_DARK = ("#5661a8", "#3b7aa0", "#26928e", "#35b779", "#8fd744", "#fde725")


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """Colours of the map around the people.

    Parameters
    ----------
    background, land, edge, street, place, home, station : str
        Background, zones and their outlines, streets, places, homes, stations.
    panel, text, faint, accent : str
        Panels, text on them, quiet text, and what is selected.
    """

    background: str
    land: str
    edge: str
    street: str
    place: str
    home: str
    station: str
    panel: str
    text: str
    faint: str
    accent: str


THEMES: Mapping[str, Theme] = MappingProxyType(
    {
        "light": Theme(
            background="#eef1f4",
            land="#fafaf8",
            edge="#d3d9df",
            street="#d9dbdd",
            place="#b4bac0",
            home="#dcd2c3",
            station="#3b4652",
            panel="#ffffff",
            text="#1f2933",
            faint="#5c6670",
            accent="#d4006a",
        ),
        "dark": Theme(
            background="#0e1318",
            land="#161d24",
            edge="#2b3640",
            street="#2d3842",
            place="#4a5661",
            home="#3b3a34",
            station="#d5dde5",
            panel="#1b232b",
            text="#e8edf2",
            faint="#9fabb7",
            accent="#ffd23f",
        ),
    }
)
"""The two looks of the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Colouring:
    """Meaning of the colours of people.

    Parameters
    ----------
    by : str
        One of `colourings`.
    labels : tuple of str, length k
        Names of the classes, at most `LEVELS`; or empty for a ramp.
    light, dark : tuple of str
        Colours of the classes, or of the `LEVELS` steps of a ramp, on a light and on a dark
        background.
    low, high : float
        Values at both ends of a ramp.
    ends : (str, str)
        What both ends of a ramp mean.
    title : str
        Heading of the legend on the map; the name of the colouring by default.
    unknown : str
        Label of people whose value is not known.
    phrase : str
        Text about the class of a person, added to what the person does, with ``{}`` in place
        of the label; empty for no text.
    class_of : tuple of int
        The class of each value, if several values make one class; empty if each value is
        a class.
    """

    by: str
    labels: tuple[str, ...]
    light: tuple[str, ...]
    dark: tuple[str, ...]
    low: float = 0.0
    high: float = 1.0
    ends: tuple[str, str] = ("", "")
    title: str = ""
    unknown: str = "unknown"
    phrase: str = ""
    class_of: tuple[int, ...] = ()

    def codes(self, values: Float) -> NDArray[np.uint8]:
        """Return the class or step of each value, shape (n,), `LEVELS` where it is unknown.

        Parameters
        ----------
        values : ndarray, shape (n,)
            As `CityView.values` returns them. On a ramp, values beyond an end count as the
            end; classes beyond the last label count as unknown.

        Examples
        --------
        >>> import numpy as np
        >>> colouring("mood").codes(np.array([-1.0, 0.0, 1.0, np.nan]))
        array([ 0,  7, 14, 15], dtype=uint8)
        >>> colouring("activity").codes(np.array([0.0, 14.0]))
        array([0, 8], dtype=uint8)
        """
        is_known = np.isfinite(values)
        known = np.where(is_known, values, 0.0)
        if self.labels:
            codes = self._classes(known.astype(np.int64))
        else:
            share = np.clip((known - self.low) / (self.high - self.low), 0.0, 1.0)
            codes = np.rint(share * (LEVELS - 1)).astype(np.int64)
        return np.where(is_known, codes, LEVELS).astype(np.uint8)

    def _classes(self, rows: Int) -> Int:
        if self.class_of:
            # A row beyond the last is a purpose that the parameters do not know.
            rows = np.array([*self.class_of, LEVELS])[np.minimum(rows, len(self.class_of))]
        return np.where(rows < len(self.labels), rows, LEVELS)


def colouring(by: str, parameters: CityParameters | None = None) -> Colouring:
    """Return the colours, and their meaning, by which people are coloured.

    Parameters
    ----------
    by : str
        One of `colourings`.
    parameters : CityParameters, optional
        They name the purposes, modes and needs; the defaults if not given.

    Raises
    ------
    ConfigError
        If it is none of them.

    Examples
    --------
    >>> colouring("mode").labels
    ('walk', 'bicycle', 'car', 'bus', 'train')
    >>> len(colouring("hunger").light)
    15
    """
    known = _colourings(default_parameters() if parameters is None else parameters)
    if by not in known:
        message = f"people cannot be coloured by {by!r}; choose one of {', '.join(known)}"
        raise ConfigError(message)
    return known[by]


def on_any_ground(light: str, dark: str) -> str:
    """Return a colour of CSS that is one of two, by the scheme of the page.

    Examples
    --------
    >>> on_any_ground("#332288", "#5b4cd1")
    'light-dark(#332288, #5b4cd1)'
    """
    return f"light-dark({light}, {dark})"


def counting(by: str, title: str, most: float) -> Colouring:
    """Return colours for counts, from hardly seen for none to strong for the most.

    Parameters
    ----------
    by : str
        What is counted, in a word.
    title : str
        Heading of the legend.
    most : float
        The largest count.

    Examples
    --------
    >>> counting("visits", "visits today", 40.0).codes(np.array([0.0, 20.0, 40.0]))
    array([ 0,  7, 14], dtype=uint8)
    """
    high = max(most, 1.0)
    few, many = "0", f"{high:,.0f}"
    return replace(_ramp(by, _FEW_MANY, _FEW_MANY_DARK, 0.0, high, few, many), title=title)


def diverging(by: str, title: str, most: float, ends: tuple[str, str]) -> Colouring:
    """Return colours for differences: a neutral one for none, and one hue for each sign.

    Parameters
    ----------
    by : str
        What differs, in a word.
    title : str
        Heading of the legend.
    most : float
        The largest difference of either sign, above 0, at which both ends stand.
    ends : (str, str)
        What both ends mean.

    Examples
    --------
    >>> diverging("people", "more people", 8.0, ("8 fewer", "8 more")).codes(
    ...     np.array([-8.0, 0.0, 4.0])
    ... )
    array([ 0,  7, 10], dtype=uint8)
    """
    look = _ramp(by, _LESS_MORE, _LESS_MORE_DARK, -most, most, *ends)
    return replace(look, title=title, unknown="not known in both")


@lru_cache(maxsize=8)
def _colourings(parameters: CityParameters) -> Mapping[str, Colouring]:
    known = {need: _need(need, spec.label) for need, spec in parameters.needs.items()} | {
        "activity": _activity(parameters),
        "mode": _mode(parameters),
        **_OF_FEELINGS_AND_MONEY,
    }
    return MappingProxyType({by: known[by] for by in colourings(parameters)})


def _activity(parameters: CityParameters) -> Colouring:
    palette = palette_of(parameters)
    groups = palette.groups[:-1][:LEVELS]
    return Colouring(
        by="activity",
        labels=tuple(one.label for one in groups),
        light=tuple(one.colour for one in groups),
        dark=tuple(one.colour_dark for one in groups),
        unknown=OTHER.label,
        class_of=tuple(palette.group_of(name) for name in parameters.purposes),
    )


def _mode(parameters: CityParameters) -> Colouring:
    modes = tuple(parameters.modes.values())[:LEVELS]
    return Colouring(
        by="mode",
        labels=tuple(one.label for one in modes),
        light=tuple(one.colour for one in modes),
        dark=tuple(one.colour_dark for one in modes),
        unknown="not under way",
        phrase="by {}",
    )


def _need(name: str, label: str) -> Colouring:
    return replace(_ramp(name, *_FEELING, 0.0, 1.0, "pressing", "met"), title=label)


def _ramp(
    by: str, light: tuple[str, ...], dark: tuple[str, ...], low: float, high: float, *ends: str
) -> Colouring:
    return Colouring(
        by=by,
        labels=(),
        light=_blended(light),
        dark=_blended(dark),
        low=low,
        high=high,
        ends=(ends[0], ends[1]),
    )


def _blended(stops: tuple[str, ...]) -> tuple[str, ...]:
    """Return `LEVELS` colours along a line through some."""
    channels = np.array([[int(one[at : at + 2], 16) for at in (1, 3, 5)] for one in stops])
    places, wanted = np.linspace(0.0, 1.0, len(stops)), np.linspace(0.0, 1.0, LEVELS)
    blended = np.stack([np.interp(wanted, places, one) for one in channels.T], axis=1)
    return tuple("#" + "".join(f"{one:02x}" for one in row) for row in blended.astype(int).tolist())


_FEELING = (_BAD_GOOD, _BAD_GOOD_DARK)
_OF_FEELINGS_AND_MONEY: Mapping[str, Colouring] = MappingProxyType(
    {
        "mood": _ramp("mood", *_FEELING, -1.0, 1.0, "bad", "good"),
        "belief": replace(
            _ramp("belief", *_FEELING, 0.2, 0.8, "dislikes them", "likes them"),
            title="what they think of places",
        ),
        "income": _ramp(
            "income", _LITTLE_MUCH, _LITTLE_MUCH_DARK, 0.0, 2.5, "none", "2.5 x median"
        ),
    }
)
