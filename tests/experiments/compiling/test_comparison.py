"""Comparison of a policy with a live model, and what it changes in a run."""

from __future__ import annotations

import json

import numpy as np
import pytest

from mesa_llm_city import CityModel
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.compiling import (
    compare_answers,
    compare_archetypes,
    compare_policy,
    compile_policy,
    policy_effects,
    take_census,
)
from mesa_llm_city.llm import LLM, Archetype, ClientSpec
from mesa_llm_city.llm.base import Request
from mesa_llm_city.parameters import default_parameters
from tests.experiments.compiling.censuses import censuses, scripted
from tests.policies.policies import mode_policy
from tests.town import small_town


def test_a_model_that_always_does_the_same_is_met_by_its_policy() -> None:
    # Few decisions about reactions are met in a day, so that many of them have to be held out.
    census = censuses(held_out=0.6)["react"]

    def goes_on(_: Request) -> str:
        return json.dumps({"reason": "so", "choice": 1, "minutes": 30})

    llm = LLM(ClientSpec(backend="scripted", model="first", script=goes_on))
    policy = compile_policy(census, llm)
    found = compare_policy(policy, census, llm)
    assert found.decisions == len(census.held_out())
    assert set(found.minds) == {"live", "policy", "rule"}
    assert sum(found.by_level) == pytest.approx(1.0)
    assert sum(found.outcomes["policy"].values()) == pytest.approx(1.0)


def test_agreement_and_distance_are_those_of_the_definition() -> None:
    census = censuses()["mode"]
    met = census.held_out()[:4]
    live: list[list[str | None]] = [
        ["walk", "walk"],
        ["walk", "bus"],
        ["bus", "bus"],
        ["bus", "bus"],
    ]
    likely = np.array([[1.0, 0.0], [0.5, 0.5], [0.5, 0.5], [0.0, 0.0]])
    found = compare_answers(
        census.form, met, live=live, likely=likely, answers=("walk", "bus"), name="policy"
    )
    assert found.minds["live"].agreement == 0.75
    by_rule = float(met[3].answer == "bus")
    assert found.minds["policy"].agreement == (1.0 + 0.5 + 0.5 + by_rule) / 4
    assert found.left_to_rules == 0.25
    assert found.outcomes["live"]["walk"] == 0.5
    assert json.loads(json.dumps(found.to_dict()))["minds"]["live"]["agreement"] == 0.75
    assert found.to_frame()["mind"].tolist() == ["live", "policy", "rule"]
    assert "left to rules 25 %" in str(found)


def test_a_decision_without_an_answer_is_left_out() -> None:
    census = censuses()["mode"]
    live: list[list[str | None]] = [[None, "walk"], ["walk", "walk"]]
    found = compare_answers(
        census.form,
        census.held_out()[:2],
        live=live,
        likely=np.ones((2, 1)),
        answers=("walk",),
        name="policy",
    )
    assert found.decisions == 1
    with pytest.raises(ConfigError, match="no decision has all of its answers"):
        compare_answers(
            census.form,
            census.held_out()[:1],
            live=live[:1],
            likely=np.ones((1, 1)),
            answers=("walk",),
            name="policy",
        )


def test_a_policy_about_something_else_is_refused() -> None:
    with pytest.raises(ConfigError, match="the policy is for mode, and the census of react"):
        compare_policy(mode_policy(), censuses()["react"], scripted())


def test_effects_are_differences_seed_by_seed() -> None:
    town = small_town()
    effects = policy_effects(
        {
            "rules": lambda seed: CityModel(town, 2, rng=seed),
            "policy": lambda seed: CityModel(town, 2, rng=seed, policies={"mode": mode_policy()}),
        },
        [1, 2],
    )
    table = effects.summary().set_index("measure")
    assert set(table["mind"]) == {"policy"}
    runs = effects.runs[effects.runs["measure"] == "trips_per_day"]
    wide = runs.pivot_table(index="seed", columns="mind", values="value")
    apart = (wide["policy"] - wide["rules"]).to_numpy()
    assert table.loc["trips_per_day", "difference"] == pytest.approx(apart.mean())
    error = apart.std(ddof=1) / np.sqrt(2)
    assert table.loc["trips_per_day", "standard_error"] == pytest.approx(error)
    assert "beside rules, 2 seeds" in str(effects)
    minutes = effects.runs[effects.runs["measure"].str.startswith("minutes_")]
    assert minutes.groupby(["mind", "seed"])["value"].sum().to_numpy() == pytest.approx(
        1440.0, abs=1.0
    )


def test_one_mind_is_no_comparison() -> None:
    with pytest.raises(ConfigError, match="give a seed and two minds at least"):
        policy_effects({"rules": lambda seed: CityModel(small_town(), 1, rng=seed)}, [1])


def test_archetypes_are_compared_with_what_each_person_would_be_told() -> None:
    everybody = take_census(
        lambda policies: CityModel(small_town(), 4, rng=7, policies=policies),
        {"mode": ["car"]},
        parameters=default_parameters(),
        held_out=1.0,
    )["mode"]
    groups = dict.fromkeys(range(100), "all")
    shared = {"mode": Archetype(groups=groups, window_min=1440)}
    found = compare_archetypes(everybody, scripted(), shared)
    assert found.name == "archetypes"
    assert found.hit_rate is not None
    assert 0.5 < found.hit_rate < 1.0
    assert found.minds["archetypes"].variety.total < found.minds["live"].variety.total
    assert "% share the answer of their archetype" in str(found)
    with pytest.raises(ConfigError, match="there is no archetype for mode"):
        compare_archetypes(everybody, scripted(), {})
