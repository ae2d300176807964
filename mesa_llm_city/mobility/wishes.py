"""Wishes: what a person means to do in the free time of a day, and from when on."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

__all__ = ["NO_RELIEF", "Wish"]

NO_RELIEF: Mapping[str, float] = MappingProxyType({})
"""The relief of a person who lacks nothing."""


class Wish(NamedTuple):
    """A free-time activity away from home that a day is meant to hold.

    Attributes
    ----------
    purpose : str
        What for.
    minutes : int
        How long, the way there included.
    from_min, until_min : int
        Between which minutes of the run it is meant to begin.
    """

    purpose: str
    minutes: int
    from_min: int
    until_min: int
