"""The leakage report finds the leakage that was put into a table, and nothing else."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.migration.survey.ground_truth import INTERVIEW_COLUMNS
from mesa_llm_city.migration.survey.leakage import leakage_report
from mesa_llm_city.migration.survey.shipped import chfs
from mesa_llm_city.migration.survey.splitting import split
from mesa_llm_city.migration.survey.synthetic import synthetic_survey
from mesa_llm_city.migration.survey.table import SurveyTable

PLAIN = synthetic_survey(4000, seed=2)
LEAKING = synthetic_survey(4000, seed=2, informative_missingness=True)


def test_shared_households_are_counted() -> None:
    parts = split(PLAIN, seed=1)
    report = leakage_report(parts.train, parts.test)
    here, there = np.asarray(parts.test.group), np.asarray(parts.train.group)
    assert report.shared_households == np.isin(here, there).mean()
    assert 0.3 < report.shared_households < 0.7
    assert report.household_auc > 0.53
    assert "Also report results for a split by households" in str(report)


def test_a_grouped_split_shares_no_household() -> None:
    parts = split(PLAIN, "grouped", seed=1)
    report = leakage_report(parts.train, parts.test)
    assert report.shared_households == 0.0
    assert report.household_auc == 0.5
    assert "Also report results for a split by households" not in str(report)


def test_only_informative_missing_values_are_reported() -> None:
    leaking = split(LEAKING, "grouped")
    report = leakage_report(leaking.train, leaking.test)
    assert set(report.informative_columns) == set(INTERVIEW_COLUMNS)
    assert all(one.train_auc > 0.6 for one in report.missing if one.is_informative)
    assert "physical_condition" in str(report)
    plain = split(PLAIN, "grouped")
    report = leakage_report(plain.train, plain.test)
    assert report.informative_columns == ()
    assert "Missing values of no column predict the label." in str(report)


def test_missing_values_are_counted_in_both_tables() -> None:
    parts = split(PLAIN)
    report = leakage_report(parts.train, parts.test)
    wage = next(one for one in report.missing if one.name == "wage")
    assert wage.train_share == parts.train.frame["wage"].isna().mean()
    assert wage.test_share == parts.test.frame["wage"].isna().mean()


def test_a_change_of_sign_is_found_and_chance_is_not() -> None:
    parts = split(PLAIN)
    assert leakage_report(parts.train, parts.test).sign_changes == ()
    frame = parts.test.frame.assign(
        age=76.0 - parts.test.frame["age"], gender=1.0 - parts.test.frame["gender"]
    )
    changes = leakage_report(parts.train, replace(parts.test, frame=frame)).sign_changes
    assert changes[0].name == "age"
    assert {"age", "gender: male", "gender: female"} >= {one.name for one in changes}
    assert changes[0].train_auc > 0.5 > changes[0].test_auc


def test_identifiers_are_examined() -> None:
    target = PLAIN.target
    frame = PLAIN.frame.assign(pline=1, track=target, hhead=np.where(target == 1, 1.0, np.nan))
    first = replace(PLAIN, frame=frame, schema=chfs(interview=True))
    second = replace(first, frame=frame.assign(track=1 - target))
    report = leakage_report(first, second)
    assert report.informative_columns[0] == "hhead"
    assert [one.name for one in report.sign_changes] == ["track"]
    assert "track" in str(report)


def test_the_report_is_valid_json_with_undefined_numbers() -> None:
    unknown = replace(PLAIN, group=None)
    one_class = unknown.take(unknown.target == 1)
    report = leakage_report(unknown, one_class)
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
