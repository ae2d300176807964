"""Levels of needs of many persons, as loops over persons that are compiled (see `kernels`).

They do what `NeedColumns` does in NumPy, in the same order of operations.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.clock import HOUR_MIN, HOUR_S
from mesa_llm_city.core.shares import Codes, code_of, share_of
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.mind.needs import STEADY

__all__ = [
    "NeedArrays",
    "anchor_row",
    "fill_levels",
    "fill_noticed",
    "fill_relief",
    "level_after",
    "satisfy_row",
    "unmet_after",
]


_SURELY = 1.0 + 1e-9  # by more than products and quotients are rounded


class NeedArrays(NamedTuple):
    """Columns of `NeedColumns`, and losses and gains of `NeedRates`."""

    level_code: Codes
    purpose: NDArray[np.int8]
    since: NDArray[np.int32]
    losses: Float
    gains: Float


def level_after(code: int, loss: float, hours: float) -> float:
    """Return what a level, kept as a code, is after hours with a loss each (`needs.decay`)."""
    return min(max(share_of(code) - loss * hours, 0.0), 1.0)


def unmet_after(above: float, loss: float, hours: float) -> float:
    """Return for how many hours a level is at or below its threshold (see `needs.unmet_hours`).

    Parameters
    ----------
    above : float
        How far the level is above the threshold at first.
    loss, hours : float
        Loss per hour, and the length of the time.
    """
    if above > 0.0:
        # Most levels stay above, which a product tells as well as the slower division.
        if loss <= STEADY or above > loss * hours * _SURELY:
            return 0.0
        return max(hours - above / loss, 0.0)
    return min(above / loss, hours) if loss < -STEADY else hours


def fill_levels(  # noqa: PLR0917 - compiled loops take no keywords
    level_code: Codes,
    purpose: NDArray[np.int8],
    since: NDArray[np.int32],
    losses: Float,
    rows: Int,
    minute: Int,
    levels: Float,
) -> None:
    """Fill the levels of some rows at the minute of each (see `NeedColumns.at`).

    Parameters
    ----------
    level_code, purpose, since
        Columns of `NeedColumns`.
    losses : ndarray of float64, shape (p + 1, k)
        Losses of `NeedRates`.
    rows, minute : ndarray of int64, shape (m,)
        The rows, and the minute of each.
    levels : ndarray of float64, shape (m, k)
        Is filled.
    """
    for at in range(len(rows)):
        row = rows[at]
        hours = minute[at] / HOUR_MIN - since[row] / HOUR_MIN
        for need in range(levels.shape[1]):
            levels[at, need] = level_after(level_code[row, need], losses[purpose[row], need], hours)


def fill_noticed(  # noqa: PLR0917 - compiled loops take no keywords
    purpose: NDArray[np.int8],
    losses: Float,
    thresholds: Float,
    rows: Int,
    levels: Float,
    minute: Int,
    noticed: Float,
) -> None:
    """Fill when the next need will press in some rows (see `NeedColumns.noticed`).

    Parameters
    ----------
    purpose, losses, rows, levels, minute
        As of `fill_levels`.
    thresholds : ndarray of float64, shape (k,)
        Thresholds of `NeedRates`.
    noticed : ndarray of float64, shape (m,)
        Is filled with minutes, or infinity.
    """
    for at in range(len(rows)):
        soonest = np.inf
        for need in range(levels.shape[1]):
            above, rate = levels[at, need] - thresholds[need], losses[purpose[rows[at]], need]
            if above > 0.0 and rate > 0.0:
                soonest = min(soonest, above / rate)
        noticed[at] = np.ceil((minute[at] / HOUR_MIN + soonest) * HOUR_MIN)


def fill_relief(  # noqa: PLR0917 - compiled loops take no keywords
    level_code: Codes,
    purpose: NDArray[np.int8],
    since: NDArray[np.int32],
    losses: Float,
    gains: Float,
    row: int,
    minute: int,
    purposes: Int,
    relief: Float,
) -> None:
    """Fill what an hour of each purpose would give back to one row (see `NeedColumns.relief`).

    Parameters
    ----------
    level_code, purpose, since, losses, gains
        As of `NeedArrays`.
    row, minute : int
        Whose needs, and when.
    purposes : ndarray of int64, shape (f,)
        Positions of the purposes, -1 for nothing in particular.
    relief : ndarray of float64, shape (f,)
        Is filled.
    """
    hours = minute / HOUR_MIN - since[row] / HOUR_MIN
    relief[:] = 0.0
    for need in range(level_code.shape[1]):
        missing = 1.0 - level_after(level_code[row, need], losses[purpose[row], need], hours)
        for column in range(len(purposes)):
            relief[column] += missing * gains[purposes[column], need]


def satisfy_row(  # noqa: PLR0917 - compiled functions take no keywords
    level_code: Codes,
    purpose: NDArray[np.int8],
    since: NDArray[np.int32],
    unmet: NDArray[np.uint32],
    losses: Float,
    thresholds: Float,
    row: int,
    need: int,
    gain: float,
    minute: int,
) -> None:
    """Add to the level of one need of a row (see `NeedColumns.satisfy`).

    Parameters
    ----------
    level_code, purpose, since, unmet
        Columns of `NeedColumns`, which are changed but for the purpose.
    losses, thresholds
        As of `NeedRates`.
    row, need : int
        Whose need, and its position.
    gain : float
        What is added.
    minute : int
        Now, in minutes.
    """
    anchor_row(level_code, purpose, since, unmet, losses, thresholds, row, minute)
    raised = share_of(level_code[row, need]) + gain
    level_code[row, need] = code_of(min(max(raised, 0.0), 1.0))


def anchor_row(  # noqa: PLR0917 - compiled functions take no keywords
    level_code: Codes,
    purpose: NDArray[np.int8],
    since: NDArray[np.int32],
    unmet: NDArray[np.uint32],
    losses: Float,
    thresholds: Float,
    row: int,
    minute: int,
) -> None:
    """Let the levels of a row be those of a minute, and count for how long a need has pressed.

    Parameters
    ----------
    level_code, purpose, since, unmet, losses, thresholds
        As of `satisfy_row`.
    row, minute : int
        Whose levels, and when.
    """
    hours, kind = minute / HOUR_MIN - since[row] / HOUR_MIN, purpose[row]
    until = later = 0.0
    for need in range(level_code.shape[1]):
        code, loss = level_code[row, need], losses[kind, need]
        above = share_of(code) - thresholds[need]
        lacks = unmet_after(above, loss, hours)
        # A need presses either from the start on or until the end (see `needs.pressing_hours`).
        if above > 0.0:
            later = max(later, lacks)
        else:
            until = max(until, lacks)
        level_code[row, need] = code_of(level_after(code, loss, hours))
    if until + later > 0.0:
        unmet[row] += np.uint32(np.rint(min(until + later, hours) * HOUR_S))
    since[row] = minute
