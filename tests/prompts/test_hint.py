"""The form of a reply in words: every kind of field, with its bounds."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from pydantic import BaseModel, Field, create_model

from mesa_llm_city.prompts import reply_hint


class Stop(BaseModel):
    """Programmers read this; the model does not."""

    hour: int = Field(ge=0, le=23)


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (str, "text"),
        (bool, "true or false"),
        (float, "number"),
        (None, "null"),
        (int | None, "whole number or null"),
        (Literal["bus", "train"], 'one of "bus", "train"'),
        (Literal["bus"], '"bus"'),
        (object, "any value"),
        (Stop, '{"hour": whole number from 0 to 23}'),
        (list[int], "[whole number, ...] with at least 0"),
    ],
)
def test_a_kind_of_field_is_told_in_words(kind: Any, told: str) -> None:  # noqa: ANN401 - a type
    reply = create_model("Reply", field=(kind, ...))
    assert reply_hint(reply).splitlines()[1] == f'{{"field": {told}}}'


@pytest.mark.parametrize(
    ("bounds", "kind", "told"),
    [
        ({"max_length": 9}, str, "text of at most 9 characters"),
        ({"max_length": 5, "description": "hh:mm"}, str, "text of at most 5 characters (hh:mm)"),
        ({"ge": 1}, int, "whole number of at least 1"),
        ({"le": 4}, int, "whole number of at most 4"),
        ({"ge": 0.5, "le": 4}, float, "number from 0.5 to 4"),
        ({"min_length": 2, "max_length": 2}, list[bool], "[true or false, ...] with exactly 2"),
        ({"min_length": 1, "max_length": 3}, list[Stop], "with 1 to 3"),
    ],
)
def test_bounds_are_told(bounds: dict[str, Any], kind: Any, told: str) -> None:  # noqa: ANN401
    reply = create_model("Reply", field=(kind, Field(**bounds)))
    assert told in reply_hint(reply)


def test_what_a_class_says_to_programmers_is_kept_back() -> None:
    reply = create_model("Reply", stops=(list[Stop], ...))
    assert "Programmers" not in reply_hint(reply)


def test_the_form_of_a_reply_is_worked_out_once() -> None:
    assert reply_hint(Stop) is reply_hint(Stop)
