"""Comparison of methods with equal information, and its report."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.llm import LLM, ClientSpec
from mesa_llm_city.migration.evaluation.comparison import compare, fit_model
from mesa_llm_city.migration.evaluation.model_registry import (
    default_methods,
    make_model,
    method_advice,
    needs_backbone,
)
from mesa_llm_city.migration.evaluation.report import Comparison, Entry
from mesa_llm_city.migration.models.zero_shot import PromptModel
from mesa_llm_city.migration.survey.synthetic import synthetic_survey
from mesa_llm_city.migration.survey.table import SurveyTable

pytest.importorskip("sklearn")

ALL = synthetic_survey(900, seed=1, informative_missingness=True)
ORDER = np.random.default_rng(0).permutation(len(ALL))
TRAIN, VAL = ALL.take(ORDER[:700]), ALL.take(ORDER[700:])
FEW = ("base_rate", "logistic_regression")


class _Recorder:
    """Keeps what it was fitted to."""

    def fit(self, train: SurveyTable, val: SurveyTable | None = None) -> _Recorder:
        self.train, self.val = train, val
        return self


class TestFitModel:
    def test_whole_households_are_set_aside(self) -> None:
        model: Any = _Recorder()
        fit_model("rms", model, TRAIN, seed=0)
        assert len(model.val) == pytest.approx(70, abs=2)
        assert len(model.train) + len(model.val) == len(TRAIN)
        assert not set(model.train.group) & set(model.val.group)

    def test_people_are_set_aside_if_their_households_are_known(self) -> None:
        model: Any = _Recorder()
        fit_model("rms", model, TRAIN, seed=0, knows_households=True)
        assert len(model.val) == pytest.approx(70, abs=2)
        assert len(set(model.train.group) & set(model.val.group)) > 20

    def test_methods_without_early_stopping_learn_from_all_rows(self) -> None:
        model: Any = _Recorder()
        fit_model("mlp", model, TRAIN, seed=0, knows_households=True)
        assert (len(model.train), model.val) == (700, None)


class TestCompare:
    def test_each_combination_of_method_protocol_and_view_is_run_once(self) -> None:
        result = compare(TRAIN, VAL, methods=FEW, bootstrap=0)
        runs = [(one.evaluation.protocol, one.method, one.view) for one in result.entries]
        assert runs == [
            ("given", "base_rate", "indicator"),
            ("given", "logistic_regression", "indicator"),
            ("given", "logistic_regression", "impute"),
            ("grouped", "base_rate", "indicator"),
            ("grouped", "logistic_regression", "indicator"),
            ("grouped", "logistic_regression", "impute"),
        ]
        assert {one.rows for one in result.entries if one.evaluation.protocol == "given"} == {700}
        assert all(one.rows < 700 for one in result.entries if one.evaluation.protocol == "grouped")

    def test_an_indicator_of_missing_values_is_best_if_they_are_informative(self) -> None:
        result = compare(TRAIN, VAL, methods=FEW, protocols=("grouped",), bootstrap=0)
        assert result.best().view == "indicator"

    def test_the_household_mean_is_an_option_and_reported(self) -> None:
        result = compare(
            TRAIN,
            VAL,
            methods=("logistic_regression",),
            views=("indicator",),
            protocols=("given",),
            household_means=(False, True),
            bootstrap=0,
        )
        assert [one.evaluation.uses_household_labels for one in result.entries] == [False, True]
        assert [one.cells()[2] for one in result.entries] == ["no", "yes"]

    def test_a_further_method_is_given_by_name(self) -> None:
        no = '{"reason": "-", "answer": "No", "certainty": 8}'
        llm = LLM(ClientSpec(backend="scripted", model="-", script=lambda _: no))
        result = compare(
            TRAIN,
            VAL,
            methods=(),
            extra_methods={"prompt": lambda view, _: PromptModel(llm, missing=view)},
            protocols=("given",),
            bootstrap=0,
        )
        assert [one.method for one in result.entries] == ["prompt", "prompt"]
        assert result.entries[0].evaluation.metrics["auc"].value == 0.5

    def test_each_entry_is_reported_when_complete(self) -> None:
        reported: list[Entry] = []
        result = compare(TRAIN, VAL, methods=("base_rate",), bootstrap=0, report=reported.append)
        assert tuple(reported) == result.entries

    def test_another_base_rate_does_not_change_the_auc(self) -> None:
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
        ("options", "problem"),
        [
            ({"protocols": ("random",)}, "there is no protocol random; accepted are given"),
            ({"views": ("shown",)}, "there is no view shown"),
            ({"base_rates": {"x": 0.5}}, "there is no row set x; accepted are val"),
            ({"methods": ("oracle",)}, "there is no method 'oracle'"),
            ({"methods": ("rms",)}, "rms is trained from a language model"),
        ],
    )
    def test_unknown_options_are_an_error_before_training(
        self, options: dict[str, object], problem: str
    ) -> None:
        with pytest.raises(ConfigError, match=problem):
            compare(TRAIN, VAL, **options)  # type: ignore[arg-type]


class TestReport:
    def test_the_markdown_table_has_a_row_for_each_entry(self) -> None:
        result = compare(TRAIN, VAL, methods=FEW, protocols=("given",), bootstrap=20)
        lines = result.to_markdown().splitlines()
        assert len(lines) == 2 + len(result.entries)
        assert len({line.count("|") for line in lines}) == 1
        assert lines[2].startswith("| base_rate | shown | no | given | train | val | 200 |")

    def test_the_report_can_be_written_as_json(self) -> None:
        result = compare(TRAIN, VAL, methods=FEW, protocols=("given",), bootstrap=20)
        read = json.loads(json.dumps(result.to_dict(), allow_nan=False))
        assert [one["method"] for one in read["entries"]] == [one.method for one in result.entries]
        assert {"auc", "n", "training_rows", "missing", "subgroups"} <= set(read["entries"][0])

    def test_an_empty_comparison_has_no_best_entry(self) -> None:
        with pytest.raises(ConfigError, match="no entry has a value of auc"):
            Comparison(entries=()).best()


class TestModelRegistry:
    def test_methods_depend_on_what_is_available(self) -> None:
        assert "hist_gradient_boosting" in default_methods()
        assert not any(needs_backbone(name) for name in default_methods())
        assert default_methods(backbone="model/")[-2:] == ("sft", "rms")

    def test_a_text_model_cannot_use_the_household_mean(self) -> None:
        with pytest.raises(ConfigError, match="cannot use the household mean"):
            make_model("sft", backbone="model/", household_mean=True)

    @pytest.mark.parametrize("method", ["zero_shot", "bert", "rms_text_only"])
    def test_a_method_that_reads_text_only_cannot_use_the_household_mean(self, method: str) -> None:
        with pytest.raises(ConfigError, match="cannot use the household mean"):
            make_model(method, backbone="model/", household_mean=True)

    def test_what_a_method_needs_is_said_with_advice(self) -> None:
        known = {"backbone": None, "encoder": None}
        assert method_advice("logistic_regression", **known) is None  # type: ignore[arg-type]
        assert "--bert" in str(method_advice("bert", **known))  # type: ignore[arg-type]
        assert "--llm" in str(method_advice("prompt", **known))  # type: ignore[arg-type]
