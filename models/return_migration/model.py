"""Return migration of households between cities and villages, by a rule or a trained model."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import mesa
import numpy as np
from mesa.discrete_space import DiscreteSpace
from mesa_llm_city.models.return_migration.agents import Migrant
from mesa_llm_city.models.return_migration.places import Place, invented_map
from numpy.typing import NDArray

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.streams import rng as stream
from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.core.values import Int
from mesa_llm_city.migration.decision import Decisions, MigrationDecision
from mesa_llm_city.migration.effects.reasons import reasons_of
from mesa_llm_city.migration.flows.calibration import FlowCalibration, flows_of
from mesa_llm_city.migration.flows.solving import calibrate_flows
from mesa_llm_city.migration.models.base import ProbabilityModel
from mesa_llm_city.migration.models.loading import load_model, load_twin
from mesa_llm_city.migration.models.push_pull import PushPullRule
from mesa_llm_city.migration.models.surroundings import Surroundings, place_utility
from mesa_llm_city.migration.survey.synthetic import synthetic_survey
from mesa_llm_city.migration.survey.table import SurveyTable
from mesa_llm_city.parameters import CityParameters, with_keywords

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Consideration", "ReturnMigration"]

_USED_COLUMNS = ("age", "hukou", "wage", "total_income")  # changed as people age and move

_MOVE = ("year", "person", "household", "origin", "destination", "p", "hazard", "reason")


class Consideration(NamedTuple):
    """What was decided in a year, and what was known then.

    Attributes
    ----------
    table : SurveyTable
        Persons who decided, as rows of the survey.
    around : Surroundings
        Their places.
    households : ndarray of int64, shape (n,)
        Their households.
    is_home : ndarray of bool, shape (n,)
        Whether they lived in their village.
    places : tuple of str, length n
        Names of the places where they lived.
    decided : Decisions
        What was decided.
    """

    table: SurveyTable
    around: Surroundings
    households: Int
    is_home: NDArray[np.bool_]
    places: tuple[str, ...]
    decided: Decisions


class ReturnMigration(mesa.Model):
    """A country of cities and villages whose households move once a year (options: see README).

    Every parameter can be given by its dotted name, as ``mesa.batch_run`` does, such as
    ``**{"migration.decision.years_at_risk": 8.0}``.

    Examples
    --------
    >>> model = ReturnMigration(persons=60, years=3, rng=7)
    >>> while model.running:
    ...     model.step()
    >>> 0.0 < model.home_share < 1.0
    True
    """

    def __init__(
        self,
        decision: str | Path | ProbabilityModel = "rule",
        *,
        persons: int = 600,
        cities: int = 4,
        villages: int = 24,
        years: int = 15,
        rural_subsidy: float = 0.0,
        hukou_reform: float = 0.0,
        policy_year: int = 1,
        city_growth: float = 0.03,
        village_growth: float = 0.03,
        yearly_rate: float | None = None,
        stationary: bool = False,
        reasons: bool = True,
        rng: int | None = None,
        survey: SurveyTable | None = None,
        parameters: CityParameters | None = None,
        # Mesa's page looks for this name to know that more arguments are taken.
        **kwargs: object,
    ) -> None:
        super().__init__(rng=rng)
        _check(persons=persons, cities=cities, villages=villages, years=years)
        _check_levers(rural_subsidy, hukou_reform)
        # One seed for all random streams, so that runs with two policies have common draws.
        self.run_seed = int(self.rng.integers(2**32))
        self.years, self.policy_year = years, policy_year
        self.rural_subsidy, self.hukou_reform = float(rural_subsidy), float(hukou_reform)
        self.growth = {"city": city_growth, "village": village_growth}
        rows = synthetic_survey(persons, seed=self.run_seed) if survey is None else survey
        self.survey, self.schema = rows, rows.schema
        _check_columns(rows)
        self._settle(rows, *invented_map(cities, villages, seed=self.run_seed, random=self.random))
        self.parameters = self._with_reference(with_keywords(parameters, kwargs))
        self.stationary = stationary
        model = _model(decision, rows, self.parameters)
        self.decision = MigrationDecision(
            self.parameters,
            model=model,
            calibration=_calibration(decision),
            reasons=reasons_of(model, rows) if reasons else None,
        )
        if yearly_rate is not None:
            self.decision.calibration = self._calibrated(yearly_rate)
        self.returned = self.left = 0
        self.considered: Consideration | None = None
        self.datacollector = mesa.DataCollector(
            {name: name for name in _REPORTED}, {"place": _place}, tables={"moves": list(_MOVE)}
        )

    @property
    def migrants(self) -> list[Migrant]:
        """All persons, in the order of the survey."""
        return list(self.agents_by_type[Migrant])

    @property
    def year(self) -> int:
        """Years since the start."""
        return int(self.steps)

    @property
    def subsidy(self) -> float:
        """Subsidy of each person in a village this year, in RMB."""
        return self.rural_subsidy if self.year >= self.policy_year else 0.0

    @property
    def home_share(self) -> float:
        """Share of persons who live in their village, in [0, 1]."""
        return float(np.mean([one.is_home for one in self.migrants]))

    @property
    def barred_share(self) -> float:
        """Share of persons in cities without the hukou of the city; 0 if nobody is there."""
        away = [one.is_barred for one in self.migrants if not one.is_home]
        return float(np.mean(away)) if away else 0.0

    @property
    def subsidy_paid(self) -> float:
        """Total cost of the subsidy this year, in RMB."""
        return self.subsidy * float(np.count_nonzero([one.is_home for one in self.migrants]))

    @property
    def income_ratio(self) -> float:
        """Mean ratio of real income in the village, subsidy included, to that in the city."""
        around = self._surroundings(self.migrants, subsidy=self.subsidy)
        real = (around.village_wage + around.subsidy) * around.city_price / around.city_wage
        return float(np.mean(real))

    def step(self) -> None:
        """Simulate one year: wages, ages, policy, decisions, moves."""
        for place in (*self.cities, *self.villages):
            place.grow(self.growth[place.kind], seed=self.run_seed, year=self.year)
        if not self.stationary:
            for one in self.migrants:
                one.grow_older()
        self._open_cities()
        self._move(self._decide())
        self.datacollector.collect(self)
        self.running = self.year < self.years

    def moves(self) -> pd.DataFrame:
        """Return all moves: year, person, household, origin, destination, p, hazard, reason."""
        moves: pd.DataFrame = self.datacollector.get_table_dataframe("moves")
        return moves

    def history(self) -> pd.DataFrame:
        """Return shares, moves, income ratio and cost of each year."""
        history: pd.DataFrame = self.datacollector.get_model_vars_dataframe()
        return history

    def digest(self) -> str:
        """Return a fingerprint of all moves and places of residence."""
        content = [self.moves().to_numpy().tolist(), [one.place for one in self.migrants]]
        return sha256(json.dumps(content).encode()).hexdigest()

    def _settle(self, rows: SurveyTable, cities: list[Place], villages: list[Place]) -> None:
        """Give every household a village and a city, and place it where the survey found it."""
        self.cities, self.villages = cities, villages
        self.space: Any = DiscreteSpace(random=self.random)
        for place in (*cities, *villages):
            self.space.add_cell(place)
        households = _households(rows)
        majority = np.bincount(households, weights=np.where(rows.target == 1, 1.0, -1.0)) > 0.0
        homes = [self._origin(one) for one in range(len(majority))]
        for person, profile in enumerate(rows.frame.to_dict("records")):
            household = int(households[person])
            village, city = homes[household]
            Migrant(
                self,
                person=person,
                household=household,
                profile={str(name): value for name, value in profile.items()},
                village=village,
                city=city,
                is_home=bool(majority[household]),
            )

    def _origin(self, household: int) -> tuple[Place, Place]:
        """Draw the village of a household, and its city in proportion to wage over distance."""
        rng = stream(self.run_seed, household, "origin", 0)
        village = self.villages[int(rng.integers(len(self.villages)))]
        weights = np.array([one.wage / village.distance_km(one) for one in self.cities])
        return village, self.cities[int(rng.choice(len(weights), p=weights / weights.sum()))]

    def _with_reference(self, parameters: CityParameters) -> CityParameters:
        """Return parameters whose reference is the mean utility of places without a subsidy."""
        around = self._surroundings(self.migrants, subsidy=0.0)
        reference = float(np.mean(place_utility(around, parameters.migration.push_pull)))
        return parameters.with_("migration.decision.reference", reference)

    def _surroundings(self, people: list[Migrant], *, subsidy: float) -> Surroundings:
        return Surroundings(
            city_wage=np.array([one.city.wage for one in people]),
            village_wage=np.array([one.village.wage for one in people]),
            city_price=np.array([one.city.price for one in people]),
            subsidy=np.full(len(people), subsidy),
            distance_km=np.array([one.city.distance_km(one.village) for one in people]),
        )

    def _open_cities(self) -> None:
        """Give the hukou of their city to a random share of persons (the reform)."""
        if self.year < self.policy_year or self.hukou_reform == 0.0:
            return
        barred = [one for one in self.migrants if one.is_barred]
        persons = [one.person for one in barred]
        draws = uniforms(self.run_seed, persons, "hukou", self.year, 1)[:, 0]
        for one, drawn in zip(barred, draws.tolist(), strict=True):
            if drawn < self.hukou_reform:
                one.take_hukou()

    def _calibrated(self, rate: float) -> FlowCalibration:
        """Return the horizons with which `rate` return in the first year, and the share stays."""
        people = [one for one in self.migrants if one.decides]
        table = replace(
            self._table(people),
            target=np.array([one.is_home for one in people], dtype=np.int8),
            group=np.array([one.household for one in people]),
        )
        return calibrate_flows(self.decision.model, table, rate, pooled=True)

    def _decide(self) -> Decisions:
        """Return the decisions of all households; retired members have no part in them."""
        people = [one for one in self.migrants if one.decides]
        around = self._surroundings(people, subsidy=self.subsidy)
        households = np.array([one.household for one in people], dtype=np.int64)
        is_home = np.array([one.is_home for one in people], dtype=np.bool_)
        table = self._table(people)
        decided = self.decision.decide(
            table,
            ids=[one.person for one in people],
            seed=self.run_seed,
            step=self.year,
            around=around,
            households=households,
            is_home=is_home,
        )
        places = tuple(one.place for one in people)
        self.considered = Consideration(table, around, households, is_home, places, decided)
        return decided

    def _table(self, people: list[Migrant]) -> SurveyTable:
        """Return people as rows of a survey; no model is given the household."""
        import pandas as pd

        frame = pd.DataFrame([one.profile for one in people], columns=list(self.schema.names))
        label = np.full(len(people), -1, dtype=np.int8)
        return SurveyTable(frame=frame, target=label, group=None, schema=self.schema)

    def _move(self, decided: Decisions) -> None:
        """Move all members of the households that decided to move."""
        moving = np.flatnonzero(decided.is_returning | decided.is_leaving).tolist()
        people = {one.person: one for one in self.migrants}
        deciding = {people[int(decided.ids[row])].household: row for row in reversed(moving)}
        movers = [one for one in self.migrants if one.household in deciding]
        self.returned = sum(not one.is_home for one in movers)
        self.left = len(movers) - self.returned
        for one in movers:
            origin, row = one.place, deciding[one.household]
            one.move_on()
            self._record(one, origin, decided, row)

    def _record(self, one: Migrant, origin: str, decided: Decisions, row: int) -> None:
        row_of_table = (
            *(self.year, one.person, one.household, origin, one.place),
            *(float(decided.p[row]), float(decided.hazard[row]), decided.reason[row]),
        )
        self.datacollector.add_table_row("moves", dict(zip(_MOVE, row_of_table, strict=True)))


_REPORTED = (
    *("year", "home_share", "returned", "left", "income_ratio", "barred_share"),
    "subsidy_paid",
)


def _place(one: Migrant) -> str:
    # A function, since the reporter that Mesa makes from a name cannot be pickled.
    name: str = one.place
    return name


def _model(
    decision: str | Path | ProbabilityModel, rows: SurveyTable, parameters: CityParameters
) -> ProbabilityModel:
    """Return the rule, fitted to the share of returnees if there are labels, or another model.

    Of a saved model, the twin that does not see which values are missing is taken, if it has one.
    """
    if decision == "rule":
        has_both = set(rows.target.tolist()) == {0, 1}
        rule = PushPullRule(parameters)
        return rule.fit(rows) if has_both else rule
    if isinstance(decision, str | Path):
        return load_twin(decision) or load_model(decision)
    return decision


def _calibration(decision: str | Path | ProbabilityModel) -> FlowCalibration | None:
    """Return the calibration in the folder of a model, if there is one."""
    if not isinstance(decision, str | Path) or decision == "rule":
        return None
    return flows_of(decision)


def _households(rows: SurveyTable) -> Any:  # noqa: ANN401 - whole numbers, shape (n,)
    """Return the household of each row as a number from 0, in order of appearance."""
    if rows.group is None:
        return np.arange(len(rows))
    number: dict[object, int] = {}
    return np.array([number.setdefault(one, len(number)) for one in rows.group.tolist()])


def _check(**counts: int) -> None:
    for name, count in counts.items():
        if count < 1:
            message = f"{name} must be at least 1, got {count}"
            raise ConfigError(message)


def _check_columns(rows: SurveyTable) -> None:
    missing = [name for name in _USED_COLUMNS if name not in rows.schema.names]
    if missing:
        message = (
            f"the model return_migration is of a survey of return migration; that of "
            f"{rows.schema.target} has no column {', '.join(missing)}. For other surveys use the "
            "model survey_policy, or mesa-llm-city migration policy with --years"
        )
        raise ConfigError(message)


def _check_levers(rural_subsidy: float, hukou_reform: float) -> None:
    if not 0.0 <= rural_subsidy < np.inf:
        message = f"rural_subsidy must be at least 0 RMB a year, got {rural_subsidy}"
        raise ConfigError(message)
    if not 0.0 <= hukou_reform <= 1.0:
        message = f"hukou_reform must be a share in [0, 1] a year, got {hukou_reform}"
        raise ConfigError(message)
