"""The ties of one person after another, in a form that is compiled (see `kernels`).

The functions do what those of `tie_slots` do in NumPy, in the same order of operations.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.libm import power_of_one
from mesa_llm_city.social.tie import DIMENSIONS, Relation
from mesa_llm_city.social.tie_slots import NEVER, NOBODY, RELATION_CODES, TieNumbers, TieSlots

__all__ = ["TieArrays", "find_slot", "meet_person", "tie_arrays", "tie_level", "tie_score"]

_ACQUAINTANCE = RELATION_CODES[Relation.ACQUAINTANCE]
_STRANGER = RELATION_CODES[Relation.STRANGER]
_DIMENSIONS = len(DIMENSIONS)
_FAMILIARITY = _DIMENSIONS - 1


class TieArrays(NamedTuple):
    """The columns of `TieSlots`."""

    other: NDArray[np.integer]
    relation: NDArray[np.int8]
    levels: NDArray[np.float32]
    met_min: NDArray[np.int32]
    talked_min: NDArray[np.int32]


def tie_arrays(ties: TieSlots) -> TieArrays:
    """Return the columns of ties, which loops may change."""
    return TieArrays(ties.other, ties.relation, ties.levels, ties.met_min, ties.talked_min)


def find_slot(ties: TieArrays, row: int, person: int) -> int:
    """Return the slot in which a row has the tie to a person, -1 without one."""
    for slot in range(ties.other.shape[1]):
        if ties.other[row, slot] == person:
            return slot
    return -1


def tie_level(  # noqa: PLR0917 - compiled functions take no keywords
    ties: TieArrays,
    numbers: TieNumbers,
    row: int,
    slot: int,
    dimension: int,
    minute: int,
    similarity: float,
) -> float:
    """Return one of the beliefs about the other in a slot, or about a stranger.

    Parameters
    ----------
    ties : TieArrays
        The ties.
    numbers : TieNumbers
        How ties begin and fade.
    row, slot : int
        The row of the person, and the slot; -1 for a stranger.
    dimension : int
        Position of the belief.
    minute : int
        Now, in minutes.
    similarity : float
        Similarity of the two, in [0, 1]; used for strangers only.
    """
    if slot < 0:
        return _first_level(numbers, _STRANGER, dimension, similarity)
    level = float(ties.levels[row, slot, dimension])
    if dimension == _FAMILIARITY and numbers.fade_per_day > 0.0:
        met = int(ties.met_min[row, slot])
        days = 0 if met == NEVER else (minute - met) // DAY_MIN
        lost = 1.0 - power_of_one(1.0 - numbers.fade_per_day, days) if days > 0 else 0.0
        floor = numbers.start[ties.relation[row, slot], dimension]
        level = floor + (1.0 - lost) * (level - floor)
    return level


def tie_score(ties: TieArrays, numbers: TieNumbers, row: int, slot: int, minute: int) -> float:
    """Return the score of the tie in a slot (see `belief_score`); parameters as of `tie_level`."""
    total = 0.0
    for dimension in range(_DIMENSIONS):
        total += tie_level(ties, numbers, row, slot, dimension, minute, 0.0)
    return total / _DIMENSIONS


def meet_person(  # noqa: PLR0917 - compiled functions take no keywords
    ties: TieArrays,
    numbers: TieNumbers,
    row: int,
    person: int,
    outcome: int,
    minute: int,
    similarity: float,
) -> None:
    """Update the tie of a row to a person after an encounter (see `meet_people`).

    Parameters
    ----------
    ties, numbers, row, minute, similarity
        As of `tie_level`; the ties are changed.
    person : int
        Id of the other.
    outcome : int
        How it was, as a position in `Outcome`.
    """
    ties.talked_min[row] = max(ties.talked_min[row], minute)
    slot = find_slot(ties, row, person)
    if slot < 0:
        slot = _slot_of_acquaintance(ties, row, numbers.acquaintances)
        if slot < 0:
            return
        ties.other[row, slot], ties.relation[row, slot] = person, _ACQUAINTANCE
        ties.met_min[row, slot] = NEVER
        for dimension in range(_DIMENSIONS):
            first = _first_level(numbers, _ACQUAINTANCE, dimension, similarity)
            ties.levels[row, slot, dimension] = first
    for dimension in range(_DIMENSIONS):
        before = tie_level(ties, numbers, row, slot, dimension, minute, 0.0)
        share = numbers.steps[outcome, dimension]
        left = 1.0 - before if share > 0.0 else before
        ties.levels[row, slot, dimension] = before + share * left
    ties.met_min[row, slot] = minute


def _first_level(numbers: TieNumbers, relation: int, dimension: int, similarity: float) -> float:
    """Return a belief with which a relation begins (see `initial_tie`)."""
    shift = numbers.homophily[dimension] * (similarity - 0.5)
    level: float = min(max(numbers.start[relation, dimension] + shift, 0.0), 1.0)
    return level


def _slot_of_acquaintance(ties: TieArrays, row: int, most: int) -> int:
    """Return the slot that a new acquaintance takes, -1 for none."""
    slots = ties.other.shape[1]
    known, count, oldest = 0, 0, -1
    for slot in range(slots):
        if ties.other[row, slot] != NOBODY:
            known += 1
        if ties.relation[row, slot] == _ACQUAINTANCE:
            count += 1
            if oldest < 0 or ties.met_min[row, slot] < ties.met_min[row, oldest]:
                oldest = slot
    return known if known < slots and count < most else oldest
