"""What is known of persons when their day is planned."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.clock import Clock
from mesa_llm_city.core.column_streams import ColumnStreams
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.mobility.leaning import leaning_liking
from mesa_llm_city.mobility.purpose_codes import purpose_codes
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population.people_columns import PeopleColumns

__all__ = ["DayFacts"]


class DayFacts(NamedTuple):
    """What is known of m persons when their day is planned.

    Attributes
    ----------
    people : PeopleColumns
        The persons.
    day : int
        Index of the day; -1 is the day before the run.
    clock : Clock
        The calendar.
    streams : ColumnStreams
        Their random streams.
    commute_min : ndarray of float64, shape (m,)
        Expected way from home to work or school, in minutes.
    leanings : ndarray of float64, shape (m, purposes), or None
        How much goals and insights speak for activities, from -1 to 1.
    usual : ndarray of int, shape (m, purposes), or None
        Minute of the day at which each is used to beginning each purpose; -1 for none.
    relief : ndarray of float64, shape (m, purposes), or None
        How much of what each lacks an hour of each purpose would give back.
    parameters : CityParameters
        Those of the model.
    """

    people: PeopleColumns
    day: int
    clock: Clock
    streams: ColumnStreams
    commute_min: Float
    leanings: Float | None
    usual: Int | None
    relief: Float | None
    parameters: CityParameters

    def code(self, name: str) -> int:
        """Return the code of a purpose."""
        return purpose_codes(self.parameters).of[name]

    @property
    def factors(self) -> Float:
        """By what goals and insights multiply how likely each purpose is.

        Of shape (m, purposes), or (1, purposes) where they say nothing of anybody.
        """
        if self.leanings is None:
            return np.ones((1, len(self.parameters.purposes)))
        return leaning_liking(1.0, self.leanings, self.parameters.mobility.planner.leaning_factor)

    def factor(self, name: str) -> Float | float:
        """Return by what goals and insights multiply how likely or liked a purpose is."""
        if self.leanings is None:
            return 1.0
        factor = self.parameters.mobility.planner.leaning_factor
        return leaning_liking(1.0, self.leanings[:, self.code(name)], factor)
