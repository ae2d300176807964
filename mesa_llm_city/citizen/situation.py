"""A situation: what a citizen sees at a moment, and the draft of what it is going to do."""

from __future__ import annotations

from mesa_llm_city.citizen.draft import Draft
from mesa_llm_city.citizen.person import Person
from mesa_llm_city.citizen.world import World
from mesa_llm_city.core.values import Observation

__all__ = ["Situation"]


class Situation:
    """What one citizen thinks with at a moment. Only the draft may be changed.

    What the person feels at the moment is worked out once, since a thought changes nothing.

    Parameters
    ----------
    seen : Observation
        What can be seen.
    world : World
        The city at that time.
    draft : Draft
        The plan ahead, which may be changed, and notes of decisions.

    Attributes
    ----------
    seen, world, draft
        As given.
    minute : int
        The minute of the moment.
    """

    __slots__ = ("_mood", "_needs", "draft", "minute", "seen", "world")

    def __init__(self, seen: Observation, world: World, draft: Draft) -> None:
        self.seen, self.world, self.draft = seen, world, draft
        self.minute = seen.minute
        self._needs: dict[str, float] | None = None
        self._mood: float | None = None

    @property
    def when(self) -> str:
        """Weekday, month and time of day, in words."""
        return self.world.in_words(self.minute)

    def needs_of(self, person: Person) -> dict[str, float]:
        """Return the levels of the needs of the person who thinks (see `Person.needs_at`)."""
        if self._needs is None:
            self._needs = person.needs_at(self.minute)
        return self._needs

    def mood_of(self, person: Person) -> float:
        """Return how good the person feels who thinks (see `Person.mood_at`)."""
        if self._mood is None:
            self._mood = person.mood_at(self.minute)
        return self._mood
