"""Whether whole households move: the migration decision as a component of a city."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.component import Stateless
from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.migration.decision import Decisions, MigrationDecision
from mesa_llm_city.migration.models.surroundings import Surroundings
from mesa_llm_city.migration.origins import Answers, Circumstances, Origins, Settlement
from mesa_llm_city.migration.personas import PersonaMapping
from mesa_llm_city.migration.survey.table import SurveyTable
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.population.person_columns import household_streams
from mesa_llm_city.population.persona import Persona

__all__ = [
    "HouseholdChoice",
    "HouseholdMigration",
    "MemberView",
    "MigrantHousehold",
    "surroundings_of",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrantHousehold:
    """A household that decides whether to move.

    Parameters
    ----------
    id : int
        Number of the household.
    people : tuple of Persona
        Its members, as they are now.
    answers : tuple of mapping
        Other answers of each member (see `Background`).
    is_home : bool
        Whether it lives in its hometown, and may come to the city.
    city, hometown : Settlement, optional
        The city of the model, and where the household comes from. If either is unknown, places
        make no difference.
    """

    id: int
    people: tuple[Persona, ...]
    answers: tuple[Answers, ...]
    is_home: bool
    city: Settlement | None = None
    hometown: Settlement | None = None

    def __post_init__(self) -> None:
        """Check that there are answers of every member."""
        if len(self.people) != len(self.answers):
            message = (
                f"household {self.id} has {len(self.people)} members, but answers of "
                f"{len(self.answers)}"
            )
            raise DataError(message)


class MemberView(NamedTuple):
    """What counts for a member who took part in a decision.

    Attributes
    ----------
    person : int
        Id of the person.
    source : str
        What decided: ``"rule"`` or the name of a model, such as ``"tabular"``.
    reason : str
        Why the person moves; empty for one who stays.
    """

    person: int
    source: str
    reason: str


class HouseholdChoice(NamedTuple):
    """What a household has decided.

    Attributes
    ----------
    household : int
        Number of the household.
    is_moving : bool
        Whether it moves: home if it lives in the city, to the city if it lives at home.
    p : float
        Probability of being at home, of the household; NaN if nobody could decide.
    risk : float
        Risk of moving in this year; NaN if nobody could decide.
    members : tuple of MemberView
        Those who decided; none if nobody has an age at which people decide.
    """

    household: int
    is_moving: bool
    p: float
    risk: float
    members: tuple[MemberView, ...]


class HouseholdMigration(Stateless):
    """Decides for whole households whether they move (slot ``migration``).

    Members become rows of a survey by a mapping, a `MigrationDecision` gives each a
    probability of being at home, and those of an age at which people decide agree on the mean
    of their log odds (`pooled_probability`); the others move with them. A household is the
    decider in the new economics of labour migration (Stark and Bloom 1985, American Economic
    Review 75(2), 173-178); equal weights are an assumption.

    Parameters
    ----------
    mapping : PersonaMapping
        How people become rows of the survey that `decision` knows.
    decision : MigrationDecision, optional
        By rule or by a trained model; the rule of push and pull by default.
    origins : Origins, optional
        City, hometowns and backgrounds when the run begins.
    parameters : CityParameters, optional
        Reads ``migration.decision``; of the ages at which people decide.

    Raises
    ------
    ConfigError
        If `decision` decides nothing, such as a model without a `MigrationDecision`.

    Examples
    --------
    >>> from mesa_llm_city.migration.survey.shipped import chfs
    >>> from mesa_llm_city.migration.personas import ColumnSource
    >>> mapping = PersonaMapping(schema=chfs(), sources={"age": ColumnSource(property="age")})
    >>> HouseholdMigration(mapping).decision.name
    'rule'
    """

    def __init__(
        self,
        mapping: PersonaMapping,
        decision: MigrationDecision | None = None,
        *,
        origins: Origins | None = None,
        parameters: CityParameters | None = None,
    ) -> None:
        tree = default_parameters() if parameters is None else parameters
        if decision is not None and not hasattr(decision, "decide"):
            kind = type(decision).__name__
            message = (
                f"decision must be a MigrationDecision, got a {kind}; a model that predicts is "
                f"given as MigrationDecision(model={kind}())"
            )
            raise ConfigError(message)
        self.mapping = mapping
        self.decision = MigrationDecision(tree) if decision is None else decision
        self.origins = Origins() if origins is None else origins
        self.ages = tree.migration.decision

    async def decide_moves(
        self, households: Sequence[MigrantHousehold], /, *, seed: int, step: Sequence[int]
    ) -> tuple[HouseholdChoice, ...]:
        """Return what each household decides; changes nothing but the cache of the model.

        Parameters
        ----------
        households : sequence of MigrantHousehold
            Different households.
        seed : int
            Seed of the run.
        step : sequence of int
            Number of the period of each household, such as the day of its decision; each has
            random numbers of its own.
        """
        undecided = [_undecided(one) for one in households]
        found = {one.household: one for one in undecided}
        for knows_places in (True, False):
            some = [
                (one, at)
                for one, at in zip(households, step, strict=True)
                if _knows_places(one) == knows_places and self._deciders(one)
            ]
            if some:
                found |= self._decided(some, seed=seed, knows_places=knows_places)
        return tuple(found[one.id] for one in households)

    def rows(self, household: MigrantHousehold) -> SurveyTable:
        """Return all members of a household as rows of the survey."""
        around = [_circumstances(household, row) for row in range(len(household.people))]
        return self.mapping.rows(household.people, around)

    def _deciders(self, household: MigrantHousehold) -> list[int]:
        """Return the positions of members who take part in the decision."""
        least, most = self.ages.least_age, self.ages.most_age
        return [row for row, one in enumerate(household.people) if least <= one.age <= most]

    def _decided(
        self, some: Sequence[tuple[MigrantHousehold, int]], *, seed: int, knows_places: bool
    ) -> dict[int, HouseholdChoice]:
        members = [(one, row) for one, _ in some for row in self._deciders(one)]
        counts = [len(self._deciders(one)) for one, _ in some]
        table = self.mapping.rows(
            [one.people[row] for one, row in members], [_circumstances(*one) for one in members]
        )
        decided = self.decision.decide(
            replace(table, group=None),
            ids=[one.people[row].id for one, row in members],
            seed=seed,
            step=np.repeat([at for _, at in some], counts),
            around=surroundings_of([one for one, _ in some], counts) if knows_places else None,
            households=household_streams(np.array([one.id for one, _ in members])),
            is_home=[one.is_home for one, _ in members],
        )
        rows = np.split(np.arange(len(members)), np.cumsum(counts)[:-1])
        return {
            one.id: _choice(one, decided, mine.tolist())
            for (one, _), mine in zip(some, rows, strict=True)
        }


def _undecided(household: MigrantHousehold) -> HouseholdChoice:
    return HouseholdChoice(household.id, is_moving=False, p=np.nan, risk=np.nan, members=())


def _knows_places(household: MigrantHousehold) -> bool:
    return household.city is not None and household.hometown is not None


def _circumstances(household: MigrantHousehold, row: int) -> Circumstances:
    return Circumstances(
        city=household.city,
        hometown=household.hometown,
        is_home=household.is_home,
        answers=household.answers[row],
    )


def surroundings_of(households: Sequence[MigrantHousehold], counts: Sequence[int]) -> Surroundings:
    """Return the places of some members of each household.

    Parameters
    ----------
    households : sequence of MigrantHousehold
        Households that know their city and their hometown.
    counts : sequence of int
        How many members of each count.
    """
    cities = [one.city for one in households if one.city is not None]
    towns = [one.hometown for one in households if one.hometown is not None]

    def each(values: Sequence[float]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return np.repeat(np.array(values, dtype=np.float64), counts)

    return Surroundings(
        city_wage=each([one.wage for one in cities]),
        village_wage=each([one.wage for one in towns]),
        # Prices count relative to those of the hometown.
        city_price=each([one.price / two.price for one, two in zip(cities, towns, strict=True)]),
        subsidy=each([one.subsidy for one in towns]),
        distance_km=each([one.distance_km for one in towns]),
    )


def _choice(household: MigrantHousehold, decided: Decisions, rows: list[int]) -> HouseholdChoice:
    first = rows[0]
    moving = decided.is_leaving if household.is_home else decided.is_returning
    return HouseholdChoice(
        household.id,
        bool(moving[first]),
        float(decided.p[first]),
        float(decided.hazard[first]),
        tuple(
            MemberView(int(decided.ids[row]), decided.models[row], decided.reason[row])
            for row in rows
        ),
    )
