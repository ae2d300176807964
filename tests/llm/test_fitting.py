"""Values are fitted to the form asked for where the meaning is certain, and only there."""

from __future__ import annotations

from typing import Any

import pytest

from mesa_llm_city.llm.fitting import fitted, unwrapped

RATING = {"type": "integer", "minimum": 0, "maximum": 10}
CHOICE = {"type": "integer", "minimum": 1, "maximum": 3}
FACTS = {"options": [{"mode": "on foot"}, {"mode": "train"}, {"mode": "car"}], "when": "Monday"}


@pytest.mark.parametrize(
    ("text", "number"),
    [("7/10", 7), ("7 out of 10", 7), ("7 of 10.", 7), ("7.", 7), ("#7", 7), ("No. 7", 7)],
)
def test_a_rating_of_its_scale_is_read(text: str, number: int) -> None:
    assert fitted(text, RATING) == number


@pytest.mark.parametrize("text", ["7/9", "7-8", "seven", "7.5", "10:30", "about 7", ""])
def test_a_rating_in_doubt_is_left_as_it_is(text: str) -> None:
    assert fitted(text, RATING) == text


@pytest.mark.parametrize("text", ["2", "2. train", "2) Train", "2: the train", "option 2", "2/3"])
def test_the_number_of_an_option_is_read(text: str) -> None:
    assert int(fitted(text, CHOICE)) == 2


@pytest.mark.parametrize("text", ["train", "Train.", "2 (train)", "2/10", "option 2 train"])
def test_an_option_is_known_by_its_name_if_it_was_told(text: str) -> None:
    assert fitted(text, CHOICE, FACTS, "choice") == 2


@pytest.mark.parametrize("text", ["1. train", "bus", "on"])
def test_a_name_that_contradicts_or_is_unknown_decides_nothing(text: str) -> None:
    assert fitted(text, CHOICE, FACTS, "choice") == text


def test_minutes_may_have_their_unit_but_no_other() -> None:
    minutes = {"type": "integer", "minimum": 5, "maximum": 600}
    assert fitted("30 min", minutes, None, "minutes") == 30
    assert fitted("2 hours", minutes, None, "minutes") == "2 hours"


def test_words_and_names_of_fields_are_known_whatever_their_case() -> None:
    schema = {"type": "object", "properties": {"answer_now": {"enum": ["Yes", "No"]}, "n": RATING}}
    assert fitted({"AnswerNow": " yes. ", "N": "3/10", "x": 1}, schema) == {
        "answer_now": "Yes",
        "n": 3,
        "x": 1,
    }


def test_long_words_are_cut_but_not_a_short_form() -> None:
    cut = fitted("word " * 40, {"type": "string", "maxLength": 60})
    assert (len(cut) <= 60, cut[-1]) == (True, "\u2026")
    assert fitted("07:00 pm", {"type": "string", "maxLength": 5}) == "07:00 pm"


@pytest.mark.parametrize(
    "value",
    [{"reply": {"a": 1}}, [{"a": 1}], {"arguments": '{"a": 1}'}, {"x": {"y": {"a": 1}}}],
)
def test_an_object_is_found_within_others(value: Any) -> None:  # noqa: ANN401 - any JSON value
    assert {"a": 1} in [*unwrapped(value)]


def test_of_a_list_of_several_none_is_chosen() -> None:
    assert [*unwrapped([{"a": 1}, {"a": 2}])] == []
