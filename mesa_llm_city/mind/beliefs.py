"""Beliefs of one person about places: learnt from visits, fading with time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.asking import together
from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.component import State
from mesa_llm_city.core.shares import coded_shares
from mesa_llm_city.core.stages import Stage
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.mind.appraisal import ASPECTS, Ratings, Visit, appraise_together, mean_rating
from mesa_llm_city.mind.belief_loops import learn_visit, variance_before, visit_min_in
from mesa_llm_city.mind.belief_slots import (
    BeliefSlots,
    coded_deviations,
    decay_to_neutral,
    faded_by_days,
    kalman_update,
    learning_numbers,
    seen_by,
)
from mesa_llm_city.mind.opinions import Opinions
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.parameters.mind import BeliefParameters
from mesa_llm_city.population import Persona

__all__ = ["ASPECTS", "PlaceBeliefs"]

_ONLY = np.zeros(1, dtype=np.int64)
"""The row of the only person."""

_NEUTRAL = np.ones(len(ASPECTS))
"""Times what somebody believes of a place who knows nothing."""


class PlaceBeliefs:
    """What one person believes about a bounded number of places (see `BeliefSlots`).

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

    __slots__ = ("_category", "_mean", "_slots", "parameters")

    def __init__(self, parameters: CityParameters | None = None) -> None:
        tree = default_parameters() if parameters is None else parameters
        self.parameters: BeliefParameters = tree.mind.beliefs
        self._start(self.parameters.slots)

    def _start(self, slots: int) -> None:
        """Know no place, with so many slots."""
        self._slots = BeliefSlots.empty(1, slots)
        self._category: Int = np.zeros((1, slots), dtype=np.int64)
        self._mean: Float = np.full((slots, len(ASPECTS)), self.parameters.neutral)

    @property
    def places(self) -> Int:
        """Ids of the known places, in the order of their slots, shape (n,)."""
        return self._slots.place[0, : self._known()].astype(np.int64)

    @property
    def category(self) -> Int:
        """Kinds of the known places, shape (n,); not to be written into."""
        return self._category[0, : self._known()]

    @property
    def minute(self) -> Int:
        """Time of the last visit to each place, in minutes, shape (n,)."""
        return self._slots.minute[0, : self._known()]

    def belief(self, place: int, *, at_min: int) -> Float:
        """Return the four beliefs about a place at time `at_min`, shape (4,).

        They are neutral for a place that is not known.
        """
        (rows,) = np.nonzero(self.places == place)
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
        return Opinions(self._slots, self._category, at_min, self.parameters, likeness)

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
        return await together(
            appraise_together, (visit, self.parameters, rng), stage=Stage.APPRAISAL
        )

    def update(self, place: int, observed: ArrayLike, *, category: int, at_min: int) -> None:
        """Learn from a visit (see `kalman_update`).

        If all slots are taken, a place that is not known takes the place of the one with the
        fewest visits, among these the one visited longest ago.

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
        # One visit is learnt from as a loop over rows does, in plain Python: for single numbers
        # that is faster than arrays.
        slots, numbers = self._slots.columns, learning_numbers(self.parameters, at_min)
        variance, believed = numbers.prior_variance, _NEUTRAL * numbers.neutral
        known = slots.place[0].tolist()
        if place in known:
            slot = known.index(place)
            days = max(at_min - visit_min_in(slots.seen[0, slot]), 0) // DAY_MIN
            lost = 1.0 - numbers.left[days]
            believed = decay_to_neutral(self._mean[slot], lost, numbers.neutral)
            variance = variance_before(slots, 0, slot, days, numbers)
        learn_visit(slots, 0, place, float(mean_rating(observed)), at_min, numbers)
        slot = slots.place[0].tolist().index(place)
        noise = numbers.observation_variance
        self._mean[slot], _ = kalman_update(believed, variance, observed, noise)
        self._category[0, slot] = category

    def faded(self, at_min: int) -> Float:
        """Return the beliefs about all known places, decayed to time `at_min`, shape (n, 4)."""
        days = self._slots.days_since(at_min)[0, : self._known(), np.newaxis]
        return faded_by_days(self._mean[: self._known()], days, self.parameters)

    def next_fade(self, at_min: int) -> int:
        """Return the minute at which a belief next fades; a belief does once a day."""
        if not self._known():
            return at_min + DAY_MIN
        return at_min + DAY_MIN - int(np.max((at_min - self.minute) % DAY_MIN))

    def variances(self, at_min: int) -> Float:
        """Return the variance of the belief about each known place at a time, shape (n,)."""
        return self._slots.variances(at_min, self.parameters)[0, : self._known()]

    def visited_since(self, minute: int, *, at_min: int) -> Float:
        """Return what is believed at a time, all in all, of places visited since `minute`; (k,)."""
        known = self._known()
        believed: Float = self._slots.faded(at_min, self.parameters)[0, :known]
        return believed[self.minute >= minute]

    def slots(self) -> BeliefSlots:
        """Return what is known as one row of columns, a copy (see `BeliefSlots`)."""
        return self._slots.take(_ONLY)

    def state(self) -> State:
        """Return ids, kinds, times, visits, means and variances of the known places."""
        count, slots = self._known(), self._slots
        return {
            "place": self.places.tolist(),
            "category": self.category.tolist(),
            "minute": self.minute.tolist(),
            "visits": slots.visits[0, :count].tolist(),
            "mean": self._mean[:count].tolist(),
            "overall": slots.overall[0, :count].tolist(),
            "variance": slots.variance(self.parameters)[0, :count].tolist(),
            "different": int(slots.different[0]),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned."""
        count = len(state["place"])
        self._start(max(self.parameters.slots, count))
        self._slots.place[0, :count] = state["place"]
        self._slots.seen[0, :count] = seen_by(state["minute"], state["visits"])
        self._slots.overall_code[0, :count] = coded_shares(state["overall"])
        self._slots.deviation_code[0, :count] = coded_deviations(state["variance"])
        self._slots.different[0] = state["different"]
        self._category[0, :count] = state["category"]
        self._mean[:count] = np.reshape(state["mean"], (count, len(ASPECTS)))

    def _known(self) -> int:
        """Return the number of known places, whose slots come first."""
        return int(np.count_nonzero(self._slots.visits))
