"""Opinions: what persons believe of any places at a moment, visited or not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.values import ChoiceSet, Float, Int
from mesa_llm_city.mind.belief_slots import BeliefSlots, remembered
from mesa_llm_city.parameters.mind import BeliefParameters

__all__ = ["Experience", "Opinions", "doubt_by_kind", "expected_by_kind", "guess_by_kind"]


_FEW = 256  # fewer are added up faster by one call; the result is the same


def guess_by_kind(
    ratings: Float, weight: Float, alike: Float, *, neutral: float, own: float, kind: float
) -> Float:
    """Return what persons expect of kinds of place, from places that they visited.

    A person's own mean, drawn to `neutral`, plus the effect of each kind: how much the
    places like it differ from that mean, drawn to 0. Each is shrunk once, as the best linear
    prediction of random effects is (Robinson 1991).

    Parameters
    ----------
    ratings : ndarray, shape (..., n)
        Mean rating of each place that was visited, in [0, 1].
    weight : ndarray, shape (..., n)
        How much each of them counts; 1 for a place that is remembered well.
    alike : ndarray, shape (kinds, ..., n)
        How much each place says about each kind, in [0, 1].
    neutral : float
        What somebody expects who has visited nothing.
    own : float
        How many places the neutral value counts for in the person's own mean.
    kind : float
        How many places of a kind it takes for half of its effect to be believed.

    Returns
    -------
    ndarray, shape (kinds, ...)
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
    mean = (_summed(weight * ratings) + own * neutral) / (_summed(weight) + own)
    count = _weighted(alike, weight)
    effect = _weighted(alike, weight * (ratings - mean[..., np.newaxis])) / (count + kind)
    return np.minimum(np.maximum(mean + effect, 0.0), 1.0)


class Experience(NamedTuple):
    """What the places that m persons know say about others, S each.

    Attributes
    ----------
    rating : ndarray of float64, shape (m, S)
        Mean ratings (see `BeliefSlots.observed`).
    weight : ndarray of float64, shape (m, S)
        How well each place is remembered, in [0, 1]; 0 in empty slots.
    """

    rating: Float
    weight: Float

    @classmethod
    def of(cls, slots: BeliefSlots, at_min: ArrayLike, parameters: BeliefParameters) -> Self:
        """Return what is known at a moment, in minutes, of shape () or (m,)."""
        left = remembered(slots.days_since(at_min), parameters)
        return cls(slots.observed(parameters), np.where(slots.visits > 0, left, 0.0))

    def take(self, rows: slice) -> Self:
        """Return that of some of the persons."""
        return type(self)(self.rating[rows], self.weight[rows])


def expected_by_kind(
    slots: BeliefSlots,
    category: Int,
    kinds: Int,
    at_min: ArrayLike,
    *,
    likeness: Float | None,
    parameters: BeliefParameters,
    experience: Experience | None = None,
) -> Float:
    """Return what m persons expect of places of some kinds that they do not know, shape (m, K).

    Parameters
    ----------
    slots : BeliefSlots
        What they believe of the places they know, S each.
    category : ndarray of int64, shape (m, S)
        Kinds of these places; of no meaning in empty slots.
    kinds : ndarray of int64, shape (K,)
        The kinds asked about.
    at_min : array_like of int, shape () or (m,)
        The moment, in minutes.
    likeness : ndarray, shape (kinds, kinds), or None
        How alike kinds of place are, in [-1, 1], from embeddings; by default a kind is like
        itself only.
    parameters : BeliefParameters
        Numbers of learning and forgetting.
    experience : Experience, optional
        Theirs at the moment, if it is known already.

    See Also
    --------
    guess_by_kind : the formula.
    """
    known = Experience.of(slots, at_min, parameters) if experience is None else experience
    expected = guess_by_kind(
        known.rating,
        known.weight,
        _alike(slots, category, kinds, likeness, parameters),
        neutral=parameters.neutral,
        own=parameters.own_mean_after,
        kind=parameters.kind_effect_after,
    )
    return expected.T


def doubt_by_kind(
    slots: BeliefSlots,
    category: Int,
    kinds: Int,
    *,
    likeness: Float | None,
    parameters: BeliefParameters,
) -> Float:
    """Return the variance of what m persons expect of kinds of place, shape (m, K).

    It is the prior variance plus the variance of ratings among the places a kind is judged by.
    The arguments are those of `expected_by_kind`.
    """
    rating = slots.observed(parameters)
    alike = _alike(slots, category, kinds, likeness, parameters)
    count = np.maximum(_summed(alike), 1.0)
    mean = _summed(alike * rating) / count
    away = alike * (rating - mean[..., np.newaxis]) ** 2
    doubt: Float = (_summed(away) / count).T + parameters.prior_variance
    return doubt


def _alike(
    slots: BeliefSlots,
    category: Int,
    kinds: Int,
    likeness: Float | None,
    parameters: BeliefParameters,
) -> Float:
    """Return how much each known place says about each kind, shape (K, m, S).

    Only the most alike ones count, the latest visits first among equals.
    """
    last = max(int(one.max(initial=0)) for one in (category, kinds))
    count = last + 1 if likeness is None else likeness.shape[1]
    # One more kind, like no other, stands for empty slots.
    table = np.zeros((len(kinds), count + 1))
    if likeness is None:
        table[np.arange(len(kinds)), kinds] = 1.0
    else:
        table[:, :-1] = likeness[kinds]
        table[table < parameters.alike_from] = 0.0
    known = np.where(slots.visits > 0, category, -1)
    alike: Float = table[:, known]
    is_told_of = np.count_nonzero(table, axis=0) > 0
    says_something = np.count_nonzero(is_told_of[known], axis=-1)
    (persons,) = (says_something > parameters.similar).nonzero()
    if len(persons):
        _keep_most_alike(alike, slots.minute, persons, parameters.similar)
    return alike


def _keep_most_alike(alike: Float, minute: Int, persons: Int, most: int) -> None:
    """Set all but the `most` greatest of some persons and each kind to 0, in place; (K, m, S)."""
    kind, row = np.nonzero(np.count_nonzero(alike[:, persons], axis=-1) > most)
    person = persons[row]
    crowded = alike[kind, person]
    order = np.lexsort((-minute[person], -crowded), axis=-1)
    np.put_along_axis(crowded, order[:, most:], 0.0, axis=-1)
    alike[kind, person] = crowded


def _summed(values: Float) -> Float:
    """Return sums over the last axis, added from the first entry on."""
    # Not a product of matrices, whose last digits depend on the other axes.
    if values[..., 0].size < _FEW:
        return np.cumsum(values, axis=-1)[..., -1]
    total = values[..., 0].copy()
    for slot in range(1, values.shape[-1]):
        total += values[..., slot]
    return total


def _weighted(alike: Float, values: Float) -> Float:
    """Return sums of products over the last axis, of shapes (K, ..., S) and (..., S)."""
    return _summed(alike * values)


class Opinions:
    """What one person believes at a moment about any places.

    Parameters
    ----------
    slots : BeliefSlots
        What the person believes of the places that have been visited; one row.
    category : ndarray of int64, shape (1, S)
        Kinds of these places.
    at_min : int
        The moment, in minutes.
    parameters : BeliefParameters
        Numbers of learning and forgetting.
    likeness : ndarray, shape (kinds, kinds), optional
        How alike kinds of place are, in [-1, 1], from embeddings; by default a kind is
        like itself only.

    Attributes
    ----------
    slots, category, at_min, parameters, likeness
        As given.
    """

    __slots__ = ("at_min", "category", "likeness", "parameters", "slots")

    def __init__(
        self,
        slots: BeliefSlots,
        category: Int,
        at_min: int,
        parameters: BeliefParameters,
        likeness: Float | None = None,
    ) -> None:
        self.slots = slots
        self.category = category
        self.at_min = at_min
        self.parameters = parameters
        self.likeness = likeness

    def attractiveness(self, places: ChoiceSet) -> Float:
        """Return the mean belief about each of `places`, shape (k,), in [0, 1].

        The mean is over the four aspects (CitySim, appendix A). A place that has not been
        visited is guessed from those that have been (see `guess_by_kind`): the neutral value
        if there are none.
        """
        return _attractiveness_of_all([self], [places])

    @classmethod
    def attractiveness_of_all(
        cls, opinions: Sequence[Opinions], places: Sequence[ChoiceSet]
    ) -> Float:
        """Return what `attractiveness` returns for each of several persons, one behind the other.

        Parameters
        ----------
        opinions : sequence of Opinions, length m
            What each believes.
        places : sequence of ChoiceSet, length m
            The places that each is asked about.

        Returns
        -------
        ndarray of float64, shape (n,)
            In [0, 1]; n is the number of places of all.
        """
        is_ours = cls.attractiveness is Opinions.attractiveness
        if is_ours and all(_have_same_numbers(opinions[0], one) for one in opinions):
            return _attractiveness_of_all(opinions, places)
        return np.concatenate(
            [one.attractiveness(asked) for one, asked in zip(opinions, places, strict=True)]
        )

    def uncertainty(self, places: ChoiceSet) -> Float:
        """Return the variance of the belief about each of `places`, shape (k,).

        For a place that has not been visited see `doubt_by_kind`.
        """
        kinds, of_place = np.unique(places.category, return_inverse=True)
        doubt = doubt_by_kind(
            self.slots,
            self.category,
            kinds,
            likeness=self.likeness,
            parameters=self.parameters,
        )
        hit = places.places[:, np.newaxis] == self.slots.place[0]
        known: Float = self.slots.variances(self.at_min, self.parameters)[0]
        found: Float = np.where(hit.any(axis=1), known[hit.argmax(axis=1)], doubt[0, of_place])
        return found


def _have_same_numbers(one: Opinions, other: Opinions) -> bool:
    """Tell whether the opinions of two persons can be columns of one table."""
    return (
        one.parameters is other.parameters
        and one.likeness is other.likeness
        and one.slots.place.shape == other.slots.place.shape
    )


def _attractiveness_of_all(opinions: Sequence[Opinions], places: Sequence[ChoiceSet]) -> Float:
    one = opinions[0]
    slots = BeliefSlots.joined([some.slots for some in opinions])
    at_min = np.array([some.at_min for some in opinions])
    kinds, of_place = np.unique(
        np.concatenate([asked.category for asked in places]), return_inverse=True
    )
    expected = expected_by_kind(
        slots,
        np.concatenate([some.category for some in opinions]),
        kinds,
        at_min,
        likeness=one.likeness,
        parameters=one.parameters,
    )
    person = np.repeat(np.arange(len(opinions)), [len(asked) for asked in places])
    ids = np.concatenate([asked.places for asked in places])
    hit = ids[:, np.newaxis] == slots.place[person]
    known = slots.faded(at_min, one.parameters)[person, hit.argmax(axis=1)]
    liked: Float = np.where(hit.any(axis=1), known, expected[person, of_place])
    return liked
