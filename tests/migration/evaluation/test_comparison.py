"""Comparison: every method with equal information, and the table that tells it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.llm import LLM, ClientSpec
from mesa_llm_city.migration.evaluation.comparison import compare, compare_folder
from mesa_llm_city.migration.evaluation.model_registry import default_methods, made, needs_backbone
from mesa_llm_city.migration.evaluation.report import Comparison, Entry
from mesa_llm_city.migration.models.zero_shot import PromptModel
from mesa_llm_city.migration.survey.synthetic import synthetic_survey
from mesa_llm_city.migration.survey.table import SurveyTable

pytest.importorskip("sklearn")

ALL = synthetic_survey(900, seed=1, informative_missingness=True)
LUCK = np.random.default_rng(0).permutation(len(ALL))
TRAIN, VAL = ALL.take(LUCK[:700]), ALL.take(LUCK[700:])
FEW = ("base_rate", "logistic_regression")


def written(table: SurveyTable, path: Path) -> None:
    frame = table.frame.assign(returnee=table.target, hhid=table.group)
    frame.to_csv(path, index=False)


class TestCompare:
    def test_each_method_is_run_under_each_protocol_and_view_but_nothing_twice(self) -> None:
        told = compare(TRAIN, VAL, methods=FEW, bootstrap=0)
        runs = [(one.evaluation.protocol, one.method, one.view) for one in told.entries]
        assert runs == [
            ("given", "base_rate", "indicator"),
            ("given", "logistic_regression", "indicator"),
            ("given", "logistic_regression", "impute"),
            ("grouped", "base_rate", "indicator"),
            ("grouped", "logistic_regression", "indicator"),
            ("grouped", "logistic_regression", "impute"),
        ]
        assert {one.rows for one in told.entries if one.evaluation.protocol == "given"} == {700}
        assert all(one.rows < 700 for one in told.entries if one.evaluation.protocol == "grouped")

    def test_seeing_blanks_is_what_gains_most_here(self) -> None:
        told = compare(TRAIN, VAL, methods=FEW, protocols=("grouped",), bootstrap=0)
        assert told.best().view == "indicator"

    def test_the_household_mean_is_run_beside_and_told(self) -> None:
        told = compare(
            TRAIN,
            VAL,
            methods=("logistic_regression",),
            views=("indicator",),
            protocols=("given",),
            household_means=(False, True),
            bootstrap=0,
        )
        assert [one.evaluation.uses_household_labels for one in told.entries] == [False, True]
        assert [one.cells()[2] for one in told.entries] == ["no", "yes"]

    def test_a_prompt_joins_by_name(self) -> None:
        no = '{"reason": "-", "answer": "No", "certainty": 8}'
        llm = LLM(ClientSpec(backend="scripted", model="-", script=lambda _: no))
        told = compare(
            TRAIN,
            VAL,
            methods=(),
            more={"prompt": lambda view, _: PromptModel(llm, missing=view)},
            protocols=("given",),
            bootstrap=0,
        )
        assert [one.method for one in told.entries] == ["prompt", "prompt"]
        assert told.entries[0].evaluation.metrics["auc"].value == 0.5

    def test_entries_are_reported_as_they_come(self) -> None:
        heard: list[Entry] = []
        told = compare(TRAIN, VAL, methods=("base_rate",), bootstrap=0, report=heard.append)
        assert tuple(heard) == told.entries

    def test_another_base_rate_changes_no_order(self) -> None:
        options = {"methods": ("logistic_regression",), "views": ("indicator",), "bootstrap": 0}
        plain = compare(TRAIN, {"wave": VAL}, **options).entries[0]  # type: ignore[arg-type]
        moved = compare(
            TRAIN,
            {"wave": VAL},
            base_rates={"wave": 0.8},
            **options,  # type: ignore[arg-type]
        ).entries[0]
        before, after = plain.evaluation.metrics, moved.evaluation.metrics
        assert after["auc"].value == pytest.approx(before["auc"].value)
        assert after["recall"].value > before["recall"].value

    @pytest.mark.parametrize(
        ("options", "told"),
        [
            ({"protocols": ("random",)}, "there is no protocol random; accepted are given"),
            ({"views": ("shown",)}, "there is no view shown"),
            ({"base_rates": {"x": 0.5}}, "there is no row set x; accepted are val"),
            ({"methods": ("oracle",)}, "there is no method 'oracle'"),
            ({"methods": ("rms",)}, "rms needs a language model to start from"),
        ],
    )
    def test_what_is_unknown_is_named_before_anything_is_trained(
        self, options: dict[str, object], told: str
    ) -> None:
        with pytest.raises(ConfigError, match=told):
            compare(TRAIN, VAL, **options)  # type: ignore[arg-type]


class TestReport:
    def test_a_row_for_each_entry_in_markdown(self) -> None:
        told = compare(TRAIN, VAL, methods=FEW, protocols=("given",), bootstrap=20)
        lines = told.to_markdown().splitlines()
        assert len(lines) == 2 + len(told.entries)
        assert len({line.count("|") for line in lines}) == 1
        assert lines[2].startswith("| base_rate | shown | no | given | train | val | 200 |")

    def test_programs_read_it_as_json(self) -> None:
        told = compare(TRAIN, VAL, methods=FEW, protocols=("given",), bootstrap=20)
        read = json.loads(json.dumps(told.to_dict(), allow_nan=False))
        assert [one["method"] for one in read["entries"]] == [one.method for one in told.entries]
        assert {"auc", "n", "training_rows", "missing", "subgroups"} <= set(read["entries"][0])

    def test_there_is_no_best_of_nothing(self) -> None:
        with pytest.raises(ConfigError, match="no entry has a figure for auc"):
            Comparison(entries=()).best()


class TestFolder:
    def test_every_pair_of_files_is_compared_and_across(self, tmp_path: Path) -> None:
        for name in ("one", "two"):
            written(TRAIN, tmp_path / f"train_{name}.csv.gz")
            written(VAL, tmp_path / f"val_{name}.csv.gz")
        written(TRAIN, tmp_path / "train_alone.csv")
        told = compare_folder(
            tmp_path,
            TRAIN.schema,
            across=True,
            methods=("base_rate",),
            protocols=("given",),
            bootstrap=0,
        )
        pairs = [(one.trained_on, one.tested_on) for one in told.entries]
        assert pairs == [("one", "one"), ("one", "two"), ("two", "two"), ("two", "one")]

    def test_a_folder_without_a_pair_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(DataError, match="holds no pair of files train_NAME"):
            compare_folder(tmp_path, TRAIN.schema)


class TestRoster:
    def test_what_can_be_run_depends_on_what_is_there(self) -> None:
        assert "hist_gradient_boosting" in default_methods()
        assert not any(needs_backbone(name) for name in default_methods())
        assert default_methods(backbone="model/")[-2:] == ("sft", "rms")

    def test_words_alone_are_told_no_household_mean(self) -> None:
        with pytest.raises(ConfigError, match="told no household mean"):
            made("sft", backbone="model/", household_mean=True)
