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
from mesa_llm_city.core.prefetch import prefetch, prefetch_all
from mesa_llm_city.core.shares import code_of, share_of
from mesa_llm_city.core.values import Float, Whole

__all__ = [
    "LATEST_MIN",
    "VISIT_BITS",
    "BeliefRows",
    "LearningNumbers",
    "ask_for_beliefs",
    "learn_visit",
    "variance_before",
    "variance_by",
    "variance_of",
    "visit_min_in",
    "visits_in",
]

VISIT_BITS = 8
"""Bits of a number of visits."""
LATEST_MIN = 2 ** (32 - VISIT_BITS) - 1
"""Latest minute of a run of which a visit can be kept, in its 32nd year."""


class BeliefRows(NamedTuple):
    """Columns of `BeliefSlots`."""

    place: Whole
    overall_code: NDArray[np.uint16]
    deviation_code: NDArray[np.uint16]
    seen: NDArray[np.uint32]
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


def ask_for_beliefs(slots: BeliefRows, row: int) -> None:
    """Ask for what a row believes, before it is needed (see `prefetch`)."""
    prefetch_all(slots.place, row)
    prefetch_all(slots.overall_code, row)
    prefetch_all(slots.seen, row)
    prefetch(slots.different, row)


def visits_in(seen: int) -> int:
    """Return the number of visits of a slot: the low bits of what was seen."""
    # As a number with a sign, since differences are taken of it.
    return int(np.int64(seen) & MOST_VISITS)


def visit_min_in(seen: int) -> int:
    """Return the time of the last visit, in minutes: the high bits of what was seen."""
    return int(np.int64(seen) >> VISIT_BITS)


def variance_of(code: int) -> float:
    """Return the variance whose root a code stands for."""
    deviation = share_of(code)
    return deviation * deviation


def variance_by(visits: int, prior_variance: float, observation_variance: float) -> float:
    """Return the variance after some visits (see `belief_slots.variance_after`)."""
    return 1.0 / (1.0 / prior_variance + visits / observation_variance)


def variance_before(
    slots: BeliefRows, row: int, slot: int, days: int, numbers: LearningNumbers
) -> float:
    """Return the variance of what is believed before a visit, some days after the last one."""
    if numbers.growth_per_day > 0.0:
        kept = variance_of(slots.deviation_code[row, slot])
    else:
        been = visits_in(slots.seen[row, slot])
        kept = variance_by(been, numbers.prior_variance, numbers.observation_variance)
    return min(kept + numbers.growth_per_day * days, max(kept, numbers.prior_variance))


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
        seen = slots.seen[row, slot]
        days = (at_min - visit_min_in(seen)) // DAY_MIN
        lost = 1.0 - numbers.left[days]
        mean = (1.0 - lost) * share_of(slots.overall_code[row, slot]) + lost * numbers.neutral
        been = visits_in(seen)
        before = variance_before(slots, row, slot, days, numbers)
    else:
        slots.different[row] += 1
    gain = before / (before + numbers.observation_variance)
    slots.place[row, slot] = place
    slots.overall_code[row, slot] = code_of(gain * observed + (1.0 - gain) * mean)
    if slots.deviation_code.shape[1]:
        slots.deviation_code[row, slot] = max(code_of(math.sqrt((1.0 - gain) * before)), 1)
    slots.seen[row, slot] = at_min << VISIT_BITS | min(been + 1, MOST_VISITS)


def _slot_of(slots: BeliefRows, row: int, place: int) -> int:
    """Return the slot of a place: its own, or that of the place that matters least."""
    for slot in range(slots.place.shape[1]):
        if slots.place[row, slot] == place:
            return slot
    least, fewest, oldest = 0, MOST_VISITS + 1, LATEST_MIN
    for slot in range(slots.place.shape[1]):
        visits, minute = visits_in(slots.seen[row, slot]), visit_min_in(slots.seen[row, slot])
        if visits < fewest or (visits == fewest and minute < oldest):
            least, fewest, oldest = slot, visits, minute
            if visits == 0:
                # Nothing matters less than an empty slot, of which the first is taken.
                break
    return least
