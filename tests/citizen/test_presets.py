"""Which mind decides what: prompts, presets, and what a run may go without."""

from __future__ import annotations

import pytest

from mesa_llm_city import City, CityModel
from mesa_llm_city.citizen.presets import (
    ABLATIONS,
    PRESETS,
    PROMPTS,
    choose_components,
    resolve_prompts,
)
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.llm import LLM, ClientSpec
from mesa_llm_city.mobility import LogitModeChoice, Planner
from mesa_llm_city.prompts import Prompted, PromptLibrary


def model(**options: object) -> CityModel:
    city = City.synthetic(rng=1, places=300)
    return CityModel(city, 6, rng=1, **options)  # type: ignore[arg-type]


def scripted() -> LLM:
    return LLM(ClientSpec(backend="scripted", model="made-up"))


def test_every_prompt_has_a_wording() -> None:
    assert set(PROMPTS) <= set(PromptLibrary())


def test_presets_grow_from_none_to_all() -> None:
    assert resolve_prompts("rules") == frozenset()
    assert resolve_prompts("full") == frozenset(PROMPTS)
    assert PRESETS["rules"] < PRESETS["light"] < PRESETS["full"]


def test_names_and_presets_may_be_mixed() -> None:
    assert resolve_prompts(["light", "mode"]) == PRESETS["light"] | {"mode"}


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(ConfigError, match="nothing asks about tea; prompts are plan"):
        resolve_prompts(["tea"])
    with pytest.raises(
        ConfigError, match="air cannot be left out; what can is attraction, beliefs"
    ):
        choose_components(frozenset(), without=["air"])


def test_parts_that_ask_are_shared_by_everybody() -> None:
    asking = model(llm=scripted(), prompts={"mode"})
    components = {id(agent.citizen.components.mode_choice) for agent in asking.citizens}
    assert len(components) == 1
    assert isinstance(asking.citizens[0].citizen.components.mode_choice, Prompted)
    assert isinstance(asking.citizens[0].citizen.components.planner, Planner)


def test_a_prompt_is_joined_to_a_component_that_replaces_the_default() -> None:
    own = LogitModeChoice()
    asking = model(llm=scripted(), prompts={"mode"}, components={"mode_choice": own})
    joined = asking.citizens[0].citizen.components.mode_choice
    assert isinstance(joined, Prompted)
    assert joined.rule is own


def test_prompts_need_somebody_to_ask() -> None:
    with pytest.raises(ConfigError, match="prompts mode ask a language model, but there is none"):
        model(prompts={"mode"})


@pytest.mark.parametrize("what", ABLATIONS)
def test_what_is_left_out_is_gone(what: str) -> None:
    lacking = model(without=[what])
    lacking.run_days(1)
    components = lacking.citizens[0].citizen.components
    assert all(getattr(components, name) is None for name in ABLATIONS[what])
    if what == "recursion":
        assert not components.planner.parameters.mobility.planner.recursive
    if what == "persona":
        assert all(agent.citizen.persona.hobbies == () for agent in lacking.citizens)


def test_calls_and_forecast_need_a_language_model() -> None:
    with pytest.raises(ConfigError, match="asks no language model"):
        model().calls()
    with pytest.raises(ConfigError, match="a cost estimate needs a model with llm"):
        model().cost_estimate()


@pytest.mark.slow
def test_a_forecast_holds_what_comes_and_changes_nothing() -> None:
    llm = scripted()
    asking = model(llm=llm, prompts="full")
    before = asking.digest()
    expected = asking.cost_estimate(days=1)
    assert (asking.digest(), llm.totals().calls) == (before, 0)
    asking.run_days(1)
    assert expected.calls.low <= llm.totals().calls <= expected.calls.high
    assert expected.usd is None
    assert "unpriced for 6 people and 1 day" in str(expected)
