"""Evaluation: figures with intervals, by household, by group, and for programs."""

from __future__ import annotations

import json
from math import isnan
from pathlib import Path
from typing import Self

import numpy as np
import pytest

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.evaluation.evaluation import (
    Estimate,
    Shift,
    _Draws,
    evaluate,
    evaluate_probabilities,
    subgroups_of,
    uses_household_labels,
    without_households,
)
from mesa_llm_city.migration.evaluation.metrics import METRICS, metrics
from mesa_llm_city.migration.survey.synthetic import synthetic_survey
from mesa_llm_city.migration.survey.table import SurveyTable

TABLE = synthetic_survey(400, seed=3)


class Oracle:
    """Knows the label, but is not sure of it."""

    uses_household_labels = True

    def __init__(self, sure: float = 0.8) -> None:
        self.sure = sure

    def fit(self, train: SurveyTable, val: SurveyTable | None = None, /) -> Self:
        del train, val
        return self

    def predict_proba(self, table: SurveyTable, /) -> Float:
        luck = np.random.default_rng(0).random(len(table))
        p = np.where(table.target == 1, self.sure, 1.0 - self.sure) * 0.7 + 0.3 * luck
        return np.column_stack([1.0 - p, p])

    def save(self, folder: str | Path, /) -> None:
        raise NotImplementedError

    @classmethod
    def load(cls, folder: str | Path, /) -> Self:
        raise NotImplementedError


def without_groups(table: SurveyTable) -> SurveyTable:
    return SurveyTable(frame=table.frame, target=table.target, group=None, schema=table.schema)


class TestFigures:
    def test_they_are_those_of_the_metrics_inside_their_intervals(self) -> None:
        told = evaluate(Oracle(), TABLE, bootstrap=200)
        p = Oracle().predict_proba(TABLE)[:, 1]
        assert {name: one.value for name, one in told.metrics.items()} == metrics(TABLE.target, p)
        for name in set(METRICS) - {"ece"}:
            value, low, high = told.metrics[name]
            assert low <= value <= high
        assert told.n == 400
        assert told.uses_household_labels

    def test_the_same_seed_draws_the_same(self) -> None:
        first, again = (evaluate(Oracle(), TABLE, bootstrap=20, seed=5) for _ in "ab")
        assert first.to_dict() == again.to_dict()
        assert first.to_dict() != evaluate(Oracle(), TABLE, bootstrap=20, seed=6).to_dict()

    def test_without_draws_there_are_no_intervals(self) -> None:
        told = evaluate(Oracle(), TABLE, bootstrap=0)
        assert isnan(told.metrics["auc"].low)
        assert told.to_dict()["intervals"]["auc"] is None
        assert "to" not in str(told.metrics["auc"])

    def test_intervals_widen_where_households_answer_as_one(self) -> None:
        """Ten copies of each row tell no more than one."""
        rows = np.repeat(np.arange(100), 10)
        copied = TABLE.take(rows)
        p = Oracle().predict_proba(TABLE)[rows, 1]
        by_household = SurveyTable(
            frame=copied.frame, target=copied.target, group=rows, schema=copied.schema
        )
        wide = evaluate_probabilities(p, by_household, bootstrap=200).metrics["brier"]
        narrow = evaluate_probabilities(p, without_groups(copied), bootstrap=200).metrics["brier"]
        assert wide.high - wide.low > 2.0 * (narrow.high - narrow.low)

    def test_calibration_on_one_half_mends_the_other(self) -> None:
        overconfident = Oracle(1.0)
        p = overconfident.predict_proba(TABLE)[:, 1] ** 4
        told = evaluate_probabilities(p, TABLE, bootstrap=0)
        assert told.calibrated["ece"] < told.metrics["ece"].value

    def test_a_shift_moves_probabilities_but_no_order(self) -> None:
        told = evaluate(Oracle(), TABLE, bootstrap=0)
        moved = evaluate(Oracle(), TABLE, bootstrap=0, shift=Shift(0.4, 0.6))
        assert moved.metrics["auc"].value == pytest.approx(told.metrics["auc"].value)
        assert moved.metrics["brier"].value != told.metrics["brier"].value


class TestDraws:
    def test_whole_households_are_drawn(self) -> None:
        group = np.array(["c", "a", "b", "a", "b", "b"])
        for rows in _Draws(0, 50).rows(6, group):
            counts = np.bincount(rows, minlength=6)
            assert counts[1] == counts[3]
            assert counts[2] == counts[4] == counts[5]

    def test_as_many_households_as_there_are(self) -> None:
        (rows,) = _Draws(0, 1).rows(6, np.arange(6))
        assert len(rows) == 6


class TestSubgroups:
    def test_they_are_both_genders_and_four_bands_of_age(self) -> None:
        told = subgroups_of(TABLE)
        assert list(told) == ["female", "male", "16-27", "28-38", "39-49", "50-60"]
        age = TABLE.frame["age"].to_numpy()
        assert np.all((age[told["28-38"]] >= 28) & (age[told["28-38"]] < 39))

    def test_who_tells_no_age_is_in_no_band(self) -> None:
        bands = [rows for name, rows in subgroups_of(TABLE).items() if "-" in name]
        assert sum(map(len, bands)) == int(TABLE.frame["age"].notna().sum())

    def test_one_gender_alone_is_reported_alone(self) -> None:
        women = TABLE.take(subgroups_of(TABLE)["female"])
        assert "male" not in subgroups_of(women)


class TestReport:
    def test_programs_find_the_metrics_and_n_at_the_top(self) -> None:
        told = evaluate(Oracle(), TABLE, bootstrap=20)
        read = json.loads(json.dumps(told.to_dict(), allow_nan=False))
        assert {*METRICS, "n", "protocol", "subgroups", "calibrated"} <= set(read)
        assert read["n"] == 400
        assert read["subgroups"]["male"]["n"] > 0

    def test_people_find_a_line_for_each_and_a_warning(self) -> None:
        told = str(evaluate(Oracle(), TABLE, protocol="grouped", bootstrap=20))
        assert "protocol   grouped" in told
        assert "AUC " in told
        assert "is told labels of other members" in told

    def test_what_is_undefined_says_so(self) -> None:
        nan = float("nan")
        assert str(Estimate(nan, nan, nan)) == "undefined"


class TestBadInput:
    def test_labels_of_one_class_are_refused(self) -> None:
        with pytest.raises(DataError, match=r"evaluation rows have the labels \[1\]"):
            evaluate(Oracle(), TABLE.take(TABLE.target == 1))

    @pytest.mark.parametrize("p", [np.full(400, 2.0), np.full(400, np.nan), np.full(3, 0.5)])
    def test_what_is_no_probability_is_refused(self, p: Float) -> None:
        with pytest.raises(DataError, match=r"one in \[0, 1\] is needed for each row"):
            evaluate_probabilities(p, TABLE)

    def test_a_negative_number_of_draws_is_refused(self) -> None:
        with pytest.raises(ConfigError, match="bootstrap must not be negative"):
            evaluate(Oracle(), TABLE, bootstrap=-1)


class TestHouseholds:
    def test_nobody_of_a_household_held_out_is_left(self) -> None:
        train, val = TABLE.take(np.arange(200)), TABLE.take(np.arange(150, 400))
        left = without_households(train, val)
        assert val.group is not None
        assert left.group is not None
        assert 0 < len(left) < 150
        assert not set(left.group.tolist()) & set(val.group.tolist())

    def test_without_households_there_is_no_grouped_protocol(self) -> None:
        with pytest.raises(DataError, match="needs households"):
            without_households(without_groups(TABLE), TABLE)
        with pytest.raises(DataError, match="every training row shares its household"):
            without_households(TABLE, TABLE)

    def test_a_model_that_says_nothing_is_told_no_labels(self) -> None:
        assert not uses_household_labels(object())
