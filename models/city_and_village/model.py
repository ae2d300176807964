"""A city that is lived day by day, and the villages its people come from and return to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from mesa_llm_city.models.city_and_village.people import (
    People,
    backgrounds_of,
    people_of_survey,
    settlement,
)
from mesa_llm_city.models.return_migration.places import invented_map

from mesa_llm_city import City, CityModel, Clock, Persona, Population
from mesa_llm_city.core.asking import Backend
from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.sampled_clock import SampledClock
from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.migration.decision import MigrationDecision
from mesa_llm_city.migration.effects.reasons import reasons_of
from mesa_llm_city.migration.household_move import HouseholdMigration
from mesa_llm_city.migration.models.base import ProbabilityModel
from mesa_llm_city.migration.models.push_pull import PushPullRule
from mesa_llm_city.migration.models.surroundings import Surroundings, place_utility
from mesa_llm_city.migration.origins import Origins
from mesa_llm_city.migration.personas import PersonaMapping
from mesa_llm_city.migration.survey.shipped import chfs
from mesa_llm_city.migration.survey.synthetic import synthetic_survey
from mesa_llm_city.migration.survey.table import SurveyTable
from mesa_llm_city.parameters import CityParameters, with_keywords
from mesa_llm_city.policies import Policy
from mesa_llm_city.simulation.agent import CityAgent
from mesa_llm_city.simulation.migration.migration import CITY
from mesa_llm_city.simulation.people import population_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MAPPING", "MODEL", "CityAndVillage"]

MAPPING = Path(__file__).with_name("mapping.toml")
"""How people of the city become rows of the survey."""

_YEAR_DAYS = 365.2425
_PLACES = 600
_RURAL_SHARE = 0.72  # of people without a survey; as in `synthetic_survey`
_KEPT = (
    *("year", "returned", "left", "years", "policy_year", "rural_subsidy", "hukou_reform"),
    *("growth", "survey_rows"),
)
_REPORTED = (
    *("year", "home_share", "in_city", "in_villages", "returned", "left"),
    *("barred_share", "subsidy_paid"),
)


class CityAndVillage(CityModel):
    """A city of migrants and the villages they come from (options: see README).

    Examples
    --------
    >>> model = CityAndVillage(persons=12, years=1, days_per_year=1, rng=7)
    >>> while model.running:
    ...     model.step()
    >>> model.in_city + model.in_villages
    12
    """

    def __init__(
        self,
        city: City | None = None,
        people: Population | Sequence[Persona] | int | None = None,
        rng: int | np.random.Generator | None = None,
        clock: Clock | None = None,
        *,
        decision: str | Path | ProbabilityModel | MigrationDecision = "rule",
        persons: int = 120,
        villages: int = 12,
        years: int = 10,
        days_per_year: int | None = None,
        rural_subsidy: float = 0.0,
        hukou_reform: float = 0.0,
        policy_year: int = 1,
        city_growth: float = 0.03,
        village_growth: float = 0.03,
        reasons: bool = True,
        survey: SurveyTable | None = None,
        llm: Backend | None = None,
        prompts: Iterable[str] | str = (),
        without: Iterable[str] = (),
        policies: Mapping[str, Policy] | None = None,
        parameters: CityParameters | None = None,
        # Mesa's page looks for this name to know that more arguments are taken.
        **kwargs: object,
    ) -> None:
        _check(persons=persons, villages=villages, years=years)
        _check_policies(rural_subsidy, hukou_reform)
        seed = _seed(rng)
        own = city.parameters if parameters is None and city is not None else parameters
        tree = with_keywords(own, kwargs)
        town = City.synthetic(rng=seed, places=_PLACES, parameters=tree) if city is None else city
        rows = synthetic_survey(persons, seed=seed) if survey is None else survey
        self.years, self.policy_year = years, policy_year
        self.survey_table, self.survey_rows = rows, len(rows)
        self.rural_subsidy, self.hukou_reform = float(rural_subsidy), float(hukou_reform)
        self.growth = {"city": city_growth, "village": village_growth}
        (self.town,), self.villages = invented_map(1, villages, seed=seed)
        everybody = self._people(people, rows, town, seed, tree)
        self.year = self.returned = self.left = 0
        known = (*everybody.citizens, *everybody.villagers)
        self._first_ages = {one.id: one.age for one in known}
        super().__init__(
            town,
            everybody.citizens,
            rng=seed,
            clock=_clock(clock, days_per_year),
            components={
                "migration": HouseholdMigration(
                    PersonaMapping.read(MAPPING, chfs()),
                    self._decision(decision, rows, everybody, tree, reasons=reasons),
                    origins=Origins(
                        city=settlement(self.town, self.town),
                        hometowns=tuple(settlement(one, self.town) for one in self.villages),
                        backgrounds=everybody.backgrounds,
                    ),
                    parameters=tree,
                )
            },
            llm=llm,
            prompts=prompts,
            without=without,
            policies=policies,
            parameters=tree,
            model_reporters={name: name for name in _REPORTED},
        )
        self.migration.keep_away(everybody.villagers)

    def step(self) -> None:
        """Let a step pass; the run ends after its years."""
        self.begin_years()
        super().step()
        self.running = self.elapsed_years < self.years

    def begin_years(self) -> None:
        """Begin the years that have come since the last step: wages, ages and policies."""
        while self.year <= self.elapsed_years:
            self._begin_year()

    def migrate(self) -> None:
        """At midnight, let households decide, and count who moves."""
        before = len(self.migration.moved)
        super().migrate()
        for one in self.migration.moved[before:]:
            if one.destination == CITY:
                self.left += one.people
            else:
                self.returned += one.people

    @property
    def elapsed_years(self) -> int:
        """Whole years since the first day."""
        until = self.clock.stands_until(self.minute // DAY_MIN - 1)
        # A day more, since the days that a year is made of are rounded down.
        return int(((until - self.clock.start).days + 1) / _YEAR_DAYS)

    @property
    def in_city(self) -> int:
        """Number of people who live in the city."""
        return len(self.citizens)

    @property
    def in_villages(self) -> int:
        """Number of people who live in their village."""
        return self.migration.away.people

    @property
    def home_share(self) -> float:
        """Share of people who live in their village, in [0, 1]."""
        return self.in_villages / max(self.in_city + self.in_villages, 1)

    @property
    def subsidy(self) -> float:
        """Subsidy of each person in a village this year, in RMB."""
        return self.rural_subsidy if self.year >= self.policy_year else 0.0

    @property
    def subsidy_paid(self) -> float:
        """Total cost of the subsidy this year, in RMB."""
        return self.subsidy * self.in_villages

    @property
    def barred_share(self) -> float:
        """Share of people in the city without its hukou; 0 if nobody is there."""
        return len(self._barred()) / max(self.in_city, 1)

    def history(self) -> pd.DataFrame:
        """Return shares, numbers, moves so far and cost at the end of each year."""
        collected: Any = self.datacollector
        frame: pd.DataFrame = collected.get_model_vars_dataframe()[list(_REPORTED)]
        return frame.drop_duplicates("year", keep="last").reset_index(drop=True)

    def state(self) -> dict[str, Any]:
        """Return what a save keeps of this model besides what it keeps of every city."""
        places = {
            one.name: [one.wage, one.price, one.growth, list(one.where_km)]
            for one in (self.town, *self.villages)
        }
        own = {name: getattr(self, name) for name in _KEPT}
        return {
            **own,
            "places": places,
            "reference": self._component().decision.parameters.reference,
            "first_ages": [list(one) for one in self._first_ages.items()],
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned.

        Raises
        ------
        DataError
            If the model was made with another number of villages or rows of a survey.
        """
        places = {one.name: one for one in (self.town, *self.villages)}
        if places.keys() != state["places"].keys() or self.survey_rows != state["survey_rows"]:
            message = (
                f"the save has {state['survey_rows']} rows of a survey and "
                f"{len(state['places']) - 1} villages; load it with the same decision, survey or "
                "persons, and villages"
            )
            raise DataError(message)
        for name in _KEPT:
            setattr(self, name, state[name])
        for name, (wage, price, growth, where) in state["places"].items():
            place = places[name]
            place.wage, place.price, place.growth, place.where_km = (
                wage,
                price,
                growth,
                tuple(where),
            )
        component = self._component()
        component.decision = component.decision.with_reference(state["reference"])
        self._first_ages = {int(person): int(age) for person, age in state["first_ages"]}

    def _component(self) -> HouseholdMigration:
        """Return the component that everybody shares."""
        component: Any = self.registration.setup.components["migration"]
        shared: HouseholdMigration = component
        return shared

    def _people(
        self,
        people: Population | Sequence[Persona] | int | None,
        rows: SurveyTable,
        city: City,
        seed: int,
        parameters: CityParameters,
    ) -> People:
        """Return the people of the survey, or those given, who all live in the city at first."""
        if people is None:
            return people_of_survey(
                rows,
                city,
                town=self.town,
                villages=self.villages,
                seed=seed,
                parameters=parameters,
            )
        given = population_of(people, city=city, seed=seed, parameters=parameters)
        backgrounds = backgrounds_of(given, self.villages, seed=seed, rural_share=_RURAL_SHARE)
        return People(tuple(given), (), backgrounds)

    def _decision(
        self,
        decision: str | Path | ProbabilityModel | MigrationDecision,
        rows: SurveyTable,
        everybody: People,
        parameters: CityParameters,
        *,
        reasons: bool,
    ) -> MigrationDecision:
        """Return the decision, with the villages without a subsidy as its reference."""
        made = _decision(decision, rows, parameters)
        if reasons and made.reasons is None:
            made.reasons = reasons_of(made.model, rows)
        if not (people := (*everybody.citizens, *everybody.villagers)):
            return made
        places = {one.name: settlement(one, self.town) for one in self.villages}
        towns = [places[everybody.backgrounds[one.id].hometown] for one in people]
        around = Surroundings(
            city_wage=np.full(len(towns), self.town.wage),
            village_wage=np.array([one.wage for one in towns]),
            city_price=np.full(len(towns), self.town.price),
            subsidy=np.zeros(len(towns)),
            distance_km=np.array([one.distance_km for one in towns]),
        )
        return made.with_reference(float(np.mean(place_utility(around, made.weights))))

    def _begin_year(self) -> None:
        """Begin a year: wages and ages grow, and policies take effect."""
        self.year += 1
        self.returned = self.left = 0
        if self.year > 1:
            for place in (self.town, *self.villages):
                place.grow(self.growth[place.kind], seed=self.run_seed, year=self.year)
            for agent in self.citizens:
                self._grow_older(agent)
        self.migration.city = settlement(self.town, self.town)
        for village in self.villages:
            known = settlement(village, self.town, subsidy=self.subsidy)
            self.migration.hometowns[village.name] = known
        if self.year >= self.policy_year and self.hukou_reform > 0.0:
            self._open_city()

    def _grow_older(self, agent: CityAgent) -> None:
        """Set the age to that at the start plus the years since."""
        # So nothing is counted twice if birthdays are part of the run.
        age = self._first_ages.get(agent.person, agent.age - self.year + 1) + self.year - 1
        self.registration.change(agent, replace(agent.persona, age=age))

    def _open_city(self) -> None:
        """Give the hukou of the city to a random share of those without it (the reform)."""
        barred = self._barred()
        draws = uniforms(self.run_seed, barred, "hukou reform", self.year, 1)[:, 0]
        for person, drawn in zip(barred, draws.tolist(), strict=True):
            if drawn < self.hukou_reform:
                self.migration.change_answers(person, hukou=0.0)

    def _barred(self) -> list[int]:
        """Return the ids of people in the city without its hukou, rising."""
        known = self.migration.backgrounds
        people = sorted(self.residents.by_id)
        return [one for one in people if one in known and known[one].answers.get("hukou") == 1.0]


MODEL = CityAndVillage


def _decision(
    decision: str | Path | ProbabilityModel | MigrationDecision,
    rows: SurveyTable,
    parameters: CityParameters,
) -> MigrationDecision:
    """Return a decision by the rule, fitted to the survey, by a saved model or by another one."""
    if isinstance(decision, MigrationDecision):
        return decision
    if decision == "rule":
        rule = PushPullRule(parameters)
        has_both = set(rows.target.tolist()) == {0, 1}
        return MigrationDecision(parameters, model=rule.fit(rows) if has_both else rule)
    if isinstance(decision, str | Path):
        return MigrationDecision.load(decision, parameters)
    return MigrationDecision(parameters, model=decision)


def _clock(clock: Clock | None, days_per_year: int | None) -> Clock:
    """Return the calendar: every day, or some days of each year, each in one step."""
    if days_per_year is None:
        return clock or Clock()
    if clock is None:
        return SampledClock(days_per_year=days_per_year, step_min=DAY_MIN)
    return SampledClock(
        days_per_year=days_per_year,
        start=clock.start,
        step_min=clock.step_min,
        holidays=clock.holidays,
    )


def _seed(rng: int | np.random.Generator | None) -> int:
    if rng is None or isinstance(rng, np.random.Generator):
        return int(np.random.default_rng(rng).integers(2**32))
    return int(rng)


def _check(**counts: int) -> None:
    for name, count in counts.items():
        if count < 1:
            message = f"{name} must be at least 1, got {count}"
            raise ConfigError(message)


def _check_policies(rural_subsidy: float, hukou_reform: float) -> None:
    if not 0.0 <= rural_subsidy < np.inf:
        message = f"rural_subsidy must be at least 0 RMB a year, got {rural_subsidy}"
        raise ConfigError(message)
    if not 0.0 <= hukou_reform <= 1.0:
        message = f"hukou_reform must be a share in [0, 1] a year, got {hukou_reform}"
        raise ConfigError(message)
