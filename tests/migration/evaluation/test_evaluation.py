"""Evaluation: metrics with intervals, by household, by group, and for JSON."""

from __future__ import annotations

import json
from dataclasses import replace
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
    _Bootstrap,
    evaluate,
    evaluate_probabilities,
    subgroups_of,
    uses_household_labels,
    without_households,
)
from mesa_llm_city.migration.evaluation.metrics import METRICS, metrics
from mesa_llm_city.migration.evaluation.protocol import SeenRowsWarning
from mesa_llm_city.migration.models.tabular import TabularModel
from mesa_llm_city.migration.models.training_rows import TrainingRows
from mesa_llm_city.migration.survey.splitting import split
from mesa_llm_city.migration.survey.synthetic import synthetic_survey
from mesa_llm_city.migration.survey.table import SurveyTable

TABLE = synthetic_survey(400, seed=3)


class Oracle:
    """A model that knows the label, with some noise."""

    uses_household_labels = True

    def __init__(self, sure: float = 0.8) -> None:
        self.sure = sure

    def fit(self, train: SurveyTable, val: SurveyTable | None = None, /) -> Self:
        del train, val
        return self

    def predict_proba(self, table: SurveyTable, /) -> Float:
        noise = np.random.default_rng(0).random(len(table))
        p = np.where(table.target == 1, self.sure, 1.0 - self.sure) * 0.7 + 0.3 * noise
        return np.column_stack([1.0 - p, p])

    def save(self, folder: str | Path, /) -> None:
        raise NotImplementedError

    @classmethod
    def load(cls, folder: str | Path, /) -> Self:
        raise NotImplementedError


def without_groups(table: SurveyTable) -> SurveyTable:
    return SurveyTable(frame=table.frame, target=table.target, group=None, schema=table.schema)


class TestMetrics:
    def test_values_are_those_of_the_metrics_and_inside_their_intervals(self) -> None:
        result = evaluate(Oracle(), TABLE, bootstrap=200)
        p = Oracle().predict_proba(TABLE)[:, 1]
        assert {name: one.value for name, one in result.metrics.items()} == metrics(TABLE.target, p)
        for name in set(METRICS) - {"ece"}:
            value, low, high = result.metrics[name]
            assert low <= value <= high
        assert result.n == 400
        assert result.uses_household_labels

    def test_equal_seeds_give_equal_intervals(self) -> None:
        first, again = (evaluate(Oracle(), TABLE, bootstrap=20, seed=5) for _ in "ab")
        assert first.to_dict() == again.to_dict()
        assert first.to_dict() != evaluate(Oracle(), TABLE, bootstrap=20, seed=6).to_dict()

    def test_without_bootstrap_there_are_no_intervals(self) -> None:
        result = evaluate(Oracle(), TABLE, bootstrap=0)
        assert isnan(result.metrics["auc"].low)
        assert result.to_dict()["intervals"]["auc"] is None
        assert "to" not in str(result.metrics["auc"])

    @pytest.mark.slow
    def test_intervals_are_wider_if_household_members_are_equal(self) -> None:
        """Ten copies of each row have no more information than one."""
        rows = np.repeat(np.arange(100), 10)
        copied = TABLE.take(rows)
        p = Oracle().predict_proba(TABLE)[rows, 1]
        by_household = SurveyTable(
            frame=copied.frame, target=copied.target, group=rows, schema=copied.schema
        )
        wide = evaluate_probabilities(p, by_household, bootstrap=200).metrics["brier"]
        narrow = evaluate_probabilities(p, without_groups(copied), bootstrap=200).metrics["brier"]
        assert wide.high - wide.low > 2.0 * (narrow.high - narrow.low)

    def test_calibration_on_one_half_improves_the_other(self) -> None:
        overconfident = Oracle(1.0)
        p = overconfident.predict_proba(TABLE)[:, 1] ** 4
        result = evaluate_probabilities(p, TABLE, bootstrap=0)
        assert result.calibrated["ece"] < result.metrics["ece"].value

    def test_a_shift_changes_probabilities_but_not_their_order(self) -> None:
        result = evaluate(Oracle(), TABLE, bootstrap=0)
        moved = evaluate(Oracle(), TABLE, bootstrap=0, shift=Shift(0.4, 0.6))
        assert moved.metrics["auc"].value == pytest.approx(result.metrics["auc"].value)
        assert moved.metrics["brier"].value != result.metrics["brier"].value


class TestBootstrap:
    def test_whole_households_are_drawn(self) -> None:
        group = np.array(["c", "a", "b", "a", "b", "b"])
        for rows in _Bootstrap(0, 50).rows(6, group):
            counts = np.bincount(rows, minlength=6)
            assert counts[1] == counts[3]
            assert counts[2] == counts[4] == counts[5]

    def test_a_sample_has_as_many_households_as_the_table(self) -> None:
        (rows,) = _Bootstrap(0, 1).rows(6, np.arange(6))
        assert len(rows) == 6


class TestSubgroups:
    def test_groups_are_both_genders_and_four_bands_of_age(self) -> None:
        groups = subgroups_of(TABLE)
        assert list(groups) == ["female", "male", "16-27", "28-38", "39-49", "50-60"]
        age = TABLE.frame["age"].to_numpy()
        assert np.all((age[groups["28-38"]] >= 28) & (age[groups["28-38"]] < 39))

    def test_a_row_without_an_age_is_in_no_band(self) -> None:
        bands = [rows for name, rows in subgroups_of(TABLE).items() if "-" in name]
        assert sum(map(len, bands)) == int(TABLE.frame["age"].notna().sum())

    def test_groups_without_rows_are_left_out(self) -> None:
        women = TABLE.take(subgroups_of(TABLE)["female"])
        assert "male" not in subgroups_of(women)


class TestReport:
    def test_json_has_metrics_and_number_of_rows_at_the_top(self) -> None:
        result = evaluate(Oracle(), TABLE, bootstrap=20)
        read = json.loads(json.dumps(result.to_dict(), allow_nan=False))
        assert {*METRICS, "n", "protocol", "subgroups", "calibrated"} <= set(read)
        assert read["n"] == 400
        assert read["subgroups"]["male"]["n"] > 0

    def test_the_text_has_a_line_for_each_metric_and_a_warning(self) -> None:
        text = str(evaluate(Oracle(), TABLE, protocol="grouped", bootstrap=20))
        assert "WARNING    The model carries no fingerprints of its rows" in text
        assert "protocol   unknown (no fingerprints of training rows)" in text
        assert "AUC " in text
        assert "Labels of other rows of the household" in text

    def test_groups_are_called_as_the_schema_calls_them(self) -> None:
        columns = tuple(
            replace(one, label="Employer") if one.kind == "group" else one
            for one in TABLE.schema.columns
        )
        table = replace(TABLE, schema=replace(TABLE.schema, columns=columns))
        text = str(evaluate(Oracle(), table, bootstrap=20))
        assert "groups by employer" in text
        assert "Labels of other rows of the employer" in text
        assert "household" not in text

    def test_an_undefined_metric_is_written_as_such(self) -> None:
        nan = float("nan")
        assert str(Estimate(nan, nan, nan)) == "undefined"


class TestBadInput:
    def test_unknown_labels_and_no_rows_are_an_error(self) -> None:
        unknown = replace(TABLE, target=np.where(TABLE.target == 1, -1, 0).astype(np.int8))
        with pytest.raises(DataError, match=r"of the 400 rows to evaluate have no label"):
            evaluate(Oracle(), unknown)
        with pytest.raises(DataError, match="give at least one row"):
            evaluate(Oracle(), TABLE.take([]))

    @pytest.mark.parametrize("p", [np.full(400, 2.0), np.full(400, np.nan), np.full(3, 0.5)])
    def test_numbers_that_are_no_probabilities_are_an_error(self, p: Float) -> None:
        with pytest.raises(DataError, match=r"one number in \[0, 1\] is needed for each row"):
            evaluate_probabilities(p, TABLE)

    def test_a_negative_number_of_samples_is_an_error(self) -> None:
        with pytest.raises(ConfigError, match="bootstrap must not be negative"):
            evaluate(Oracle(), TABLE, bootstrap=-1)


class TestProtocol:
    TRAIN, VAL, TEST = split(TABLE, "grouped", seed=1)
    BY_ROW = split(TABLE, "random", seed=1)

    def test_rows_that_were_seen_are_warned_of(self) -> None:
        rows = TrainingRows.of(self.TRAIN, self.VAL)
        with pytest.warns(SeenRowsWarning, match=r"100.0% of the rows were training rows"):
            result = evaluate(Oracle(), self.TRAIN, training_rows=rows, bootstrap=0)
        assert result.protocol == "seen"
        assert result.to_dict()["warnings"]

    @pytest.mark.parametrize(
        ("claim", "name"), [(None, "grouped"), ("grouped", "grouped"), ("given", "given")]
    )
    def test_a_claim_of_less_than_is_found_is_kept(self, claim: str | None, name: str) -> None:
        rows = TrainingRows.of(self.TRAIN, self.VAL)
        result = evaluate(Oracle(), self.TEST, protocol=claim, training_rows=rows, bootstrap=0)
        assert result.protocol == name
        assert result.checked.warnings == ()

    def test_a_claim_of_more_than_is_found_is_corrected(self) -> None:
        rows = TrainingRows.of(self.BY_ROW.train)
        table = self.BY_ROW.test
        result = evaluate(Oracle(), table, protocol="grouped", training_rows=rows, bootstrap=0)
        assert result.protocol == "given"
        assert "The protocol is given, not grouped as was said" in str(result)

    def test_a_model_with_fingerprints_needs_no_claim(self) -> None:
        model = TabularModel("base_rate").fit(self.TRAIN, self.VAL)
        assert evaluate(model, self.TEST, bootstrap=0).protocol == "grouped"

    def test_probabilities_without_a_model_are_of_an_unknown_protocol(self) -> None:
        p = np.full(len(TABLE), 0.5)
        result = evaluate_probabilities(p, TABLE, protocol="given", bootstrap=0)
        assert result.protocol == "unknown"
        assert result.to_dict()["claimed_protocol"] == "given"

    def test_an_unknown_claim_is_an_error(self) -> None:
        with pytest.raises(ConfigError, match="protocol must be one of given, grouped, got 'new'"):
            evaluate(Oracle(), TABLE, protocol="new")


class TestOneClass:
    def test_what_is_not_defined_is_said(self) -> None:
        result = evaluate(Oracle(), TABLE.take(TABLE.target == 1), bootstrap=10)
        assert isnan(result.metrics["auc"].value)
        assert result.metrics["recall"].value > 0.9
        assert result.notes[0].startswith("all rows: one class, all")
        assert "AUC is not defined" in str(result)
        assert json.loads(json.dumps(result.to_dict(), allow_nan=False))["auc"] is None

    def test_a_subgroup_of_one_class_is_named(self) -> None:
        men = TABLE.frame["gender"].to_numpy() == 1.0
        result = evaluate(Oracle(), TABLE.take(~men | (TABLE.target == 0)), bootstrap=0)
        (note,) = result.notes
        assert note.startswith("male: one class, all")
        assert note.endswith("AUC, recall and PR-AUC are not defined.")


class TestCosts:
    def test_a_high_cost_of_missing_lowers_the_threshold(self) -> None:
        result = evaluate(Oracle(), TABLE, bootstrap=0, cost_ratio=4.0)
        p = Oracle().predict_proba(TABLE)[:, 1]
        assert result.threshold == 0.2
        assert result.metrics["recall"].value == np.mean(p[TABLE.target == 1] >= 0.2)
        missed, alarms = p[TABLE.target == 1] < 0.2, p[TABLE.target == 0] >= 0.2
        assert result.cost == pytest.approx((4 * np.sum(missed) + np.sum(alarms)) / 400)
        assert "as missing label 1 costs 4 false alarms" in str(result)


class TestWeights:
    TIMES = np.random.default_rng(4).integers(1, 4, 400)
    P = np.clip(np.random.default_rng(5).normal(0.35 + 0.3 * TABLE.target, 0.25), 0.01, 0.99)

    def test_a_row_of_weight_three_counts_as_three_rows(self) -> None:
        weighted = replace(TABLE, weight=self.TIMES.astype(np.float64))
        rows = np.repeat(np.arange(400), self.TIMES)
        p = self.P
        one = evaluate_probabilities(p, weighted, bootstrap=0, cost_ratio=2.0)
        many = evaluate_probabilities(p[rows], TABLE.take(rows), bootstrap=0, cost_ratio=2.0)
        for name in METRICS:
            assert one.metrics[name].value == pytest.approx(many.metrics[name].value), name
        assert one.base_rate == pytest.approx(many.base_rate)
        assert one.cost == pytest.approx(many.cost)
        assert one.calibration.observed == pytest.approx(many.calibration.observed, nan_ok=True)
        assert one.f1_curve.f1 == pytest.approx(many.f1_curve.f1)
        assert one.calibrated["brier"] == pytest.approx(many.calibrated["brier"], rel=0.01)
        for name, (_, some) in many.subgroups.items():
            assert one.subgroups[name][1]["auc"].value == pytest.approx(some["auc"].value)

    def test_rows_without_weight_do_not_count(self) -> None:
        only_ones = replace(TABLE, weight=np.where(TABLE.target == 1, 1.0, 0.0))
        result = evaluate_probabilities(self.P, only_ones, bootstrap=5)
        assert result.base_rate == 1.0
        assert isnan(result.metrics["auc"].value)
        assert isnan(result.calibrated["brier"])
        assert "all rows: one class" in result.notes[0]
        with pytest.raises(DataError, match="all 400 rows to evaluate have the weight 0"):
            evaluate_probabilities(self.P, replace(TABLE, weight=np.zeros(400)))

    def test_intervals_use_the_weights(self) -> None:
        light = replace(TABLE, weight=np.where(TABLE.target == 1, 1.0, 4.0))
        result = evaluate_probabilities(self.P, light, bootstrap=100)
        value, low, high = result.metrics["precision"]
        assert low < value < high
        plain = evaluate_probabilities(self.P, TABLE, bootstrap=0)
        assert high < plain.metrics["precision"].value
        assert "by weight" in str(result)
        assert result.to_dict()["weighted"] is True


class TestHouseholds:
    def test_households_of_the_test_rows_are_removed(self) -> None:
        train, val = TABLE.take(np.arange(200)), TABLE.take(np.arange(150, 400))
        rest = without_households(train, val)
        assert val.group is not None
        assert rest.group is not None
        assert 0 < len(rest) < 150
        assert not set(rest.group.tolist()) & set(val.group.tolist())

    def test_the_grouped_protocol_needs_households(self) -> None:
        with pytest.raises(DataError, match="needs households"):
            without_households(without_groups(TABLE), TABLE)
        with pytest.raises(DataError, match="every training row has a household member"):
            without_households(TABLE, TABLE)

    def test_a_model_without_the_attribute_uses_no_household_labels(self) -> None:
        assert not uses_household_labels(object())
