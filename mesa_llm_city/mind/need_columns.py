"""Needs of many persons at once, with the numbers that `Needs` has for each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.clock import HOUR_MIN, HOUR_S
from mesa_llm_city.core.kernels import compiled
from mesa_llm_city.core.latest import keeps_latest
from mesa_llm_city.core.narrow import least_of_rows
from mesa_llm_city.core.shares import Codes, coded_shares, decoded_shares
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.mind.need_loops import NeedArrays, fill_levels, fill_noticed
from mesa_llm_city.mind.need_row_loops import NeedRows
from mesa_llm_city.mind.need_table import table_of
from mesa_llm_city.mind.needs import decay, hours_to_threshold, pressing_hours
from mesa_llm_city.parameters import CityParameters

__all__ = ["NeedColumns", "NeedRates", "need_rates"]


class NeedRates(NamedTuple):
    """How needs change by what is done: k needs, p purposes.

    Attributes
    ----------
    names : tuple of str, length k
        Names of the needs.
    start, thresholds : ndarray of float64, shape (k,)
        Levels at first, and those below which a need presses.
    order : tuple of int, length k
        Positions of the needs, that of the first priority first.
    losses : ndarray of float64, shape (p + 1, k)
        Loss per hour during each purpose, in the order of the parameters; the last row is for
        nothing in particular.
    gains : ndarray of float64, shape (p + 1, k)
        Gain per hour by each purpose; 0 in the last row.
    """

    names: tuple[str, ...]
    start: Float
    thresholds: Float
    order: tuple[int, ...]
    losses: Float
    gains: Float


@keeps_latest
@lru_cache(maxsize=8)
def need_rates(parameters: CityParameters) -> NeedRates:
    """Return the rates of a tree of parameters."""
    table, none = table_of(parameters.needs), (0.0,) * len(parameters.needs)
    purposes, usual = tuple(parameters.purposes), table.decay_per_h
    return NeedRates(
        table.names,
        np.array(table.start),
        np.array(table.thresholds),
        table.order,
        np.array([*(table.losses_per_h.get(one, usual) for one in purposes), usual]),
        np.array([*(table.gains_per_h.get(one, none) for one in purposes), none]),
    )


@dataclass(slots=True, eq=False)
class NeedColumns:
    """Levels of needs of n persons, each row as `Needs` keeps them.

    Levels are rounded to 60,000ths whenever something else begins, as those of one person are.

    Parameters
    ----------
    rates : NeedRates
        How needs change.
    level_code : ndarray of uint16, shape (n, k)
        Levels at `since`, in 60,000ths (see `core.shares`).
    purpose : ndarray of int8, shape (n,)
        Position of the purpose of what is done since then, -1 for nothing in particular.
    since : ndarray of int32, shape (n,)
        In minutes.
    unmet : ndarray of uint32, shape (n,)
        For how many seconds a need has been pressing from `counted` to `since`.
    counted : ndarray of int32, shape (n,)
        From when on that is counted, in minutes.
    """

    rates: NeedRates
    level_code: Codes
    purpose: NDArray[np.int8]
    since: NDArray[np.int32]
    unmet: NDArray[np.uint32]
    counted: NDArray[np.int32]

    @classmethod
    def begin(cls, count: int, parameters: CityParameters, *, minute: int = 0) -> NeedColumns:
        """Return the needs of `count` persons whose life in the model begins at a minute."""
        rates = need_rates(parameters)
        return cls(
            rates,
            np.tile(coded_shares(rates.start), (count, 1)),
            np.full(count, -1, dtype=np.int8),
            np.full(count, minute, dtype=np.int32),
            np.zeros(count, dtype=np.uint32),
            np.full(count, minute, dtype=np.int32),
        )

    @property
    def arrays(self) -> NeedArrays:
        """The columns and rates, as compiled loops take them."""
        rates = self.rates
        return NeedArrays(self.level_code, self.purpose, self.since, rates.losses, rates.gains)

    @property
    def columns(self) -> NeedRows:
        """The columns, as loops over rows take them."""
        rates = self.rates
        order = np.array(rates.order, dtype=np.int64)
        return NeedRows(
            self.level_code,
            self.purpose,
            self.since,
            self.unmet,
            rates.losses,
            rates.thresholds,
            order,
        )

    def at(self, rows: Int, minute: Int) -> Float:
        """Return the levels of some rows at a minute, or each at its own; shape (m, k)."""
        loop = compiled(fill_levels)
        if loop is not None:
            levels = np.empty((len(rows), self.level_code.shape[1]))
            each = np.ascontiguousarray(np.broadcast_to(minute, len(rows)), dtype=np.int64)
            code, losses = self.level_code, self.rates.losses
            loop(code, self.purpose, self.since, losses, rows, each, levels)
            return levels
        level, hours = decoded_shares(self.level_code.take(rows, axis=0)), self._hours(rows, minute)
        return decay(level, self._losses(rows), hours[:, None])

    def one_at(self, need: str, rows: Int, minute: Int) -> Float:
        """Return the level of one need of some rows, each at its own minute; shape (m,)."""
        column = self.rates.names.index(need)
        losses = self.rates.losses[self.purpose[rows], column]
        level = decoded_shares(self.level_code[rows, column])
        return decay(level, losses, self._hours(rows, minute))

    def dominant(self, levels: Float) -> Int:
        """Return the position of the need that presses most in each row, -1 for none."""
        found = np.full(len(levels), -1)
        for need in self.rates.order[::-1]:
            found[levels[:, need] <= self.rates.thresholds[need]] = need
        return found

    def noticed(self, rows: Int, levels: Float, minute: Int) -> Float:
        """Return the minute in which the next need will press in each row, or infinity."""
        loop = compiled(fill_noticed)
        if loop is not None:
            noticed, rates = np.empty(len(rows)), self.rates
            loop(self.purpose, rates.losses, rates.thresholds, rows, levels, minute, noticed)
            return noticed
        hours = hours_to_threshold(levels, self._losses(rows), self.rates.thresholds)
        at_h: Float = minute / HOUR_MIN + least_of_rows(hours)
        return np.ceil(at_h * HOUR_MIN)

    def relief(self, levels: Float, purposes: Sequence[int] | Int) -> Float:
        """Return how much of what is missing an hour of each purpose gives back; shape (m, f)."""
        missing = 1.0 - levels
        found = np.zeros((len(levels), len(purposes)))
        # Added one after the other, as for one person.
        for need in range(levels.shape[1]):
            found += missing[:, need, np.newaxis] * self.rates.gains[purposes, need]
        return found

    def engage(self, rows: Int, purpose: Int, minute: Int) -> None:
        """Let something begin in some rows, at which needs change from now on."""
        self._anchor(rows, minute)
        self.purpose[rows] = purpose

    def satisfy(self, rows: Int, need: str, amount: Float, minute: Int) -> None:
        """Add to the level of one need in some rows, each given once."""
        self._anchor(rows, minute)
        column = self.rates.names.index(need)
        raised = decoded_shares(self.level_code[rows, column]) + amount
        self.level_code[rows, column] = coded_shares(np.minimum(np.maximum(raised, 0.0), 1.0))

    def fulfilment(self, rows: Int) -> Float:
        """Return the share of the time in which no need was pressing, from 0 to 1; shape (m,).

        Counted from the last `recount` up to the latest act, as `Needs.fulfilment` counts.
        """
        counted = self.since[rows] / HOUR_MIN - self.counted[rows] / HOUR_MIN
        unmet = np.zeros(len(rows))
        np.divide(self.unmet[rows] / HOUR_S, counted, out=unmet, where=counted > 0.0)
        met: Float = 1.0 - np.minimum(unmet, 1.0)
        return met

    def recount(self, rows: Int) -> None:
        """Begin counting for `fulfilment` anew in some rows, from the latest act of each."""
        self.unmet[rows], self.counted[rows] = 0, self.since[rows]

    def _anchor(self, rows: Int, minute: Int) -> None:
        """Let the levels of some rows, each given once, be those of a minute."""
        level, hours = decoded_shares(self.level_code.take(rows, axis=0)), self._hours(rows, minute)
        losses, thresholds = self._losses(rows), self.rates.thresholds
        after = decay(level, losses, hours[:, np.newaxis])
        # Levels move in one direction: what is above its threshold at both ends never pressed.
        (some,) = (least_of_rows(np.minimum(level, after) - thresholds) <= 0.0).nonzero()
        if len(some):
            unmet = pressing_hours(level[some], losses[some], thresholds, hours[some])
            self.unmet[rows[some]] += np.rint(unmet * HOUR_S).astype(np.uint32)
        self.level_code[rows] = coded_shares(after)
        self.since[rows] = minute

    def _losses(self, rows: Int) -> Float:
        # The last row is that of nothing in particular, whose purpose is -1.
        losses: Float = self.rates.losses.take(self.purpose[rows], axis=0)
        return losses

    def _hours(self, rows: Int, minute: Int) -> Float:
        hours: Float = minute / HOUR_MIN - self.since[rows] / HOUR_MIN
        return hours
