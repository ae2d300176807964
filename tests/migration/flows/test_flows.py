"""Calibration of a decision to observed flows, and drift of the share at home."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.decision import MigrationDecision
from mesa_llm_city.migration.flows.calibration import FlowCalibration
from mesa_llm_city.migration.flows.drift import drift, sensitivity
from mesa_llm_city.migration.flows.grouping import Grouping, band_start
from mesa_llm_city.migration.flows.rates import read_rates
from mesa_llm_city.migration.flows.sample import Sample
from mesa_llm_city.migration.flows.solving import calibrate_flows
from mesa_llm_city.migration.hazards import moving_risks
from mesa_llm_city.migration.survey.column import Column
from mesa_llm_city.migration.survey.schema import Schema
from mesa_llm_city.migration.survey.table import SurveyTable
from tests.migration.schemas import binary_schema

AGE = Column(name="age", kind="number", label="Age", unit="years")
REGION = Column(name="region", kind="category", label="Region", codes={"n": "north", "s": "south"})


class Probability:
    """A model whose probability is a hundredth of the age."""

    def predict_proba(self, table: SurveyTable) -> Float:
        p = table.frame["age"].to_numpy(dtype=np.float64) / 100.0
        return np.column_stack([1.0 - p, p])


def people(
    ages: list[float],
    labels: list[int],
    *,
    flow_years: float | None = None,
    weight: list[float] | None = None,
    group: list[int] | None = None,
) -> SurveyTable:
    plain = binary_schema(features=(AGE, REGION), group=None if group is None else "hhid")
    outcome = plain.outcome
    if flow_years is not None:
        outcome = replace(outcome, window="flow", years=flow_years)
    regions = [float(row % 2) for row in range(len(ages))]
    return SurveyTable(
        frame=pd.DataFrame({"age": ages, "region": regions}),
        target=np.array(labels, dtype=np.int8),
        group=None if group is None else np.array(group),
        schema=Schema(columns=plain.columns, outcome=outcome),
        weight=None if weight is None else np.array(weight),
    )


class TestRisks:
    def test_a_flow_is_converted_by_the_length_of_its_period(self) -> None:
        # Two years with a risk of one half each leave a quarter.
        risks = moving_risks([0.75], years_at_risk=2.0, years_at_home=1.0, flow_years=2.0)
        assert risks.returning.tolist() == pytest.approx([0.5])
        # After two years at risk, .75 are back; of the others as many leave in one year.
        assert risks.leaving.tolist() == pytest.approx([0.25])

    def test_a_flow_of_half_a_year_has_a_higher_yearly_risk(self) -> None:
        risks = moving_risks([0.5], years_at_risk=1.0, years_at_home=1.0, flow_years=0.5)
        assert risks.returning.tolist() == pytest.approx([0.75])

    def test_a_decision_reads_stock_or_flow_from_the_schema(self) -> None:
        for years, risk in ((None, 1.0 - 0.25**0.1), (2.0, 0.5)):
            table = people([75.0], [-1], flow_years=years)
            decided = MigrationDecision(model=Probability()).decide(table, ids=[0], seed=1, step=0)
            assert decided.hazard.tolist() == pytest.approx([risk])

    def test_a_flow_without_a_period_is_an_error(self) -> None:
        with pytest.raises(ConfigError, match="more than 0 years, got 0"):
            moving_risks([0.5], years_at_risk=1.0, years_at_home=1.0, flow_years=0.0)


class TestCalibration:
    def test_the_horizon_gives_the_rate_of_those_away(self) -> None:
        # Only the first is away: 1 - (1 - .75) ** (1 / 2) = .5.
        found = calibrate_flows(Probability(), people([75.0, 20.0], [0, 1]), 0.5)
        assert found.years_at_risk == pytest.approx(2.0)
        assert found.intercept == 0.0

    def test_weights_count_as_persons(self) -> None:
        weighted = people([75.0, 40.0], [0, 0], weight=[3.0, 1.0])
        copied = people([75.0, 75.0, 75.0, 40.0], [0] * 4)
        first, second = (calibrate_flows(Probability(), one, 0.1) for one in (weighted, copied))
        assert first.years_at_risk == pytest.approx(second.years_at_risk)

    def test_a_rate_that_no_horizon_reaches_is_reached_by_an_intercept_and_said(self) -> None:
        table = people([20.0, 30.0], [0, 0])
        found = calibrate_flows(Probability(), table, 0.9)
        decided = MigrationDecision(model=Probability(), calibration=found).decide(
            table, ids=[0, 1], seed=1, step=0
        )
        assert found.years_at_risk == 1.0
        assert decided.hazard.mean() == pytest.approx(0.9)
        assert "intercept is raised" in found.notes[0]

    def test_a_flow_is_reached_by_an_intercept(self) -> None:
        table = people([20.0, 30.0], [1, 0], flow_years=2.0)
        found = calibrate_flows(Probability(), table, 0.05)
        decided = MigrationDecision(model=Probability(), calibration=found).decide(
            table, ids=[0, 1], seed=1, step=0
        )
        assert decided.hazard.mean() == pytest.approx(0.05)

    def test_groups_have_the_rates_that_were_observed(self, tmp_path: Path) -> None:
        file = tmp_path / "rates.csv"
        file.write_text("region,age,rate\nn,16-39,0.02\ns,16-39,0.04\ns,40+,0.08\n")
        table = people([20.0, 30.0, 25.0, 60.0, 35.0, 50.0], [0] * 6)
        groups, rates = read_rates(file, table.schema)
        found = calibrate_flows(Probability(), table, by=groups, rates=rates)
        decided = MigrationDecision(model=Probability(), calibration=found).decide(
            table, ids=range(6), seed=1, step=0
        )
        assert decided.hazard[[0, 2, 4]].mean() == pytest.approx(0.02)
        assert decided.hazard[[1]].mean() == pytest.approx(0.04)
        assert decided.hazard[[3, 5]].mean() == pytest.approx(0.08)

    def test_without_rates_of_groups_their_shares_are_those_observed(self) -> None:
        table = people([20.0, 30.0] * 4, [0, 1, 0, 0, 1, 0, 0, 0])
        found = calibrate_flows(Probability(), table, 0.03, by=["region"])
        odds = np.log(np.array([0.2, 0.3]) / np.array([0.8, 0.7]))
        wanted = np.log(0.25 / 0.75) - odds
        assert list(found.intercepts) == ["region=n", "region=s"]
        assert list(found.intercepts.values()) == pytest.approx(wanted.tolist())

    def test_a_leaving_rate_gives_the_horizon_of_leaving(self) -> None:
        # The person at home is away with probability .75.
        found = calibrate_flows(Probability(), people([50.0, 25.0], [0, 1]), 0.1, leaving_rate=0.5)
        assert found.years_at_home == pytest.approx(2.0)

    def test_a_saved_calibration_is_read_by_the_decision(self, tmp_path: Path) -> None:
        found = calibrate_flows(
            Probability(), people([75.0, 40.0], [0, 1]), 0.1, by=Grouping(columns=("region",))
        )
        found.save(tmp_path)
        read = MigrationDecision(model=Probability(), calibration=tmp_path).calibration
        assert read == found
        (tmp_path / "flows.json").write_text('{"kind": "other", "format": 1}')
        with pytest.raises(DataError, match="no calibration of flows"):
            FlowCalibration.load(tmp_path)

    @pytest.mark.parametrize(
        ("options", "match"),
        [
            ({}, "give rate"),
            ({"rate": 1.5}, "rate must be above 0 and below 1, got 1.5"),
            ({"rates": {"region=n": 0.1}}, "need by"),
            ({"rate": 0.1, "leaving_rate": 0.0}, "leaving_rate must be above 0"),
        ],
    )
    def test_wrong_options_are_errors_in_words(self, options: dict[str, Any], match: str) -> None:
        with pytest.raises(ConfigError, match=match):
            calibrate_flows(Probability(), people([50.0], [0]), **options)

    def test_if_nobody_is_away_the_rate_is_unknown(self) -> None:
        with pytest.raises(DataError, match="fewer than 1 of"):
            calibrate_flows(Probability(), people([50.0, 40.0], [1, 1]), 0.1)


class TestDrift:
    TABLE = people([30.0, 40.0, 50.0, 60.0] * 5, [0, 0, 1, 1] * 4 + [0, 1, 0, 0])

    def test_the_calibrated_flows_keep_the_share_for_40_years(self) -> None:
        found = calibrate_flows(Probability(), self.TABLE, 0.03)
        run = drift(Probability(), self.TABLE, found)
        assert run.is_kept
        assert run.fixed[-1] == pytest.approx(run.fixed[0], abs=0.01)

    def test_flows_that_do_not_balance_are_told(self) -> None:
        run = drift(
            Probability(), self.TABLE, FlowCalibration(years_at_risk=10.0, years_at_home=90.0)
        )
        assert not run.is_kept
        assert "The flows do not balance" in str(run)

    def test_a_flow_starts_at_the_share_at_which_it_stays(self) -> None:
        table = people([10.0, 30.0], [0, 1], flow_years=1.0)
        flows = FlowCalibration(years_at_risk=10.0, years_at_home=20.0)
        run = drift(Probability(), table, flows)
        assert run.fixed.tolist() == pytest.approx([run.fixed[0]] * 41)
        assert 0.0 < run.fixed[0] < 1.0

    def test_drift_by_age_is_told_with_its_reason(self) -> None:
        found = calibrate_flows(Probability(), self.TABLE, 0.03)
        run = drift(Probability(), self.TABLE, found, age="age")
        assert not run.is_kept
        assert "No horizon prevents this drift" in str(run)
        assert "after 60 nobody changes" in str(run)

    def test_a_share_worked_by_hand(self) -> None:
        # p is a half and horizons are a year: half of those away return, half at home leave.
        run = drift(
            Probability(),
            people([50.0], [0]),
            FlowCalibration(years_at_risk=1.0, years_at_home=1.0),
            years=2,
        )
        assert run.fixed.tolist() == pytest.approx([0.0, 0.5, 0.5])

    def test_longer_horizons_have_lower_rates_and_lower_shares(self) -> None:
        found = calibrate_flows(Probability(), self.TABLE, 0.03)
        rows = sensitivity(Sample.of(Probability(), self.TABLE), found)
        assert rows[2].yearly_rate == pytest.approx(0.03)
        assert all(np.diff([row.yearly_rate for row in rows]) < 0.0)
        assert all(np.diff([row.share for row in rows]) < 0.0)

    def test_members_of_a_household_decide_together(self) -> None:
        table = people([20.0, 80.0], [0, 0], group=[1, 1])
        found = calibrate_flows(Probability(), table, 0.5, pooled=True)
        assert found.years_at_risk == pytest.approx(1.0)


class TestGroups:
    def test_bands_of_numbers_are_read(self) -> None:
        assert [band_start(one) for one in ("16-29", "45+", "-5-0", "7")] == [16, 45, -5, 7]
        with pytest.raises(DataError, match="'young' is no band of numbers"):
            band_start("young")

    def test_missing_and_younger_people_are_groups_of_their_own(self) -> None:
        grouping = Grouping(columns=("age",), starts={"age": (16.0, 30.0)})
        table = people([10.0, 16.0, 30.0, np.nan], [0] * 4)
        assert grouping.keys_of(table) == (
            *("age=under 16", "age=16 to 30", "age=30+", "age=missing"),
        )

    def test_groups_may_be_named_by_codes_or_by_their_labels(self, tmp_path: Path) -> None:
        file = tmp_path / "rates.csv"
        file.write_text("region,rate\nnorth,0.1\ns,0.2\n")
        schema = people([1.0], [0]).schema
        assert read_rates(file, schema).rates == {"region=n": 0.1, "region=s": 0.2}
        file.write_text("region,rate\nwest,0.1\n")
        with pytest.raises(DataError, match="the code 'west' of region; it has north, south, n, s"):
            read_rates(file, schema)

    def test_a_group_given_twice_is_an_error(self, tmp_path: Path) -> None:
        file = tmp_path / "rates.csv"
        file.write_text("region,rate\nn,0.1\nn,0.2\n")
        with pytest.raises(DataError, match="region=n more than once"):
            read_rates(file, people([1.0], [0]).schema)
