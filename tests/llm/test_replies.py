"""Replies: schemas that end, texts that are read, and what is said when they cannot be."""

from __future__ import annotations

import contextlib
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from mesa_llm_city.core.errors import ConfigError, LLMReplyError
from mesa_llm_city.llm.base import Address, Completion, Message, Request
from mesa_llm_city.llm.replies import parse_reply, reask, refused, unusable
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


class Vote(BaseModel):
    reason: str = Field(max_length=60)
    choice: int = Field(ge=1, le=3)


DRAFT, FINAL = '{"reason": "dry", "choice": 1}', '{"reason": "rain", "choice": 2}'


@pytest.mark.parametrize(
    "text",
    [
        f"<think>First {DRAFT}, no.</think>\n{FINAL}",
        f"First {DRAFT}, no.\n</think>\n```json\n{FINAL}\n```",
        f"First {DRAFT}. On second thoughts: {FINAL}",
        f'{DRAFT}\n{FINAL}\nAs said: {{"minutes": 3}}, [1], {{x}}',
        f'<think>{{"mode": "walk"}}</think>{{"reply": {FINAL}}}',
        f"[{FINAL}]",
        f"{FINAL}{FINAL}{FINAL[:20]}",
        str({"reason": "rain", "choice": 2}),
        '{"reason": "rain", // as ever\n "choice": 2,}',
        '{"Reason": "rain", "CHOICE": "2. train"}',
        '{"type": "object", "properties": {"reason": "rain", "choice": "2/3"}}',
        '{"name": "vote", "arguments": "{\\"reason\\": \\"rain\\", \\"choice\\": 2}"}',
        '"{\\"reason\\": \\"rain\\", \\"choice\\": 2}"',
        '\ufeff{"reason": "rain\\u0000", "choice": 2}',
    ],
)
def test_the_answer_is_the_last_object_of_its_form_after_the_thoughts(text: str) -> None:
    assert parse_reply(text, Vote) == (Vote(reason="rain", choice=2), True)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"<think>{DRAFT}", "there is no answer"),
        (f"<think>{DRAFT}</think>I cannot.", "no JSON object"),
        (f'{DRAFT} No, rather {{"reason": "rain", "choice": 9}}', "choice: .*, got 9"),
        (f'{DRAFT} No, rather {{"choice": "by train"}}', "reason: Field required; choice"),
        (f'{DRAFT} No, rather {{"reason": "ra', "ends within an object"),
        (f'{{"draft": {DRAFT}, "final": {FINAL}}}', "several replies that differ"),
        (f"[{DRAFT}, {FINAL}]", "no object with the fields"),
        ('{"reason": "x", "choice": NaN}', "choice"),
        ('{"reason": "x", "choice": true}', "choice: .*, got 'true'"),
        ('{"reason": "x", "choice": 1, "more": ' + "[" * 50_000 + "]" * 50_000 + "}", "within"),
    ],
)
def test_a_draft_never_decides_in_place_of_an_answer_that_cannot_be_used(
    text: str, told: str
) -> None:
    with pytest.raises(LLMReplyError, match=told):
        parse_reply(text, Vote)


def test_of_a_text_that_was_cut_off_only_an_answer_at_its_beginning_counts() -> None:
    assert parse_reply(f"```json\n{FINAL}\n```\nBecause", Vote, cut_off=True)[0].choice == 2
    with pytest.raises(LLMReplyError, match="may be a draft"):
        parse_reply(f"Okay, perhaps {DRAFT}. But then", Vote, cut_off=True)


def test_an_option_may_be_called_by_its_name() -> None:
    options = [{"mode": "walk", "km": 1}, {"mode": "train", "km": 1}, {"mode": "car", "km": 1}]
    text = '{"reason": "rain", "choice": "Train"}'
    assert parse_reply(text, Vote, facts={"options": options})[0].choice == 2
    with pytest.raises(LLMReplyError, match="got 'Train'"):
        parse_reply(text, Vote)


def test_half_signs_and_control_characters_do_not_get_into_a_reply() -> None:
    vote, repaired = parse_reply('{"reason": "caf\\u00e9 \\ud83c\\u001b", "choice": 2}', Vote)
    assert (vote.reason, repaired) == ("café \ufffd", True)
    assert parse_reply('{"reason": "caf\\u00e9", "choice": 2}', Vote)[1] is False


@given(st.text(), st.text())
def test_no_words_around_a_valid_object_are_an_error_of_another_kind(one: str, two: str) -> None:
    with contextlib.suppress(LLMReplyError):
        assert parse_reply(f"{one}{FINAL}{two}", Vote)[0].choice == 2


class TestMessages:
    request = Request(
        model="-", messages=(Message("user", "Vote."),), address=Address("7", 480, "vote")
    )

    def told(self, text: str, **completion: Any) -> LLMReplyError:  # noqa: ANN401 - the fields of Completion
        answer = Completion(text=text, **completion)
        return unusable(answer, self.request, LLMReplyError("blocks: Field required"))

    def test_the_words_of_the_model_are_quoted_shortly_and_without_keys(self) -> None:
        error = self.told("Sure: sk-proj-0123456789abc\n" + "so " * 90)
        assert error.message.startswith(
            "blocks: Field required; the model wrote 'Sure: *** so so so"
        )
        assert len(error.message) < 140
        assert error.flaw == "blocks: Field required"

    def test_an_answer_that_was_cut_off_says_where_and_what_to_do(self) -> None:
        error = self.told('{"reason": "a', finish="length", completion_tokens=160)
        assert error.message == (
            "cut off at 160 tokens of answer; raise --answer-tokens; "
            'the model wrote \'{"reason": "a\''
        )

    def test_thoughts_that_took_all_tokens_are_told_as_such(self) -> None:
        for text in ("", "<think>Let me see"):
            error = self.told(text, finish="length", completion_tokens=1200)
            assert "cut off at 1,200 tokens of thoughts, before any answer" in error.message
            assert "--answer-tokens" in error.message

    def test_an_empty_answer_is_called_so(self) -> None:
        assert self.told(" ").message == "the model gave an empty answer"
        assert self.told("<think>Hm.</think>").message.startswith("the model thought, but gave")

    def test_a_refusal_has_its_words_or_names_the_filter(self) -> None:
        assert refused("I'd rather not.") == 'the model refused: "I\'d rather not."'
        assert "content filter" in refused("")

    def test_a_reask_never_shows_an_empty_answer_nor_thoughts(self) -> None:
        for text in ("", "<think>Hm</think>"):
            again = reask(self.request, text, self.told(text))
            assert again.messages[1] == Message("assistant", "(no answer)")
            assert "That cannot be used: blocks: Field required." in again.messages[2].content
