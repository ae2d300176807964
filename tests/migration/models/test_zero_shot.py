"""Zero-shot: the profile of a person, and the probability of an answer."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from mesa_llm_city.core.errors import ConfigError, DataError, LLMError
from mesa_llm_city.llm import LLM, ClientSpec
from mesa_llm_city.llm.base import Request
from mesa_llm_city.migration.models.push_pull import PushPullRule
from mesa_llm_city.migration.models.zero_shot import OutcomeReply, PromptModel
from mesa_llm_city.migration.survey.synthetic import synthetic_survey
from mesa_llm_city.migration.survey.table import SurveyTable
from tests.migration.schemas import binary_schema

TABLE = synthetic_survey(30, seed=1)


def answer(words: str, certainty: int) -> str:
    return json.dumps({"reason": "so it seems", "answer": words, "certainty": certainty})


def by_work(request: Request) -> str:
    """Answer Yes for people without work."""
    return answer("Yes" if "no work" in request.messages[1].content else "No", 6)


def asked(script: object, **options: object) -> LLM:
    spec = ClientSpec(backend="scripted", model="-", script=script)  # type: ignore[arg-type]
    return LLM(spec, **options)  # type: ignore[arg-type]


class TestReply:
    @pytest.mark.parametrize(
        ("words", "certainty", "p"),
        [("Yes", 10, 1.0), ("Yes", 1, 0.55), ("No", 1, 0.45), ("No", 10, 0.0)],
    )
    def test_certainty_gives_a_probability(self, words: str, certainty: int, p: float) -> None:
        reply = OutcomeReply.model_validate_json(answer(words, certainty))
        assert reply.p == pytest.approx(p)

    @pytest.mark.parametrize("text", [answer("Maybe", 5), answer("Yes", 0), answer("No", 11)])
    def test_other_answers_are_an_error(self, text: str) -> None:
        with pytest.raises(ValueError, match="validation error"):
            OutcomeReply.model_validate_json(text)


class TestPrediction:
    def test_each_probability_follows_from_the_profile(self) -> None:
        p = PromptModel(asked(by_work)).fit(TABLE).predict_proba(TABLE)
        work = TABLE.frame["work"].to_numpy()
        assert p[work == 0.0, 1] == pytest.approx(0.8)
        assert p[work == 1.0, 1] == pytest.approx(0.2)
        assert p.sum(axis=1) == pytest.approx(1.0)

    def test_a_prediction_does_not_depend_on_other_rows(self) -> None:
        p = PromptModel(asked(by_work)).fit(TABLE).predict_proba(TABLE)
        order = np.random.default_rng(0).permutation(len(TABLE))
        again = PromptModel(asked(by_work)).fit(TABLE)
        assert np.array_equal(again.predict_proba(TABLE.take(order)), p[order])
        assert np.array_equal(again.predict_proba(TABLE.take([4])), p[[4]])

    def test_the_model_is_asked_once_about_equal_profiles(self) -> None:
        llm = asked(by_work)
        PromptModel(llm).fit(TABLE).predict_proba(TABLE.take([0, 0, 1, 0]))
        assert llm.totals().sent == 2

    def test_nothing_is_asked_for_an_empty_table(self) -> None:
        assert PromptModel(asked(by_work)).fit(TABLE).predict_proba(TABLE.take([])).shape == (0, 2)

    def test_without_an_answer_the_rule_decides_if_configured_so(self) -> None:
        def fail(_: Request) -> str:
            message = "gone home"
            raise LLMError(message)

        with pytest.raises(LLMError, match="gone home"):
            PromptModel(asked(fail)).fit(TABLE).predict_proba(TABLE)
        model = PromptModel(asked(fail, on_failure="rules")).fit(TABLE)
        assert np.array_equal(model.predict_proba(TABLE), PushPullRule().predict_proba(TABLE))
        assert model.predict_with_fallback(TABLE).by_rule.all()


class TestProfile:
    def test_a_profile_has_a_line_for_each_feature_and_no_identifier(self) -> None:
        (profile, *_) = PromptModel().fit(TABLE).profiles(TABLE)
        labels = [spec.label for spec in TABLE.schema.features if spec.kind != "id"]
        assert [line.partition(": ")[0] for line in profile] == labels

    def test_missing_values_are_shown_or_replaced(self) -> None:
        shown = PromptModel().fit(TABLE).profiles(TABLE)
        imputed = PromptModel(missing="impute").fit(TABLE).profiles(TABLE)
        assert any(line.endswith(": missing") for row in shown for line in row)
        assert not any(line.endswith(": missing") for row in imputed for line in row)


class TestBadInput:
    def test_a_model_without_a_backend(self) -> None:
        with pytest.raises(ConfigError, match="there is no language model to ask"):
            PromptModel().fit(TABLE).predict_proba(TABLE)

    def test_before_fit(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigError, match="has no schema"):
            PromptModel(asked(by_work)).predict_proba(TABLE)
        with pytest.raises(ConfigError, match="has no schema"):
            PromptModel().save(tmp_path)

    def test_options(self) -> None:
        with pytest.raises(ConfigError, match="missing must be one of"):
            PromptModel(missing="guess")  # type: ignore[arg-type]

    def test_another_schema(self) -> None:
        fewer = binary_schema(features=TABLE.schema.features[1:])
        other = SurveyTable(frame=TABLE.frame, target=TABLE.target, group=None, schema=fewer)
        with pytest.raises(DataError, match="has no gender"):
            PromptModel(asked(by_work)).fit(TABLE).predict_proba(other)


class TestFolder:
    def test_a_loaded_model_predicts_the_same(self, tmp_path: Path) -> None:
        model = PromptModel(asked(by_work), missing="impute").fit(TABLE)
        model.save(tmp_path)
        again = PromptModel.load(tmp_path, backend=asked(by_work))
        assert again.missing == "impute"
        assert np.array_equal(again.predict_proba(TABLE), model.predict_proba(TABLE))

    def test_a_changed_record_is_an_error(self, tmp_path: Path) -> None:
        PromptModel().fit(TABLE).save(tmp_path)
        record = tmp_path / "config.json"
        content = json.loads(record.read_text(encoding="utf-8"))
        record.write_text(json.dumps(content | {"fills": 3}), encoding="utf-8")
        with pytest.raises(DataError, match="is not valid"):
            PromptModel.load(tmp_path)
