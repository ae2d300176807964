"""Colours of activities, modes and needs in pictures: those that the parameters give them.

The colours of the built-in kinds can be told apart with any colour vision: the qualitative
schemes "muted" and "bright" of Paul Tol (2021), Colour schemes, SRON technical note
SRON/EPS/TN/09-002.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from mesa_llm_city.parameters import CityParameters, default_parameters

__all__ = [
    "GROUPS",
    "MODE_COLOURS",
    "NEED_COLOURS",
    "OTHER",
    "Group",
    "Palette",
    "group_of",
    "palette_of",
]


class Group(NamedTuple):
    """Purposes drawn as one: nine colours can be told apart, fourteen cannot.

    Attributes
    ----------
    label : str
        Name in legends.
    colour : str
        Colour on a light background, as ``"#rrggbb"``.
    purposes : tuple of str
        Names of the purposes.
    colour_dark : str
        Colour on a dark background.
    """

    label: str
    colour: str
    purposes: tuple[str, ...]
    colour_dark: str


OTHER = Group("other", "#BBBBBB", (), "#BBBBBB")
"""Group of purposes that the parameters do not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """Colours and labels of all kinds of a run.

    Parameters
    ----------
    groups : tuple of Group
        Purposes drawn as one, in the order of the parameters; `OTHER` comes last.
    modes, needs : mapping of str to (str, str)
        Label and colour by name, in the order of the parameters.
    """

    groups: tuple[Group, ...]
    modes: Mapping[str, tuple[str, str]]
    needs: Mapping[str, tuple[str, str]]

    def group_of(self, purpose: str) -> int:
        """Return the row in `groups` that a purpose belongs to."""
        rows = (row for row, group in enumerate(self.groups) if purpose in group.purposes)
        return next(rows, len(self.groups) - 1)


@lru_cache(maxsize=8)
def palette_of(parameters: CityParameters) -> Palette:
    """Return the colours and labels that parameters give to their kinds.

    Examples
    --------
    >>> colours = palette_of(CityParameters())
    >>> colours.groups[colours.group_of("health")].label, colours.modes["walk"]
    ('shops, errands, health', ('walk', '#4477AA'))
    """
    members: dict[str, list[str]] = {}
    for name, purpose in parameters.purposes.items():
        members.setdefault(purpose.group, []).append(name)
    groups = [
        Group(label, first.colour, tuple(names), first.colour_dark)
        for label, names in members.items()
        for first in (parameters.purposes[names[0]],)
    ]
    return Palette(
        groups=(*groups, OTHER),
        modes={name: (mode.label, mode.colour) for name, mode in parameters.modes.items()},
        needs={name: (need.label, need.colour) for name, need in parameters.needs.items()},
    )


_DEFAULT = palette_of(default_parameters())

GROUPS = _DEFAULT.groups[:-1]
"""Groups of the purposes of the default parameters."""

MODE_COLOURS: Mapping[str, str] = {name: colour for name, (_, colour) in _DEFAULT.modes.items()}
"""Colours of the modes of the default parameters."""

NEED_COLOURS: Mapping[str, str] = {name: colour for name, (_, colour) in _DEFAULT.needs.items()}
"""Colours of the needs of the default parameters."""


def group_of(purpose: str) -> int:
    """Return the row in `GROUPS` that a purpose of the default parameters belongs to."""
    return _DEFAULT.group_of(purpose)
