"""The client of servers with the chat interface of OpenAI, against a server on loopback."""

from __future__ import annotations

import asyncio
import json
import socket
from typing import Any

import pytest

from mesa_llm_city.core.errors import LLMError, LLMReplyError, LLMUnavailableError
from mesa_llm_city.llm.base import Completion, Request
from tests.llm.asking import SCHEMA, all_of, asked, http, jobs, running
from tests.llm.servers import Chaos, serving

pytest.importorskip("aiohttp")

from mesa_llm_city.llm.clients.http import HttpClient, _proxy_to


def complete(
    url: str,
    *requests: Request,
    timeout_s: float = 5.0,
    **spec: Any,  # noqa: ANN401 - the fields of ClientSpec
) -> list[Completion]:
    """Send requests one after another through one client."""

    async def send() -> list[Completion]:
        client = HttpClient(http(url, **spec))
        try:
            return [await client.complete(one, timeout_s=timeout_s) for one in requests]
        finally:
            await client.close()

    return asyncio.run(send())


def error_of(url: str, **options: Any) -> LLMError:  # noqa: ANN401 - as in complete
    with pytest.raises(LLMError) as caught:
        complete(url, asked(), **options)
    return caught.value


def test_it_returns_the_answer_and_its_sizes() -> None:
    with serving(text="fine") as server:
        (answer,) = complete(server.base_url, asked())
    assert answer.text == "fine"
    assert answer.prompt_tokens is not None
    assert answer.cached_tokens == answer.prompt_tokens // 2
    assert answer.completion_tokens == 2


def test_it_keeps_its_connection() -> None:
    with serving() as server:
        complete(server.base_url, *(asked(number) for number in range(5)))
        assert (server.stats.requests, server.stats.connections) == (5, 1)


def test_the_answer_fits_the_schema_that_was_sent() -> None:
    with serving() as server:
        (answer,) = complete(server.base_url, asked(schema=SCHEMA))
        (sent,) = server.stats.bodies
    assert sent["response_format"]["json_schema"]["schema"] == SCHEMA
    assert set(json.loads(answer.text)) == {"reason", "stars"}


def test_a_trailing_slash_of_the_address_does_not_matter() -> None:
    with serving(text="fine") as server:
        (answer,) = complete(f"{server.base_url}/", asked())
    assert answer.text == "fine"


def test_a_refusal_and_a_cut_answer_are_told_as_such() -> None:
    with serving(rate_refusal=1.0) as server:
        assert complete(server.base_url, asked())[0].finish == "refusal"
    with serving(rate_cut=1.0) as server:
        assert complete(server.base_url, asked())[0].finish == "length"


class TestKeys:
    def test_the_key_is_sent_as_a_bearer(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("A_KEY", "sk-planted")
        with serving(key="sk-planted") as server:
            complete(server.base_url, asked(), key_env="A_KEY")
            assert server.stats.keys == ["Bearer sk-planted"]
            assert "sk-planted" not in json.dumps(server.stats.bodies)

    def test_a_wrong_key_is_fatal_and_is_not_repeated(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("A_KEY", "sk-planted")
        with serving(key="another", echo_key=True) as server:
            error = error_of(server.base_url, key_env="A_KEY")
        assert isinstance(error, LLMUnavailableError)
        assert error.fatal
        assert "*** is no key" in error.message
        assert "sk-planted" not in error.message


class TestFailures:
    @pytest.mark.parametrize(
        "chaos", ["rate_429", "rate_500", "rate_503", "rate_reset", "rate_truncated"]
    )
    def test_a_broken_try_may_be_repeated(self, chaos: str) -> None:
        with serving(**{chaos: 1.0}) as server:
            error = error_of(server.base_url)
        assert isinstance(error, LLMUnavailableError)
        assert not error.fatal

    def test_a_page_instead_of_json_says_that_the_address_is_another(self) -> None:
        with serving(rate_malformed=1.0) as server:
            error = error_of(server.base_url)
        assert isinstance(error, LLMUnavailableError)
        assert error.fatal
        assert "sent no JSON but '<html>busy</html>'; give the address" in error.message

    def test_a_page_from_a_server_that_has_answered_is_a_passing_fault(self) -> None:
        with serving() as server, running(http(server.base_url)) as engine:
            engine.submit(jobs(1))
            all_of(engine)
            server.behave(Chaos(rate_malformed=0.5))
            engine.submit(jobs(10))
            assert all(done.completion is not None for done in all_of(engine))

    def test_the_wait_that_the_server_asks_for_is_passed_on(self) -> None:
        with serving(rate_429=1.0, retry_after_s=3.5) as server:
            error = error_of(server.base_url)
        assert isinstance(error, LLMUnavailableError)
        assert error.retry_after_s == 3.5

    def test_a_prompt_that_is_too_long_is_an_error_of_the_prompt(self) -> None:
        with serving(context_chars=10) as server:
            assert isinstance(error_of(server.base_url), LLMReplyError)

    def test_silence_ends_with_the_timeout(self) -> None:
        with serving(delay_s=30.0) as server:
            error = error_of(server.base_url, timeout_s=0.05)
        assert isinstance(error, LLMUnavailableError)
        assert (error.fatal, error.message.partition(" gave ")[2]) == (
            False,
            "no answer within 0.05 s; lower --in-flight or raise --timeout-s",
        )

    def test_an_address_where_nobody_listens_may_come_up_yet(self) -> None:
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            port = unused.getsockname()[1]
        error = error_of(f"http://127.0.0.1:{port}/v1")
        assert isinstance(error, LLMUnavailableError)
        assert not error.fatal
        assert str(port) in error.message


class TestProxies:
    def test_the_proxy_of_the_environment_is_used_but_not_for_this_machine(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
        monkeypatch.setenv("http_proxy", "http://proxy.example:3128")
        assert _proxy_to("https://models.example/v1") == "http://proxy.example:3128"
        assert _proxy_to("http://127.0.0.1:8000/v1") is None
        monkeypatch.setenv("no_proxy", "models.example")
        assert _proxy_to("https://models.example/v1") is None


class TestAddresses:
    def test_a_query_of_the_address_stays_behind_the_path(self) -> None:
        with serving(text="fine") as server:
            (answer,) = complete(f"{server.base_url}/?api-version=1", asked())
        assert answer.text == "fine"

    def test_a_key_in_the_address_is_not_shown(self) -> None:
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            port = unused.getsockname()[1]
        message = error_of(f"http://127.0.0.1:{port}/v1?key=0planted1").message
        assert "cannot be reached" in message
        assert "0planted1" not in message
