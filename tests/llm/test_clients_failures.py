"""What a refusal of a server means."""

from __future__ import annotations

import pytest

from mesa_llm_city.core.errors import LLMReplyError, LLMUnavailableError
from mesa_llm_city.llm.clients.failures import failure, in_short


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 502, 503, 504, 529])
def test_an_overloaded_server_may_be_asked_again(status: int) -> None:
    error = failure(status, "later", wait_s=3.0)
    assert isinstance(error, LLMUnavailableError)
    assert (error.fatal, error.retry_after_s) == (False, 3.0)


@pytest.mark.parametrize(
    ("status", "detail", "advice"),
    [
        (301, "", "give the new one"),
        (400, "API key not valid. Please pass a valid API key.", "check the key"),
        (400, "Model Not Exist", "the name of the model"),
        (400, "Your credit balance is too low to use the API", "the account's credit"),
        (401, "bad key", "check the key"),
        (402, "", "check the account's credit"),
        (403, "", "check what the key may use"),
        (404, "no such model", "the name of the model"),
        (429, '{"code": "insufficient_quota"}', "the account's credit"),
        (501, "", "another try would not help"),
    ],
)
def test_what_stays_wrong_is_fatal_and_says_what_to_do(
    status: int, detail: str, advice: str
) -> None:
    error = failure(status, detail)
    assert isinstance(error, LLMUnavailableError)
    assert error.fatal
    assert f"the server answered {status}" in error.message
    assert advice in error.message


@pytest.mark.parametrize(
    "detail",
    [
        '{"code": "context_length_exceeded"}',
        "This model's maximum context length is 4096 tokens",
        "the request (9000 tokens) exceeds the available context size (2048 tokens)",
        "prompt is too long: 210000 tokens > 200000 maximum",
        "`inputs` tokens + `max_new_tokens` must be <= 2048. Given: 2500 `inputs` tokens",
        "Request too large on tokens per minute (TPM): please reduce your message size",
    ],
)
def test_a_prompt_beyond_the_context_concerns_this_prompt_alone(detail: str) -> None:
    error = failure(400, detail)
    assert isinstance(error, LLMReplyError)
    assert "too long" in error.message


@pytest.mark.parametrize("status", [429, 500])
def test_a_prompt_beyond_the_context_is_known_whatever_the_status(status: int) -> None:
    detail = "the request exceeds the available context size"
    assert isinstance(failure(status, detail), LLMReplyError)


def test_an_unknown_bad_request_concerns_this_request_alone() -> None:
    assert isinstance(failure(400, "image_url is missing"), LLMReplyError)


@pytest.mark.parametrize(
    ("status", "cause"), [(429, "busy"), (503, "busy"), (529, "busy"), (504, "timeout"), (500, "")]
)
def test_the_cause_says_whether_patience_or_fewer_requests_help(status: int, cause: str) -> None:
    error = failure(status, "later")
    assert isinstance(error, LLMUnavailableError)
    assert error.cause == cause


def test_a_limit_per_minute_that_speaks_of_billing_is_waited_for() -> None:
    detail = "You exceeded your current quota, please check your plan and billing details."
    error = failure(429, detail, wait_s=6.0)
    assert isinstance(error, LLMUnavailableError)
    assert (error.fatal, error.retry_after_s) == (False, 6.0)
    spent = failure(429, f"{detail} insufficient_quota", wait_s=6.0)
    assert isinstance(spent, LLMUnavailableError)
    assert spent.fatal


def test_a_filtered_prompt_concerns_this_prompt_alone() -> None:
    assert isinstance(failure(400, '{"code": "content_filter"}'), LLMReplyError)


def test_a_long_explanation_is_cut() -> None:
    assert len(failure(500, "x" * 10_000).message) < 400


def test_a_key_that_is_not_set_is_fatal_although_it_comes_as_a_server_error() -> None:
    error = failure(500, "OpenAIException - Missing credentials. Please pass an `api_key`")
    assert isinstance(error, LLMUnavailableError)
    assert error.fatal
    assert error.message.endswith("such as: export OPENAI_API_KEY=...")


def test_a_message_in_json_is_quoted_without_a_key() -> None:
    sent = '{"error": {"message": "Wrong key %s", "type": "x"}}'
    whole = failure(401, sent % "sk-proj-0123456789abcdef")
    assert whole.message == "the server answered 401: Wrong key ***; check the key"
    # Cut after the key was hidden, since half a key is not recognised.
    assert "sk-proj" not in failure(500, "x" * 290 + " sk-proj-0123456789abcdef").message


@pytest.mark.parametrize(
    "sent", ["[]", '{"error": null}', '[{"error": {"message": "no"}}]', '{"detail": [1]}', "{"]
)
def test_a_response_of_any_form_can_be_quoted(sent: str) -> None:
    assert failure(500, sent).message.startswith("the server answered 500: ")


def test_without_a_key_the_advice_is_to_give_one() -> None:
    assert failure(401, "denied", has_key=False).message.endswith("holds it with --key-env")


def test_what_a_library_puts_before_the_words_is_left_out() -> None:
    words = (
        "litellm.NotFoundError: NotFoundError: OpenAIException - Error code: 404 - {'error': 'no'}"
    )
    assert in_short(words) == "no"
