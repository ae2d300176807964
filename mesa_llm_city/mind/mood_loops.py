"""The mood of one row of columns, in a form that loops over rows call (see `kernels`).

Feelings from -1 to 1 are kept in 16 bits: a code stands for ``code / 30000``, so that decimals of
four digits are kept as they are. The functions do what `MoodColumns` does in NumPy, in the same
order of operations.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.clock import HOUR_MIN
from mesa_llm_city.core.values import Whole

__all__ = [
    "FEELING_CODES",
    "LN_2",
    "MoodRows",
    "feeling_code",
    "feeling_of",
    "relaxed_of_one",
    "set_mood",
    "valence_of",
]

FEELING_CODES = 30_000
"""The code of a feeling of 1."""

LN_2 = math.log(2.0)
"""By which a half-life is turned into a rate."""


class MoodRows(NamedTuple):
    """Columns of `MoodColumns`, and the time in hours in which half of a feeling has gone."""

    rest_code: Whole
    level_code: Whole
    minute: Whole
    half_life_h: float


def feeling_code(feeling: float) -> int:
    """Return the code that is nearest to a feeling in [-1, 1]."""
    return int(np.rint(feeling * FEELING_CODES))


def feeling_of(code: int) -> float:
    """Return the feeling that a code stands for."""
    return float(code) / FEELING_CODES


def relaxed_of_one(level: float, rest: float, hours: float, half_life_h: float) -> float:
    """Return what `mood.relaxed` returns of one feeling."""
    return float(rest + (level - rest) * math.exp(LN_2 * (-hours / half_life_h)))


def valence_of(mood: MoodRows, row: int, minute: int) -> float:
    """Return the valence of a row at a minute (see `MoodColumns.at`)."""
    hours = max(minute - mood.minute[row], 0) / HOUR_MIN
    level, rest = feeling_of(mood.level_code[row]), feeling_of(mood.rest_code[row])
    return relaxed_of_one(level, rest, hours, mood.half_life_h)


def set_mood(mood: MoodRows, row: int, valence: float, minute: int) -> None:
    """Let an experience change the mood of a row (see `MoodColumns.feel`).

    Parameters
    ----------
    mood : MoodRows
        How good each row feels, which is changed.
    row, minute : int
        Whose mood, and from when on.
    valence : float
        The new valence, before it is cut off at -1 and 1.
    """
    mood.level_code[row] = feeling_code(min(max(valence, -1.0), 1.0))
    mood.minute[row] = minute
