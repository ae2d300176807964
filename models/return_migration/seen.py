"""A run of return migration as the page of migration sees it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from mesa_llm_city.models.return_migration.agents import Migrant
from mesa_llm_city.models.return_migration.model import Consideration, ReturnMigration
from mesa_llm_city.models.return_migration.places import Place

from mesa_llm_city.migration.decision import MigrationDecision
from mesa_llm_city.migration.models.surroundings import Surroundings
from mesa_llm_city.migration.survey.table import SurveyTable
from mesa_llm_city.ui.migration.course import EVERYBODY
from mesa_llm_city.ui.migration.driving import drivers_of
from mesa_llm_city.ui.migration.story import Considered, Drivers, Moved, Region

__all__ = ["CountryRun"]

_DECADE = 10.0  # years of an age group
_PLACES: Mapping[str, Callable[[Migrant], str]] = {
    "village": lambda one: one.village.name,
    "city": lambda one: one.city.name,
}


class CountryRun:
    """A run of `ReturnMigration`, year by year.

    Parameters
    ----------
    model : ReturnMigration
        The model, at its start.

    Attributes
    ----------
    model : ReturnMigration
        As given.
    groups : dict of str to ndarray of str, shape (n,)
        Group of each person, by grouping.
    """

    def __init__(self, model: ReturnMigration) -> None:
        self.model = model
        self.groups = {name: self._by(name) for name in self._groupings()}
        # Of each year, so that it can be looked back at.
        self._considered: list[Consideration] = []

    @property
    def year(self) -> int:
        """Years since the start."""
        year: int = self.model.year
        return year

    @property
    def years(self) -> int:
        """Years after which the run ends."""
        years: int = self.model.years
        return years

    @property
    def decision(self) -> MigrationDecision:
        """What decides."""
        decision: MigrationDecision = self.model.decision
        return decision

    @property
    def rows(self) -> SurveyTable:
        """The people as rows of the survey."""
        rows: SurveyTable = self.model.survey
        return rows

    def step(self) -> None:
        """Let a year pass."""
        self.model.step()
        if self.model.considered is not None:
            self._considered.append(self.model.considered)

    def set_lever(self, name: str, value: float) -> None:
        """Set a lever of policy, which acts from the next year on."""
        setattr(self.model, name, value)

    def regions(self) -> Sequence[Region]:
        """Return cities and villages."""
        belong = Counter(one.village.name for one in self.model.migrants)
        return [
            Region(one.name, one.kind, one.where_km, _facts(one), belong[one.name])
            for one in (*self.model.cities, *self.model.villages)
        ]

    def population(self) -> Mapping[str, int]:
        """Return the number of people who live in each place."""
        return Counter(one.place for one in self.model.migrants)

    def moves(self) -> Sequence[Moved]:
        """Return the moves of the last year."""
        moves = self.model.moves()
        people = Counter(
            (one.origin, one.destination) for one in moves[moves["year"] == self.year].itertuples()
        )
        homes = {one.name for one in self.model.villages}
        return [
            Moved(self.year, origin, to, count, to in homes)
            for (origin, to), count in sorted(people.items())
        ]

    def considered(self) -> Sequence[Considered]:
        """Return what was decided in the last year."""
        if not self._considered:
            return ()
        last = self._considered[-1]
        _, first, number = np.unique(last.households, return_index=True, return_inverse=True)
        members: list[list[int]] = [[] for _ in first]
        for person, household in zip(last.decided.ids.tolist(), number.tolist(), strict=True):
            members[household].append(person)
        return [
            _decided(last, row, tuple(some))
            for row, some in zip(first.tolist(), members, strict=True)
        ]

    def drivers(self, year: int, key: int) -> Drivers | None:
        """Return what drove the decision of a household in a year."""
        if not 1 <= year <= len(self._considered):
            return None
        then = self._considered[year - 1]
        rows = np.flatnonzero(then.households == key)
        around = Surroundings(
            city_wage=then.around.city_wage[rows],
            village_wage=then.around.village_wage[rows],
            city_price=then.around.city_price[rows],
            subsidy=then.around.subsidy[rows],
            distance_km=then.around.distance_km[rows],
        )
        return drivers_of(self.decision, then.table.take(rows), around)

    def shares(self) -> Mapping[str, Mapping[str, float]]:
        """Return the share at home of each group; people keep their group of the start."""
        home = np.array([one.is_home for one in self.model.migrants])
        return {
            by: {str(name): float(home[groups == name].mean()) for name in np.unique(groups)}
            for by, groups in self.groups.items()
        }

    def cost(self) -> float:
        """Return the subsidy that is paid this year, in RMB."""
        paid: float = self.model.subsidy_paid
        return paid

    def _groupings(self) -> tuple[str, ...]:
        """Return names by which people can be grouped: places, age and columns with codes."""
        schema = self.model.schema
        coded = [one.name for one in schema.inputs if one.is_coded]
        ages = ["age"] if "age" in schema.names else []
        return (EVERYBODY, *ages, *_PLACES, *coded)

    def _by(self, name: str) -> Any:  # noqa: ANN401 - an array of texts
        people = self.model.migrants
        if name == EVERYBODY:
            return np.array([EVERYBODY] * len(people))
        if name in _PLACES:
            return np.array([_PLACES[name](one) for one in people])
        values = [one.profile[name] for one in people]
        if name == "age":
            return np.array([_decade(value) for value in values])
        words = self.model.schema[name].words_in("en")
        return np.array([str(words.get(value, "missing")) for value in values])


def _decided(last: Consideration, row: int, persons: tuple[int, ...]) -> Considered:
    decided = last.decided
    return Considered(
        key=int(last.households[row]),
        persons=persons,
        place=last.places[row],
        is_home=bool(last.is_home[row]),
        p=float(decided.p[row]),
        risk=float(decided.hazard[row]),
        moves=bool(decided.is_returning[row] or decided.is_leaving[row]),
        decided_by=decided.models[row],
        reason=decided.reason[row],
    )


def _facts(place: Place) -> Mapping[str, str]:
    return {"wage": f"{place.wage:,.0f} RMB a year", "price level": f"{place.price:.2f}"}


def _decade(value: Any) -> str:  # noqa: ANN401 - a number, or NaN
    if value != value:  # noqa: PLR0124 - NaN
        return "missing"
    first = int(_DECADE * (value // _DECADE))
    return f"{first} to {first + int(_DECADE) - 1}"
