"""The ties of one person after another, in a form that is compiled (see `kernels`).

The functions do what those of `tie_slots` do in NumPy, in the same order of operations.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.libm import power_of_one
from mesa_llm_city.core.prefetch import prefetch, prefetch_all
from mesa_llm_city.core.shares import code_of, share_of
from mesa_llm_city.core.values import Float
from mesa_llm_city.social.tie import DIMENSIONS, Relation
from mesa_llm_city.social.tie_slots import NEVER, NOBODY, RELATION_CODES, TieNumbers, TieSlots

__all__ = [
    "TieArrays",
    "ask_for_ties",
    "faded",
    "familiarity",
    "find_slot",
    "first_level",
    "level_of",
    "meet_person",
    "tie_arrays",
    "tie_score",
]

_ACQUAINTANCE = RELATION_CODES[Relation.ACQUAINTANCE]
_DIMENSIONS = len(DIMENSIONS)
_FAMILIARITY = DIMENSIONS.index("familiarity")


class TieArrays(NamedTuple):
    """The columns of `TieSlots`."""

    other: NDArray[np.integer]
    relation: NDArray[np.int8]
    level_codes: NDArray[np.uint16]
    met_min: NDArray[np.int32]
    talked_min: NDArray[np.int32]


def tie_arrays(ties: TieSlots) -> TieArrays:
    """Return the columns of ties, which loops may change."""
    return TieArrays(ties.other, ties.relation, ties.level_codes, ties.met_min, ties.talked_min)


def ask_for_ties(ties: TieArrays, row: int) -> None:
    """Ask for the ties of a row, before they are needed (see `prefetch`)."""
    prefetch_all(ties.other, row)
    prefetch_all(ties.relation, row)
    prefetch_all(ties.level_codes, row)
    prefetch_all(ties.met_min, row)
    prefetch(ties.talked_min, row)


def find_slot(other: NDArray[np.integer], row: int, person: int) -> int:
    """Return the slot in which a row has the tie to a person, -1 without one."""
    for slot in range(other.shape[1]):
        if other[row, slot] == person:
            return slot
    return -1


def level_of(codes: NDArray[np.uint16], row: int, slot: int, belief: int) -> float:
    """Return a belief of a tie as it was when it last changed."""
    return share_of(codes[row, slot, belief])


def first_level(start: float, homophily: float, similarity: float) -> float:
    """Return a belief with which a relation begins (see `initial_tie`)."""
    return min(max(start + homophily * (similarity - 0.5), 0.0), 1.0)


def faded(level: float, floor: float, met_min: int, minute: int, fade_per_day: float) -> float:
    """Return a familiarity that has faded since two have met (see `faded_familiarity`).

    Parameters
    ----------
    level, floor : float
        The level then, and that of the relation.
    met_min, minute : int
        When they met, `NEVER` if they have not, and now.
    fade_per_day : float
        Share of what is above the floor that is lost in a day.
    """
    days = 0 if met_min == NEVER else (minute - met_min) // DAY_MIN
    if days <= 0 or fade_per_day <= 0.0:
        return level
    lost = 1.0 - power_of_one(1.0 - fade_per_day, days)
    return floor + (1.0 - lost) * (level - floor)


def familiarity(  # noqa: PLR0917 - compiled functions take no keywords
    codes: NDArray[np.uint16],
    relation: NDArray[np.int8],
    met_min: NDArray[np.int32],
    start: Float,
    row: int,
    slot: int,
    minute: int,
    fade_per_day: float,
) -> float:
    """Return the familiarity of the tie in a slot of a row at a minute."""
    level = level_of(codes, row, slot, _FAMILIARITY)
    if fade_per_day <= 0.0:
        return level
    floor = start[relation[row, slot], _FAMILIARITY]
    return faded(level, floor, int(met_min[row, slot]), minute, fade_per_day)


def tie_score(codes: NDArray[np.uint16], row: int, slot: int, familiar: float) -> float:
    """Return the score of the tie in a slot (see `belief_score`), by the familiarity now."""
    total = level_of(codes, row, slot, 0) + level_of(codes, row, slot, 1) + familiar
    return total / _DIMENSIONS


def meet_person(  # noqa: PLR0917 - compiled functions take no keywords
    ties: TieArrays,
    numbers: TieNumbers,
    row: int,
    slot: int,
    person: int,
    outcome: int,
    minute: int,
    similarity: float,
) -> None:
    """Update the tie of a row to a person after an encounter (see `meet_people`).

    Parameters
    ----------
    ties : TieArrays
        The ties, which are changed.
    numbers : TieNumbers
        How ties begin, change and fade.
    row, slot : int
        The row, and the slot in which it knows the other; -1 for none.
    person : int
        Id of the other.
    outcome : int
        How it was, as a position in `Outcome`.
    minute : int
        Now, in minutes.
    similarity : float
        Similarity of the two, in [0, 1]; used at their first encounter.
    """
    other, relation, codes, met_min, talked_min = ties
    start, steps, homophily, fade_per_day, acquaintances = numbers
    talked_min[row] = max(talked_min[row], minute)
    if slot < 0:
        slot = _slot_of_acquaintance(other, relation, met_min, row, acquaintances)
        if slot < 0:
            return
        other[row, slot], relation[row, slot], met_min[row, slot] = person, _ACQUAINTANCE, NEVER
        for belief in range(_DIMENSIONS):
            first = first_level(start[_ACQUAINTANCE, belief], homophily[belief], similarity)
            codes[row, slot, belief] = code_of(first)
    for belief in range(_DIMENSIONS):
        before, share = level_of(codes, row, slot, belief), steps[outcome, belief]
        if belief == _FAMILIARITY:
            floor = start[relation[row, slot], belief]
            before = faded(before, floor, int(met_min[row, slot]), minute, fade_per_day)
        after = before + share * (1.0 - before if share > 0.0 else before)
        codes[row, slot, belief] = code_of(after)
    met_min[row, slot] = minute


def _slot_of_acquaintance(
    other: NDArray[np.integer],
    relation: NDArray[np.int8],
    met_min: NDArray[np.int32],
    row: int,
    most: int,
) -> int:
    """Return the slot that a new acquaintance takes, -1 for none."""
    slots, known, count, oldest = other.shape[1], 0, 0, -1
    for slot in range(slots):
        if other[row, slot] != NOBODY:
            known += 1
        if relation[row, slot] == _ACQUAINTANCE:
            count += 1
            if oldest < 0 or met_min[row, slot] < met_min[row, oldest]:
                oldest = slot
    return known if known < slots and count < most else oldest
