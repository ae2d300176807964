"""How a model is named, and the switch that forbids all requests."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from typing import Any

import pytest

from mesa_llm_city.core.errors import ConfigError, LLMUnavailableError
from mesa_llm_city.core.secrets import redact
from mesa_llm_city.llm.clients import (
    OFFLINE,
    ClientSpec,
    forbid_requests,
    open_client,
    require_online,
)
from tests.llm.asking import all_of, http, jobs, running, scripted
from tests.llm.servers import serving


class TestClientSpec:
    @pytest.mark.parametrize(
        ("options", "told"),
        [
            ({"backend": "carrier pigeon"}, "backend must be one of http, litellm, local"),
            ({"backend": "http"}, "needs the address of a server, got None"),
            ({"backend": "http", "api_base": "localhost:1"}, "got 'localhost:1'; give api_base="),
            ({"backend": "local"}, "needs a model file"),
            ({"backend": "scripted", "slots": 0}, "slots must be at least 1, got 0"),
        ],
    )
    def test_it_names_what_is_missing(self, options: dict[str, Any], told: str) -> None:
        with pytest.raises(ConfigError, match=told):
            ClientSpec(model="m", **options)

    def test_it_holds_the_name_of_a_key_and_never_the_key(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("A_KEY", "sk-planted")
        spec = http("http://127.0.0.1:9/v1", key_env="A_KEY")
        assert spec.key() == "sk-planted"
        assert "sk-planted" not in repr(spec)
        assert b"sk-planted" not in pickle.dumps(spec)
        assert pickle.loads(pickle.dumps(spec)) == spec

    def test_a_key_that_is_not_set_is_told_by_name(self) -> None:
        with pytest.raises(ConfigError, match="A_KEY is not set; export A_KEY"):
            http("http://127.0.0.1:9/v1", key_env="A_KEY").key()

    def test_no_key_is_needed_where_none_is_named(self) -> None:
        assert http("http://127.0.0.1:9/v1").key() is None

    def test_a_missing_library_is_told_with_the_way_to_install_it(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "aiohttp", None)
        monkeypatch.delitem(sys.modules, "mesa_llm_city.llm.clients.http", raising=False)
        with pytest.raises(ConfigError, match=r"needs aiohttp; .*'mesa-llm-city\[llm\]'"):
            open_client(http("http://127.0.0.1:9/v1"))


class TestForbidRequests:
    def test_no_request_reaches_the_server_and_the_error_names_the_switch(self) -> None:
        pytest.importorskip("aiohttp")
        with serving() as server, running(http(server.base_url)) as engine:
            with forbid_requests():
                engine.submit(jobs(2))
                done = all_of(engine)
            assert server.stats.requests == 0
            engine.submit(jobs(2))
            assert all(one.completion is not None for one in all_of(engine))
        for one in done:
            assert isinstance(one.error, LLMUnavailableError)
            assert one.error.fatal
            assert f"{OFFLINE}=1" in one.error.message

    def test_scripted_answers_stay_possible(self) -> None:
        with forbid_requests(), running(scripted(lambda _: "yes")) as engine:
            engine.submit(jobs(1))
            assert all(one.completion is not None for one in all_of(engine))

    def test_the_switch_of_the_environment_does_the_same(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(OFFLINE, "1")
        with pytest.raises(LLMUnavailableError, match=OFFLINE):
            require_online()
        monkeypatch.setenv(OFFLINE, "0")
        require_online()

    def test_it_nests_and_leaves_the_environment_as_it_was(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv(OFFLINE, raising=False)
        with forbid_requests():
            with forbid_requests():
                pass
            assert os.environ[OFFLINE] == "1"
        assert OFFLINE not in os.environ

    @pytest.mark.slow
    def test_child_processes_inherit_it(self) -> None:
        program = "from mesa_llm_city.llm.clients import require_online; require_online()"
        with forbid_requests():
            child = subprocess.run(
                [sys.executable, "-c", program], capture_output=True, text=True, check=False
            )
        assert child.returncode == 1
        assert OFFLINE in child.stderr


class TestSecrets:
    def test_blanks_and_quotes_around_a_key_are_left_out(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("A_KEY", ' "planted-key"\n')
        assert http("http://127.0.0.1/v1", key_env="A_KEY").key() == "planted-key"

    @pytest.mark.parametrize("key", ["plan ted-key", "plan\nted-key", "planted-kéy", "plan\tted"])
    def test_what_cannot_be_a_key_is_refused_without_showing_it(
        self, monkeypatch: pytest.MonkeyPatch, key: str
    ) -> None:
        monkeypatch.setenv("A_KEY", key)
        with pytest.raises(ConfigError, match="the key in A_KEY has blanks") as caught:
            http("http://127.0.0.1/v1", key_env="A_KEY").key()
        assert "plan" not in str(caught.value)

    @pytest.mark.parametrize("name", ["sk-proj-0123456789", "gsk_0123456789abc", "a b", "$A_KEY"])
    def test_a_key_in_place_of_its_name_is_refused_without_showing_it(self, name: str) -> None:
        with pytest.raises(ConfigError, match="must be the name of an environment") as caught:
            http("http://127.0.0.1/v1", key_env=name)
        assert name not in str(caught.value)

    def test_no_secret_stands_in_the_text_of_a_spec(self) -> None:
        spec = http("https://me:pass-word@models.example/v1?key=0keyone1&api-version=2024-06-01")
        assert repr(spec) == (
            "ClientSpec(backend='http', model='openai/loopback', "
            "api_base='https://***@models.example/v1?key=***&api-version=2024-06-01')"
        )
        assert (
            redact("sent pass-word and 0keyone1 at 2024-06-01") == "sent *** and *** at 2024-06-01"
        )
