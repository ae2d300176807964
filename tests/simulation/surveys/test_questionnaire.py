"""Questionnaires: TOML in, all defects told at once, and answers checked by kind."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.simulation.surveys import Option, Questionnaire, SurveyQuestion
from mesa_llm_city.simulation.surveys.form import cells_of, empty_cells, order_of, reply_form
from mesa_llm_city.simulation.surveys.question import question_of

WRONG = """
name = 5
colour = "red"

[[questions]]
name = "A b"
kind = "scale"
text = "How?"
scale = [10, 0]

[[questions]]
name = "twice"
kind = "single"
text = ""
options = ["yes", "yes"]

[[questions]]
name = "twice"
kind = "grid"
items = ["a"]
most = true

[[questions]]
name = "matrix"
kind = "matrix"
text = "Which?"
scale = [1, 3]
optoins = ["a", "b"]
"""


class TestFiles:
    def test_one_message_tells_all_defects_with_their_question(self) -> None:
        with pytest.raises(DataError) as caught:
            Questionnaire.parse(WRONG, source="my.toml")
        told = "\n".join(caught.value.defects)
        for part in (
            "unknown key 'colour'",
            "name must be text, got 5",
            "question 1 (A b): name must be small letters",
            "question 1 (A b): the ends of a scale must be rising whole numbers, got 10 and 0",
            "question 2 (twice): two options have the same label: yes",
            "question 2 (twice): text must hold at least one word",
            "question 3 (twice): no text",
            "question 3 (twice): kind must be one of scale, single, multiple, open, matrix",
            "question 3 (twice): items must be words by name",
            "question 3 (twice): most must be a whole number, got True",
            "two questions have the name 'twice'",
            "question 4 (matrix): unknown key 'optoins'; did you mean 'options'",
        ):
            assert part in told, told
        assert caught.value.message.startswith("my.toml has")

    @pytest.mark.parametrize("text", ["a = ", "", "questions = 3", "questions = []"])
    def test_a_file_without_questions_is_refused(self, text: str) -> None:
        with pytest.raises(DataError, match=r"no proper TOML|at least one \[\[questions\]\]"):
            Questionnaire.parse(text)

    def test_its_name_is_that_of_the_file_if_it_has_none(self, tmp_path: Path) -> None:
        file = tmp_path / "rain.toml"
        file.write_text('[[questions]]\nname = "q"\nkind = "open"\ntext = "Rain?"\n')
        assert Questionnaire.read(file).name == "rain"

    @pytest.mark.parametrize("name", Questionnaire.shipped_names())
    def test_those_of_the_package_can_be_asked_and_say_where_they_come_from(
        self, name: str
    ) -> None:
        asked = Questionnaire.shipped(name)
        assert asked.name == name
        assert asked.source
        assert {question.kind for question in asked.questions} >= {"scale", "single", "matrix"}
        for question in asked.questions:
            order = order_of(question, seed=1, person=2, survey=name, minute=3)
            fields = reply_form(question, order).model_fields
            assert next(iter(fields)) == "reason"
        assert pickle.loads(pickle.dumps(asked)) == asked

    def test_an_unknown_one_is_an_error_that_names_those_there_are(self) -> None:
        with pytest.raises(ConfigError, match=r"did you mean 'values'.*life_satisfaction, values"):
            Questionnaire.shipped("value")

    def test_some_questions_can_be_taken_alone(self) -> None:
        short = Questionnaire.shipped("values").only(["freedom", "trust"])
        assert [question.name for question in short.questions] == ["trust", "freedom"]
        with pytest.raises(ConfigError, match="there is no question 'love'"):
            short.only(["love"])


class TestScales:
    @pytest.mark.parametrize(
        ("scale", "kind", "ends"),
        [
            ((0, 10), "scale", (0, 10)),
            ({1: "bad", 5: "good"}, "scale", (1, 5)),
            (["never", "often"], "single", (None, None)),
        ],
    )
    def test_a_scale_may_be_ends_words_of_points_or_options(
        self,
        scale: Any,  # noqa: ANN401
        kind: str,
        ends: tuple[object, object],
    ) -> None:
        question = question_of("How?", name="q", scale=scale)
        assert (question.kind, (question.low, question.high)) == (kind, ends)

    @pytest.mark.parametrize("scale", [5, "0-10", (0, 5, 10), {"a": 1}, (), {}])
    def test_what_is_no_scale_is_an_error(self, scale: Any) -> None:  # noqa: ANN401
        with pytest.raises(ConfigError, match="scale must be two whole numbers"):
            question_of("How?", name="q", scale=scale)


_MATRIX = SurveyQuestion(
    name="trust",
    text="Whom?",
    kind="matrix",
    options=(Option(1, "no"), Option(2, "yes")),
    items=(("kin", "Kin"), ("others", "Others")),
)
_SEVERAL = SurveyQuestion(
    name="felt",
    text="What?",
    kind="multiple",
    options=(Option("joy", "Joy"), Option("fear", "Fear"), Option("calm", "Calm")),
    most=2,
)


class TestAnswers:
    def test_a_matrix_has_a_cell_for_each_item(self) -> None:
        cells = list(cells_of(_MATRIX, {"others": "no", "kin": 2}))
        assert cells == [("kin", 2, "yes"), ("others", 1, "no")]
        assert [cell.item for cell in empty_cells(_MATRIX)] == ["kin", "others"]

    def test_several_options_are_ones_and_noughts(self) -> None:
        cells = list(cells_of(_SEVERAL, ["calm", "Joy"]))
        assert [(cell.item, cell.answer) for cell in cells] == [
            ("joy", 1),
            ("fear", 0),
            ("calm", 1),
        ]

    @pytest.mark.parametrize(
        ("question", "value"),
        [(_MATRIX, {"kin": 1}), (_MATRIX, 1), (_SEVERAL, ["joy", "fear", "calm"]), (_SEVERAL, "x")],
    )
    def test_what_is_no_answer_is_an_error(self, question: SurveyQuestion, value: object) -> None:
        with pytest.raises(ConfigError):
            list(cells_of(question, value))

    @pytest.mark.parametrize("value", [True, 5.5, "5", 11])
    def test_a_scale_takes_whole_numbers_on_it(self, value: object) -> None:
        ladder = question_of("Step?", name="q", scale=(0, 10))
        with pytest.raises(ConfigError, match="from 0 to 10"):
            list(cells_of(ladder, value))
        assert next(cells_of(ladder, 5.0)).answer == 5
