"""Beliefs about places: learnt by visiting, blurred by time, guessed where unknown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.component import State
from mesa_llm_city.core.errors import LLMError
from mesa_llm_city.core.values import ChoiceSet, DecisionSource, Float, Int
from mesa_llm_city.mind.appraisal import Ratings, Visit, appraised_by_rule
from mesa_llm_city.mind.appraisal_prompt import appraised_by_prompt
from mesa_llm_city.mind.belief_config import BeliefConfig
from mesa_llm_city.population import Persona
from mesa_llm_city.prompts import rules_after

__all__ = [
    "ASPECTS",
    "Opinions",
    "PlaceBeliefs",
    "decay_to_neutral",
    "kalman_update",
]

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
        The belief of one who knows nothing.

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
    config : BeliefConfig, optional
        Constants of learning and forgetting.
    source : DecisionSource, default DecisionSource.RULE
        Who judges visits.

    Examples
    --------
    >>> beliefs = PlaceBeliefs()
    >>> beliefs.update(7, (1.0, 1.0, 1.0, 1.0), category=2, at_min=600)
    >>> beliefs.belief(7, at_min=600).round(4)
    array([0.7778, 0.7778, 0.7778, 0.7778])
    """

    __slots__ = ("_category", "_mean", "_minute", "_place", "_variance", "config", "source")

    def __init__(
        self, config: BeliefConfig | None = None, *, source: DecisionSource = DecisionSource.RULE
    ) -> None:
        self.config = config or _DEFAULT
        self.source = source
        # One row per known place, in the order of the first visit.
        self._place: Int = np.empty(0, dtype=np.int64)
        self._category: Int = np.empty(0, dtype=np.int64)
        self._minute: Int = np.empty(0, dtype=np.int64)
        self._mean: Float = np.empty((0, len(ASPECTS)))
        self._variance: Float = np.empty(0)

    def __len__(self) -> int:
        """Return the number of places known from visits."""
        return len(self._place)

    @property
    def places(self) -> Int:
        """Ids of the places known from visits, in the order of the first visit."""
        return self._place.copy()

    def belief(self, place: int, *, at_min: int) -> Float:
        """Return the four beliefs about a visited place at time `at_min`, shape (4,)."""
        (rows,) = np.nonzero(self._place == place)
        if not len(rows):
            return np.full(len(ASPECTS), self.config.neutral)
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
        self, visit: Visit, *, persona: Persona | None = None, rng: np.random.Generator
    ) -> Ratings:
        """Judge a stay, by rule (see `appraised_by_rule`) or by asking a language model.

        Parameters
        ----------
        visit : Visit
            The place, how long, how far, and how the visitor felt.
        persona : Persona, optional
            Who; told to a language model.
        rng : numpy.random.Generator
            RandomStreams.

        Raises
        ------
        LLMError
            If there is no reply, and the run is not configured to use rules then.
        """
        by_rule = appraised_by_rule(visit, self.config, rng)
        if self.source is DecisionSource.RULE:
            return by_rule
        try:
            return await appraised_by_prompt(visit, persona)
        except LLMError as error:
            return by_rule._replace(reason=rules_after(error))

    def update(self, place: int, observed: ArrayLike, *, category: int, at_min: int) -> None:
        """Learn from a visit (see `kalman_update`).

        Parameters
        ----------
        place : int
            Id of the place.
        observed : array_like, shape (4,)
            Ratings in [0, 1], in the order of `ASPECTS`.
        category : int
            Code of its kind.
        at_min : int
            Time of the visit, in minutes.
        """
        (rows,) = np.nonzero(self._place == place)
        row = int(rows[0]) if len(rows) else self._learn_of(place, category)
        faded = self.faded(at_min)[row] if len(rows) else self._mean[row]
        before = self.variances(at_min)[row] if len(rows) else self._variance[row]
        mean, variance = kalman_update(faded, before, observed, self.config.observation_variance)
        self._mean[row], self._variance[row], self._minute[row] = mean, variance, at_min

    def variances(self, at_min: int) -> Float:
        """Return the variance of the belief about each place known at a time, shape (n,)."""
        config = self.config
        days = (at_min - self._minute) // DAY_MIN
        grown = self._variance + config.variance_growth_per_day * days
        return np.minimum(grown, np.maximum(self._variance, config.prior_variance))

    def state(self) -> State:
        """Return ids, kinds, times, means and variances of the places known."""
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

    def faded(self, at_min: int) -> Float:
        """Return the beliefs about all places known, decayed to time `at_min`, shape (n, 4)."""
        days = (at_min - self._minute) // DAY_MIN
        forgotten = 1.0 - (1.0 - self.config.decay_per_day) ** days
        return decay_to_neutral(self._mean, forgotten[:, None], self.config.neutral)

    def visited_since(self, minute: int, *, at_min: int) -> Float:
        """Return the beliefs at time `at_min` about places visited since `minute`, shape (k, 4)."""
        return self.faded(at_min)[self._minute >= minute]

    def guessed(self, overall: Float, category: Int, likeness: Float | None) -> tuple[Float, Float]:
        """Return what is believed about places never visited, and how much that is worth.

        Parameters
        ----------
        overall : ndarray, shape (n,)
            Mean beliefs about the places known.
        category : ndarray of int64, shape (k,)
            Kinds of the places never visited.
        likeness : ndarray, shape (kinds, kinds), optional
            See `as_of`.

        Returns
        -------
        belief, variance : ndarray, shape (k,)
            Mean over the most alike known places, the latest visits first among equals,
            or the neutral value; prior variance, and what they disagree.
        """
        config, latest = self.config, np.argsort(-self._minute, kind="stable")
        belief = np.full(len(category), config.neutral)
        variance = np.full(len(category), config.prior_variance)
        for kind in np.unique(category).tolist():
            known = self._category[latest]
            alike = (
                (known == kind).astype(np.float64) if likeness is None else likeness[kind, known]
            )
            best = np.argsort(-alike, kind="stable")[: config.similar]
            some = latest[best[alike[best] >= config.alike_from]]
            if len(some):
                here = category == kind
                belief[here] = overall[some].mean()
                variance[here] += overall[some].var()
        return belief, variance

    def rows(self, places: Int) -> tuple[Int, NDArray[np.bool_]]:
        """Return the row of each of `places` and whether it is known at all, shape (k,) each."""
        order = np.argsort(self._place)
        found = order[np.searchsorted(self._place, places, sorter=order).clip(max=len(order) - 1)]
        return found, self._place[found] == places

    def _learn_of(self, place: int, category: int) -> int:
        self._place = np.append(self._place, place)
        self._category = np.append(self._category, category)
        self._minute = np.append(self._minute, 0)
        self._mean = np.vstack([self._mean, np.full(len(ASPECTS), self.config.neutral)])
        self._variance = np.append(self._variance, self.config.prior_variance)
        return len(self._place) - 1


class Opinions:
    """What one person believes at a moment about any places, visited or not.

    Parameters
    ----------
    beliefs : PlaceBeliefs
        What has been learnt.
    at_min : int
        The moment, in minutes.
    likeness : ndarray, shape (kinds, kinds), optional
        How alike kinds of place are.
    """

    __slots__ = ("_at_min", "_beliefs", "_likeness")

    def __init__(self, beliefs: PlaceBeliefs, at_min: int, likeness: Float | None = None) -> None:
        self._beliefs = beliefs
        self._at_min = at_min
        self._likeness = likeness

    def attractiveness(self, places: ChoiceSet) -> Float:
        """Return the mean belief about each of `places`, shape (k,), in [0, 1].

        The mean is over the four aspects (CitySim, appendix A). A place never
        visited gets the mean over those that are most like it (see
        `PlaceBeliefs.guessed`), or the neutral value.
        """
        beliefs = self._beliefs
        if not len(beliefs):
            return np.full(len(places), beliefs.config.neutral)
        overall = beliefs.faded(self._at_min).mean(axis=1)
        row, known = beliefs.rows(places.places)
        guessed, _ = beliefs.guessed(overall, places.category, self._likeness)
        return np.where(known, overall[row], guessed)

    def uncertainty(self, places: ChoiceSet) -> Float:
        """Return the variance of the belief about each of `places`, shape (k,)."""
        beliefs = self._beliefs
        if not len(beliefs):
            return np.full(len(places), beliefs.config.prior_variance)
        overall = beliefs.faded(self._at_min).mean(axis=1)
        row, known = beliefs.rows(places.places)
        _, guessed = beliefs.guessed(overall, places.category, self._likeness)
        return np.where(known, beliefs.variances(self._at_min)[row], guessed)


_DEFAULT = BeliefConfig()
