"""A policy on the people of a survey: who gains or loses an outcome, by a rule or a model."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import mesa
import numpy as np
from mesa_llm_city.models.survey_policy.agents import Respondent

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.migration.decision import MigrationDecision
from mesa_llm_city.migration.models.base import ProbabilityModel
from mesa_llm_city.migration.models.expectation_rule import ExpectationRule
from mesa_llm_city.migration.policy.lever import apply_levers, read_levers
from mesa_llm_city.migration.survey.sampling import draw_people
from mesa_llm_city.migration.survey.shipped import read_schema
from mesa_llm_city.migration.survey.table import SurveyTable, read_survey
from mesa_llm_city.parameters import CityParameters, with_keywords

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SurveyPolicy"]

_REPORTED = ("year", "share", "gained", "lost", "reached_share")


class SurveyPolicy(mesa.Model):
    """People of a survey, some of whom gain or lose an outcome each year (options: see README).

    Every parameter can be given by its dotted name, as ``mesa.batch_run`` does, such as
    ``**{"migration.decision.years_at_risk": 8.0}``.
    """

    def __init__(
        self,
        survey: SurveyTable | str | Path,
        decision: str | Path | ProbabilityModel | MigrationDecision = "rule",
        *,
        schema: str | Path | None = None,
        levers: str | Sequence[str] = (),
        reach: float = 1.0,
        years: int = 10,
        policy_year: int = 1,
        ageing: str | None = "age",
        persons: int | None = None,
        rng: int | None = None,
        parameters: CityParameters | None = None,
        # Mesa's page looks for this name to know that more arguments are taken.
        **kwargs: object,
    ) -> None:
        super().__init__(rng=rng)
        _check(reach, years)
        # One seed for all random streams, so that runs with two policies have common draws.
        self.run_seed = int(self.rng.integers(2**32))
        self.years, self.policy_year = years, policy_year
        rows = _rows(survey, schema)
        self.table = rows if persons is None else draw_people(rows, persons, seed=self.run_seed)
        self.has_outcome = self.table.target == 1
        self.levers = read_levers(levers, self.table.schema)
        drawn = uniforms(self.run_seed, np.arange(len(self.table)), "reach", 0, 1)[:, 0]
        self.is_reached = drawn < reach
        known = {column.name for column in self.table.schema.inputs}
        self.ageing = ageing if ageing in known else None
        tree = with_keywords(parameters, kwargs)
        # The rule is fitted to the survey, not to the people that were drawn from it.
        self.decision = _decision(decision, rows, tree)
        self.gained = self.lost = 0
        Respondent.create_agents(self, len(self.table), list(range(len(self.table))))
        self.datacollector = mesa.DataCollector({name: name for name in _REPORTED})

    @property
    def year(self) -> int:
        """Years since the start."""
        return int(self.steps)

    @property
    def share(self) -> float:
        """Weighted share of people with the outcome, in [0, 1]."""
        return float(np.average(self.has_outcome, weights=self.table.weight))

    @property
    def is_on(self) -> bool:
        """Whether the policy is in force."""
        return bool(self.levers) and self.year >= self.policy_year

    @property
    def reached_share(self) -> float:
        """Weighted share of people whom the policy reaches this year."""
        return float(np.average(self.is_reached & self.is_on, weights=self.table.weight))

    def step(self) -> None:
        """Simulate one year: people age, and the outcome of some changes."""
        if self.ageing is not None:
            older = self.table.frame[self.ageing] + 1.0
            self.table = replace(self.table, frame=self.table.frame.assign(**{self.ageing: older}))
        decided = self.decision.decide(
            self.rows_now(),
            ids=np.arange(len(self.table)),
            seed=self.run_seed,
            step=self.year,
            is_home=self.has_outcome,
        )
        self.has_outcome = (self.has_outcome | decided.is_returning) & ~decided.is_leaving
        self.gained = int(np.count_nonzero(decided.is_returning))
        self.lost = int(np.count_nonzero(decided.is_leaving))
        self.datacollector.collect(self)
        self.running = self.year < self.years

    def rows_now(self) -> SurveyTable:
        """Return everybody as a row of the survey, under the policy if it is in force."""
        if not self.is_on:
            return self.table
        return apply_levers(self.table, self.levers, self.is_reached)

    def history(self) -> pd.DataFrame:
        """Return year, share, number who gained and lost the outcome, and share reached."""
        history: pd.DataFrame = self.datacollector.get_model_vars_dataframe()
        return history

    def digest(self) -> str:
        """Return a fingerprint of the history and of everybody's outcome."""
        content = [self.history().to_numpy().tolist(), self.has_outcome.tolist()]
        return sha256(json.dumps(content).encode()).hexdigest()


def _rows(survey: SurveyTable | str | Path, schema: str | Path | None) -> SurveyTable:
    if isinstance(survey, SurveyTable):
        return survey
    if schema is None:
        message = f"the survey is the file {survey}; give schema, its description, as well"
        raise ConfigError(message)
    return read_survey(survey, read_schema(schema))


def _decision(
    decision: str | Path | ProbabilityModel | MigrationDecision,
    rows: SurveyTable,
    parameters: CityParameters,
) -> MigrationDecision:
    """Return a decision by the rule, by a saved model with its horizons, or by another model."""
    if isinstance(decision, MigrationDecision):
        return decision
    if decision == "rule":
        return MigrationDecision(parameters, model=ExpectationRule(parameters).fit(rows))
    if isinstance(decision, str | Path):
        return MigrationDecision.load(decision, parameters)
    return MigrationDecision(parameters, model=decision)


def _check(reach: float, years: int) -> None:
    if not 0.0 <= reach <= 1.0:
        message = f"reach must be a share in [0, 1], got {reach}"
        raise ConfigError(message)
    if years < 1:
        message = f"years must be at least 1, got {years}"
        raise ConfigError(message)
