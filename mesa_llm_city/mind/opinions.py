"""Opinions: what a person believes of any places at a moment, visited or not."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.values import ChoiceSet, Float, Int
from mesa_llm_city.parameters.mind import BeliefParameters

__all__ = ["KnownPlaces", "Opinions"]


class KnownPlaces(Protocol):
    """What opinions follow from: beliefs about n places that have been visited."""

    @property
    def parameters(self) -> BeliefParameters:
        """Numbers of learning and forgetting."""
        ...

    @property
    def category(self) -> Int:
        """Kind of each place, shape (n,)."""
        ...

    @property
    def minute(self) -> Int:
        """Time of the last visit to each place, in minutes, shape (n,)."""
        ...

    def faded(self, at_min: int) -> Float:
        """Return the beliefs about each place at a time, shape (n, 4)."""
        ...

    def variances(self, at_min: int) -> Float:
        """Return the variance of the belief about each place at a time, shape (n,)."""
        ...

    def rows(self, places: Int) -> tuple[Int, NDArray[np.bool_]]:
        """Return the row of each of `places`, and whether it has been visited."""
        ...


class Opinions:
    """What one person believes at a moment about any places.

    Parameters
    ----------
    known : KnownPlaces
        The beliefs about the places that have been visited.
    at_min : int
        The moment, in minutes.
    likeness : ndarray, shape (kinds, kinds), optional
        How alike kinds of place are, in [-1, 1], from embeddings; by default a kind is
        like itself only.
    """

    __slots__ = ("_at_min", "_known", "_likeness")

    def __init__(self, known: KnownPlaces, at_min: int, likeness: Float | None = None) -> None:
        self._known = known
        self._at_min = at_min
        self._likeness = likeness

    def attractiveness(self, places: ChoiceSet) -> Float:
        """Return the mean belief about each of `places`, shape (k,), in [0, 1].

        The mean is over the four aspects (CitySim, appendix A). A place that has not been
        visited gets the mean over the visited places that are most like it, or the neutral
        value if there are none.
        """
        known = self._known
        if not len(known.category):
            return np.full(len(places), known.parameters.neutral)
        overall = known.faded(self._at_min).mean(axis=1)
        row, is_known = known.rows(places.places)
        guessed, _ = self._guessed(overall, places.category)
        return np.where(is_known, overall[row], guessed)

    def uncertainty(self, places: ChoiceSet) -> Float:
        """Return the variance of the belief about each of `places`, shape (k,).

        For a place that has not been visited it is the prior variance plus the variance
        among the places it is judged by.
        """
        known = self._known
        if not len(known.category):
            return np.full(len(places), known.parameters.prior_variance)
        overall = known.faded(self._at_min).mean(axis=1)
        row, is_known = known.rows(places.places)
        _, guessed = self._guessed(overall, places.category)
        return np.where(is_known, known.variances(self._at_min)[row], guessed)

    def _guessed(self, overall: Float, category: Int) -> tuple[Float, Float]:
        """Return belief and variance of places of some kinds, as if none had been visited.

        Parameters
        ----------
        overall : ndarray, shape (n,)
            Mean belief about each place that has been visited.
        category : ndarray of int64, shape (k,)
            Kinds of the places.

        Returns
        -------
        belief, variance : ndarray, shape (k,)
            Over the most alike places, the latest visits first among equals.
        """
        parameters, latest = self._known.parameters, np.argsort(-self._known.minute, kind="stable")
        belief = np.full(len(category), parameters.neutral)
        variance = np.full(len(category), parameters.prior_variance)
        known = self._known.category[latest]
        for kind in np.unique(category).tolist():
            alike = self._alike(kind, known)
            best = np.argsort(-alike, kind="stable")[: parameters.similar]
            some = latest[best[alike[best] >= parameters.alike_from]]
            if len(some):
                here = category == kind
                belief[here] = overall[some].mean()
                variance[here] += overall[some].var()
        return belief, variance

    def _alike(self, kind: int, known: Int) -> Float:
        if self._likeness is None:
            return np.asarray(known == kind, dtype=np.float64)
        alike: Float = self._likeness[kind, known]
        return alike
