"""Fingerprints of training rows: what was seen is told, and nothing can be read from them."""

from __future__ import annotations

from dataclasses import replace
from math import isnan
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.migration.flows.hazard_model import HazardModel
from mesa_llm_city.migration.models.base import MigrationModel
from mesa_llm_city.migration.models.expectation_rule import ExpectationRule
from mesa_llm_city.migration.models.loading import load_model
from mesa_llm_city.migration.models.push_pull import PushPullRule
from mesa_llm_city.migration.models.several_outcomes import SeveralOutcomes
from mesa_llm_city.migration.models.tabular import TabularModel
from mesa_llm_city.migration.models.training_rows import TrainingRows, training_rows_of
from mesa_llm_city.migration.models.zero_shot import PromptModel
from mesa_llm_city.migration.survey.outcome import Outcome
from mesa_llm_city.migration.survey.splitting import split
from mesa_llm_city.migration.survey.synthetic import synthetic_survey
from mesa_llm_city.migration.survey.table import SurveyTable
from tests.migration.small_survey import members

TABLE = synthetic_survey(900, seed=4)
BY_ROW = split(TABLE, "random", seed=1)
BY_HOME = split(TABLE, "grouped", seed=1)
COARSE = ("gender", "hukou", "work", "poor_hh")


def coarse(table: SurveyTable) -> SurveyTable:
    """Return rows of four columns of two codes, so that many people give the same answers."""
    features = tuple(one for one in table.schema.features if one.name in COARSE)
    schema = replace(table.schema, columns=features)
    return replace(table, frame=table.frame[list(schema.names)], schema=schema)


class TestSeparation:
    def test_training_rows_are_seen(self) -> None:
        found = TrainingRows.of(BY_HOME.train, BY_HOME.val).separation(BY_HOME.train)
        assert found.found == "seen"
        assert (found.train_rows, found.val_rows) == (1.0, 0.0)
        assert str(found) == "100.0% of the rows were training rows of this model"

    def test_rows_for_early_stopping_or_calibration_are_seen_and_told_apart(self) -> None:
        found = TrainingRows.of(BY_HOME.train, BY_HOME.val).separation(BY_HOME.val)
        assert found.found == "seen"
        assert (found.train_seen, found.val_seen) == (False, True)
        assert "used for its early stopping or calibration" in str(found)

    def test_rows_of_households_that_were_seen_are_given(self) -> None:
        found = TrainingRows.of(BY_ROW.train).separation(BY_ROW.test)
        here, there = np.asarray(BY_ROW.test.group), np.asarray(BY_ROW.train.group)
        assert found.found == "given"
        assert found.train_households == np.isin(here, there).mean() > 0.3
        assert "the household of " in str(found)

    def test_rows_of_other_households_are_grouped(self) -> None:
        found = TrainingRows.of(BY_HOME.train, BY_HOME.val).separation(BY_HOME.test)
        assert found.found == "grouped"
        assert str(found) == "no row was seen in training; no household was seen"

    def test_groups_are_called_as_the_schema_calls_them(self) -> None:
        schema = BY_HOME.test.schema
        columns = tuple(
            replace(one, label="Employer") if one.kind == "group" else one for one in schema.columns
        )
        table = replace(BY_HOME.test, schema=replace(schema, columns=columns))
        found = TrainingRows.of(BY_HOME.train).separation(table)
        assert str(found) == "no row was seen in training; no employer was seen"

    def test_without_households_rows_that_were_not_seen_are_given(self) -> None:
        unknown = replace(BY_HOME.test, group=None)
        found = TrainingRows.of(BY_HOME.train).separation(unknown)
        assert found.found == "given"
        assert isnan(found.train_households)
        assert "the household of the rows is unknown" in str(found)

    def test_a_few_copied_rows_are_noticed(self) -> None:
        rows = np.r_[np.arange(5), np.arange(600, 800)]
        found = TrainingRows.of(TABLE.take(range(600))).separation(TABLE.take(rows))
        assert found.found == "seen"
        assert found.train_rows == pytest.approx(5 / 205)

    def test_rows_are_recognised_in_another_order_type_and_file(self, tmp_path: Path) -> None:
        train = BY_HOME.train
        path = tmp_path / "rows.csv"
        columns = [*reversed(train.schema.names)]
        shuffled = train.to_frame().sample(frac=1.0, random_state=1)
        shuffled[[*columns, "hhid", "returnee"]].astype("float32").to_csv(path, index=False)
        again = SurveyTable.from_frame(pd.read_csv(path, dtype=str), train.schema)
        assert TrainingRows.of(train).separation(again).train_rows == 1.0

    @pytest.mark.parametrize("seed", range(5))
    def test_equal_answers_of_different_people_are_no_evidence(self, seed: int) -> None:
        parts = split(coarse(synthetic_survey(900, seed=seed)), "grouped", seed=seed)
        found = TrainingRows.of(parts.train, parts.val).separation(parts.test)
        assert found.train_rows > 0.9
        assert found.found == "grouped"
        assert "as do" in str(found)

    def test_training_rows_are_seen_although_answers_are_often_equal(self) -> None:
        some = coarse(TABLE)
        features = (*some.schema.features, TABLE.schema["age"])
        schema = replace(some.schema, columns=features)
        table = replace(some, frame=TABLE.frame[list(schema.names)], schema=schema)
        rows = TrainingRows.of(table.take(range(600)))
        assert rows.separation(table.take(range(600, 900))).found == "grouped"
        assert rows.separation(table.take(range(600))).found == "seen"


class TestSize:
    def test_a_row_takes_eight_bytes(self) -> None:
        rows = TrainingRows.of(TABLE)
        assert rows.arrays()["train_rows"].nbytes == 8 * 900

    def test_of_many_rows_a_random_sample_is_kept(self) -> None:
        rows = TrainingRows.of(TABLE.take(range(600)), most=100)
        assert len(rows.arrays()["train_rows"]) == 100
        half = TABLE.take(range(300, 900))
        assert rows.separation(half).train_rows == pytest.approx(0.5, abs=0.2)
        assert rows.separation(half).found == "seen"
        assert rows.separation(TABLE.take(range(600, 900))).train_rows == 0.0


class TestPrivacy:
    def test_two_models_of_different_rows_have_no_fingerprint_in_common(self) -> None:
        first, second = (TrainingRows.of(TABLE.take(range(end))).arrays() for end in (600, 601))
        assert not np.isin(first["train_rows"], second["train_rows"]).any()
        assert not np.isin(first["train_households"], second["train_households"]).any()

    def test_equal_rows_give_equal_fingerprints_in_any_order(self) -> None:
        first = TrainingRows.of(TABLE).arrays()
        second = TrainingRows.of(TABLE.take(range(899, -1, -1))).arrays()
        assert all(np.array_equal(second[name], one) for name, one in first.items())


@pytest.mark.parametrize(
    "model", [TabularModel("base_rate"), PromptModel(missing="impute"), PushPullRule()]
)
def test_every_kind_of_model_keeps_them(model: MigrationModel, tmp_path: Path) -> None:
    model.fit(BY_HOME.train)
    model.save(tmp_path)
    kept = training_rows_of(load_model(tmp_path))
    assert kept is not None
    assert kept.separation(BY_HOME.train).found == "seen"
    assert kept.separation(BY_HOME.test).found == "grouped"


def test_a_prompt_that_learns_nothing_has_seen_no_row() -> None:
    kept = training_rows_of(PromptModel().fit(BY_HOME.train))
    assert kept is not None
    assert kept.separation(BY_HOME.train).found == "grouped"


def test_the_rule_for_any_survey_keeps_them(tmp_path: Path) -> None:
    table = members(200)
    ExpectationRule().fit(table.take(range(150))).save(tmp_path)
    kept = training_rows_of(load_model(tmp_path))
    assert kept is not None
    assert kept.separation(table.take(range(150))).found == "seen"
    assert kept.separation(table.take(range(150, 200))).found != "seen"


def test_a_model_of_hazards_keeps_person_periods_also_those_for_its_baseline(
    tmp_path: Path,
) -> None:
    schema = replace(TABLE.schema, outcome=replace(TABLE.schema.outcome, window="flow", years=1.0))
    train, val, test = (replace(part, schema=schema) for part in BY_HOME)
    HazardModel(duration="age").fit(train, val).save(tmp_path)
    kept = training_rows_of(load_model(tmp_path))
    assert kept is not None
    assert (kept.separation(val).train_seen, kept.separation(val).val_seen) == (False, True)
    assert kept.separation(test).found == "grouped"


def test_a_model_of_several_outcomes_keeps_them(tmp_path: Path) -> None:
    outcome = Outcome(name="move", positive="home", codes={"stay": "-", "home": "-", "on": "-"})
    labels = np.arange(len(TABLE)) % 3
    table = replace(TABLE, schema=replace(TABLE.schema, outcome=outcome), outcome=labels)
    model = SeveralOutcomes(lambda: TabularModel("base_rate"))
    assert training_rows_of(model) is None
    model.fit(table.take(range(600))).save(tmp_path)
    kept = training_rows_of(load_model(tmp_path))
    assert kept is not None
    assert kept.separation(table.take(range(600))).found == "seen"


def test_a_damaged_file_of_fingerprints_is_an_error(tmp_path: Path) -> None:
    TabularModel("base_rate").fit(TABLE).save(tmp_path)
    (tmp_path / "training_rows.npz").write_bytes(b"other")
    with pytest.raises(DataError, match=r"training_rows\.npz is not the file that was saved"):
        load_model(tmp_path)
    (tmp_path / "training_rows.npz").unlink()
    with pytest.raises(DataError, match=r"training_rows\.npz is missing"):
        load_model(tmp_path)


def test_arrays_of_another_kind_are_an_error() -> None:
    arrays = TrainingRows.of(TABLE.take(range(10))).arrays()
    for wrong in (
        {},
        {**arrays, "salt": arrays["salt"].astype(float)},
        {**arrays, "facts": arrays["facts"][:1]},
    ):
        with pytest.raises(DataError, match="fingerprints of training rows are damaged"):
            TrainingRows.from_arrays(wrong)


def test_a_model_without_fingerprints_has_none() -> None:
    assert training_rows_of(object()) is None
    assert training_rows_of(TabularModel("base_rate")) is None
