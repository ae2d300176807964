"""The client through litellm, against a server on loopback."""

from __future__ import annotations

import json
import logging
import socket
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import pytest

from mesa_llm_city.core.errors import ConfigError, LLMReplyError, LLMUnavailableError
from mesa_llm_city.llm.clients import ClientSpec
from mesa_llm_city.llm.clients.completions import completion_of
from mesa_llm_city.llm.clients.litellm_client import _library, _lost_answer, _provider_key
from mesa_llm_city.llm.engine import Done, Engine, EngineConfig, Job
from tests.llm.asking import SCHEMA, all_of, asked, jobs
from tests.llm.servers import Chaos, LoopbackServer, serving

pytestmark = [
    # Importing it takes seconds, so only the process that runs these tests does so.
    pytest.mark.skipif(find_spec("litellm") is None, reason="litellm is not installed"),
    pytest.mark.filterwarnings("ignore"),  # it warns of itself, even in calls
]

ONE_TRY = EngineConfig(tries=1, timeout_s=10.0, breaker_after=1000, wall_s=0.001)


@pytest.fixture(scope="module")
def server() -> Iterator[LoopbackServer]:
    with serving() as one:
        yield one


@pytest.fixture
def engine(server: LoopbackServer) -> Iterator[Engine]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("A_KEY", "sk-planted")
        one = Engine(reached(server.base_url), ONE_TRY)
        yield one
        one.close()


def reached(url: str) -> ClientSpec:
    return ClientSpec(backend="litellm", model="openai/loopback", api_base=url, key_env="A_KEY")


def only(engine: Engine, **changes: Any) -> Done:  # noqa: ANN401 - the fields of Request
    engine.submit([Job(0, asked(**changes))])
    (done,) = all_of(engine)
    return done


@pytest.mark.slow
def test_it_returns_answers_and_sizes(server: LoopbackServer, engine: Engine) -> None:
    server.behave(Chaos(text="fine"))
    engine.submit(jobs(20))
    answers = [done.completion for done in all_of(engine)]
    assert [answer and answer.text for answer in answers] == ["fine"] * 20
    (first, *_) = answers
    assert first is not None
    assert first.prompt_tokens is not None
    assert first.cached_tokens == first.prompt_tokens // 2
    assert first.completion_tokens == 2
    assert server.stats.requests == 20
    assert set(server.stats.keys) == {"Bearer sk-planted"}


def test_schema_and_options_reach_the_server(server: LoopbackServer, engine: Engine) -> None:
    server.behave(Chaos())
    options = {"top_p": 0.9, "grammar": "root ::= x"}
    done = only(engine, schema=SCHEMA, schema_name="Rating", options=options, temperature=0.3)
    (sent,) = server.stats.bodies
    assert sent["response_format"]["json_schema"]["name"] == "Rating"
    assert sent["response_format"]["json_schema"]["schema"] == SCHEMA
    assert (sent["top_p"], sent["grammar"], sent["temperature"]) == (0.9, "root ::= x", 0.3)
    assert done.completion is not None
    assert set(json.loads(done.completion.text)) == {"reason", "stars"}


@pytest.mark.parametrize("chaos", ["rate_429", "rate_500", "rate_503", "rate_reset"])
def test_a_broken_try_is_made_once_and_may_be_repeated(
    server: LoopbackServer, monkeypatch: pytest.MonkeyPatch, chaos: str
) -> None:
    rates: dict[str, Any] = {chaos: 1.0}
    server.behave(Chaos(**rates, retry_after_s=100_000.0))
    monkeypatch.setenv("A_KEY", "sk-planted")
    fresh = Engine(reached(server.base_url), ONE_TRY)
    done = only(fresh)
    fresh.close()
    assert isinstance(done.error, LLMUnavailableError)
    assert not done.error.fatal
    assert done.error.cause == ("busy" if chaos in {"rate_429", "rate_503"} else "")
    assert server.stats.requests == done.tries == 1
    assert done.error.retry_after_s == (100_000.0 if chaos == "rate_429" else None)


def test_a_server_that_is_not_there_is_named_with_the_cause(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("A_KEY", "sk-planted")
    with socket.socket() as held:  # bound, but nobody listens
        held.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{held.getsockname()[1]}/v1"
        fresh = Engine(reached(nowhere), ONE_TRY)
        done = only(fresh)
        fresh.close()
    assert isinstance(done.error, LLMUnavailableError)
    assert done.error.message.startswith(f"{nowhere} cannot be reached, or breaks off (")
    assert "Connect call failed" in done.error.message
    assert "500" not in done.error.message


def test_a_wrong_key_is_fatal_and_is_not_repeated(server: LoopbackServer, engine: Engine) -> None:
    server.behave(Chaos(key="another", echo_key=True))
    done = only(engine)
    assert isinstance(done.error, LLMUnavailableError)
    assert done.error.fatal
    assert "sk-planted" not in done.error.message


def test_a_prompt_that_is_too_long_is_an_error_of_the_prompt(
    server: LoopbackServer, engine: Engine
) -> None:
    server.behave(Chaos(context_chars=10))
    assert isinstance(only(engine).error, LLMReplyError)


@pytest.mark.parametrize(("chaos", "finish"), [("rate_refusal", "refusal"), ("rate_cut", "length")])
def test_a_refusal_and_a_cut_answer_are_told_as_such(
    server: LoopbackServer, engine: Engine, chaos: str, finish: str
) -> None:
    rates: dict[str, Any] = {chaos: 1.0}
    server.behave(Chaos(**rates))
    completion = only(engine).completion
    assert completion is not None
    assert completion.finish == finish


def test_silence_ends_with_the_timeout(
    server: LoopbackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("A_KEY", "sk-planted")
    server.behave(Chaos(delay_s=30.0))
    hasty = Engine(reached(server.base_url), EngineConfig(tries=1, timeout_s=0.2))
    done = only(hasty)
    hasty.close()
    assert isinstance(done.error, LLMUnavailableError)
    assert not done.error.fatal


def test_an_address_where_nobody_listens_may_come_up_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_KEY", "sk-planted")
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    lonely = Engine(reached(f"http://127.0.0.1:{port}/v1"), ONE_TRY)
    done = only(lonely)
    lonely.close()
    assert isinstance(done.error, LLMUnavailableError)
    assert not done.error.fatal


def test_after_another_engine_has_closed_this_one_goes_on(
    server: LoopbackServer, engine: Engine
) -> None:
    server.behave(Chaos(text="fine"))
    assert only(engine).completion is not None


class TestLostAnswers:
    def test_an_answer_that_the_library_could_not_read_is_taken_from_its_error(self) -> None:
        said = {"choices": [{"message": {"content": "it's fine"}}], "usage": [None, float("nan")]}
        error = ValueError(
            "InternalServerError: Invalid response object Traceback (most recent call last):\n"
            f"received_args={{'response_object': {said}, 'model_response_object': Model(id='x')}}"
        )
        assert completion_of(_lost_answer(error)).text == "it's fine"

    def test_a_body_with_broken_bytes_is_taken_from_the_cause(self) -> None:
        body = b'{"choices": [{"message": {"content": "caf\xe9 "}}]}'
        error = ValueError("no JSON")
        error.__cause__ = UnicodeDecodeError("utf-8", body, 40, 41, "invalid byte")
        assert completion_of(_lost_answer(error)).text == "caf\ufffd "

    def test_other_errors_hold_no_answer(self) -> None:
        assert _lost_answer(ValueError("Connection error.")) is None
        broken = ValueError("Invalid response object received_args={'response_object': {")
        assert _lost_answer(broken) is None


def test_the_library_does_not_speak_of_its_worker(caplog: pytest.LogCaptureFixture) -> None:
    _library()
    logging.getLogger("LiteLLM").error("LoggingWorker error: none of yours")
    logging.getLogger("LiteLLM").error("something else")
    assert caplog.messages == ["something else"]


def test_a_key_of_a_provider_is_used_without_blanks_or_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GROQ_API_KEY", "planted\n")
    monkeypatch.setenv("OPENAI_API_KEY", "plan\nted")
    assert _provider_key("groq/tiny") == "planted"
    assert _provider_key("nobody/tiny") is None
    with pytest.raises(ConfigError, match="the key in OPENAI_API_KEY has blanks"):
        _provider_key("openai/tiny")
