"""Replies: schemas that end, texts that are read, and what is said when they cannot be."""

from __future__ import annotations

from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from mesa_llm_city.core.errors import ConfigError, LLMReplyError
from mesa_llm_city.llm.base import Address, Message, Request
from mesa_llm_city.llm.replies import parse_reply, reask
from mesa_llm_city.llm.reply_schema import schema_of


class Block(BaseModel):
    purpose: Literal["meal", "rest"]
    minutes: int = Field(ge=5, le=600)


class Plan(BaseModel):
    reason: str = Field(max_length=40)
    blocks: list[Block] = Field(max_length=3)


GOOD = '{"reason": "hungry", "blocks": [{"purpose": "meal", "minutes": 30}]}'


def test_a_schema_is_whole_strict_and_without_references() -> None:
    schema = schema_of(Plan)
    block = schema["properties"]["blocks"]["items"]
    assert block["properties"]["minutes"] == {"type": "integer", "minimum": 5, "maximum": 600}
    assert schema["required"] == ["reason", "blocks"]
    assert schema["additionalProperties"] is block["additionalProperties"] is False
    assert "$ref" not in str(schema)


def test_a_field_called_title_is_kept() -> None:
    class Book(BaseModel):
        title: str = Field(max_length=9)

    assert list(schema_of(Book)["properties"]) == ["title"]


def test_texts_and_lists_without_an_end_are_named() -> None:
    class Endless(BaseModel):
        reason: str
        words: list[str]

    with pytest.raises(ConfigError) as caught:
        schema_of(Endless)
    assert str(caught.value).startswith("Endless.reason, Endless.words, Endless.words[] may be")


def test_a_clean_answer_is_read_as_it_is() -> None:
    plan, repaired = parse_reply(GOOD, Plan)
    assert plan.blocks[0].minutes == 30
    assert not repaired


@pytest.mark.parametrize(
    "text", [f"```json\n{GOOD}\n```", f"Sure! {GOOD} Anything else?", f"{{x}} {GOOD}"]
)
def test_what_stands_around_the_object_is_cut_off_and_told(text: str) -> None:
    plan, repaired = parse_reply(text, Plan)
    assert plan.reason == "hungry"
    assert repaired


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "there is no answer"),
        ('{"reason": "hungry"', "ends within an object"),
        ('{"reason": "hungry"}', "blocks: Field required"),
        ('x {"reason": "y", "blocks": [{"purpose": "fly", "minutes": 9}]}', "blocks.0.purpose"),
    ],
)
def test_an_answer_that_cannot_be_used_says_why(text: str, told: str) -> None:
    with pytest.raises(LLMReplyError, match=told):
        parse_reply(text, Plan)


@given(st.text())
def test_no_text_makes_a_reply_by_accident(text: str) -> None:
    with pytest.raises(LLMReplyError):
        parse_reply(text, Plan)


def test_a_reask_shows_the_answer_and_what_is_wrong_with_it() -> None:
    request = Request(
        model="-", messages=(Message("user", "Plan."),), address=Address("7", 480, "plan")
    )
    again = reask(request, "no", LLMReplyError("blocks: Field required"))
    assert again.address == Address("7", 480, "plan", 0, 1)
    assert again.messages[1] == Message("assistant", "no")
    assert "blocks: Field required" in again.messages[2].content
    assert again.key() != request.key()
