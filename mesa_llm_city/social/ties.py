"""Ties: what one person believes about the people they know (CitySim, sec. 3.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.component import State
from mesa_llm_city.core.shares import coded_shares, decoded_shares
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.social.tie import DIMENSIONS, Outcome, Relation, Tie
from mesa_llm_city.social.tie_loops import familiarity, level_of, meet_person, tie_arrays
from mesa_llm_city.social.tie_slots import (
    NEVER,
    NOBODY,
    RELATION_CODES,
    TieSlots,
    contacts_since,
    draw_people_closer,
    relate_people,
    relation_levels,
    tie_beliefs,
    tie_numbers,
)

__all__ = ["Ties"]

_RELATIONS = tuple(Relation)
_STRANGER = RELATION_CODES[Relation.STRANGER]
_OUTCOMES = {outcome: code for code, outcome in enumerate(Outcome)}
# The row of the person in a table of one. One tie is read and changed as a loop over rows does,
# in plain Python: for single numbers that is faster than arrays.
_ROW = np.zeros(1, dtype=np.int64)


class Ties:
    """The people one person knows, with what the person believes about each.

    Only people with a relation and people met are stored, at most `social.ties.slots` (see
    `relate_people` and `meet_people` for who is replaced by whom); everybody else is a stranger.

    Parameters
    ----------
    parameters : CityParameters, optional
        Reads ``social.ties``.

    Attributes
    ----------
    parameters : TieParameters
        How ties begin, change and fade.
    slots : TieSlots
        The ties as a table of one row.

    Examples
    --------
    >>> ties = Ties()
    >>> ties.relate([4, 9], Relation.COLLEAGUE)
    >>> ties.meet(9, Outcome.POSITIVE, at_min=600)
    >>> ties.belief([4, 9, 11], at_min=600).round(3)
    array([0.467, 0.481, 0.167])
    >>> ties.contacts_since(0)
    1
    """

    __slots__ = ("parameters", "slots")

    def __init__(self, parameters: CityParameters | None = None) -> None:
        tree = default_parameters() if parameters is None else parameters
        self.parameters = tree.social.ties
        self.slots = TieSlots.empty(1, slots=self.parameters.slots)

    def __len__(self) -> int:
        """Return the number of people known."""
        return int(np.count_nonzero(self.slots.other != NOBODY))

    @property
    def others(self) -> Int:
        """Ids of the people known, increasing, shape (n,)."""
        # For so few people lists are faster than arrays.
        known = sorted(self.slots.other[0].tolist())
        return np.array(known[known.count(NOBODY) :], dtype=np.int64)

    def knows(self, other: int) -> bool:
        """Tell whether somebody is among the people known."""
        return self._slot_of(other) >= 0

    def known_among(self, people: Sequence[int]) -> list[int]:
        """Return those of some people who are known, in the order given."""
        # A set is only asked, never walked; for a few people it is faster than arrays.
        known = set(self.slots.other[0].tolist())
        return [one for one in people if one in known]

    def related(self, relation: Relation) -> Int:
        """Return the ids of those who are something to the person, increasing, shape (n,)."""
        known = slice(len(self))
        is_so = self.slots.relation[0, known] == RELATION_CODES[relation]
        return np.sort(self.slots.other[0, known][is_so]).astype(np.int64)

    @property
    def last_min(self) -> int | None:
        """When the person last talked to anybody, in minutes; None for never."""
        latest = int(self.slots.talked_min[0])
        return None if latest == NEVER else latest

    def contacts_since(self, minute: int) -> int:
        """Return the number of different people known whom the person has talked to since `minute`.

        Goals are revised if it is too small (`GoalParameters.few_contacts`; CitySim,
        appendix A: fewer than 3 in 7 days).
        """
        return int(contacts_since(self.slots, _ROW, minute)[0])

    def belief(self, others: ArrayLike, *, at_min: int, similarity: ArrayLike = 0.5) -> Float:
        """Return the score of the tie to each of `others` (see `belief_score`).

        Parameters
        ----------
        others : array_like of int, shape (k,)
            Ids of known people and strangers.
        at_min : int
            Time, in minutes.
        similarity : array_like, shape (k,) or ()
            Similarity to the person, in [0, 1]; used for strangers only.

        Returns
        -------
        ndarray of float64, shape (k,)
            Scores in [0, 1], the weights by which a partner is drawn.
        """
        ids, rows = _ids(others)
        return tie_beliefs(
            self.slots, rows, ids, at_min=at_min, similarity=similarity, parameters=self.parameters
        )

    def tie(self, other: int, *, at_min: int, similarity: float = 0.5) -> Tie:
        """Return the tie to one person, known or not, at time `at_min`."""
        slot, numbers = self._slot_of(other), tie_numbers(self.parameters)
        if slot < 0:
            begins = relation_levels(_STRANGER, similarity, self.parameters)
            return Tie(Relation.STRANGER, *begins.tolist())
        _, relation, codes, met_min, _ = tie_arrays(self.slots)
        affinity, trust = (level_of(codes, 0, slot, belief) for belief in range(2))
        familiar = familiarity(
            codes, relation, met_min, numbers.start, 0, slot, at_min, numbers.fade_per_day
        )
        met = int(met_min[0, slot])
        last = None if met == NEVER else met
        return Tie(_RELATIONS[relation[0, slot]], affinity, trust, float(familiar), last)

    def relate(self, others: ArrayLike, relation: Relation, *, similarity: ArrayLike = 0.5) -> None:
        """Begin ties to people; existing ties do not change (see `relate_people`).

        So begin with the closest relation: the household, then friends, then colleagues.

        Parameters
        ----------
        others : array_like of int, shape (k,)
            Ids of the people.
        relation : Relation
            What they are to the person.
        similarity : array_like, shape (k,) or ()
            Similarity to the person, in [0, 1] (see `demographic_similarity`).
        """
        ids, rows = _ids(others)
        code, numbers = RELATION_CODES[relation], self.parameters
        relate_people(self.slots, rows, ids, code, similarity=similarity, parameters=numbers)

    def draw_closer(
        self, others: ArrayLike, relation: Relation, *, similarity: ArrayLike = 0.5
    ) -> None:
        """Let people be something closer to the person, as when friends marry.

        Ties that are new begin as `relate` begins them; in others each belief rises at least
        to where such a tie begins. People who are closer already stay what they are.

        Parameters
        ----------
        others : array_like of int, shape (k,)
            Ids of the people.
        relation : Relation
            What they are to the person from now on.
        similarity : array_like, shape (k,) or ()
            Similarity to the person, in [0, 1].
        """
        ids, rows = _ids(others)
        code, numbers = RELATION_CODES[relation], self.parameters
        draw_people_closer(self.slots, rows, ids, code, similarity=similarity, parameters=numbers)

    def meet(self, other: int, outcome: Outcome, *, at_min: int, similarity: float = 0.5) -> None:
        """Update the tie to a person after an encounter, by its outcome for this person.

        Parameters
        ----------
        other : int
            Id of the person met.
        outcome : Outcome
            How the encounter was (see `TieParameters.steps`).
        at_min : int
            Time, in minutes.
        similarity : float, default 0.5
            Similarity of the two, in [0, 1]; used at their first encounter.
        """
        meet_person(
            tie_arrays(self.slots),
            tie_numbers(self.parameters),
            0,
            self._slot_of(other),
            other,
            _OUTCOMES[outcome],
            at_min,
            similarity,
        )

    def _slot_of(self, other: int) -> int:
        """Return the slot of somebody, -1 without one."""
        known = self.slots.other[0].tolist()
        return known.index(other) if other in known else -1

    def state(self) -> State:
        """Return the ties, in the order of their slots, and when the person last talked."""
        known = slice(len(self))
        return {
            "other": self.slots.other[0, known].tolist(),
            "met_min": self.slots.met_min[0, known].tolist(),
            "relation": self.slots.relation[0, known].tolist(),
            "tie": decoded_shares(self.slots.level_codes[0, known]).tolist(),
            "talked_min": self.slots.talked_min.tolist(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Restore what `state` returned; who was known stays so, though there be fewer slots."""
        known = len(state["other"])
        self.slots = TieSlots.empty(1, slots=max(known, self.parameters.slots))
        self.slots.other[0, :known] = state["other"]
        self.slots.met_min[0, :known] = state["met_min"]
        self.slots.relation[0, :known] = state["relation"]
        levels = np.reshape(state["tie"], (known, len(DIMENSIONS)))
        self.slots.level_codes[0, :known] = coded_shares(levels)
        self.slots.talked_min[:] = state["talked_min"]


def _ids(others: ArrayLike) -> tuple[Int, Int]:
    """Return ids of others, and the row of the person for each of them."""
    ids = np.asarray(others, dtype=np.int64)
    return ids, np.zeros(len(ids), dtype=np.int64)
