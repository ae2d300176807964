"""What persons are like in what they do on a day, and for how long."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.column_streams import ColumnStreams
from mesa_llm_city.core.inverse_draws import normal_of
from mesa_llm_city.core.kernels import compiled
from mesa_llm_city.core.latest import keeps_latest
from mesa_llm_city.core.streams import word_of
from mesa_llm_city.core.values import Bool, Float, Int
from mesa_llm_city.parameters.population import TimeUseParameters
from mesa_llm_city.population.big_five import BigFive
from mesa_llm_city.population.categories import EMPLOYED, MAX_AGE
from mesa_llm_city.population.people_columns import PeopleColumns
from mesa_llm_city.population.time_use.cells import (
    SEX,
    among,
    cells_of,
    employment_of,
    group_by_age,
    is_in,
)
from mesa_llm_city.population.time_use.dimensions import Ages
from mesa_llm_city.population.time_use.duty import LEARNERS
from mesa_llm_city.population.time_use.row import DRAWN
from mesa_llm_city.population.time_use.table import TimeUseTable
from mesa_llm_city.population.time_use.trait_loops import Draws, TraitNumbers, Traits, fill_traits

__all__ = ["NUMBERS", "DayTraits", "trait_numbers", "trait_words"]

NUMBERS = 2 * len(DRAWN) + 1
"""Numbers of a person or a day: whether and how long for each of `DRAWN`, and leaving home."""

_LEARN = tuple(LEARNERS)
_PERSON, _JOB = "time_use.person", "time_use.job"
_EVEN_LEVEL = 2
_PER_LEVEL = 1.5**0.5  # levels of three equal groups then have a variance of 1


class DayTraits(NamedTuple):
    """What m persons are like; the same on all days, as long as they are as old and do the same.

    Attributes
    ----------
    cell : ndarray of int32, shape (m,)
        Which kind of person of the table each is (see `cells_of`).
    employment : ndarray of int8, shape (m,)
        Indices in `EMPLOYMENT`; learners with a job beside school work part-time.
    numbers : ndarray of float32, shape (m, NUMBERS)
        The part of the person in each standard normal number of a day. Their precision is
        that of a table that is kept, so that it is the same for one person.
    sleep_need : ndarray of float32, shape (m,)
        How much each sleeps compared with others, in standard deviations (see `sleep_needs`).
    """

    cell: NDArray[np.int32]
    employment: NDArray[np.int8]
    numbers: NDArray[np.float32]
    sleep_need: NDArray[np.float32]

    @classmethod
    def of(
        cls,
        people: PeopleColumns,
        streams: ColumnStreams,
        sleep_need: Float,
        *,
        table: TimeUseTable,
        parameters: TimeUseParameters,
    ) -> DayTraits:
        """Draw what persons are like.

        Parameters
        ----------
        people : PeopleColumns
            The persons.
        streams : ColumnStreams
            Their random streams.
        sleep_need : ndarray of float64, shape (m,)
            How much each sleeps compared with others, in standard deviations.
        table : TimeUseTable
            The table, whose age groups are those of the kinds of person.
        parameters : TimeUseParameters
            How people differ by personality, and how many learners have a job.
        """
        loop, rows = compiled(fill_traits), people.for_loops()
        if loop is not None and rows is not None:
            found = _room_for(len(people))
            given = _draws(streams), trait_numbers(tuple(table.ages), parameters)
            loop(rows, *given, np.empty(NUMBERS), found)
            return cls(*found, sleep_need.astype(np.float32))
        numbers = normal_of(streams.trait(_PERSON, n=NUMBERS))
        by_trait, rest = _personality(parameters)
        for column, (rest_of, correlations) in enumerate(zip(rest, by_trait, strict=True)):
            for at in (column, column + len(DRAWN)):
                if correlations:
                    numbers[:, at] *= rest_of
                for trait, correlation in correlations:
                    level = people.big_five[:, trait] - _EVEN_LEVEL
                    numbers[:, at] += correlation * _PER_LEVEL * level
        employment = employment_of(
            people,
            full_time_from_h=parameters.full_time_from_h,
            has_job=_has_job(people, streams, parameters),
        )
        return cls(
            cells_of(people, employment, table.ages).astype(np.int32),
            employment.astype(np.int8),
            numbers.astype(np.float32),
            sleep_need.astype(np.float32),
        )

    def take(self, rows: Int) -> DayTraits:
        """Return those of some of the persons."""
        return DayTraits(
            self.cell[rows],
            self.employment[rows],
            self.numbers.take(rows, axis=0),
            self.sleep_need[rows],
        )

    @classmethod
    def joined(cls, some: Sequence[DayTraits]) -> DayTraits:
        """Return those of several groups of persons one after another."""
        return cls(
            np.concatenate([one.cell for one in some]),
            np.concatenate([one.employment for one in some]),
            np.concatenate([one.numbers for one in some]),
            np.concatenate([one.sleep_need for one in some]),
        )


def _room_for(count: int) -> Traits:
    return Traits(
        np.empty(count, dtype=np.int32),
        np.empty(count, dtype=np.int8),
        np.empty((count, NUMBERS), dtype=np.float32),
    )


def _draws(streams: ColumnStreams) -> Draws:
    return Draws(np.uint64(streams.seed), streams.persons, *trait_words())


def trait_words() -> NDArray[np.uint64]:
    """Return what persons and their jobs beside school are drawn for; shape (2,)."""
    return np.array([word_of(one) for one in (_PERSON, _JOB)], dtype=np.uint64)


@keeps_latest
@lru_cache(maxsize=8)
def trait_numbers(ages: tuple[Ages, ...], parameters: TimeUseParameters) -> TraitNumbers:
    """Return what the loop over persons reads of the ages of a table and the parameters."""
    by_trait, rest = _personality(parameters)
    found = [
        (number, trait, correlation * _PER_LEVEL)
        for number, correlations in enumerate(by_trait * 2)
        for trait, correlation in correlations
    ]
    return TraitNumbers(
        sex=SEX,
        group=group_by_age(ages),
        groups=len(ages),
        is_employed=among(EMPLOYED),
        learns=among(_LEARN),
        job_share=np.interp(np.arange(MAX_AGE + 1), *parameters.duties.learner_jobs.knots),
        full_time_from_h=float(parameters.full_time_from_h),
        column=np.array([one[0] for one in found], dtype=np.int64),
        trait=np.array([one[1] for one in found], dtype=np.int64),
        per_level=np.array([one[2] for one in found]),
        rest=np.concatenate([rest, rest, np.ones(1)]),
    )


def _has_job(people: PeopleColumns, streams: ColumnStreams, parameters: TimeUseParameters) -> Bool:
    has_job = np.zeros(len(people), dtype=bool)
    rows = np.flatnonzero(is_in(people, _LEARN))
    if len(rows):
        share = np.interp(people.age[rows], *parameters.duties.learner_jobs.knots)
        has_job[rows] = streams.take(rows).trait(_JOB, n=1)[:, 0] < share
    return has_job


@lru_cache(maxsize=8)
def _personality(
    parameters: TimeUseParameters,
) -> tuple[list[list[tuple[int, float]]], Float]:
    """Return correlations with traits by activity, and what is left for all else by activity."""
    found = np.array(
        [
            [getattr(parameters.personality, trait).get(name, 0.0) for trait in BigFive._fields]
            for name in DRAWN
        ]
    )
    by_trait = [[(trait, one) for trait, one in enumerate(row) if one] for row in found.tolist()]
    return by_trait, np.sqrt(np.maximum(1.0 - (found**2).cumsum(axis=1)[:, -1], 0.0))
