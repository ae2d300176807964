"""When households decide whether to move: a date of the year, or sooner after a life event."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.population.person_columns import household_streams

__all__ = ["DatesState", "DecisionDates", "Turn"]

_PURPOSE = "migration date"
_DAYS = 365  # the last day of a leap year is nobody's


class Turn(NamedTuple):
    """A household that is to decide, and the date of its decision."""

    when: date
    household: int


class DatesState(NamedTuple):
    """What `DecisionDates` remembers.

    Attributes
    ----------
    until : datetime.date
        The first date that has not passed.
    decided_in : dict of int to int
        Year of the last decision by household.
    soon : tuple of int
        Households that decide at the next midnight.
    """

    until: date
    decided_in: dict[int, int]
    soon: tuple[int, ...]


class DecisionDates:
    """Says which households decide when; each at most once in a calendar year.

    Parameters
    ----------
    seed : int
        Seed of the run.
    start : datetime.date
        First day of the run.

    Notes
    -----
    The date of a household is drawn once, uniformly over the year (an assumption), by the
    address of its number. So it stays when other households come or go. A life event brings
    the decision of the year forward, if it has not been taken; the risk remains that of one
    decision a year.
    """

    def __init__(self, *, seed: int, start: date) -> None:
        self._seed, self._until = seed, start
        self._days: dict[int, int] = {}
        self._decided_in: dict[int, int] = {}
        self._soon: set[int] = set()

    def reconsider(self, household: int) -> None:
        """Bring the decision of this year forward to the next midnight that is lived."""
        self._soon.add(household)

    def noted(self, turn: Turn) -> None:
        """Note that a household has decided."""
        self._decided_in[turn.household] = turn.when.year
        self._soon.discard(turn.household)

    def turns(self, households: Iterable[int], until: date) -> list[list[Turn]]:
        """Return who decides from the last call on, up to but not on a date, in rounds.

        Each household is in a round once at most; where the calendar jumps by more than a year,
        it has a turn in several rounds.

        Parameters
        ----------
        households : iterable of int
            Numbers of all households.
        until : datetime.date
            The first date that has not passed.
        """
        rounds: list[list[Turn]] = []
        everybody = sorted(households)
        self._draw(everybody)
        for household in everybody:
            for number, turn in enumerate(self._of(household, until)):
                if number == len(rounds):
                    rounds.append([])
                rounds[number].append(turn)
        self._until = until
        self._soon.clear()
        return rounds

    def date_in(self, year: int, household: int) -> date:
        """Return the date of a household in a year."""
        self._draw([household])
        return date(year, 1, 1) + timedelta(days=self._days[household])

    def _draw(self, households: Sequence[int]) -> None:
        """Draw the day of the year of households that have none."""
        if new := [one for one in households if one not in self._days]:
            drawn = uniforms(self._seed, household_streams(np.array(new)), _PURPOSE, 0, 1)[:, 0]
            self._days.update(zip(new, (drawn * _DAYS).astype(int).tolist(), strict=True))

    def _of(self, household: int, until: date) -> Iterator[Turn]:
        decided_in, last = self._decided_in.get(household, 0), until - timedelta(days=1)
        if household in self._soon and decided_in < last.year:
            decided_in = last.year
            yield Turn(last, household)
        for year in range(self._until.year, until.year + 1):
            when = self.date_in(year, household)
            if decided_in < year and self._until <= when < until:
                yield Turn(when, household)

    def state(self) -> DatesState:
        """Return what changes over a run."""
        return DatesState(self._until, dict(self._decided_in), tuple(sorted(self._soon)))

    def restore(self, state: DatesState) -> None:
        """Take over what `state` returned."""
        self._until, self._decided_in = state.until, dict(state.decided_in)
        self._soon = set(state.soon)
