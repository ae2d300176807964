"""Well-being: scores worked by hand, baselines that cannot see the answer, and the experiment."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.experiments.observed.well_being import read_well_being
from mesa_llm_city.experiments.options import RunOptions
from mesa_llm_city.experiments.paper import run_experiment
from mesa_llm_city.experiments.paper.well_being import Answered, mood_class, well_being_family
from mesa_llm_city.experiments.paper.well_being_scores import (
    accuracy,
    boosted,
    macro_f1,
    majority,
    random_classes,
)
from mesa_llm_city.experiments.validation.bootstrap import Bootstrap
from mesa_llm_city.migration.models.libraries import library


class TestScores:
    @pytest.mark.slow
    def test_macro_f1_is_that_of_scikit_learn_where_all_classes_occur(self) -> None:
        rng = np.random.default_rng(3)
        truth, said = rng.integers(1, 6, 80), rng.integers(1, 6, 80)
        count = rng.integers(0, 3, 80).astype(float)
        metrics = library("sklearn.metrics")
        wanted = metrics.f1_score(truth, said, average="macro", sample_weight=count)
        assert macro_f1(truth, said, count) == pytest.approx(wanted)

    def test_a_missing_answer_is_wrong(self) -> None:
        truth, ones = np.array([1, 1, 2, 2]), np.ones(4)
        # F1 of class 1: 2*1/(2+1); of class 2: 2*1/(2+1).
        assert macro_f1(truth, np.array([1, 0, 2, 0]), ones) == pytest.approx(2 / 3)
        assert accuracy(truth, np.array([1, 0, 2, 0]), ones) == 0.5

    def test_the_majority_is_right_for_one_class_alone(self) -> None:
        truth = np.array([5, 5, 5, 1, 2])
        # F1 of class 5: 2*3/(3+5) = 0.75, of the other two 0.
        assert macro_f1(truth, majority(truth), np.ones(5)) == pytest.approx(0.25)

    def test_random_guesses_belong_to_the_person_and_spread_over_all_classes(self) -> None:
        many = random_classes(7, np.arange(2000), 0)
        assert random_classes(7, np.array([11, 5]), 0).tolist() == [many[11], many[5]]
        assert np.bincount(many, minlength=6)[1:].min() > 330

    @pytest.mark.slow
    def test_boosting_does_not_see_the_people_it_predicts(self) -> None:
        rng = np.random.default_rng(5)
        truth = rng.integers(1, 6, 100)
        noise = rng.normal(size=(100, 2))
        guess = boosted(noise, truth, seed=1)
        known = boosted(np.column_stack([truth, noise]), truth, seed=1)
        assert guess is not None
        assert known is not None
        assert accuracy(truth, guess, np.ones(100)) < 0.4
        assert accuracy(truth, known, np.ones(100)) > 0.6


@pytest.mark.parametrize(
    ("mood", "level"), [(-1.0, 1), (-0.61, 1), (-0.59, 2), (0.0, 3), (0.59, 4), (1.0, 5)]
)
def test_the_rule_cuts_the_mood_into_five_parts(mood: float, level: int) -> None:
    assert mood_class(SimpleNamespace(mood=mood)) == level  # type: ignore[arg-type]


def test_the_family_has_a_score_and_an_interval_for_each_method() -> None:
    truth = np.tile(np.arange(1, 6), 12)
    told = Answered(np.arange(60), truth, np.where(truth == 5, 0, truth), {"boosting": truth})
    family = well_being_family(told, Bootstrap(60, draws=20), seed=1)
    found = {one.name: one for one in family.measures}
    assert found["survey: macro-F1"].value == pytest.approx(0.8)
    assert found["survey: macro-F1"].verdict == "better"
    assert found["boosting: macro-F1"].value == 1.0
    assert found["majority: macro-F1"].value == pytest.approx(1 / 15)
    assert family.details["missing_by_true_class"] == [0, 0, 0, 0, 12]
    assert family.notes[0].startswith("12 of 60 people gave no answer")


class TestTable:
    def test_all_defects_are_told_at_once(self, tmp_path: Path) -> None:
        file = tmp_path / "well_being.csv"
        file.write_text("person,class\n1,6\n1,2\n2,2.5\n3,\n")
        with pytest.raises(DataError) as caught:
            read_well_being(file)
        told = str(caught.value)
        for part in ("from 1 to 5", "same person", "not whole", "blank"):
            assert part in told, told

    def test_people_come_in_the_order_of_their_ids(self, tmp_path: Path) -> None:
        file = tmp_path / "well_being.csv"
        file.write_text("person,class\n9,1\n4,5\n")
        found = read_well_being(file)
        assert (found.person.tolist(), found.level.tolist()) == ([4, 9], [5, 1])


_SIZE = {"days": 1, "seed": 3, "parameters": {"population.time_use.table": "neutral"}}


@pytest.mark.slow
class TestExperiment:
    def test_it_compares_answers_with_those_of_respondents(self, tmp_path: Path) -> None:
        people = pd.DataFrame({"id": range(30), "age": range(25, 55), "gender": ["f", "m"] * 15})
        people.to_csv(tmp_path / "people.csv", index=False)
        levels = pd.DataFrame({"person": range(30), "class": [1, 2, 3, 4, 5] * 6})
        (tmp_path / "data").mkdir()
        levels.to_csv(tmp_path / "data" / "well_being.csv", index=False)
        options = RunOptions(people=tmp_path / "people.csv", out=tmp_path / "out", **_SIZE)
        report, folder = run_experiment("well-being", options, data=tmp_path / "data", draws=5)
        assert report["survey: macro-F1"].n == 30
        assert "rules know nothing of well-being" in report.text()
        files = {one.name for one in folder.iterdir()}
        assert files == {"well-being.json", "well-being.csv", "well-being.png", "answers.csv"}
        assert len(pd.read_csv(folder / "answers.csv")) == 30
        kept = json.loads((folder / "well-being.json").read_text(encoding="utf-8"))
        assert kept["paper"]["where"] == "CitySim, sec. 4.5, table 1"

    def test_other_people_than_the_respondents_are_an_error(self, tmp_path: Path) -> None:
        levels = pd.DataFrame({"person": [1001, 1002], "class": [1, 2]})
        levels.to_csv(tmp_path / "well_being.csv", index=False)
        with pytest.raises(ConfigError, match="about 0 of the people of the run"):
            run_experiment(
                "well-being", RunOptions(citizens=12, out=tmp_path, **_SIZE), data=tmp_path
            )

    def test_without_a_table_shares_of_answers_are_shown(self, tmp_path: Path) -> None:
        options = RunOptions(citizens=12, out=tmp_path, **_SIZE)
        report, _ = run_experiment("well-being", options, draws=5)
        shares = [one.value for one in report.validation.families[0].measures]
        assert sum(shares) == pytest.approx(100.0)
        assert "there is no well_being.csv" in report.text()
