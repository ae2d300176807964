"""A situation: what a citizen sees at a moment, and the draft of what it is going to do."""

from __future__ import annotations

from typing import NamedTuple

from mesa_llm_city.citizen.draft import Draft
from mesa_llm_city.citizen.world import World
from mesa_llm_city.core.values import Observation

__all__ = ["Situation"]


class Situation(NamedTuple):
    """What a citizen thinks with at a moment. Only the draft may be changed.

    Attributes
    ----------
    seen : Observation
        What can be seen.
    world : World
        The city at that time.
    draft : Draft
        The plan ahead, which may be changed, and notes of decisions.
    """

    seen: Observation
    world: World
    draft: Draft

    @property
    def minute(self) -> int:
        """The minute of the moment."""
        return self.seen.minute

    @property
    def when(self) -> str:
        """Weekday, month and time of day, in words."""
        return f"{self.world.clock.at(self.minute):%A in %B, %H:%M}"
