"""Needs, moods and beliefs of all people, in columns of which a step changes a few rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.mind import decay, relaxed

if TYPE_CHECKING:
    from mesa_llm_city.citizen.citizen import Citizen

__all__ = ["BeliefColumn", "TrajectoryColumns", "moods_of", "needs_of"]


class TrajectoryColumns:
    """The trajectories of needs or moods as numbers, one row per citizen.

    A trajectory is a tuple that begins with levels; whoever changes by an event has new
    levels, and only that row is read again.
    """

    __slots__ = ("_citizens", "_components", "_levels", "_rows")

    def __init__(self) -> None:
        self._citizens: Sequence[Citizen] = []
        self._components: list[Any] = []
        self._levels: list[object] = []
        self._rows: Float = np.empty((0, 0))

    def components(self, citizens: Sequence[Citizen], name: str) -> list[Any]:
        """Return a component of each citizen, shape (n,), always the same one; None if left out."""
        if citizens is not self._citizens:
            self._components = [getattr(one.components, name) for one in citizens]
            self._citizens, self._levels = citizens, []
        return self._components

    def rows(
        self, trajectories: Sequence[tuple[Any, ...]], numbers: Callable[[Any], Sequence[float]]
    ) -> Float:
        """Return the numbers of each trajectory, shape (n, k).

        Parameters
        ----------
        trajectories : sequence of tuple, length n
            The trajectories now.
        numbers : callable
            Returns the k numbers of a trajectory.
        """
        levels = [one[0] for one in trajectories]
        if len(levels) == len(self._levels):
            pairs = enumerate(zip(levels, self._levels, strict=True))
            moved = [row for row, (now, before) in pairs if now is not before]
        else:
            moved = list(range(len(levels)))
            self._rows = np.empty((len(levels), len(numbers(trajectories[0]))))
        if moved:
            self._rows[moved] = [numbers(trajectories[row]) for row in moved]
        self._levels = levels
        return self._rows


def needs_of(
    citizens: Sequence[Citizen], need: str, columns: TrajectoryColumns, *, minute: int
) -> Float:
    """Return the level of a need of each citizen, shape (n,), NaN for one without needs."""
    if not citizens:
        return np.empty(0)
    components = columns.components(citizens, "needs")
    names = tuple(citizens[0].parameters.needs)
    unknown = ((np.nan,) * len(names), (0.0,) * len(names), 0.0)
    trajectories = [unknown if one is None else one.trajectory for one in components]
    rows, at = columns.rows(trajectories, _needs_numbers), names.index(need)
    hours = minute / HOUR_MIN - rows[:, -1]
    return decay(rows[:, at], rows[:, len(names) + at], hours)


def moods_of(citizens: Sequence[Citizen], columns: TrajectoryColumns, *, minute: int) -> Float:
    """Return how good each citizen feels, shape (n,), NaN for one without mood."""
    if not citizens:
        return np.empty(0)
    components = columns.components(citizens, "mood")
    trajectories = [
        _NO_MOOD if one is None else (*one.trajectory, one.parameters.half_life_h)
        for one in components
    ]
    level, rest, since, half_life_h = columns.rows(trajectories, _mood_numbers).T
    hours = np.maximum(minute - since, 0.0) / HOUR_MIN
    return relaxed(level, rest, hours / half_life_h, 1.0)


def _needs_numbers(trajectory: tuple[Sequence[float], Sequence[float], float]) -> list[float]:
    levels, rates, since = trajectory
    return [*levels, *rates, since]


def _mood_numbers(trajectory: tuple[Any, Any, int, float]) -> tuple[float, float, int, float]:
    level, rest, since, half_life_h = trajectory
    return level[0], rest[0], since, half_life_h


class BeliefColumn:
    """What each citizen believes of known places, on average; NaN for none.

    Only those who have acted since the last reading, or of whose beliefs one has faded, are
    read again.
    """

    __slots__ = ("_dues", "_fades", "_ids", "_values")

    def __init__(self) -> None:
        self._fades: Int = np.empty(0, dtype=np.int64)
        self._ids: Int = np.empty(0, dtype=np.int64)
        self._dues: Int = np.empty(0, dtype=np.int64)
        self._values: Float = np.empty(0)

    def values(self, citizens: Sequence[Citizen], dues: Int, *, minute: int) -> Float:
        """Return the beliefs at a minute, shape (n,), in [0, 1].

        Parameters
        ----------
        citizens : sequence of Citizen, length n
            The citizens.
        dues : ndarray of int64, shape (n,)
            When they have to think again, in minutes.
        minute : int
            Present minute of the run.
        """
        ids = np.array([one.persona.id for one in citizens], dtype=np.int64)
        if np.array_equal(ids, self._ids):
            rows = np.flatnonzero((dues != self._dues) | (self._fades <= minute))
        else:
            rows, self._values = np.arange(len(ids)), np.full(len(ids), np.nan)
            self._fades = np.zeros(len(ids), dtype=np.int64)
        self._ids, self._dues = ids, dues
        for row in rows.tolist():
            self._values[row], self._fades[row] = _belief(citizens[row], minute)
        return self._values.copy()


def _belief(citizen: Citizen, minute: int) -> tuple[float, int]:
    """Return what a citizen believes on average, and until when."""
    beliefs = citizen.components.beliefs
    if beliefs is None or not len(beliefs.places):
        return np.nan, minute + DAY_MIN
    return float(beliefs.faded(minute).mean()), beliefs.next_fade(minute)


_NO_MOOD = ((np.nan, np.nan), (np.nan, np.nan), 0, 1.0)
