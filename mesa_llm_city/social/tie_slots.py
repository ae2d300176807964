"""Ties in columns: a bounded number of slots for each of many people.

`Ties` of one person is a table of one row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.libm import power
from mesa_llm_city.core.shares import coded_shares, decoded_shares
from mesa_llm_city.core.values import Bool, Float, Int
from mesa_llm_city.parameters.social import TieLevels, TieParameters
from mesa_llm_city.social.tie import DIMENSIONS, Outcome, Relation
from mesa_llm_city.social.tie_formulas import (
    belief_score,
    faded_familiarity,
    initial_tie,
    updated_tie,
)

__all__ = [
    "NEVER",
    "NOBODY",
    "RELATION_CODES",
    "TieNumbers",
    "TieSlots",
    "contacts_since",
    "draw_people_closer",
    "find_slots",
    "meet_people",
    "relate_people",
    "relation_levels",
    "slot_levels",
    "stranger_belief",
    "tie_beliefs",
    "tie_levels",
    "tie_numbers",
]

NOBODY = -1
"""Id in a slot that is empty."""

NEVER = np.iinfo(np.int32).min
"""Minute of a contact that has not been."""

RELATION_CODES = {relation: code for code, relation in enumerate(Relation)}
"""Position of each relation in `Relation`, from the closest to the most distant."""

_FRIEND = RELATION_CODES[Relation.FRIEND]
_ACQUAINTANCE = RELATION_CODES[Relation.ACQUAINTANCE]
_STRANGER = RELATION_CODES[Relation.STRANGER]
_MINUTES = np.int64(2**32)


@dataclass(frozen=True, slots=True, eq=False)
class TieSlots:
    """The ties of n people, in T slots each; those in use come first.

    The arrays are changed in place by the functions of this file.

    Parameters
    ----------
    other : ndarray of int, shape (n, T)
        Id of the other person, `NOBODY` for an empty slot. Any type of integer that holds ids.
    relation : ndarray of int8, shape (n, T)
        What the other is, as a position in `Relation`.
    level_codes : ndarray of uint16, shape (n, T, 3)
        Affinity, trust and familiarity, when they last changed, in 60,000ths (see `core.shares`).
    met_min : ndarray of int32, shape (n, T)
        When the two last talked, in minutes; `NEVER` if they have not.
    talked_min : ndarray of int32, shape (n,)
        When the person last talked to anybody, known or not.

    Examples
    --------
    >>> from mesa_llm_city.parameters import default_parameters
    >>> numbers = default_parameters().social.ties
    >>> ties, rows = TieSlots.empty(2, slots=4), np.array([0, 1])
    >>> relate_people(ties, rows, np.array([7, 8]), RELATION_CODES[Relation.FRIEND],
    ...               parameters=numbers)
    >>> tie_beliefs(ties, rows, np.array([7, 9]), at_min=0, parameters=numbers).round(3)
    array([0.7  , 0.167])
    """

    other: NDArray[np.integer]
    relation: NDArray[np.int8]
    level_codes: NDArray[np.uint16]
    met_min: NDArray[np.int32]
    talked_min: NDArray[np.int32]

    @classmethod
    def empty(cls, people: int, *, slots: int, dtype: DTypeLike = np.int64) -> Self:
        """Return a table of people who know nobody.

        Parameters
        ----------
        people : int
            Number of people, n.
        slots : int
            Number of slots of each, T (`social.ties.slots`).
        dtype : data type of NumPy, default int64
            Type of the ids; with 32 bits a slot takes 15 bytes.
        """
        return cls(
            np.full((people, slots), NOBODY, dtype=dtype),
            np.full((people, slots), _STRANGER, dtype=np.int8),
            np.zeros((people, slots, len(DIMENSIONS)), dtype=np.uint16),
            np.full((people, slots), NEVER, dtype=np.int32),
            np.full(people, NEVER, dtype=np.int32),
        )

    @classmethod
    def joined(cls, tables: Sequence[TieSlots]) -> Self:
        """Return the people of several tables with as many slots as one, as a copy."""
        names = [one.name for one in fields(cls)]
        return cls(*(np.concatenate([getattr(one, name) for one in tables]) for name in names))

    def __len__(self) -> int:
        """Return the number of people."""
        return len(self.other)

    def take(self, rows: Int) -> Self:
        """Return some of the people, as a copy."""
        return type(self)(*(getattr(self, one.name).take(rows, axis=0) for one in fields(self)))

    def put(self, rows: Int, other: TieSlots) -> None:
        """Replace the ties of some people by those of another table with as many slots."""
        for one in fields(self):
            getattr(self, one.name)[rows] = getattr(other, one.name)


class TieNumbers(NamedTuple):
    """What `TieParameters` holds, as arrays.

    Attributes
    ----------
    start : ndarray of float64, shape (7, 3)
        Levels at which relations begin, by position in `Relation`.
    steps : ndarray of float64, shape (3, 3)
        Steps by position in `Outcome`.
    homophily : ndarray of float64, shape (3,)
        Difference between a similarity of 1 and of 0.
    fade_per_day : float
        Share of the familiarity above that of the relation lost in a day.
    acquaintances : int
        How many acquaintances are remembered.
    """

    start: Float
    steps: Float
    homophily: Float
    fade_per_day: float
    acquaintances: int


def find_slots(ties: TieSlots, rows: Int, others: ArrayLike) -> Int:
    """Return the slot in which each person has the tie to another, -1 without one.

    Parameters
    ----------
    ties : TieSlots
        The ties.
    rows : ndarray of int64, shape (m,)
        Rows of the persons; they may repeat.
    others : array_like of int, shape (m,)
        Ids of the others.
    """
    ids = np.asarray(others)
    known = ties.other.take(rows, axis=0)
    slot = (known == ids[:, np.newaxis]).argmax(axis=1)
    return np.where(known[np.arange(len(slot)), slot] == ids, slot, -1)


def tie_levels(
    ties: TieSlots,
    rows: Int,
    others: ArrayLike,
    *,
    at_min: ArrayLike,
    similarity: ArrayLike = 0.5,
    parameters: TieParameters,
) -> Float:
    """Return what each person believes about another: affinity, trust and familiarity.

    Parameters
    ----------
    ties : TieSlots
        The ties.
    rows : ndarray of int64, shape (m,)
        Rows of the persons; they may repeat.
    others : array_like of int, shape (m,)
        Ids of known people and strangers.
    at_min : array_like of int, shape (m,) or ()
        Time, in minutes; familiarity fades with it.
    similarity : array_like, shape (m,) or ()
        Similarity of the two, in [0, 1]; used for strangers only.
    parameters : TieParameters
        How ties begin and fade.

    Returns
    -------
    ndarray of float64, shape (m, 3)
        Beliefs in [0, 1].
    """
    slot = find_slots(ties, rows, others)
    return slot_levels(
        ties, rows, slot, at_min=at_min, similarity=similarity, parameters=parameters
    )


def slot_levels(
    ties: TieSlots,
    rows: Int,
    slot: Int,
    *,
    at_min: ArrayLike,
    similarity: ArrayLike = 0.5,
    parameters: TieParameters,
) -> Float:
    """Return what each person believes about the other in a slot, or about a stranger.

    Parameters are those of `tie_levels`, with the slots from `find_slots`, -1 for a stranger.
    """
    width = ties.other.shape[1]
    # Slots of all people as one column, of which rows are taken several times as fast.
    at = rows * width + np.where(slot < 0, slot + width, slot)
    codes = ties.level_codes.reshape(-1, len(DIMENSIONS)).take(at, axis=0)
    levels = decoded_shares(codes)
    if parameters.fade_per_day > 0.0:
        met = ties.met_min.reshape(-1).take(at).astype(np.int64)
        days = np.where(met == NEVER, 0, np.subtract(at_min, met) // DAY_MIN)
        some = np.flatnonzero(days > 0)
        share = np.zeros(len(days))
        share[some] = 1.0 - power(1.0 - parameters.fade_per_day, days[some])
        relation = ties.relation.reshape(-1).take(at)
        floor = tie_numbers(parameters).start[relation, 2]
        levels[:, 2] = faded_familiarity(levels[:, 2], floor, share)
    unknown = slot < 0
    if unknown.any():
        levels[unknown] = relation_levels(_STRANGER, _some(similarity, unknown), parameters)
    return levels


def tie_beliefs(
    ties: TieSlots,
    rows: Int,
    others: ArrayLike,
    *,
    at_min: ArrayLike,
    similarity: ArrayLike = 0.5,
    parameters: TieParameters,
) -> Float:
    """Return the score of the tie of each person to another, shape (m,); see `belief_score`.

    Parameters are those of `tie_levels`.
    """
    levels = tie_levels(
        ties, rows, others, at_min=at_min, similarity=similarity, parameters=parameters
    )
    return belief_score(levels)


@lru_cache(maxsize=64)
def stranger_belief(parameters: TieParameters) -> float:
    """Return the score of the tie to a stranger of medium similarity (see `belief_score`)."""
    return float(belief_score(relation_levels(_STRANGER, 0.5, parameters)))


def contacts_since(ties: TieSlots, rows: Int, minute: ArrayLike) -> Int:
    """Return how many of the people they know persons have talked to since a minute, shape (m,)."""
    met = ties.met_min.take(rows, axis=0)
    is_later = (met >= np.reshape(minute, (-1, 1))) & (met != NEVER)
    return np.asarray(np.count_nonzero(is_later, axis=1), dtype=np.int64)


def relate_people(
    ties: TieSlots,
    rows: Int,
    others: ArrayLike,
    relation: ArrayLike,
    *,
    similarity: ArrayLike = 0.5,
    parameters: TieParameters,
) -> None:
    """Begin ties to people; existing ties do not change.

    So begin with the closest relation: the household, then friends, then colleagues. Where no
    slot is left, a new tie takes that of the person who matters least: of the most distant
    relation, and among these the one met longest ago. Nobody is replaced by somebody of a more
    distant relation, nor by somebody named in the same call, and members of the household and
    friends are not replaced by others of the same relation either. A tie that finds no slot is
    not begun.

    Parameters
    ----------
    ties : TieSlots
        The ties, changed in place.
    rows : ndarray of int64, shape (m,)
        Rows of the persons; they may repeat.
    others : array_like of int, shape (m,)
        Ids of the people, not negative.
    relation : array_like of int, shape (m,) or ()
        What they are to the person, as a position in `Relation`.
    similarity : array_like, shape (m,) or ()
        Similarity of the two, in [0, 1].
    parameters : TieParameters
        How ties begin.
    """
    ids = np.asarray(others)
    new = _first_of_each(ties, rows, ids)
    at, ids = rows[new], ids[new]
    kind, alike = _some(relation, new), _some(similarity, new)
    slot = _count_known(ties, at) + _turn(at)
    beyond = slot >= ties.other.shape[1]
    if beyond.any():
        slot[beyond] = _replaceable(ties, at[beyond], _some(kind, beyond), slot[beyond])
        placed = slot >= 0
        at, slot, ids = at[placed], slot[placed], ids[placed]
        kind, alike = _some(kind, placed), _some(alike, placed)
    _begin(ties, at, slot, ids, relation=kind, similarity=alike, parameters=parameters)


def draw_people_closer(
    ties: TieSlots,
    rows: Int,
    others: ArrayLike,
    relation: ArrayLike,
    *,
    similarity: ArrayLike = 0.5,
    parameters: TieParameters,
) -> None:
    """Let people be something closer to persons, as when friends marry.

    Ties that are new begin as `relate_people` begins them; in others each belief rises at least
    to where such a tie begins. People who are closer already stay what they are. Parameters are
    those of `relate_people`.
    """
    relate_people(ties, rows, others, relation, similarity=similarity, parameters=parameters)
    slot = find_slots(ties, rows, others)
    further = (slot >= 0) & np.greater(ties.relation[rows, slot], relation)
    at, slot, kind = rows[further], slot[further], _some(relation, further)
    start = relation_levels(kind, _some(similarity, further), parameters)
    ties.relation[at, slot] = kind
    ties.level_codes[at, slot] = np.maximum(ties.level_codes[at, slot], coded_shares(start))


def meet_people(
    ties: TieSlots,
    rows: Int,
    others: ArrayLike,
    outcome: ArrayLike,
    *,
    at_min: ArrayLike,
    similarity: ArrayLike = 0.5,
    parameters: TieParameters,
) -> None:
    """Update the ties of persons after encounters, by how each was for the person.

    A stranger becomes an acquaintance. If there is no slot for one, or if as many are known as
    are remembered, the new one takes the slot of the acquaintance met longest ago; where all
    slots hold closer relations, the stranger is not remembered.

    Parameters
    ----------
    ties : TieSlots
        The ties, changed in place.
    rows : ndarray of int64, shape (m,)
        Rows of the persons, none of them twice.
    others : array_like of int, shape (m,)
        Ids of the people met.
    outcome : array_like of int, shape (m,)
        How the encounter was, as a position in `social.Outcome`.
    at_min : array_like of int, shape (m,) or ()
        Time, in minutes.
    similarity : array_like, shape (m,) or ()
        Similarity of the two, in [0, 1]; used at their first encounter.
    parameters : TieParameters
        How ties begin, change and fade.
    """
    ids, result = np.asarray(others), np.asarray(outcome)
    slot = find_slots(ties, rows, ids)
    ties.talked_min[rows] = np.maximum(ties.talked_min[rows], at_min)
    if (new := slot < 0).any():
        slot[new] = _slot_of_acquaintance(ties, rows[new], parameters.acquaintances)
        begun, kept = new & (slot >= 0), slot >= 0
        _begin(
            ties,
            rows[begun],
            slot[begun],
            ids[begun],
            relation=_ACQUAINTANCE,
            similarity=_some(similarity, begun),
            parameters=parameters,
        )
        rows, slot, result, at_min = rows[kept], slot[kept], result[kept], _some(at_min, kept)
    before = slot_levels(ties, rows, slot, at_min=at_min, parameters=parameters)
    after = updated_tie(before, tie_numbers(parameters).steps[result])
    ties.level_codes[rows, slot] = coded_shares(after)
    ties.met_min[rows, slot] = at_min


def relation_levels(relation: ArrayLike, similarity: ArrayLike, parameters: TieParameters) -> Float:
    """Return the ties with which relations begin (see `initial_tie`).

    Parameters
    ----------
    relation : array_like of int, shape (m,) or ()
        What people are to each other, as a position in `Relation`.
    similarity : array_like, shape (m,) or ()
        Similarity of the two, in [0, 1].
    parameters : TieParameters
        Reads `start` and `homophily`.

    Returns
    -------
    ndarray of float64, shape (m, 3)
        Beliefs in [0, 1].
    """
    numbers = tie_numbers(parameters)
    alike = np.asarray(similarity, dtype=np.float64)[..., np.newaxis]
    return initial_tie(numbers.start[np.asarray(relation)], alike, numbers.homophily)


@lru_cache(maxsize=64)
def tie_numbers(parameters: TieParameters) -> TieNumbers:
    """Return the parameters as arrays."""
    start = [getattr(parameters.start, one) for one in Relation]
    steps = [getattr(parameters.steps, one) for one in Outcome]
    return TieNumbers(
        np.array([_levels(one) for one in start]),
        np.array([_levels(one) for one in steps]),
        np.array(_levels(parameters.homophily)),
        float(parameters.fade_per_day),
        int(parameters.acquaintances),
    )


def _levels(levels: TieLevels) -> tuple[float, float, float]:
    return levels.affinity, levels.trust, levels.familiarity


def _some(value: ArrayLike, keep: Bool) -> NDArray[Any]:
    """Return the values of some rows, or the one that holds for all."""
    each = np.asarray(value)
    return each[keep] if each.ndim else each


def _begin(
    ties: TieSlots,
    rows: Int,
    slot: Int,
    others: NDArray[np.integer],
    *,
    relation: ArrayLike,
    similarity: ArrayLike,
    parameters: TieParameters,
) -> None:
    ties.other[rows, slot] = others
    ties.relation[rows, slot] = relation
    levels = relation_levels(relation, similarity, parameters)
    ties.level_codes[rows, slot] = coded_shares(levels)
    ties.met_min[rows, slot] = NEVER


def _first_of_each(ties: TieSlots, rows: Int, others: NDArray[np.integer]) -> Bool:
    """Tell which of the people are not known yet, and named for the first time."""
    new: Bool = find_slots(ties, rows, others) < 0
    order = np.lexsort((others, rows))
    before, after = order[:-1], order[1:]
    new[after[(rows[before] == rows[after]) & (others[before] == others[after])]] = False
    return new


def _turn(rows: Int) -> Int:
    """Return how often the row of each entry stands before it."""
    order = np.argsort(rows, kind="stable")
    ranked = rows[order]
    first = np.searchsorted(ranked, ranked, side="left")
    turn = np.empty(len(rows), dtype=np.int64)
    turn[order] = np.arange(len(rows)) - first
    return turn


def _count_known(ties: TieSlots, rows: Int) -> Int:
    others = ties.other.take(rows, axis=0)
    return np.asarray(np.count_nonzero(others != NOBODY, axis=1), dtype=np.int64)


def _replaceable(ties: TieSlots, rows: Int, relation: NDArray[np.integer], slot: Int) -> Int:
    """Return the slots that new ties beyond the last slot take, -1 for none."""
    order = np.argsort(_importance(ties, rows), axis=1, kind="stable")
    turn = slot - order.shape[1]
    # Empty slots come last; others of the same call have taken them.
    has = turn < _count_known(ties, rows)
    found = order[np.arange(len(rows)), np.where(has, turn, 0)]
    there = ties.relation[rows, found]
    may = (there > relation) | ((there == relation) & (relation > _FRIEND))
    return np.where(has & may, found, -1)


def _importance(ties: TieSlots, rows: Int) -> Int:
    """Return how much each slot matters: the closer the relation, then the later met."""
    importance = ties.met_min[rows] - _MINUTES * ties.relation[rows].astype(np.int64)
    importance[ties.other[rows] == NOBODY] = _MINUTES
    return importance


def _slot_of_acquaintance(ties: TieSlots, rows: Int, most: int) -> Int:
    """Return the slot that a new acquaintance takes, -1 for none."""
    is_one = ties.relation.take(rows, axis=0) == _ACQUAINTANCE
    count, free = np.count_nonzero(is_one, axis=1), _count_known(ties, rows)
    met = ties.met_min.take(rows, axis=0).astype(np.int64)
    oldest = np.where(is_one, met, _MINUTES).argmin(axis=1)
    has_room = (free < ties.other.shape[1]) & (count < most)
    return np.where(has_room, free, np.where(count > 0, oldest, -1))
