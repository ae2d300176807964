"""Answers of servers, whatever their form: words, ends, sizes and prices."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mesa_llm_city.core.errors import LLMReplyError, LLMUnavailableError
from mesa_llm_city.llm.base import Completion
from mesa_llm_city.llm.clients.completions import completion_of, json_of


def answered(finish: str = "stop", **said: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    return {"choices": [{"message": {"role": "assistant", **said}, "finish_reason": finish}]}


def test_text_and_sizes_are_read() -> None:
    usage = {
        "prompt_tokens": 12,
        "completion_tokens": 3,
        "prompt_tokens_details": {"cached_tokens": 8},
        "cost": 0.002,
    }
    assert completion_of({**answered(content="yes"), "usage": usage}) == Completion(
        text="yes", prompt_tokens=12, cached_tokens=8, completion_tokens=3, cost_usd=0.002
    )


def test_sizes_that_the_server_does_not_tell_are_unknown() -> None:
    assert completion_of(answered(content="yes")) == Completion(text="yes")


def test_an_answer_in_parts_is_put_together() -> None:
    parts = [{"type": "text", "text": "y"}, {"type": "image"}, {"type": "text", "text": "es"}]
    assert completion_of(answered(content=parts)).text == "yes"


@pytest.mark.parametrize(
    ("finish", "said", "completion"),
    [
        ("length", {"content": "ye"}, Completion(text="ye", finish="length")),
        ("length", {"content": None}, Completion(text="", finish="length")),
        ("content_filter", {"content": ""}, Completion(text="", finish="refusal")),
        ("stop", {"content": None, "refusal": "No."}, Completion(text="No.", finish="refusal")),
    ],
)
def test_the_end_of_an_answer_is_told(
    finish: str, said: dict[str, Any], completion: Completion
) -> None:
    assert completion_of(answered(finish, **said)) == completion


@pytest.mark.parametrize("payload", [[], "yes", {}, {"choices": []}, {"choices": [{}]}, None])
def test_anything_else_is_no_answer(payload: object) -> None:
    with pytest.raises(LLMUnavailableError) as caught:
        completion_of(payload)
    assert not caught.value.fatal


def test_an_error_sent_as_a_success_is_an_error() -> None:
    with pytest.raises(LLMUnavailableError, match="429"):
        completion_of({"error": {"code": 429, "message": "busy"}})
    with pytest.raises(LLMReplyError, match="too long"):
        completion_of({"error": {"code": 400, "message": "maximum context length"}})
    with pytest.raises(LLMUnavailableError, match="out of order"):
        completion_of({"error": "out of order"})


@pytest.mark.parametrize(
    "said",
    [
        {"content": {"choice": 2}},
        {"content": None, "tool_calls": [{"function": {"arguments": '{"choice": 2}'}}]},
        {"content": "", "function_call": {"name": "reply", "arguments": {"choice": 2}}},
        {"content": None, "reasoning_content": '{"choice": 2}'},
        {"content": "", "reasoning": ' {"choice": 2}\n'},
        {"content": [{"type": "thinking", "thinking": []}, {"text": '{"choice": 2}'}]},
    ],
)
def test_the_words_are_found_wherever_a_server_puts_them(said: dict[str, Any]) -> None:
    assert json.loads(completion_of(answered(**said)).text) == {"choice": 2}


@pytest.mark.parametrize(
    "said",
    [
        {"content": None, "reasoning_content": 'I think {"choice": 1}'},
        {"content": None, "reasoning_content": '{"choice": 1} Or rather {"choice": 2}'},
        {"content": [{"type": "thinking", "thinking": "x"}]},
        {"content": None, "tool_calls": [{"function": {"arguments": "{}"}}] * 2},
    ],
)
def test_thoughts_and_several_calls_are_no_words(said: dict[str, Any]) -> None:
    assert completion_of(answered(**said)).text == ""


def test_a_refusal_is_seen_where_litellm_has_put_it() -> None:
    for said in ({"refusal": "No."}, {"provider_specific_fields": {"refusal": "No."}}):
        answer = completion_of(answered(content=None, **said))
        assert (answer.text, answer.finish) == ("No.", "refusal")


@pytest.mark.parametrize(
    ("usage", "sizes"),
    [
        ({"prompt_tokens": "500", "completion_tokens": "60"}, (500, None, 60, None)),
        ({"prompt_tokens": 500.0, "completion_tokens": 60.4}, (500, None, 60, None)),
        ([{"prompt_tokens": 5, "completion_tokens": 6}], (5, None, 6, None)),
        ({"input_tokens": 5, "output_tokens": 6}, (5, None, 6, None)),
        (
            {"prompt_tokens": 1000, "completion_tokens": 10, "prompt_cache_hit_tokens": 900},
            (1000, 900, 10, None),
        ),
        (
            {"prompt_tokens": 9, "prompt_tokens_details": {"cached_tokens": 12}, "cost": "0.5"},
            (9, 9, None, 0.5),
        ),
        (
            {"prompt_tokens": 9, "prompt_tokens_details": None, "cached_tokens": 3},
            (9, 3, None, None),
        ),
        (
            {"prompt_tokens": -1, "completion_tokens": float("nan"), "cost": float("nan")},
            (None, None, None, None),
        ),
        ({"prompt_tokens": 0, "completion_tokens": 0, "cost": -1}, (None, None, None, None)),
        ({"prompt_tokens": True, "completion_tokens": [6], "cost": "free"}, (None,) * 4),
        ({"prompt_tokens": 10**400, "completion_tokens": "9" * 400}, (None,) * 4),
        ([{}, {}], (None,) * 4),
        ("many", (None,) * 4),
    ],
)
def test_sizes_are_whole_numbers_or_unknown(usage: object, sizes: tuple[Any, ...]) -> None:
    answer = completion_of({**answered(content="yes"), "usage": usage})
    found = (answer.prompt_tokens, answer.cached_tokens, answer.completion_tokens, answer.cost_usd)
    assert found == sizes


def test_an_answer_of_nothing_may_have_no_size() -> None:
    usage = {"prompt_tokens": 0, "completion_tokens": 0}
    assert completion_of({**answered(content=""), "usage": usage}).completion_tokens == 0


def test_words_can_be_stored_and_hold_no_key() -> None:
    answer = completion_of(answered(content="caf\u00e9 \ud83c\x00 sk-proj-0123456789abc"))
    assert answer.text == "café \ufffd ***"


@pytest.mark.parametrize(
    "body",
    [
        b'{"a": "b\xf0\x9f"}',
        b'\xef\xbb\xbf{"a": "b"}',
        '{"a": "b"}'.encode("utf-16"),
        b'{"a": "b\n"}',
    ],
)
def test_bytes_that_are_no_text_lose_no_answer(body: bytes) -> None:
    assert json_of(body)["a"][0] == "b"


@pytest.mark.parametrize("body", [b"", b"<html>", b"[" * 100_000, b"data: {}"])
def test_what_is_no_json_is_an_error(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"Expecting|nested"):
        json_of(body)
