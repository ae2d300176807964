"""Opinions: what a person believes of any places at a moment, visited or not."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.values import ChoiceSet, Float, Int
from mesa_llm_city.parameters.mind import BeliefParameters

__all__ = ["KnownPlaces", "Opinions", "guess_by_kind"]


def guess_by_kind(
    ratings: Float, weight: Float, alike: Float, *, neutral: float, own: float, kind: float
) -> Float:
    """Return what somebody expects of kinds of place, from places that were visited.

    The person's own mean, drawn to `neutral`, plus the effect of each kind: how much the
    places like it differ from that mean, drawn to 0. Each is shrunk once, as the best linear
    prediction of random effects is (Robinson 1991).

    Parameters
    ----------
    ratings : ndarray, shape (n,)
        Mean rating of each place that was visited, in [0, 1].
    weight : ndarray, shape (n,)
        How much each of them counts; 1 for a place that is remembered well.
    alike : ndarray, shape (m, n)
        How much each place says about each of m kinds, in [0, 1].
    neutral : float
        What somebody expects who has visited nothing.
    own : float
        How many places the neutral value counts for in the person's own mean.
    kind : float
        How many places of a kind it takes for half of its effect to be believed.

    Returns
    -------
    ndarray, shape (m,)
        Expected ratings, in [0, 1].

    References
    ----------
    .. [1] Robinson (1991), That BLUP is a good thing. Statistical Science 6(1), 15-32.

    Examples
    --------
    >>> guess_by_kind(
    ...     np.array([0.8, 0.8, 0.2]),
    ...     np.ones(3),
    ...     np.array([[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    ...     neutral=0.5,
    ...     own=1.0,
    ...     kind=1.0,
    ... ).round(3)
    array([0.725, 0.387])
    """
    # Sums rather than products of matrices, whose last digits depend on the processor.
    mean = (np.sum(weight * ratings) + own * neutral) / (np.sum(weight) + own)
    says = alike * weight
    count = np.sum(says, axis=1)
    effect = np.sum(says * (ratings - mean), axis=1) / (count + kind)
    expected: Float = np.clip(mean + effect, 0.0, 1.0)
    return expected


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

    def observed(self, at_min: int) -> tuple[Float, Float]:
        """Return mean ratings of each place by visits alone, and their weight at a time."""
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
        visited is guessed from those that have been (see `guess_by_kind`): the neutral value
        if there are none.
        """
        known = self._known
        if not len(known.category):
            return np.full(len(places), known.parameters.neutral)
        row, is_known = known.rows(places.places)
        overall = known.faded(self._at_min).mean(axis=1)
        return np.where(is_known, overall[row], self._guessed(places.category))

    def uncertainty(self, places: ChoiceSet) -> Float:
        """Return the variance of the belief about each of `places`, shape (k,).

        For a place that has not been visited it is the prior variance plus the variance
        among the places it is judged by.
        """
        known = self._known
        if not len(known.category):
            return np.full(len(places), known.parameters.prior_variance)
        row, is_known = known.rows(places.places)
        guessed = self._disagreement(places.category) + known.parameters.prior_variance
        return np.where(is_known, known.variances(self._at_min)[row], guessed)

    def _guessed(self, category: Int) -> Float:
        """Return the belief about places of some kinds that were not visited, shape (k,)."""
        numbers, known = self._known.parameters, self._known
        ratings, weight = known.observed(self._at_min)
        kinds, of_place = np.unique(category, return_inverse=True)
        guess = guess_by_kind(
            ratings.mean(axis=1),
            weight,
            self._alike(kinds),
            neutral=numbers.neutral,
            own=numbers.own_mean_after,
            kind=numbers.kind_effect_after,
        )
        return guess[of_place]

    def _disagreement(self, category: Int) -> Float:
        """Return the variance of ratings among the places each kind is judged by, shape (k,)."""
        rating = self._known.observed(self._at_min)[0].mean(axis=1)
        kinds, of_place = np.unique(category, return_inverse=True)
        alike = self._alike(kinds)
        count = np.maximum(np.sum(alike, axis=1), 1.0)
        mean = np.sum(alike * rating, axis=1) / count
        away = alike * (rating - mean[:, np.newaxis]) ** 2
        variance: Float = np.sum(away, axis=1) / count
        return variance[of_place]

    def _alike(self, kinds: Int) -> Float:
        """Return how much each visited place says about each of m kinds, shape (m, n).

        Only the most alike ones count, the latest visits first among equals.
        """
        numbers, category = self._known.parameters, self._known.category
        if self._likeness is None:
            alike: Float = (kinds[:, np.newaxis] == category).astype(np.float64)
        else:
            alike = self._likeness[kinds[:, np.newaxis], category]
            alike = np.where(alike >= numbers.alike_from, alike, 0.0)
        if len(category) > numbers.similar:
            latest = np.argsort(-self._known.minute, kind="stable")
            order = np.argsort(-alike[:, latest], axis=1, kind="stable")[:, numbers.similar :]
            np.put_along_axis(alike, latest[order], 0.0, axis=1)
        return alike
