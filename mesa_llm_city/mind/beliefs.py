"""Beliefs about places: learnt from visits, fading with time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.component import State
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.mind.appraisal import Ratings, Visit, appraise_by_rule
from mesa_llm_city.mind.opinions import Opinions
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.parameters.mind import BeliefParameters
from mesa_llm_city.population import Persona

__all__ = ["ASPECTS", "PlaceBeliefs", "decay_to_neutral", "kalman_update"]

ASPECTS = ("price", "atmosphere", "satisfaction", "convenience")
"""What a belief is about, in the order of every array of ratings (CitySim, sec. 3.1.2)."""


def kalman_update(
    mean: ArrayLike, variance: ArrayLike, observed: ArrayLike, observation_variance: ArrayLike
) -> tuple[Float, Float]:
    """Return mean and variance of a belief after an observation.

    With gain ``K = variance / (variance + observation_variance)`` the mean moves
    to ``K observed + (1 - K) mean`` and the variance shrinks to
    ``(1 - K) variance`` (CitySim, appendix A, eq. 2, whose sigma stands for what
    the filter calls a variance).

    Parameters
    ----------
    mean, observed : array_like
        Belief and observation, in [0, 1].
    variance, observation_variance : array_like
        Positive uncertainties of the two.

    Returns
    -------
    tuple of ndarray of float64
        New mean and new variance; all inputs broadcast.

    Examples
    --------
    >>> mean, variance = kalman_update(0.5, 0.25, 1.0, 0.2)
    >>> round(float(mean), 4), round(float(variance), 4)
    (0.7778, 0.1111)
    """
    believed, seen, before, noise = (
        np.asarray(one, dtype=np.float64)
        for one in (mean, observed, variance, observation_variance)
    )
    gain = before / (before + noise)
    return gain * seen + (1.0 - gain) * believed, (1.0 - gain) * before


def decay_to_neutral(mean: ArrayLike, rate: ArrayLike, neutral: float = 0.5) -> Float:
    """Return a belief after a day of forgetting: ``(1 - rate) mean + rate neutral``.

    Parameters
    ----------
    mean : array_like
        Belief, in [0, 1].
    rate : array_like
        Share forgotten, in [0, 1]; for n days it is ``1 - (1 - rate) ** n``.
    neutral : float, default 0.5
        The belief of somebody who knows nothing.

    Returns
    -------
    ndarray of float64
        `mean` and `rate` broadcast (CitySim, sec. 3.1.2).

    Examples
    --------
    >>> float(decay_to_neutral(0.9, 0.03))
    0.888
    """
    share = np.asarray(rate, dtype=np.float64)
    return (1.0 - share) * np.asarray(mean, dtype=np.float64) + share * neutral


class PlaceBeliefs:
    """What one person believes about places.

    Parameters
    ----------
    parameters : CityParameters, optional
        Its branch `mind.beliefs` is read; the defaults if not given.

    Attributes
    ----------
    parameters : BeliefParameters
        Numbers of learning and forgetting.

    Examples
    --------
    >>> beliefs = PlaceBeliefs()
    >>> beliefs.update(7, (1.0, 1.0, 1.0, 1.0), category=2, at_min=600)
    >>> beliefs.belief(7, at_min=600).round(4)
    array([0.7778, 0.7778, 0.7778, 0.7778])
    """

    __slots__ = ("_category", "_mean", "_minute", "_place", "_variance", "parameters")

    def __init__(self, parameters: CityParameters | None = None) -> None:
        tree = default_parameters() if parameters is None else parameters
        self.parameters: BeliefParameters = tree.mind.beliefs
        # One row per visited place, in the order of the first visit.
        self._place: Int = np.empty(0, dtype=np.int64)
        self._category: Int = np.empty(0, dtype=np.int64)
        self._minute: Int = np.empty(0, dtype=np.int64)
        self._mean: Float = np.empty((0, len(ASPECTS)))
        self._variance: Float = np.empty(0)

    @property
    def places(self) -> Int:
        """Ids of the visited places, in the order of the first visit, shape (n,)."""
        return self._place.copy()

    @property
    def category(self) -> Int:
        """Kinds of the visited places, shape (n,); not to be written into."""
        return self._category

    @property
    def minute(self) -> Int:
        """Time of the last visit to each place, in minutes, shape (n,); not to be written into."""
        return self._minute

    def belief(self, place: int, *, at_min: int) -> Float:
        """Return the four beliefs about a place at time `at_min`, shape (4,).

        They are neutral for a place that has not been visited.
        """
        (rows,) = np.nonzero(self._place == place)
        if not len(rows):
            return np.full(len(ASPECTS), self.parameters.neutral)
        known: Float = self.faded(at_min)[rows[0]]
        return known

    def as_of(self, at_min: int, likeness: Float | None = None) -> Opinions:
        """Return what is believed at time `at_min`, to be asked about any places.

        Parameters
        ----------
        at_min : int
            The moment, in minutes.
        likeness : ndarray, shape (kinds, kinds), optional
            How alike kinds of place are, from embeddings; by default a kind is like
            itself only.
        """
        return Opinions(self, at_min, likeness)

    async def appraise(
        self,
        visit: Visit,
        *,
        persona: Persona | None = None,  # noqa: ARG002 - read by the prompt form
        rng: np.random.Generator,
    ) -> Ratings:
        """Judge a visit, by rule (see `appraise_by_rule`).

        Parameters
        ----------
        visit : Visit
            The place, the length of the stay, the way there, and the mood of the visitor.
        persona : Persona, optional
            The visitor; told to a language model.
        rng : numpy.random.Generator
            Draws the noise of the rule.
        """
        return appraise_by_rule(visit, self.parameters, rng)

    def update(self, place: int, observed: ArrayLike, *, category: int, at_min: int) -> None:
        """Learn from a visit (see `kalman_update`).

        Parameters
        ----------
        place : int
            Id of the place.
        observed : array_like, shape (4,)
            Ratings in [0, 1], in the order of `ASPECTS`.
        category : int
            Code of the kind of place.
        at_min : int
            Time of the visit, in minutes.
        """
        (rows,) = np.nonzero(self._place == place)
        row = int(rows[0]) if len(rows) else self._add(place, category)
        faded = self.faded(at_min)[row] if len(rows) else self._mean[row]
        before = self.variances(at_min)[row] if len(rows) else self._variance[row]
        noise = self.parameters.observation_variance
        mean, variance = kalman_update(faded, before, observed, noise)
        self._mean[row], self._variance[row], self._minute[row] = mean, variance, at_min

    def faded(self, at_min: int) -> Float:
        """Return the beliefs about all visited places, decayed to time `at_min`, shape (n, 4)."""
        days = (at_min - self._minute) // DAY_MIN
        forgotten = 1.0 - (1.0 - self.parameters.decay_per_day) ** days
        return decay_to_neutral(self._mean, forgotten[:, None], self.parameters.neutral)

    def next_fade(self, at_min: int) -> int:
        """Return the minute at which a belief next fades; a belief does once a day."""
        if not len(self._minute):
            return at_min + DAY_MIN
        return at_min + DAY_MIN - int(np.max((at_min - self._minute) % DAY_MIN))

    def observed(self, at_min: int) -> tuple[Float, Float]:
        """Return mean ratings by visits alone, shape (n, 4), and how well each is remembered.

        The pull of the prior is taken out of the beliefs, since a guess from several places
        would otherwise be drawn to neutral twice. The weight of a place, shape (n,), falls
        from 1 as beliefs fade.
        """
        parameters = self.parameters
        prior = 1.0 / parameters.prior_variance
        total = 1.0 / self._variance
        by_visits = (total - prior)[:, np.newaxis]
        summed = self._mean * total[:, np.newaxis] - prior * parameters.neutral
        rated = np.divide(summed, by_visits, out=self._mean.copy(), where=by_visits > 0.0)
        days = (at_min - self._minute) // DAY_MIN
        remembered: Float = np.power(1.0 - parameters.decay_per_day, days)
        return np.clip(rated, 0.0, 1.0), remembered

    def variances(self, at_min: int) -> Float:
        """Return the variance of the belief about each visited place at a time, shape (n,)."""
        parameters = self.parameters
        days = (at_min - self._minute) // DAY_MIN
        grown = self._variance + parameters.variance_growth_per_day * days
        return np.minimum(grown, np.maximum(self._variance, parameters.prior_variance))

    def visited_since(self, minute: int, *, at_min: int) -> Float:
        """Return the beliefs at time `at_min` about places visited since `minute`, shape (k, 4)."""
        return self.faded(at_min)[self._minute >= minute]

    def rows(self, places: Int) -> tuple[Int, NDArray[np.bool_]]:
        """Return the row of each of `places` and whether it is known, shape (k,) each."""
        order = np.argsort(self._place)
        found = order[np.searchsorted(self._place, places, sorter=order).clip(max=len(order) - 1)]
        return found, self._place[found] == places

    def state(self) -> State:
        """Return ids, kinds, times, means and variances of the visited places."""
        return {
            "place": self._place.tolist(),
            "category": self._category.tolist(),
            "minute": self._minute.tolist(),
            "mean": self._mean.tolist(),
            "variance": self._variance.tolist(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned."""
        self._place = np.array(state["place"], dtype=np.int64)
        self._category = np.array(state["category"], dtype=np.int64)
        self._minute = np.array(state["minute"], dtype=np.int64)
        self._mean = np.array(state["mean"], dtype=np.float64).reshape(-1, len(ASPECTS))
        self._variance = np.array(state["variance"], dtype=np.float64)

    def _add(self, place: int, category: int) -> int:
        self._place = np.append(self._place, place)
        self._category = np.append(self._category, category)
        self._minute = np.append(self._minute, 0)
        self._mean = np.vstack([self._mean, np.full(len(ASPECTS), self.parameters.neutral)])
        self._variance = np.append(self._variance, self.parameters.prior_variance)
        return len(self._place) - 1
