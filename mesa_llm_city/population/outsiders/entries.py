"""Who of a group of outsiders enters on which day, and in which hour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import gcd
from typing import Self

import numpy as np

from mesa_llm_city.core.clock import Clock
from mesa_llm_city.core.streams import rng
from mesa_llm_city.core.values import Float

__all__ = ["DAYS", "Entries"]

DAYS = ("weekday", "saturday", "sunday")
"""Kinds of day; a holiday counts as a Sunday."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """How many people of a group enter on each day, and in which hour.

    A group is all outsiders of one role at one gate. Its members are numbered from 0; of a
    group that takes turns, others enter every day.

    Parameters
    ----------
    first : int
        Id of the member 0, under which draws for the whole group are addressed.
    members : int
        Number of members, at least that of the busiest day.
    hours : mapping of str to tuple of int
        Hours of entering, one for each who enters, by day: ``weekday``, ``saturday``,
        ``sunday``, or a date such as ``2024-04-01``, which takes precedence. On other days
        nobody enters.
    takes_turns : bool, default False
        Whether those who enter are drawn anew every day. Else they are the members from 0 on.

    Examples
    --------
    >>> group = Entries.of({"weekday": [0] * 8 + [2, 1]}, first=100, members=3)
    >>> [group.hour_of(number, 0, clock=Clock(), seed=7) for number in range(3)].count(8)
    2
    >>> group.hour_of(0, 5, clock=Clock(), seed=7) is None  # a Saturday
    True
    """

    first: int
    members: int
    hours: Mapping[str, tuple[int, ...]] = field(hash=False)
    takes_turns: bool = False

    @classmethod
    def of(
        cls,
        counts: Mapping[str, Sequence[int]],
        *,
        first: int,
        members: int,
        takes_turns: bool = False,
        seed: int = 0,
    ) -> Self:
        """Return the entries that have given counts.

        Those who enter early on one kind of day enter early on the others too.

        Parameters
        ----------
        counts : mapping of str to sequence of int
            How many enter in each hour, from 0 on, by day.
        first, members, takes_turns
            See `Entries`.
        seed : int, default 0
            Of the draw who is early.
        """
        early: Float = rng(seed, first, "outsiders.early", 0).random(members)
        hours = {}
        for day, by_hour in counts.items():
            in_order = np.repeat(np.arange(len(by_hour)), by_hour)
            own = np.empty(len(in_order), dtype=np.int64)
            own[np.argsort(early[: len(in_order)], kind="stable")] = in_order
            hours[day] = tuple(own.tolist())
        return cls(first=first, members=members, hours=hours, takes_turns=takes_turns)

    def hour_of(self, number: int, day: int, *, clock: Clock, seed: int) -> int | None:
        """Return the hour at which a member enters on a day of the run; None if it does not.

        Parameters
        ----------
        number : int
            Number of the member.
        day : int
            Index of the day; -1 is the day before the run.
        clock : Clock
            The calendar.
        seed : int
            Seed of the run.
        """
        hours = self._hours_on(day, clock)
        if hours and self.takes_turns:
            number = self._turn(number, day, seed)
        return hours[number] if number < len(hours) else None

    def _hours_on(self, day: int, clock: Clock) -> tuple[int, ...]:
        of_date = self.hours.get(clock.date_of(day).isoformat())
        if of_date is not None:
            return of_date
        return self.hours.get(DAYS[clock.day_type(day)], ())

    def _turn(self, number: int, day: int, seed: int) -> int:
        """Return the place of a member in the order of a day.

        The order is ``(factor number + shift) mod members``: each member knows its own place
        without the others', and no two have the same.
        """
        draws = rng(seed, self.first, "outsiders.turn", day + 1)
        factor, shift = draws.integers(1, self.members + 1), draws.integers(self.members)
        while gcd(int(factor), self.members) > 1:
            factor += 1
        return (int(factor) * number + int(shift)) % self.members
