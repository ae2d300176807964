"""The leakage report finds the leakage that was put into a table, and nothing else."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.migration.survey.column import Column
from mesa_llm_city.migration.survey.ground_truth import INTERVIEW_COLUMNS
from mesa_llm_city.migration.survey.leakage import LeakageRules, leakage_report
from mesa_llm_city.migration.survey.planted_leaks import PLANTED_LEAKS, plant_leak
from mesa_llm_city.migration.survey.shipped import chfs
from mesa_llm_city.migration.survey.splitting import split
from mesa_llm_city.migration.survey.synthetic import synthetic_survey
from mesa_llm_city.migration.survey.table import SurveyTable

PLAIN = synthetic_survey(2000, seed=2)
LEAKING = synthetic_survey(2000, seed=2, informative_missingness=True)
QUICK = LeakageRules(permutations=200)


def test_shared_households_are_counted() -> None:
    parts = split(PLAIN, seed=1)
    report = leakage_report(parts.train, parts.test, rules=QUICK)
    here, there = np.asarray(parts.test.group), np.asarray(parts.train.group)
    assert report.shared_households == np.isin(here, there).mean()
    assert 0.3 < report.shared_households < 0.7
    assert report.household_auc > 0.53
    assert "Also report results for a split by household" in str(report)


def test_a_grouped_split_shares_no_household() -> None:
    parts = split(PLAIN, "grouped", seed=1)
    report = leakage_report(parts.train, parts.test, rules=QUICK)
    assert report.shared_households == 0.0
    assert report.household_auc == 0.5
    assert "Also report results for a split by household" not in str(report)


def test_only_informative_missing_values_are_reported() -> None:
    leaking = split(LEAKING, "grouped")
    report = leakage_report(leaking.train, leaking.test, rules=QUICK)
    assert set(report.informative_columns) == set(INTERVIEW_COLUMNS)
    assert all(one.train_auc > 0.6 for one in report.missing if one.is_informative)
    assert "physical_condition" in str(report)
    plain = split(PLAIN, "grouped")
    report = leakage_report(plain.train, plain.test, rules=QUICK)
    assert report.informative_columns == ()
    assert "Missing values of no column predict the label." in str(report)


def test_missing_values_are_counted_in_both_tables() -> None:
    parts = split(PLAIN)
    report = leakage_report(parts.train, parts.test, rules=QUICK)
    wage = next(one for one in report.missing if one.name == "wage")
    assert wage.train_share == parts.train.frame["wage"].isna().mean()
    assert wage.test_share == parts.test.frame["wage"].isna().mean()


def test_a_change_of_sign_is_found_and_chance_is_not() -> None:
    parts = split(PLAIN)
    assert leakage_report(parts.train, parts.test, rules=QUICK).sign_changes == ()
    frame = parts.test.frame.assign(
        age=76.0 - parts.test.frame["age"], gender=1.0 - parts.test.frame["gender"]
    )
    changes = leakage_report(
        parts.train, replace(parts.test, frame=frame), rules=QUICK
    ).sign_changes
    assert changes[0].name == "age"
    assert {"age", "gender: male", "gender: female"} >= {one.name for one in changes}
    assert changes[0].train_auc > 0.5 > changes[0].test_auc


def test_identifiers_are_examined() -> None:
    target = PLAIN.target
    frame = PLAIN.frame.assign(pline=1, track=target, hhead=np.where(target == 1, 1.0, np.nan))
    first = replace(PLAIN, frame=frame, schema=chfs(interview=True))
    second = replace(first, frame=frame.assign(track=1 - target))
    report = leakage_report(first, second, rules=QUICK)
    assert report.informative_columns[0] == "hhead"
    assert [one.name for one in report.sign_changes] == ["track"]
    assert "track" in str(report)


def test_the_report_is_valid_json_with_undefined_numbers() -> None:
    unknown = replace(PLAIN, group=None)
    one_class = unknown.take(unknown.target == 1)
    report = leakage_report(unknown, one_class, rules=QUICK)
    content = json.loads(json.dumps(report.to_dict(), allow_nan=False))
    assert content["shared_households"] is None
    assert content["missing"][0]["test_auc"] is None
    assert content["informative_columns"] == []
    assert "Households are unknown" in str(report)


def test_tables_that_cannot_be_compared_are_an_error() -> None:
    unlabelled = SurveyTable.from_frame(PLAIN.frame, PLAIN.schema, labelled=False)
    other = synthetic_survey(50, seed=1, trajectory=True)
    with pytest.raises(DataError, match=r"test: some labels are unknown"):
        leakage_report(PLAIN, unlabelled)
    with pytest.raises(DataError, match="column trajectory is in one table only"):
        leakage_report(PLAIN, other)
    with pytest.raises(DataError, match="training: it has no rows"):
        leakage_report(PLAIN.take([]), PLAIN)


def claims(train: SurveyTable, test: SurveyTable) -> set[tuple[str, str]]:
    report = leakage_report(train, test, rules=QUICK)
    return {(one.kind, one.column) for one in report.claims}


class TestPlantedLeaks:
    PARTS = split(synthetic_survey(1000, seed=7, trajectory=True), "grouped", seed=7)

    @pytest.mark.parametrize("leak", PLANTED_LEAKS)
    def test_a_planted_leak_is_found_and_nothing_else(self, leak: str) -> None:
        found = claims(*plant_leak(leak, self.PARTS.train, self.PARTS.test, seed=1))
        assert {column for _, column in found} == {PLANTED_LEAKS[leak]}

    def test_nothing_is_claimed_without_a_leak(self) -> None:
        report = leakage_report(self.PARTS.train, self.PARTS.test, rules=QUICK)
        assert report.claims == ()
        assert str(report).startswith("No leak was found.")

    @pytest.mark.slow
    @pytest.mark.parametrize("seed", range(4))
    def test_nothing_is_claimed_in_clean_surveys(self, seed: int) -> None:
        table = synthetic_survey(1000, seed=seed, trajectory=True)
        grouped, random = (split(table, by, seed=seed) for by in ("grouped", "random"))
        assert claims(grouped.train, grouped.test) == set()
        assert claims(random.train, random.test) <= {("households", "")}

    @pytest.mark.slow
    @pytest.mark.parametrize("seed", range(4))
    def test_all_leaks_are_found_together(self, seed: int) -> None:
        parts = split(synthetic_survey(1000, seed=seed), "grouped", seed=seed)
        tables = (parts.train, parts.test)
        # Rows are copied last, with all that was added to them.
        for leak in sorted(PLANTED_LEAKS, key=lambda one: one == "duplicated_rows"):
            tables = plant_leak(leak, *tables, seed=seed)
        assert {column for _, column in claims(*tables)} == set(PLANTED_LEAKS.values())

    def test_an_unknown_leak_is_an_error(self) -> None:
        with pytest.raises(ConfigError, match="there is no leak 'sun'; accepted are label_copy"):
            plant_leak("sun", PLAIN, PLAIN, seed=1)


def test_shared_households_are_claimed_if_their_labels_tell() -> None:
    alike = split(synthetic_survey(2000, seed=3, household_spread=4.0), seed=1)
    assert claims(alike.train, alike.test) == {("households", "")}
    unlike = synthetic_survey(2000, seed=3, household_spread=0.0)
    shuffled = np.random.default_rng(1).permutation(unlike.target)
    parts = split(replace(unlike, target=shuffled), seed=1)
    assert claims(parts.train, parts.test) == set()


@pytest.mark.parametrize("by", ["random", "grouped"])
def test_strong_causes_in_few_rows_are_no_leaks(by: str) -> None:
    """Here nobody below 18 is back, and more debts of returnees are missing in the test rows."""
    parts = split(synthetic_survey(800, seed=117), by, seed=17)  # type: ignore[arg-type]
    assert claims(parts.train, parts.test) <= {("households", "")}


def test_a_column_named_as_the_outcome_is_reported() -> None:
    spec = Column(name="years_returned", kind="number", label="Years")
    schema = replace(PLAIN.schema, columns=(*PLAIN.schema.columns, spec))
    years = np.random.default_rng(1).normal(PLAIN.target, 1.0)
    table = replace(PLAIN, frame=PLAIN.frame.assign(years_returned=years), schema=schema)
    parts = split(table, "grouped", seed=1)
    assert claims(parts.train, parts.test) == {("after_outcome", "years_returned")}
    report = leakage_report(parts.train, parts.test, rules=QUICK)
    assert "its name speaks of the outcome" in str(report)


def test_a_column_flagged_as_measured_afterwards_is_reported() -> None:
    columns = (
        *PLAIN.schema.columns,
        Column(name="x", kind="number", label="X", after_outcome=True),
    )
    noise = np.random.default_rng(1).normal(size=len(PLAIN))
    schema = replace(PLAIN.schema, columns=columns)
    table = replace(PLAIN, frame=PLAIN.frame.assign(x=noise), schema=schema)
    parts = split(table, "grouped", seed=1)
    assert claims(parts.train, parts.test) == {("after_outcome", "x")}
    report = leakage_report(parts.train, parts.test, rules=QUICK)
    assert "measured after the outcome, by the schema; no model is given it" in str(report)


def test_rows_of_one_class_are_said_to_be_so() -> None:
    report = leakage_report(PLAIN, PLAIN.take(PLAIN.target == 1), rules=QUICK)
    assert "The test rows are of one class" in str(report)
