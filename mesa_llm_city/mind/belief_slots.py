"""Belief slots: what many persons believe of the places they know, in columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.place_slots import MOST_VISITS, NO_PLACE, slot_of
from mesa_llm_city.core.shares import CODES, coded_shares, decoded_shares
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.mind.belief_loops import LATEST_MIN, VISIT_BITS, BeliefRows, LearningNumbers
from mesa_llm_city.parameters.mind import BeliefParameters

__all__ = [
    "BeliefSlots",
    "check_time",
    "coded_deviations",
    "decay_to_neutral",
    "faded_by_days",
    "grown_variance",
    "kalman_update",
    "learning_numbers",
    "remembered",
    "seen_by",
    "shares_left",
    "variance_after",
    "visits_of",
]


def coded_deviations(variance: ArrayLike) -> NDArray[np.uint16]:
    """Return variances in (0, 1] as codes of their roots; none of them becomes 0."""
    code: NDArray[np.uint16] = np.maximum(coded_shares(np.sqrt(variance)), np.uint16(1))
    return code


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


def faded_by_days(mean: ArrayLike, days: Int, parameters: BeliefParameters) -> Float:
    """Return beliefs after whole days without a visit (see `decay_to_neutral`).

    Parameters
    ----------
    mean : array_like
        Beliefs, in [0, 1].
    days : ndarray of int64
        Days since the last visit, at least 0; it broadcasts with `mean`.
    parameters : BeliefParameters
        Reads `decay_per_day` and `neutral`.
    """
    return decay_to_neutral(mean, 1.0 - remembered(days, parameters), parameters.neutral)


def remembered(days: Int, parameters: BeliefParameters) -> Float:
    """Return the share of a belief that is left after whole days, in [0, 1]."""
    share: Float = shares_left(int(days.max(initial=0)), parameters)[days]
    return share


def shares_left(days: int, parameters: BeliefParameters) -> Float:
    """Return the shares of a belief that are left after 0, 1, ... days, as many as that or more."""
    return _shares_left(parameters.decay_per_day, days.bit_length())


def learning_numbers(parameters: BeliefParameters, at_min: int) -> LearningNumbers:
    """Return the numbers that `belief_loops.learn_visit` needs of visits until a minute.

    Raises
    ------
    DataError
        If visits of that time cannot be kept (see `seen_by`).
    """
    check_time(at_min)
    return _learning_numbers(parameters, (at_min // DAY_MIN).bit_length())


@lru_cache(maxsize=64)
def _learning_numbers(parameters: BeliefParameters, bits: int) -> LearningNumbers:
    return LearningNumbers(
        _shares_left(parameters.decay_per_day, bits),
        float(parameters.neutral),
        float(parameters.prior_variance),
        float(parameters.observation_variance),
        float(parameters.variance_growth_per_day),
    )


@lru_cache(maxsize=64)
def _shares_left(decay_per_day: float, bits: int) -> Float:
    """Return the shares left after each number of days of so many bits, as powers are slow."""
    return np.power(1.0 - decay_per_day, np.arange(2**bits))


@dataclass(slots=True, eq=False)
class BeliefSlots:
    """What m persons believe of at most S places each; a slot takes 10 bytes, or 12.

    A belief is kept as the mean of its four aspects, which is what a place is chosen by. Each
    visit counts, so the slots say also where the persons have been, and how often. How uncertain
    a belief is follows from the number of visits; only where uncertainty grows between them
    (``mind.beliefs.variance_growth_per_day``), deviations are read, which are kept on request.
    Beliefs and standard deviations are rounded to 60,000ths.

    Parameters
    ----------
    place : ndarray of int32, shape (m, S)
        Ids of the places, -1 in empty slots; these come last.
    overall_code : ndarray of uint16, shape (m, S)
        Belief after the last visit in 60,000ths (see `overall`).
    deviation_code : ndarray of uint16, shape (m, S) or (m, 0)
        Its standard deviation in 60,000ths; no columns if it is not kept.
    seen : ndarray of uint32, shape (m, S)
        Time of the last visit and number of visits (see `belief_loops.visits_in`).
    different : ndarray of int32, shape (m,)
        How many places each person has come to know, those forgotten since included; a place
        that was forgotten counts again.

    Examples
    --------
    >>> from mesa_llm_city.parameters.mind import BeliefParameters
    >>> slots, numbers = BeliefSlots.empty(2, 16), BeliefParameters()
    >>> slots.learn(np.array([1]), np.array([7]), [1.0], np.array([600]), numbers)
    array([0])
    >>> slots.place[1, 0].item(), round(slots.overall[1, 0].item(), 4), slots.visits[1, 0].item()
    (7, 0.7778, 1)
    """

    place: NDArray[np.int32]
    overall_code: NDArray[np.uint16]
    deviation_code: NDArray[np.uint16]
    seen: NDArray[np.uint32]
    different: NDArray[np.int32]

    @classmethod
    def empty(cls, persons: int, slots: int, *, deviations: bool = True) -> Self:
        """Return the slots of persons who know no place.

        Parameters
        ----------
        persons : int
            Their number m.
        slots : int
            Number of slots S of each, ``mind.beliefs.slots`` of the parameters.
        deviations : bool, default True
            Whether deviations are kept, as is necessary if uncertainty grows between visits.
        """
        shape = persons, slots
        return cls(
            place=np.full(shape, NO_PLACE, dtype=np.int32),
            overall_code=np.zeros(shape, dtype=np.uint16),
            deviation_code=np.full((persons, slots if deviations else 0), CODES, dtype=np.uint16),
            seen=np.zeros(shape, dtype=np.uint32),
            different=np.zeros(persons, dtype=np.int32),
        )

    @classmethod
    def joined(cls, tables: Sequence[BeliefSlots]) -> Self:
        """Return the persons of several tables with as many slots as one table, as a copy."""
        names = [one.name for one in fields(cls)]
        return cls(*(np.concatenate([getattr(one, name) for one in tables]) for name in names))

    @property
    def columns(self) -> BeliefRows:
        """The columns, as loops over rows take them."""
        return BeliefRows(*(getattr(self, name) for name in BeliefRows._fields))

    def __len__(self) -> int:
        """Return the number of persons."""
        return len(self.place)

    @property
    def minute(self) -> Int:
        """Times of the last visits, in minutes, shape (m, S); a copy."""
        return _minutes(self.seen)

    @property
    def visits(self) -> Int:
        """Numbers of visits, shape (m, S), 0 in empty slots; a copy. At most 255 are counted."""
        return visits_of(self.seen)

    @property
    def overall(self) -> Float:
        """Beliefs after the last visits, in [0, 1], shape (m, S); a copy that is not written to."""
        return _closed(decoded_shares(self.overall_code))

    def variance(self, parameters: BeliefParameters) -> Float:
        """Return the variances of `overall`, in (0, 1], shape (m, S)."""
        return self._variance((slice(None), slice(None)), parameters)

    def use(self, parameters: BeliefParameters) -> None:
        """Keep deviations only where they are read, by parameters that hold from now on."""
        kept = parameters.variance_growth_per_day > 0.0
        if kept and not self.deviation_code.shape[1]:
            self.deviation_code = coded_deviations(variance_after(self.visits, parameters))
        elif not kept:
            self.deviation_code = self.deviation_code[:, :0].copy()

    def take(self, rows: Int | slice) -> Self:
        """Return the slots of some of the persons; a slice shares the columns."""
        columns = (getattr(self, one.name) for one in fields(self))
        if isinstance(rows, slice):
            return type(self)(*(one[rows] for one in columns))
        # This takes rows of a table several times as fast as an index does.
        return type(self)(*(one.take(rows, axis=0) for one in columns))

    def trimmed(self) -> Self:
        """Return the same without the last slots that are empty for all; they share the columns."""
        used = int(np.count_nonzero((self.place != NO_PLACE).any(axis=0)))
        if used == self.place.shape[1]:
            return self
        kept = slice(max(used, 1))
        return type(self)(
            self.place[:, kept],
            self.overall_code[:, kept],
            self.deviation_code[:, kept],
            self.seen[:, kept],
            self.different,
        )

    def put(self, rows: Int, other: Self) -> None:
        """Write the slots of `other` into some of the rows, one row for each."""
        for one in fields(self):
            getattr(self, one.name)[rows] = getattr(other, one.name)

    def learn(
        self, rows: Int, place: Int, observed: ArrayLike, at_min: Int, parameters: BeliefParameters
    ) -> Int:
        """Learn from one visit each of some persons (see `kalman_update` and `slot_of`).

        Parameters
        ----------
        rows : ndarray of int64, shape (r,)
            Who learns, nobody twice.
        place : ndarray of int64, shape (r,)
            Ids of the visited places.
        observed : array_like, shape (r,)
            How good each visit was, in [0, 1]: the mean of the four ratings.
        at_min : ndarray of int64, shape (r,)
            Times of the visits, in minutes, at least 0.
        parameters : BeliefParameters
            Numbers of learning and forgetting.

        Returns
        -------
        ndarray of int64, shape (r,)
            The slot that each visit went into.
        """
        place_of, seen = self.place.take(rows, axis=0), self.seen.take(rows, axis=0)
        slot, is_known = slot_of(place_of, visits_of(seen), _minutes(seen), place)
        at = rows, slot
        days = np.where(is_known, at_min - _minutes(self.seen[at]), 0) // DAY_MIN
        believed = faded_by_days(decoded_shares(self.overall_code[at]), days, parameters)
        before = grown_variance(self._variance(at, parameters), days, parameters)
        mean, variance = kalman_update(
            np.where(is_known, believed, parameters.neutral),
            np.where(is_known, before, parameters.prior_variance),
            observed,
            parameters.observation_variance,
        )
        been = np.where(is_known, visits_of(self.seen[at]), 0)
        self.seen[at] = seen_by(at_min, been + 1)
        self.place[at], self.overall_code[at] = place, coded_shares(mean)
        if self.deviation_code.shape[1]:
            self.deviation_code[at] = coded_deviations(variance)
        self.different[rows] += ~is_known
        return slot

    def days_since(self, at_min: ArrayLike) -> Int:
        """Return the whole days from the last visit to each place to a time, shape (m, S).

        Parameters
        ----------
        at_min : array_like of int, shape () or (m,)
            The time, in minutes, for all or for each person; 0 days for visits after it.
        """
        now = np.asarray(at_min, dtype=np.int64).reshape(-1, 1)
        days: Int = np.maximum(now - self.minute, 0) // DAY_MIN
        return days

    def faded(self, at_min: ArrayLike, parameters: BeliefParameters) -> Float:
        """Return the beliefs decayed to a time, shape (m, S); of no meaning in empty slots."""
        return faded_by_days(self.overall, self.days_since(at_min), parameters)

    def variances(self, at_min: ArrayLike, parameters: BeliefParameters) -> Float:
        """Return the variances at a time, shape (m, S); of no meaning in empty slots."""
        return grown_variance(self.variance(parameters), self.days_since(at_min), parameters)

    def observed(self, parameters: BeliefParameters) -> Float:
        """Return mean ratings by visits alone, shape (m, S); of no meaning in empty slots.

        The pull of the prior is taken out of the beliefs, since a guess from several places
        would otherwise be drawn to neutral twice.
        """
        prior = 1.0 / parameters.prior_variance
        total = 1.0 / self.variance(parameters)
        by_visits = total - prior
        believed = decoded_shares(self.overall_code)
        summed = believed * total - prior * parameters.neutral
        rated = np.divide(summed, by_visits, out=believed, where=by_visits > 0.0)
        return np.clip(rated, 0.0, 1.0)

    def _variance(self, at: tuple[Int, Int] | tuple[slice, slice], p: BeliefParameters) -> Float:
        """Return the variances after the last visits in some slots."""
        if p.variance_growth_per_day > 0.0:
            return np.square(decoded_shares(self.deviation_code[at]))
        return variance_after(visits_of(self.seen[at]), p)


def seen_by(minute: ArrayLike, visits: ArrayLike) -> NDArray[np.uint32]:
    """Return what `BeliefSlots.seen` holds for times of last visits and numbers of visits.

    Raises
    ------
    DataError
        If a time is more than 31 years after the start of the run.
    """
    at_min, been = (np.asarray(one, dtype=np.int64) for one in (minute, visits))
    check_time(int(at_min.max(initial=0)))
    return (at_min << VISIT_BITS | np.minimum(been, MOST_VISITS)).astype(np.uint32)


def check_time(minute: int) -> None:
    """Raise `DataError` for a time of a visit that cannot be kept."""
    if minute > LATEST_MIN:
        message = (
            f"visits can be remembered until minute {LATEST_MIN} of a run (31 years), got one in "
            f"minute {minute}; begin another run from there"
        )
        raise DataError(message)


def _minutes(seen: NDArray[np.uint32]) -> Int:
    return (seen >> VISIT_BITS).astype(np.int64)


def visits_of(seen: NDArray[np.uint32]) -> Int:
    """Return the numbers of visits in parts of `BeliefSlots.seen`."""
    return (seen & MOST_VISITS).astype(np.int64)


def _closed(values: Float) -> Float:
    values.flags.writeable = False
    return values


def variance_after(visits: ArrayLike, parameters: BeliefParameters) -> Float:
    """Return the variance of beliefs after some visits, if it never grows (see `kalman_update`).

    The certainty, which is the inverse of the variance, rises by the same with each visit.
    """
    seen = np.asarray(visits) / parameters.observation_variance
    return 1.0 / (1.0 / parameters.prior_variance + seen)


def grown_variance(variance: ArrayLike, days: Int, parameters: BeliefParameters) -> Float:
    """Return the variance of beliefs after whole days without a visit.

    It grows by ``variance_growth_per_day`` up to the prior variance.
    """
    kept = np.asarray(variance, dtype=np.float64)
    grown = kept + parameters.variance_growth_per_day * days
    return np.minimum(grown, np.maximum(kept, parameters.prior_variance))
