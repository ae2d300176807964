"""From options to the language model of a run."""

from __future__ import annotations

from datetime import date
from math import nan

import pytest

from mesa_llm_city import City, CityModel
from mesa_llm_city.core.errors import ConfigError, LLMBudgetError
from mesa_llm_city.experiments import RunOptions
from mesa_llm_city.experiments.interview import separate_llm
from mesa_llm_city.experiments.language_model import (
    check_reachable,
    client_spec,
    engine_config,
    is_at_home,
    open_llm,
    shared_purse,
)
from mesa_llm_city.llm import LLM, Budget, ClientSpec
from mesa_llm_city.llm.clients.scripted import fill_schema


def options(llm: str = "openai/gpt-4o-mini", **given: object) -> RunOptions:
    return RunOptions(mind="prompt", llm=llm, **given)


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let litellm be found, whether it is installed or not."""
    monkeypatch.setattr("mesa_llm_city.experiments.language_model.find_spec", lambda _: True)


class TestReach:
    def test_a_missing_library_is_told_before_a_missing_price(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("mesa_llm_city.experiments.language_model.find_spec", lambda _: None)
        with pytest.raises(ConfigError, match=r"litellm, which is not installed; run: pip install"):
            open_llm(options("nobody/knows", max_usd=1.0))

    @pytest.mark.parametrize(
        ("llm", "api_base", "home"),
        [
            ("m", "http://127.0.0.1:8000/v1", True),
            ("m", "http://192.168.7.7:8000/v1", True),
            ("m", "http://gpu:8000/v1", True),
            ("m", "https://llm.example.org/v1", False),
            ("m", "http://8.8.8.8/v1", False),
            ("ollama/llama3.2", None, True),
            ("openai/gpt-4o-mini", None, False),
        ],
    )
    def test_a_model_is_at_home_on_this_machine_or_in_its_network(
        self, llm: str, api_base: str | None, *, home: bool
    ) -> None:
        assert is_at_home(options(llm, api_base=api_base)) is home


@pytest.mark.usefixtures("installed")
class TestLimits:
    def test_a_model_without_a_price_needs_a_limit_or_consent(self) -> None:
        with pytest.raises(ConfigError, match=r"no known price.*--max-tokens.*--no-limit"):
            check_reachable(options("nobody/knows"))
        limits: list[dict[str, object]] = [
            {"max_tokens": 1000},
            {"max_calls": 10},
            {"no_limit": True},
            {"price": (0.1, 0.2)},
            {"api_base": "http://127.0.0.1:8000/v1"},
        ]
        for given in limits:
            check_reachable(options("nobody/knows", **given))

    def test_a_price_of_zero_in_a_list_is_not_taken_for_a_price(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        free = {"input_cost_per_token": 0.0, "output_cost_per_token": 0.0}
        listed = {
            "cohere/new": {**free, "litellm_provider": "cohere"},
            "ollama/own": {**free, "litellm_provider": "ollama"},
        }
        monkeypatch.setattr("mesa_llm_city.llm.budget._listed", lambda: listed)
        with pytest.raises(ConfigError, match="no known price"):
            check_reachable(options("cohere/new"))
        check_reachable(options("ollama/own"))


class TestClient:
    def test_parameters_of_requests_are_passed_on(self) -> None:
        given = options(model_options=["seed=1", "user=me"], omit="temperature", answer_tokens=900)
        spec = client_spec(given)
        assert (dict(spec.options), tuple(spec.omit)) == (
            {"seed": 1, "user": "me"},
            ("temperature",),
        )
        assert spec.answer_tokens == 900
        assert client_spec(RunOptions(**given.to_dict())) == spec
        assert client_spec(options(model_options={"seed": 1, "user": "me"})).options == spec.options

    @pytest.mark.parametrize("given", ["seed", "api_key=1", "extra_headers={}"])
    def test_options_in_another_form_and_secrets_are_refused(self, given: str) -> None:
        with pytest.raises(ConfigError, match="model_options: must"):
            options(model_options=[given])

    @pytest.mark.parametrize("given", [True, 7, 0.5, {"since": date(2024, 1, 1)}, {"x": nan}])
    def test_what_is_no_table_or_no_json_is_refused(self, given: object) -> None:
        with pytest.raises(ConfigError, match="model_options: must"):
            options(model_options=given)

    def test_tries_and_pace_are_passed_on(self) -> None:
        config = engine_config(options(tries=3, per_min=0.2))
        assert (config.tries, config.per_min, config.wall_s) == (3, 0.2, 300.0)
        usual = engine_config(options())
        assert (usual.tries, usual.in_flight, usual.wall_s) == (12, 64, 180.0)


class TestOnePurse:
    def test_sessions_of_a_page_pay_from_one(self) -> None:
        limits = Budget(calls=1)
        assert shared_purse("m", limits, None) is shared_purse("m", Budget(calls=1), None)

    def test_an_interview_pays_from_the_budget_of_its_run(self) -> None:
        spec = ClientSpec(backend="scripted", model="tiny", script=fill_schema)
        llm = LLM(spec, budget=Budget(calls=1))
        model = CityModel(City.synthetic(rng=1, places=300), 2, rng=7, llm=llm)
        talk = separate_llm(model.llm)
        assert talk is not None
        assert len(talk.check()) == 1
        assert llm.spent()["calls"] == 1
        with pytest.raises(LLMBudgetError):
            llm.purse.reserve("tiny", prompt_tokens=1, max_tokens=1)
