"""The needs of one row of columns, in a form that loops over rows call (see `kernels`).

They do what `NeedColumns` does in NumPy, in the same order of operations.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.clock import HOUR_MIN
from mesa_llm_city.core.prefetch import prefetch, prefetch_all
from mesa_llm_city.core.shares import Codes, share_of
from mesa_llm_city.core.values import Float, Int, Whole
from mesa_llm_city.mind.need_loops import anchor_row, level_after

__all__ = [
    "NO_NEED",
    "NeedRows",
    "ask_for_needs",
    "engage_row",
    "noticed_at",
    "noticed_from",
    "pressing_need",
]

NO_NEED = -1
"""Position of the need that presses most where none does."""


class NeedRows(NamedTuple):
    """Columns of `NeedColumns` of n persons, and k needs as in `NeedRates`.

    Attributes
    ----------
    level_code : ndarray of uint16, shape (n, k)
        Levels at `since`, in 60,000ths.
    purpose, since : ndarray of int, shape (n,)
        What is done since when.
    unmet : ndarray of uint32, shape (n,)
        For how many seconds needs have been pressing.
    losses : ndarray of float64, shape (p + 1, k)
        Loss per hour during each purpose.
    thresholds : ndarray of float64, shape (k,)
        Levels below which needs press.
    order : ndarray of int64, shape (k,)
        Positions of the needs, that of the first priority first.
    """

    level_code: Codes
    purpose: Whole
    since: Whole
    unmet: NDArray[np.uint32]
    losses: Float
    thresholds: Float
    order: Int


def ask_for_needs(needs: NeedRows, row: int) -> None:
    """Ask for the needs of a row, before they are needed (see `prefetch`)."""
    prefetch_all(needs.level_code, row)
    prefetch(needs.purpose, row)
    prefetch(needs.since, row)


def pressing_need(needs: NeedRows, row: int, minute: int) -> int:
    """Return the position of the need that presses most (see `NeedColumns.dominant`)."""
    hours = minute / HOUR_MIN - needs.since[row] / HOUR_MIN
    purpose = needs.purpose[row]
    for at in range(len(needs.order)):
        need = needs.order[at]
        level = level_after(needs.level_code[row, need], needs.losses[purpose, need], hours)
        if level <= needs.thresholds[need]:
            return int(need)
    return NO_NEED


def noticed_at(needs: NeedRows, row: int, minute: int) -> float:
    """Return the minute in which the next need will press (see `NeedColumns.noticed`)."""
    hours = minute / HOUR_MIN - needs.since[row] / HOUR_MIN
    purpose, soonest = needs.purpose[row], math.inf
    for need in range(needs.level_code.shape[1]):
        rate = needs.losses[purpose, need]
        above = level_after(needs.level_code[row, need], rate, hours) - needs.thresholds[need]
        if above > 0.0 and rate > 0.0:
            soonest = min(soonest, above / rate)
    return float(np.ceil((minute / HOUR_MIN + soonest) * HOUR_MIN))


def noticed_from(needs: NeedRows, row: int, minute: int) -> float:
    """Return what `noticed_at` returns in the minute in which something has begun in a row."""
    purpose, soonest = needs.purpose[row], math.inf
    for need in range(needs.level_code.shape[1]):
        rate = needs.losses[purpose, need]
        above = share_of(needs.level_code[row, need]) - needs.thresholds[need]
        if above > 0.0 and rate > 0.0:
            soonest = min(soonest, above / rate)
    return float(np.ceil((minute / HOUR_MIN + soonest) * HOUR_MIN))


def engage_row(needs: NeedRows, row: int, purpose: int, minute: int) -> None:
    """Let something begin in a row (see `NeedColumns.engage`)."""
    level_code, kind, since, unmet, losses, thresholds, _ = needs
    anchor_row(level_code, kind, since, unmet, losses, thresholds, row, minute)
    kind[row] = purpose
