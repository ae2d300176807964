"""The mood of one row of columns, in a form that loops over rows call (see `kernels`).

They do what `MoodColumns` does in NumPy, in the same order of operations.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from mesa_llm_city.core.clock import HOUR_MIN
from mesa_llm_city.core.values import Float, Whole

__all__ = ["LN_2", "MoodRows", "feel_row", "relaxed_of_one", "valence_of"]

LN_2 = math.log(2.0)
"""By which a half-life is turned into a rate."""


class MoodRows(NamedTuple):
    """Columns of `MoodColumns`, and the time in hours in which half of a feeling has gone."""

    rest: Float
    level: Float
    minute: Whole
    half_life_h: float


def relaxed_of_one(level: float, rest: float, hours: float, half_life_h: float) -> float:
    """Return what `mood.relaxed` returns of one feeling."""
    return float(rest + (level - rest) * math.exp(LN_2 * (-hours / half_life_h)))


def valence_of(mood: MoodRows, row: int, minute: int) -> float:
    """Return the valence of a row at a minute (see `MoodColumns.at`)."""
    hours = max(minute - mood.minute[row], 0) / HOUR_MIN
    return relaxed_of_one(mood.level[row], mood.rest[row], hours, mood.half_life_h)


def feel_row(mood: MoodRows, row: int, valence: float, minute: int) -> None:
    """Change the mood of a row because of an experience (see `MoodColumns.feel`)."""
    changed = valence_of(mood, row, minute) + valence
    mood.level[row] = min(max(changed, -1.0), 1.0)
    mood.minute[row] = minute
