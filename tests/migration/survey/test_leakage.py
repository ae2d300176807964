"""The report of what a table gives away finds what was planted, and nothing else."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.migration.survey.ground_truth import SKIPPED
from mesa_llm_city.migration.survey.leakage import leakage_report
from mesa_llm_city.migration.survey.schema import chfs
from mesa_llm_city.migration.survey.splitting import split
from mesa_llm_city.migration.survey.synthetic import synthetic_survey
from mesa_llm_city.migration.survey.table import SurveyTable

PLAIN = synthetic_survey(4000, seed=2)
TRAP = synthetic_survey(4000, seed=2, missingness_tells=True)


def test_households_astride_are_counted() -> None:
    told = split(PLAIN, seed=1)
    report = leakage_report(told.train, told.test)
    here, there = np.asarray(told.test.group), np.asarray(told.train.group)
    assert report.astride == np.isin(here, there).mean()
    assert 0.3 < report.astride < 0.7
    assert report.household_auc > 0.53
    assert "Report a split by households" in str(report)


def test_a_grouped_split_has_nobody_astride() -> None:
    told = split(PLAIN, "grouped", seed=1)
    report = leakage_report(told.train, told.test)
    assert report.astride == 0.0
    assert report.household_auc == 0.5
    assert "Report a split by households" not in str(report)


def test_telling_blanks_are_named_and_others_are_not() -> None:
    trap = split(TRAP, "grouped")
    report = leakage_report(trap.train, trap.test)
    assert set(report.telling) == set(SKIPPED)
    assert all(one.train_auc > 0.6 for one in report.missing if one.tells)
    assert "physical_condition" in str(report)
    plain = split(PLAIN, "grouped")
    report = leakage_report(plain.train, plain.test)
    assert report.telling == ()
    assert "No column tells the label by its blanks." in str(report)


def test_blanks_are_counted_on_both_sides() -> None:
    told = split(PLAIN)
    report = leakage_report(told.train, told.test)
    wage = next(one for one in report.missing if one.name == "wage")
    assert wage.train_share == told.train.frame["wage"].isna().mean()
    assert wage.test_share == told.test.frame["wage"].isna().mean()


def test_a_value_that_changes_sides_is_found_and_chance_is_not() -> None:
    told = split(PLAIN)
    assert leakage_report(told.train, told.test).flips == ()
    frame = told.test.frame.assign(
        age=76.0 - told.test.frame["age"], gender=1.0 - told.test.frame["gender"]
    )
    flips = leakage_report(told.train, replace(told.test, frame=frame)).flips
    assert flips[0].name == "age"
    assert {"age", "gender: male", "gender: female"} >= {flip.name for flip in flips}
    assert flips[0].train_auc > 0.5 > flips[0].test_auc


def test_notes_of_the_interview_are_looked_at() -> None:
    target = PLAIN.target
    frame = PLAIN.frame.assign(pline=1, track=target, hhead=np.where(target == 1, 1.0, np.nan))
    first = replace(PLAIN, frame=frame, schema=chfs(interview=True))
    second = replace(first, frame=frame.assign(track=1 - target))
    report = leakage_report(first, second)
    assert report.telling[0] == "hhead"
    assert [flip.name for flip in report.flips] == ["track"]
    assert "track" in str(report)


def test_it_is_valid_json_even_where_nothing_is_defined() -> None:
    unknown = replace(PLAIN, group=None)
    one_class = unknown.take(unknown.target == 1)
    report = leakage_report(unknown, one_class)
    told = json.loads(json.dumps(report.to_dict(), allow_nan=False))
    assert told["astride"] is None
    assert told["missing"][0]["test_auc"] is None
    assert told["telling"] == []
    assert "Households are unknown" in str(report)


def test_tables_that_cannot_be_compared_are_refused() -> None:
    unlabelled = SurveyTable.from_frame(PLAIN.frame, PLAIN.schema, labelled=False)
    other = synthetic_survey(50, seed=1, trajectory=True)
    with pytest.raises(DataError, match=r"test: some labels are unknown"):
        leakage_report(PLAIN, unlabelled)
    with pytest.raises(DataError, match="column trajectory is in one table only"):
        leakage_report(PLAIN, other)
    with pytest.raises(DataError, match="training: it has no rows"):
        leakage_report(PLAIN.take([]), PLAIN)
