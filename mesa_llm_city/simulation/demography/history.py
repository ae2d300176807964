"""Who has lived in a model, from when until when, and what happened in their lives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from mesa_llm_city.core.clock import Clock
from mesa_llm_city.population import Persona
from mesa_llm_city.simulation.records import Table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["History", "Spell"]


class Spell(NamedTuple):
    """A time during which nothing changed of who a person is.

    Attributes
    ----------
    persona : Persona
        The person.
    start_min : int
        From which minute on.
    end_min : int or None
        Until when; None if it goes on.
    """

    persona: Persona
    start_min: int
    end_min: int | None


class History:
    """Who has lived in a model, and what happened in their lives.

    Parameters
    ----------
    events : Table
        Where events are written down (see ``records.COLUMNS``).

    Notes
    -----
    Nothing is kept of people who live there from the first minute on and never change.
    """

    def __init__(self, events: Table) -> None:
        self._events = events
        self._since: dict[int, int] = {}
        self._ended: list[Spell] = []

    def state(self) -> tuple[dict[int, int], list[Spell]]:
        """Return since when those are as they are who came or changed, and what has ended."""
        return dict(self._since), list(self._ended)

    def restore(self, since: Mapping[int, int], ended: Iterable[tuple[Any, ...]]) -> None:
        """Take over what `state` returned; spells may be plain tuples."""
        self._since, self._ended = dict(since), [Spell(*one) for one in ended]

    @property
    def is_empty(self) -> bool:
        """Whether nobody has come, gone or changed so far."""
        return not len(self._events)

    def begin(self, persona: Persona, event: str, details: str = "", *, at_min: int) -> None:
        """Write down that somebody lives in the model from a minute on."""
        self._since[persona.id] = at_min
        self.note(persona, event, details, at_min=at_min)

    def change(self, before: Persona, *, at_min: int) -> None:
        """Write down who a person was until a minute."""
        start = self._since.get(before.id, 0)
        if start < at_min:
            self._ended.append(Spell(before, start, at_min))
        self._since[before.id] = at_min

    def end(self, persona: Persona, event: str, details: str = "", *, at_min: int) -> None:
        """Write down that somebody has left the model at a minute."""
        # Somebody who leaves in the minute of arrival has been there all the same.
        self._ended.append(Spell(persona, self._since.pop(persona.id, 0), at_min))
        self.note(persona, event, details, at_min=at_min)

    def note(self, persona: Persona, event: str, details: str = "", *, at_min: int) -> None:
        """Write down what happened to somebody."""
        self._events.add((persona.id, at_min, event, persona.household.id, details))

    def everybody(self, first: Sequence[Persona], present: Iterable[Persona]) -> Sequence[Persona]:
        """Return all who ever lived in the model, as they were at last.

        Parameters
        ----------
        first : sequence of Persona
            Those who lived there at first.
        present : iterable of Persona
            Those who live there.

        Returns
        -------
        sequence of Persona
            `first` itself if nothing has happened; else in that order, then by time of arrival.
        """
        if self.is_empty:
            return first
        changed = {spell.persona.id: spell.persona for spell in self._ended}
        changed |= {one.id: one for one in present if one.id in self._since}
        latest = {one.id: one for one in first} | changed
        return tuple(latest.values())

    def spells(self, present: Iterable[Persona]) -> Iterator[Spell]:
        """Iterate over all spells, those that have ended first.

        Parameters
        ----------
        present : iterable of Persona
            Those who live there.
        """
        yield from self._ended
        for persona in present:
            yield Spell(persona, self._since.get(persona.id, 0), None)

    def to_frame(self, present: Iterable[Persona], clock: Clock) -> pd.DataFrame:
        """Return one row for each spell, ordered by person and time.

        Parameters
        ----------
        present : iterable of Persona
            Those who live there.
        clock : Clock
            The calendar.
        """
        import pandas as pd

        rows = sorted(self.spells(present), key=lambda one: (one.persona.id, one.start_min))

        def times(minutes: Sequence[int | None]) -> np.ndarray[tuple[int], np.dtype[np.datetime64]]:
            passed = [None if one is None else clock.at(one) for one in minutes]
            return np.array(passed, dtype="datetime64[s]")

        people = [one.persona for one in rows]
        frame = pd.DataFrame(
            {
                "person": [one.id for one in people],
                "from": times([one.start_min for one in rows]),
                "until": times([one.end_min for one in rows]),
                "age": [one.age for one in people],
                "household": [one.household.id for one in people],
                "size": [one.household.size for one in people],
                "role": [str(one.household.role) for one in people],
                "home": [one.home for one in people],
                "work": [one.work for one in people],
                "occupation": [str(one.occupation) for one in people],
            }
        )
        types = {
            **dict.fromkeys(("person", "age", "household", "size", "home"), "int32"),
            "work": "Int32",
            "role": "str",
            "occupation": "str",
        }
        return frame.astype(types)
