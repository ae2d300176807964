"""Learning from one visit, in a form that loops over visits call (see `kernels`).

They do what `BeliefSlots.learn` does in NumPy, in the same order of operations.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.place_slots import MOST_VISITS
from mesa_llm_city.core.shares import code_of, share_of
from mesa_llm_city.core.values import Float, Whole

__all__ = [
    "BeliefRows",
    "LearningNumbers",
    "learn_visit",
    "variance_by",
    "variance_of",
]


class BeliefRows(NamedTuple):
    """Columns of `BeliefSlots`."""

    place: Whole
    overall_code: NDArray[np.uint16]
    deviation_code: NDArray[np.uint16]
    minute: Whole
    visits: NDArray[np.unsignedinteger]
    different: Whole


class LearningNumbers(NamedTuple):
    """Numbers of `BeliefParameters` of learning and forgetting.

    Attributes
    ----------
    left : ndarray of float64
        Share of a belief that is left after each number of days.
    neutral, prior_variance, observation_variance, growth_per_day : float
        As in the parameters.
    """

    left: Float
    neutral: float
    prior_variance: float
    observation_variance: float
    growth_per_day: float


def variance_of(code: int) -> float:
    """Return the variance whose root a code stands for."""
    deviation = share_of(code)
    return deviation * deviation


def variance_by(visits: int, prior_variance: float, observation_variance: float) -> float:
    """Return the variance after some visits (see `belief_slots.variance_after`)."""
    return 1.0 / (1.0 / prior_variance + visits / observation_variance)


def learn_visit(  # noqa: PLR0917 - compiled loops take no keywords
    slots: BeliefRows,
    row: int,
    place: int,
    observed: float,
    at_min: int,
    numbers: LearningNumbers,
) -> None:
    """Let a row learn from a visit (see `BeliefSlots.learn`).

    Parameters
    ----------
    slots : BeliefRows
        What is believed, which is changed.
    row, place : int
        Who learns about which place.
    observed : float
        How good the visit was, in [0, 1].
    at_min : int
        Time of the visit, in minutes.
    numbers : LearningNumbers
        Numbers of learning and forgetting.
    """
    slot = _slot_of(slots, row, place)
    mean, before, been = numbers.neutral, numbers.prior_variance, 0
    if slots.place[row, slot] == place:
        days = (at_min - int(slots.minute[row, slot])) // DAY_MIN
        lost = 1.0 - numbers.left[days]
        mean = (1.0 - lost) * share_of(slots.overall_code[row, slot]) + lost * numbers.neutral
        been = int(slots.visits[row, slot])
        if numbers.growth_per_day > 0.0:
            before = variance_of(slots.deviation_code[row, slot])
        else:
            before = variance_by(been, numbers.prior_variance, numbers.observation_variance)
        grown = before + numbers.growth_per_day * days
        before = min(grown, max(before, numbers.prior_variance))
    else:
        slots.different[row] += 1
    gain = before / (before + numbers.observation_variance)
    slots.place[row, slot] = place
    slots.overall_code[row, slot] = code_of(gain * observed + (1.0 - gain) * mean)
    if slots.deviation_code.shape[1]:
        slots.deviation_code[row, slot] = max(code_of(math.sqrt((1.0 - gain) * before)), 1)
    slots.minute[row, slot] = at_min
    slots.visits[row, slot] = min(been + 1, MOST_VISITS)


def _slot_of(slots: BeliefRows, row: int, place: int) -> int:
    """Return the slot of a place: its own, or that of the place that matters least."""
    least = 0
    for slot in range(slots.place.shape[1]):
        if slots.place[row, slot] == place:
            return slot
        visits, fewest = int(slots.visits[row, slot]), int(slots.visits[row, least])
        is_older = slots.minute[row, slot] < slots.minute[row, least]
        if visits < fewest or (visits == fewest and is_older):
            least = slot
    return least
