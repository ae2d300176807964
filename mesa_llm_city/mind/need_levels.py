"""The needs of one person: levels that fall with time and that activities restore."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from mesa_llm_city.core.clock import HOUR_S
from mesa_llm_city.core.component import State
from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.values import OUTSIDE, DecisionSource, Float
from mesa_llm_city.mind.need_table import (
    Levels,
    NeedTable,
    decayed,
    next_to_fall,
    pressing_time,
    rounded,
    table_of,
)
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.population import Persona

__all__ = ["Assessment", "Crossing", "NeedTrajectory", "Needs"]


class Crossing(NamedTuple):
    """The moment at which a need falls to its threshold.

    Attributes
    ----------
    need : str
        Name of the need.
    at : float
        Time, in hours.
    """

    need: str
    at: float


class Assessment(NamedTuple):
    """How well needs are met at a moment, as somebody has judged it.

    Attributes
    ----------
    levels : mapping of str to float
        Levels in [0, 1] by need; needs that are not named keep their level.
    source : DecisionSource
        Rule or prompt.
    reason : str
        Why; empty if nothing has been judged.
    """

    levels: Mapping[str, float] = MappingProxyType({})
    source: DecisionSource = DecisionSource.RULE
    reason: str = ""


class NeedTrajectory(NamedTuple):
    """What the levels at any later time follow from, by `needs.decay`.

    Attributes
    ----------
    levels : tuple of float
        Levels in [0, 1] at the time `since_h`, in the order of the needs.
    losses_per_h : tuple of float
        Losses less gains, per hour.
    since_h : float
        Time, in hours.
    """

    levels: Levels
    losses_per_h: Levels
    since_h: float


class Needs:
    """The needs of one person, as functions of time.

    Nothing happens between two acts: levels are computed when they are read. Time is in
    hours since the start of the run. With each act levels are rounded to 60,000ths, in which
    columns of many people keep them.

    Parameters
    ----------
    parameters : CityParameters, optional
        Its branch `needs` says which needs there are, how fast they fall, when they press
        and what restores them; the defaults if not given.
    at : float, default 0.0
        Time of the start, in hours.

    Attributes
    ----------
    table : NeedTable
        Names, thresholds and rates of the needs.

    Examples
    --------
    >>> needs = Needs()
    >>> needs.dominant(at=4.0), needs.dominant(at=5.0)
    (None, 'hunger')
    >>> needs.satisfy("hunger", 0.6, at=5.0)
    >>> round(needs.level("hunger", at=5.0), 2)
    0.85
    """

    __slots__ = ("_counted", "_levels", "_losses", "_read", "_since", "_unmet_s", "table")

    _read: tuple[float, Levels] | None

    def __init__(self, parameters: CityParameters | None = None, *, at: float = 0.0) -> None:
        tree = default_parameters() if parameters is None else parameters
        self.table: NeedTable = table_of(tree.needs)
        self.begin(at=at)

    def begin(self, *, at: float) -> None:
        """Start at time `at` (hours) instead, as for somebody who arrives during a run."""
        self._set(rounded(self.table.start), self.table.decay_per_h)
        self._since = self._counted = at
        self._unmet_s = 0

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the needs, in the order of every array of levels."""
        return self.table.names

    @property
    def trajectory(self) -> NeedTrajectory:
        """Levels, losses per hour, and the time to which they belong."""
        return NeedTrajectory(self._levels, self._losses, self._since)

    def levels_at(self, at: float) -> Float:
        """Return the levels at time `at` (hours), shape (n,)."""
        return np.array(self._now(at))

    def by_name(self, *, at: float) -> dict[str, float]:
        """Return the levels at time `at` (hours) by name."""
        return dict(zip(self.table.names, self._now(at), strict=True))

    def level(self, need: str, *, at: float) -> float:
        """Return the level of one need at time `at` (hours), in [0, 1]."""
        return self._now(at)[self._position(need)]

    def dominant(self, *, at: float) -> str | None:
        """Return the most pressing need at time `at` (hours), or None (see `needs.dominant`)."""
        levels, table = self._now(at), self.table
        for row in table.order:
            if levels[row] <= table.thresholds[row]:
                return table.names[row]
        return None

    def next_crossing(self, *, at: float) -> Crossing | None:
        """Return the next need to fall to its threshold after `at` (hours), if nothing is done."""
        found = next_to_fall(self._now(at), self._losses, self.table.thresholds)
        return None if found is None else Crossing(self.table.names[found[0]], at + found[1])

    def relief(self, purposes: Iterable[str], *, at: float) -> dict[str, float]:
        """Return how much an hour of each activity would restore of what is missing.

        The gains of the activity, weighted by how far each level is below 1.

        Parameters
        ----------
        purposes : iterable of str
            Activities; those that change no need are left out of the result.
        at : float
            Time, in hours.
        """
        missing = [1.0 - level for level in self._now(at)]
        gains = self.table.gains_per_h
        return {one: _weighted(missing, gains[one]) for one in purposes if one in gains}

    def satisfy(self, need: str, amount: float, *, at: float) -> None:
        """Raise (or, with a negative amount, lower) one level at time `at` (hours)."""
        row = self._position(need)
        self._anchor(at)
        levels = list(self._levels)
        levels[row] = min(1.0, max(0.0, levels[row] + amount))
        self._set(rounded(tuple(levels)), self._losses)

    def engage(self, purpose: str, *, at: float) -> None:
        """Begin an activity at time `at` (hours): its gains now offset the losses.

        The time that an outsider spends outside is not simulated: levels are as at the start.
        """
        self._anchor(at)
        if purpose == OUTSIDE:
            self._set(rounded(self.table.start), (0.0,) * len(self.table.names))
            return
        losses = self.table.losses_per_h.get(purpose, self.table.decay_per_h)
        self._set(self._levels, losses)

    async def assess(
        self,
        *,
        at: float,  # noqa: ARG002 - read by the prompt form, as are the others
        persona: Persona | None = None,  # noqa: ARG002
        when: str = "",  # noqa: ARG002
        after: str = "",  # noqa: ARG002
    ) -> Assessment:
        """Judge how well needs are met as a day begins, or after an activity.

        By rule nothing is judged, and levels stay as the hours so far have left them. The
        paper (CitySim, sec. 3.1.4) has a language model judge them, as `NeedsPrompt` does.

        Parameters
        ----------
        at : float
            Time, in hours.
        persona : Persona, optional
            Whose needs; told to a language model.
        when : str, optional
            Weekday, month and time of day; told to a language model.
        after : str, optional
            What has just ended, in words; by default the night.

        Returns
        -------
        Assessment
            An empty one.
        """
        return _NOT_JUDGED

    def adopt(self, assessment: Assessment, *, at: float) -> None:
        """Continue from time `at` (hours) with levels that have been judged."""
        self._anchor(at)
        judged = assessment.levels
        levels = zip(self.table.names, self._levels, strict=True)
        told = (float(judged.get(name, level)) for name, level in levels)
        within = tuple(min(max(level, 0.0), 1.0) for level in told)
        self._set(rounded(within), self._losses)

    def described(self, *, at: float) -> str:
        """Return the word for somebody with the dominant need; empty if no need presses."""
        need = self.dominant(at=at)
        return "" if need is None else self.table.specs[need].felt

    def fulfilment(self) -> float:
        """Return the share of the time in which no need was pressing, in [0, 1].

        Counted from the last `recount` up to the latest act (CitySim, sec. 3.1.5), in whole
        seconds from act to act.
        """
        counted = self._since - self._counted
        return 1.0 - min(self._unmet_s / HOUR_S / counted, 1.0) if counted > 0.0 else 1.0

    def recount(self) -> None:
        """Begin counting for `fulfilment` anew, from the latest act."""
        self._counted, self._unmet_s = self._since, 0

    def state(self) -> State:
        """Return levels, current losses and their time."""
        return {
            "levels": list(self._levels),
            "rates_per_h": list(self._losses),
            "since_h": self._since,
            "counted_h": self._counted,
            "unmet_h": self._unmet_s / HOUR_S,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned.

        Raises
        ------
        DataError
            If it has another number of needs.
        """
        levels, losses = tuple(state["levels"]), tuple(state["rates_per_h"])
        if not len(levels) == len(losses) == len(self.names):
            message = (
                f"the state has {len(levels)} needs, but there are {len(self.names)} "
                f"({', '.join(self.names)}); restore it with the parameters it was saved with"
            )
            raise DataError(message)
        self._set(levels, losses)
        self._since = float(state["since_h"])
        self._counted, self._unmet_s = float(state["counted_h"]), round(state["unmet_h"] * HOUR_S)

    def __getstate__(self) -> object:
        """Return what is pickled and copied, which reading changes nothing of."""
        self._read = None
        return super().__getstate__()

    def _set(self, levels: Levels, losses: Levels) -> None:
        """Have other levels, or other losses."""
        self._levels, self._losses = levels, losses
        self._read = None

    def _now(self, at: float) -> Levels:
        # One moment is asked about several times before anything changes.
        read = self._read
        if at == self._since:
            return self._levels
        if read is None or read[0] != at:
            read = self._read = at, decayed(self._levels, self._losses, at - self._since)
        return read[1]

    def _anchor(self, at: float) -> None:
        if at == self._since:
            return
        passed = at - self._since
        unmet_h = pressing_time(self._levels, self._losses, self.table.thresholds, passed)
        self._unmet_s += round(unmet_h * HOUR_S)
        self._set(rounded(self._now(at)), self._losses)
        self._since = at

    def _position(self, need: str) -> int:
        if need not in self.table.names:
            message = f"unknown need {need!r}; the needs are {', '.join(self.table.names)}"
            raise ConfigError(message)
        return self.table.names.index(need)


def _weighted(missing: Sequence[float], gains: Levels) -> float:
    # Added one after the other, as columns of people are.
    total = 0.0
    for lack, gain in zip(missing, gains, strict=True):
        total += lack * gain
    return total


_NOT_JUDGED = Assessment()
