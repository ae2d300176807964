"""Ties: what one person believes about the people she knows (CitySim, sec. 3.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.component import State
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.social.tie import Outcome, Relation, Tie, TieConfig
from mesa_llm_city.social.tie_formulas import (
    belief_score,
    faded_familiarity,
    initial_tie,
    moved_tie,
)

__all__ = ["Ties"]

# Single precision is finer than any belief, and a town has a million ties.
_ROW = np.dtype(
    [("other", "<i8"), ("met_min", "<i4"), ("relation", "i1"), ("tie", "<f4", (3,))],
)
_NEVER = np.iinfo(np.int32).min
_RELATIONS = tuple(Relation)
_OUTCOMES = tuple(Outcome)
_CODE = {relation: code for code, relation in enumerate(Relation)}
_ACQUAINTANCE = _CODE[Relation.ACQUAINTANCE]


class Ties:
    """The people one person knows.

    Only the related and those met are stored, in 25 bytes each; everybody else
    is a stranger.

    Parameters
    ----------
    config : TieConfig, optional
        How ties begin, move and fade.

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

    __slots__ = ("_rows", "config")

    def __init__(self, config: TieConfig | None = None) -> None:
        self.config = config or _DEFAULT
        # One row per person known, by rising id.
        self._rows = np.empty(0, dtype=_ROW)

    def __len__(self) -> int:
        """Return the number of people known."""
        return len(self._rows)

    @property
    def others(self) -> Int:
        """Ids of the people known, rising, shape (n,)."""
        return self._rows["other"].copy()

    @property
    def last_min(self) -> int | None:
        """When the person last talked to anybody, in minutes; None for never."""
        latest = int(self._rows["met_min"].max(initial=_NEVER))
        return None if latest == _NEVER else latest

    def contacts_since(self, minute: int) -> int:
        """Return with how many different people the person has talked since `minute`.

        Fewer than three in seven days is what goals call isolation (CitySim,
        appendix A).
        """
        met = self._rows["met_min"]
        return int(((met >= minute) & (met != _NEVER)).sum())

    def belief(self, others: ArrayLike, *, at_min: int, similarity: ArrayLike = 0.5) -> Float:
        """Return the score of the tie to each of `others` (see `belief_score`).

        Parameters
        ----------
        others : array_like of int, shape (k,)
            Ids, those of strangers among them.
        at_min : int
            When, in minutes.
        similarity : array_like, shape (k,) or ()
            How alike they are; counts for strangers only.

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
        """Begin ties to people; who is known already stays as she is.

        So begin with the closest relation: the household, then friends, then
        colleagues.

        Parameters
        ----------
        others : array_like of int, shape (k,)
            Ids.
        relation : Relation
            What they are to the person.
        similarity : array_like, shape (k,) or ()
            How alike they are, in [0, 1] (see `similarity`).
        """
        ids = np.asarray(others, dtype=np.int64)
        _, known = self._find(ids)
        alike = np.broadcast_to(similarity, ids.shape)[~known]
        self._insert(ids[~known], relation, alike)

    def meet(self, other: int, outcome: Outcome, *, at_min: int, similarity: float = 0.5) -> None:
        """Learn from an encounter; each of the two calls it with her own outcome.

        Parameters
        ----------
        other : int
            With whom.
        outcome : Outcome
            How it was for the person (see `TieConfig.steps`).
        at_min : int
            When, in minutes.
        similarity : float, default 0.5
            How alike the two are; counts if they meet for the first time.
        """
        who = np.array([other])
        if not self._find(who)[1][0]:
            self._insert(who, Relation.ACQUAINTANCE, np.array([similarity]))
        row = self._find(who)[0][0]
        before = self._beliefs(who, at_min, similarity)[0]
        self._rows["tie"][row] = moved_tie(before, self.config.steps[_OUTCOMES.index(outcome)])
        self._rows["met_min"][row] = at_min
        self._forget()

    def state(self) -> State:
        """Return the ties, by rising id."""
        return {name: self._rows[name].tolist() for name in _ROW.names or ()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned."""
        self._rows = np.empty(len(state["other"]), dtype=_ROW)
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
        start = self.config.start[_CODE[Relation.STRANGER]]
        alike = np.broadcast_to(similarity, others.shape)[:, None]
        strange = initial_tie(start, alike, self.config.homophily)
        if known.any():
            strange[known] = self._known(rows[known], at_min)
        return strange

    def _known(self, rows: Int, at_min: int) -> Float:
        stored = self._rows[rows]
        ties: Float = stored["tie"].astype(np.float64)
        if self.config.fade_per_day > 0.0:
            met = stored["met_min"].astype(np.int64)
            days = np.where(met == _NEVER, 0, (at_min - met) // DAY_MIN)
            share = 1.0 - (1.0 - self.config.fade_per_day) ** np.maximum(days, 0)
            floor = np.array(self.config.start)[stored["relation"], 2]
            ties[:, 2] = faded_familiarity(ties[:, 2], floor, share)
        return ties

    def _insert(self, others: Int, relation: Relation, similarity: Float) -> None:
        start = self.config.start[_CODE[relation]]
        # Who is named twice is known once.
        ids, first = np.unique(others, return_index=True)
        rows = np.empty(len(ids), dtype=_ROW)
        rows["other"], rows["met_min"], rows["relation"] = ids, _NEVER, _CODE[relation]
        rows["tie"] = initial_tie(start, similarity[first, None], self.config.homophily)
        self._rows = np.insert(self._rows, np.searchsorted(self._rows["other"], ids), rows)

    def _forget(self) -> None:
        """Let go of the acquaintances met longest ago, beyond as many as are kept."""
        (rows,) = np.nonzero(self._rows["relation"] == _ACQUAINTANCE)
        beyond = len(rows) - self.config.acquaintances
        if beyond > 0:
            oldest = rows[np.argsort(self._rows["met_min"][rows], kind="stable")[:beyond]]
            self._rows = np.delete(self._rows, oldest)


_DEFAULT = TieConfig()
