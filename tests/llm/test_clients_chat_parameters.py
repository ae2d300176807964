"""What is sent beside model and messages, and what a model refuses of it."""

from __future__ import annotations

from typing import Any

import pytest

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.llm.clients.chat_parameters import ChatParameters
from tests.llm.asking import SCHEMA, asked, http

URL = "http://127.0.0.1:1/v1"
REQUEST = asked(schema=SCHEMA, schema_name="Rating", temperature=0.2, max_tokens=9)


def parameters(**spec: Any) -> ChatParameters:  # noqa: ANN401 - the fields of ClientSpec
    return ChatParameters(http(URL, **spec))


def refused(told: str, status: int = 400, **spec: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return what is sent after a refusal."""
    one = parameters(**spec)
    error = one.refusal(one.of(REQUEST), status, told)
    assert error is not None
    assert error.cause == "adapted"
    return one.of(REQUEST)


def test_the_schema_is_sent_where_the_server_enforces_it() -> None:
    named = {"name": "Rating", "schema": SCHEMA, "strict": True}
    assert parameters().of(REQUEST) == {
        "temperature": 0.2,
        "max_tokens": 9,
        "response_format": {"type": "json_schema", "json_schema": named},
    }


@pytest.mark.parametrize("native", [False, "grammar"])
def test_it_is_not_sent_where_the_server_does_not(native: object) -> None:
    assert "response_format" not in parameters(native_schema=native).of(REQUEST)


def test_options_go_before_and_those_of_none_are_left_out() -> None:
    sent = parameters().of(asked(options={"seed": 1, "temperature": 0.0, "max_tokens": None}))
    assert sent == {"temperature": 0.0, "seed": 1}


def test_the_greatest_length_of_answers_may_be_given_for_all_prompts() -> None:
    assert parameters(answer_tokens=2000).of(REQUEST)["max_tokens"] == 2000


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ("Unsupported parameter: 'max_tokens' is not supported with this model.", 400),
        ("'max_tokens' is deprecated. Use 'max_completion_tokens' instead.", 422),
    ],
)
def test_the_new_name_of_the_limit_is_used_where_the_old_one_is_refused(
    told: str, status: int
) -> None:
    sent = refused(told, status)
    assert sent["max_completion_tokens"] == 9
    assert "max_tokens" not in sent


def test_no_answer_is_left_without_a_limit() -> None:
    one = parameters(refused=("max_tokens",))
    assert one.refusal(one.of(REQUEST), 400, "unknown: max_completion_tokens") is None


@pytest.mark.parametrize(
    "told",
    [
        "Unsupported value: 'temperature' does not support 0.2 with this model.",
        "invalid temperature: only 1 is allowed for this model",
        '{"message": "Unsupported value", "param": "temperature"}',
        "litellm.UnsupportedParamsError: gpt-5 models don't support temperature=0.2.",
    ],
)
def test_a_refused_temperature_is_left_out(told: str) -> None:
    assert "temperature" not in refused(told)


@pytest.mark.parametrize(
    "told",
    [
        "This response_format type is unavailable now",
        "Structured outputs are not supported by this model",
        "Invalid schema for response_format 'Rating': 'maxLength' is not permitted.",
        "Failed to compile grammar",
    ],
)
def test_a_form_that_is_refused_becomes_an_object_and_then_words(told: str) -> None:
    assert refused(told)["response_format"] == {"type": "json_object"}
    assert "response_format" not in refused(told, refused=("json_schema",))


def test_an_option_that_is_refused_is_left_out() -> None:
    one, request = parameters(), asked(options={"seed": 1})
    told = '[{"type": "extra_forbidden", "loc": ["body", "seed"], "msg": "Extra inputs"}]'
    assert one.refusal(one.of(request), 422, told) is not None
    assert "seed" not in one.of(request)
    assert one.refused == ("seed",)


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ("the temperature of the server room is not supported", 500),
        ('{"type": "invalid_request_error", "message": "temperature is nice"}', 400),
        ("'max_tokens' is too large: 2000. The maximum context length is invalid", 400),
        ("messages: text content blocks must be non-empty", 400),
    ],
)
def test_other_complaints_change_nothing(told: str, status: int) -> None:
    one = parameters()
    assert one.refusal(one.of(REQUEST), status, told) is None
    assert one.refused == ()


@pytest.mark.parametrize(
    "options",
    [{"api_key": "sk"}, {"Authorization": "x"}, {"stream": True}, {"model": "m"}, {"x": {1}}],
)
def test_options_that_hold_secrets_or_belong_elsewhere_are_refused(options: object) -> None:
    with pytest.raises(ConfigError, match="options of a model cannot be used"):
        http(URL, options=options)
