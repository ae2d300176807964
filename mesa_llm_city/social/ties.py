"""Ties: what one person believes about the people they know (CitySim, sec. 3.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.component import State
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.parameters.social import TieLevels
from mesa_llm_city.social.tie import Outcome, Relation, Tie
from mesa_llm_city.social.tie_formulas import (
    belief_score,
    faded_familiarity,
    initial_tie,
    updated_tie,
)

__all__ = ["Ties"]

# Single precision is finer than any belief, and a town has a million ties.
_ROW = np.dtype(
    [("other", "<i8"), ("met_min", "<i4"), ("relation", "i1"), ("tie", "<f4", (3,))],
)
_NEVER = np.iinfo(np.int32).min
_RELATIONS = tuple(Relation)
_CODE = {relation: code for code, relation in enumerate(Relation)}
_ACQUAINTANCE = _CODE[Relation.ACQUAINTANCE]


def _levels(levels: TieLevels) -> tuple[float, float, float]:
    return levels.affinity, levels.trust, levels.familiarity


class Ties:
    """The people one person knows, with what the person believes about each.

    Only people with a relation and people met are stored, in 25 bytes each; everybody else
    is a stranger.

    Parameters
    ----------
    parameters : CityParameters, optional
        Reads ``social.ties``.

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

    __slots__ = ("_latest", "_rows", "parameters")

    def __init__(self, parameters: CityParameters | None = None) -> None:
        tree = default_parameters() if parameters is None else parameters
        self.parameters = tree.social.ties
        # One row per person known, by increasing id.
        self._rows = np.empty(0, dtype=_ROW)
        # When the person last talked to anybody; None if it has to be looked up again.
        self._latest: int | None = _NEVER

    def __len__(self) -> int:
        """Return the number of people known."""
        return len(self._rows)

    @property
    def others(self) -> Int:
        """Ids of the people known, increasing, shape (n,)."""
        return self._rows["other"].copy()

    def related(self, relation: Relation) -> Int:
        """Return the ids of those who are something to the person, increasing, shape (n,)."""
        others: Int = self._rows["other"][self._rows["relation"] == _CODE[relation]]
        return others

    @property
    def last_min(self) -> int | None:
        """When the person last talked to anybody, in minutes; None for never."""
        if self._latest is None:
            self._latest = int(self._rows["met_min"].max(initial=_NEVER))
        return None if self._latest == _NEVER else self._latest

    def contacts_since(self, minute: int) -> int:
        """Return the number of different people the person has talked to since `minute`.

        Goals are revised if it is too small (`GoalParameters.few_contacts`; CitySim,
        appendix A: fewer than 3 in 7 days).
        """
        met = self._rows["met_min"]
        return int(((met >= minute) & (met != _NEVER)).sum())

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
        return belief_score(self._beliefs(np.asarray(others, dtype=np.int64), at_min, similarity))

    def tie(self, other: int, *, at_min: int, similarity: float = 0.5) -> Tie:
        """Return the tie to one person, known or not, at time `at_min`."""
        row, known = self._find(np.array([other]))
        affinity, trust, familiarity = self._beliefs(np.array([other]), at_min, similarity)[0]
        relation, met = Relation.STRANGER, None
        if known[0]:
            relation = _RELATIONS[self._rows["relation"][row[0]]]
            met = int(self._rows["met_min"][row[0]])
        return Tie(
            relation,
            float(affinity),
            float(trust),
            float(familiarity),
            None if met == _NEVER else met,
        )

    def relate(self, others: ArrayLike, relation: Relation, *, similarity: ArrayLike = 0.5) -> None:
        """Begin ties to people; existing ties do not change.

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
        ids = np.asarray(others, dtype=np.int64)
        _, known = self._find(ids)
        alike = np.broadcast_to(similarity, ids.shape)[~known]
        self._insert(ids[~known], relation, alike)

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
        self.relate(others, relation, similarity=similarity)
        ids = np.asarray(others, dtype=np.int64)
        alike = np.broadcast_to(similarity, ids.shape)[:, None]
        start = self._initial(relation, alike)
        rows, _ = self._find(ids)
        further = self._rows["relation"][rows] > _CODE[relation]
        self._rows["relation"][rows[further]] = _CODE[relation]
        raised = np.maximum(self._rows["tie"][rows[further]], start[further])
        self._rows["tie"][rows[further]] = raised

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
        ids = np.array([other])
        if not self._find(ids)[1][0]:
            self._insert(ids, Relation.ACQUAINTANCE, np.array([similarity]))
        row = self._find(ids)[0][0]
        before = self._beliefs(ids, at_min, similarity)[0]
        step = _levels(getattr(self.parameters.steps, outcome))
        self._rows["tie"][row] = updated_tie(before, step)
        self._rows["met_min"][row] = at_min
        self._latest = None
        self._forget()

    def state(self) -> State:
        """Return the ties, by increasing id."""
        return {name: self._rows[name].tolist() for name in _ROW.names or ()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Restore what `state` returned."""
        self._rows = np.empty(len(state["other"]), dtype=_ROW)
        self._latest = None
        for name in _ROW.names or ():
            self._rows[name] = np.array(state[name]).reshape(self._rows[name].shape)

    def _find(self, others: Int) -> tuple[Int, NDArray[np.bool_]]:
        """Return the row of each of `others`, and whether there is one at all."""
        ids = self._rows["other"]
        if not len(ids):
            return np.zeros(len(others), dtype=np.int64), np.zeros(len(others), dtype=np.bool_)
        rows = np.searchsorted(ids, others).clip(max=len(ids) - 1)
        return rows, ids[rows] == others

    def _beliefs(self, others: Int, at_min: int, similarity: ArrayLike) -> Float:
        rows, known = self._find(others)
        if known.all():
            return self._known(rows, at_min)
        alike = np.broadcast_to(similarity, others.shape)[:, None]
        beliefs = self._initial(Relation.STRANGER, alike)
        if known.any():
            beliefs[known] = self._known(rows[known], at_min)
        return beliefs

    def _initial(self, relation: Relation, similarity: Float) -> Float:
        start = _levels(getattr(self.parameters.start, relation))
        return initial_tie(start, similarity, _levels(self.parameters.homophily))

    def _known(self, rows: Int, at_min: int) -> Float:
        stored = self._rows[rows]
        ties: Float = stored["tie"].astype(np.float64)
        if self.parameters.fade_per_day > 0.0:
            met = stored["met_min"].astype(np.int64)
            days = np.where(met == _NEVER, 0, (at_min - met) // DAY_MIN)
            share = 1.0 - (1.0 - self.parameters.fade_per_day) ** np.maximum(days, 0)
            start = self.parameters.start
            levels = np.array([getattr(start, one).familiarity for one in _RELATIONS])
            floor = levels[stored["relation"]]
            ties[:, 2] = faded_familiarity(ties[:, 2], floor, share)
        return ties

    def _insert(self, others: Int, relation: Relation, similarity: Float) -> None:
        # An id that is given twice is stored once.
        ids, first = np.unique(others, return_index=True)
        rows = np.empty(len(ids), dtype=_ROW)
        rows["other"], rows["met_min"], rows["relation"] = ids, _NEVER, _CODE[relation]
        rows["tie"] = self._initial(relation, similarity[first, None])
        self._rows = np.insert(self._rows, np.searchsorted(self._rows["other"], ids), rows)

    def _forget(self) -> None:
        """Remove the acquaintances met longest ago, beyond the number that is remembered."""
        (rows,) = np.nonzero(self._rows["relation"] == _ACQUAINTANCE)
        beyond = len(rows) - self.parameters.acquaintances
        if beyond > 0:
            oldest = rows[np.argsort(self._rows["met_min"][rows], kind="stable")[:beyond]]
            self._rows = np.delete(self._rows, oldest)
