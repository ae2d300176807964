"""Zero-shot: what a language model is told of a person, and what its answer means."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from mesa_llm_city.core.errors import ConfigError, DataError, LLMError
from mesa_llm_city.llm import LLM, ClientSpec
from mesa_llm_city.llm.base import Request
from mesa_llm_city.migration.models.push_pull import PushPullRule
from mesa_llm_city.migration.models.zero_shot import PromptModel, ReturneeReply
from mesa_llm_city.migration.survey.schema import Schema
from mesa_llm_city.migration.survey.synthetic import synthetic_survey
from mesa_llm_city.migration.survey.table import SurveyTable

TABLE = synthetic_survey(30, seed=1)


def answer(words: str, certainty: int) -> str:
    return json.dumps({"reason": "so it seems", "answer": words, "certainty": certainty})


def by_work(request: Request) -> str:
    """Say Yes to whoever is told to have no work."""
    return answer("Yes" if "no work" in request.messages[1].content else "No", 6)


def asked(script: object, **options: object) -> LLM:
    spec = ClientSpec(backend="scripted", model="-", script=script)  # type: ignore[arg-type]
    return LLM(spec, **options)  # type: ignore[arg-type]


class TestReply:
    @pytest.mark.parametrize(
        ("words", "certainty", "p"),
        [("Yes", 10, 1.0), ("Yes", 1, 0.55), ("No", 1, 0.45), ("No", 10, 0.0)],
    )
    def test_certainty_makes_a_probability_on_the_side_of_the_answer(
        self, words: str, certainty: int, p: float
    ) -> None:
        reply = ReturneeReply.model_validate_json(answer(words, certainty))
        assert reply.p == pytest.approx(p)

    @pytest.mark.parametrize("text", [answer("Maybe", 5), answer("Yes", 0), answer("No", 11)])
    def test_other_answers_are_none(self, text: str) -> None:
        with pytest.raises(ValueError, match="validation error"):
            ReturneeReply.model_validate_json(text)


class TestPrediction:
    def test_each_person_is_judged_by_what_is_told(self) -> None:
        p = PromptModel(asked(by_work)).fit(TABLE).predict_proba(TABLE)
        work = TABLE.frame["work"].to_numpy()
        assert p[work == 0.0, 1] == pytest.approx(0.8)
        assert p[work == 1.0, 1] == pytest.approx(0.2)
        assert p.sum(axis=1) == pytest.approx(1.0)

    def test_neither_order_nor_company_changes_an_answer(self) -> None:
        told = PromptModel(asked(by_work)).fit(TABLE).predict_proba(TABLE)
        order = np.random.default_rng(0).permutation(len(TABLE))
        again = PromptModel(asked(by_work)).fit(TABLE)
        assert np.array_equal(again.predict_proba(TABLE.take(order)), told[order])
        assert np.array_equal(again.predict_proba(TABLE.take([4])), told[[4]])

    def test_two_persons_of_one_profile_are_asked_about_once(self) -> None:
        llm = asked(by_work)
        PromptModel(llm).fit(TABLE).predict_proba(TABLE.take([0, 0, 1, 0]))
        assert llm.totals().sent == 2

    def test_of_nobody_nothing_is_asked(self) -> None:
        assert PromptModel(asked(by_work)).fit(TABLE).predict_proba(TABLE.take([])).shape == (0, 2)

    def test_without_an_answer_the_rule_decides_if_it_may(self) -> None:
        def fail(_: Request) -> str:
            message = "gone home"
            raise LLMError(message)

        with pytest.raises(LLMError, match="gone home"):
            PromptModel(asked(fail)).fit(TABLE).predict_proba(TABLE)
        model = PromptModel(asked(fail, on_failure="rules")).fit(TABLE)
        assert np.array_equal(model.predict_proba(TABLE), PushPullRule().predict_proba(TABLE))
        assert model.predict_with_fallback(TABLE).by_rule.all()


class TestProfile:
    def test_it_has_a_line_for_each_feature_and_no_identifier(self) -> None:
        (told, *_) = PromptModel().fit(TABLE).profiles(TABLE)
        labels = [spec.label for spec in TABLE.schema.features if spec.kind != "id"]
        assert [line.partition(": ")[0] for line in told] == labels

    def test_what_is_missing_is_told_so_or_replaced(self) -> None:
        shown = PromptModel().fit(TABLE).profiles(TABLE)
        imputed = PromptModel(missing="impute").fit(TABLE).profiles(TABLE)
        assert any(line.endswith(": missing") for row in shown for line in row)
        assert not any(line.endswith(": missing") for row in imputed for line in row)


class TestBadInput:
    def test_without_anybody_to_ask(self) -> None:
        with pytest.raises(ConfigError, match="there is nobody to ask"):
            PromptModel().fit(TABLE).predict_proba(TABLE)

    def test_before_fit(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigError, match="knows no schema"):
            PromptModel(asked(by_work)).predict_proba(TABLE)
        with pytest.raises(ConfigError, match="knows no schema"):
            PromptModel().save(tmp_path)

    def test_options(self) -> None:
        with pytest.raises(ConfigError, match="missing must be one of"):
            PromptModel(missing="guess")  # type: ignore[arg-type]

    def test_another_schema(self) -> None:
        fewer = Schema(features=TABLE.schema.features[1:], target="returnee", positive="returnee")
        other = SurveyTable(frame=TABLE.frame, target=TABLE.target, group=None, schema=fewer)
        with pytest.raises(DataError, match="has no gender"):
            PromptModel(asked(by_work)).fit(TABLE).predict_proba(other)


class TestFolder:
    def test_it_comes_back_and_predicts_the_same(self, tmp_path: Path) -> None:
        model = PromptModel(asked(by_work), missing="impute").fit(TABLE)
        model.save(tmp_path)
        again = PromptModel.load(tmp_path, backend=asked(by_work))
        assert again.missing == "impute"
        assert np.array_equal(again.predict_proba(TABLE), model.predict_proba(TABLE))

    def test_a_foreign_record_is_refused(self, tmp_path: Path) -> None:
        PromptModel().fit(TABLE).save(tmp_path)
        record = tmp_path / "config.json"
        told = json.loads(record.read_text(encoding="utf-8"))
        record.write_text(json.dumps(told | {"fills": 3}), encoding="utf-8")
        with pytest.raises(DataError, match="lacks or garbles"):
            PromptModel.load(tmp_path)
