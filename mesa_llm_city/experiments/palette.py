"""Colours that readers with any colour vision can tell apart, in a fixed order.

The qualitative schemes "muted" and "bright" of Paul Tol (2021), Colour schemes,
SRON technical note SRON/EPS/TN/09-002.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from mesa_llm_city.core.values import Mode, Purpose
from mesa_llm_city.parameters.needs import NEEDS

__all__ = ["GROUPS", "MODE_COLOURS", "NEED_COLOURS", "Group", "group_of"]


class Group(NamedTuple):
    """Purposes drawn as one: nine colours can be told apart, fourteen cannot."""

    label: str
    colour: str
    purposes: tuple[Purpose, ...]


GROUPS = (
    Group("sleep", "#332288", (Purpose.SLEEP,)),
    Group("rest, care, chores", "#88CCEE", (Purpose.CARE, Purpose.HOUSEWORK, Purpose.REST)),
    Group("meals", "#DDCC77", (Purpose.MEAL,)),
    Group("work", "#117733", (Purpose.WORK,)),
    Group("school", "#44AA99", (Purpose.SCHOOL,)),
    Group("shops, errands, health", "#999933", (Purpose.SHOPPING, Purpose.ERRAND, Purpose.HEALTH)),
    Group("leisure, sport", "#CC6677", (Purpose.LEISURE, Purpose.SPORT)),
    Group("meeting others", "#882255", (Purpose.SOCIAL,)),
    Group("travel", "#AA4499", (Purpose.TRAVEL,)),
)
"""How time is spent, from the bottom of the picture to its top."""

MODE_COLOURS: Mapping[Mode, str] = MappingProxyType(
    {
        Mode.WALK: "#4477AA",
        Mode.BICYCLE: "#66CCEE",
        Mode.CAR: "#EE6677",
        Mode.BUS: "#CCBB44",
        Mode.TRAIN: "#228833",
    }
)

NEED_COLOURS: Mapping[str, str] = MappingProxyType(
    dict(zip(NEEDS, ("#CC6677", "#332288", "#999933", "#44AA99"), strict=True))
)

_GROUP_OF = {purpose: row for row, group in enumerate(GROUPS) for purpose in group.purposes}


def group_of(purpose: str) -> int:
    """Return the row in `GROUPS` that a purpose belongs to.

    Examples
    --------
    >>> GROUPS[group_of("health")].label
    'shops, errands, health'
    """
    return _GROUP_OF[Purpose(purpose)]
