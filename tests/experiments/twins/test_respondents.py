"""Respondents: a table becomes numbers, and what is wrong with it is told whole."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.experiments.twins import Respondents
from mesa_llm_city.simulation.surveys import SurveyQuestion
from tests.experiments.twins.people import CAR, LADDER, WORK, respondents

FRAME = pd.DataFrame(
    {"id": ["a", "b", "c"], "ladder": [5, 1, None], "car": ["yes", "N", ""], "age": [30, 41, 52]}
)


def test_answers_are_points_of_the_scale_or_rows_of_the_options() -> None:
    people = Respondents.read(FRAME, [LADDER, CAR], id_column="id")
    np.testing.assert_array_equal(people.answers, [[5.0, 0.0], [1.0, 1.0], [np.nan, np.nan]])
    assert people.ids == ("a", "b", "c")
    assert people.facts == {"age": ("30", "41", "52")}


def test_a_file_gives_the_same_as_its_table(tmp_path: Path) -> None:
    FRAME.to_csv(tmp_path / "people.csv", index=False)
    read = Respondents.read(tmp_path / "people.csv", [LADDER, CAR], id_column="id")
    np.testing.assert_array_equal(
        read.answers, Respondents.read(FRAME, [LADDER, CAR], id_column="id").answers
    )


def test_rows_are_numbered_where_there_are_no_ids_and_facts_can_be_chosen() -> None:
    people = Respondents.read(FRAME, [LADDER], facts=["age"])
    assert people.ids == ("1", "2", "3")
    assert list(people.facts) == ["age"]


def test_all_answers_that_are_none_are_told_by_row() -> None:
    bad = FRAME.assign(ladder=[6, 1, "x"], id=["a", "a", ""])
    with pytest.raises(DataError) as told:
        Respondents.read(bad, [LADDER], id_column="id")
    assert told.value.defects == (
        "row 1: ladder is '6'; accepted is 1 to 5, or blank",
        "row 3: ladder is 'x'; accepted is 1 to 5, or blank",
        "row 2: id 'a' is there twice",
        "row 3: id '' is blank",
    )


def test_a_missing_column_is_told_with_one_that_is_near() -> None:
    with pytest.raises(DataError, match=r"no column 'ladder'.*did you mean 'laddr'"):
        Respondents.read(FRAME.rename(columns={"ladder": "laddr"}), [LADDER])


def test_questions_without_one_answer_are_refused() -> None:
    words = SurveyQuestion(name="why", text="Why?", kind="open")
    with pytest.raises(ConfigError, match="why has neither"):
        Respondents(ids=("a",), facts={}, questions=(words,), answers=np.zeros((1, 1)))


def test_an_unknown_question_is_told_with_those_that_there_are() -> None:
    with pytest.raises(ConfigError, match=r"no question 'wrok'; did you mean 'work'\?"):
        respondents().columns_of(["wrok"])


def test_spans_are_lengths_of_scales_and_1_for_options() -> None:
    np.testing.assert_array_equal(respondents().spans(), [4.0, 4.0, 1.0])


def test_some_rows_are_respondents_again() -> None:
    some = respondents().rows([3, 1])
    assert some.ids == ("p3", "p1")
    assert some.facts["age"] == ("23", "21")
    assert len(some) == 2
    assert some.questions == (LADDER, WORK, CAR)
