"""Citizens who decide by policy: which decisions, what is recorded, and saves that go on."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from mesa_llm_city import CityModel
from mesa_llm_city.citizen.presets import POLICIES, choose_components, policy_form, prompt_form
from mesa_llm_city.core.asking import run
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.core.values import DecisionSource, TravelOption, Weather
from mesa_llm_city.experiments.compiling import compile_policy
from mesa_llm_city.mobility import LogitModeChoice, ModePolicy
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.policies import Compiled, Moment, Policy, case_values, dimensions_of
from mesa_llm_city.population import profile
from mesa_llm_city.simulation.saving.snapshot import restored, snapshot
from tests.experiments.compiling.censuses import censuses, scripted
from tests.policies.policies import CARD, mode_policy
from tests.town import small_town

if TYPE_CHECKING:
    import pandas as pd


@cache
def _policies() -> dict[str, Policy]:
    """Return a policy for each decision of the census, of answers at random."""
    return {prompt: compile_policy(one, scripted()) for prompt, one in censuses().items()}


@cache
def _lived() -> CityModel:
    model = CityModel(small_town(), 5, rng=7, policies=_policies())
    model.run_days(1)
    return model


def _by_policy(model: CityModel) -> pd.DataFrame:
    decisions = model.decisions()
    return decisions[decisions["source"].astype(str) == str(DecisionSource.POLICY)]


def test_every_compiled_decision_is_taken_by_its_policy_and_says_so() -> None:
    found = _by_policy(_lived())
    assert set(found["component"]) == {"planner", "place_choice", "mode_choice", "perception"}
    assert found["reason"].str.contains("as in cells with").all()


def test_days_by_policy_are_whole() -> None:
    activities = _lived().activities()
    length = (activities["end"] - activities["start"]).dt.total_seconds() / 60.0
    assert length.groupby(activities["person"]).sum().tolist() == [1440.0] * 5


@pytest.mark.parametrize("prompt", ["mode", "leisure"])
def test_columns_are_decided_as_each_citizen_decides(prompt: str) -> None:
    census, policy = censuses()[prompt], _policies()[prompt]
    form, met = census.form, census.held_out()
    cases, rows, able, alone = [], [], [], []
    for one in met:
        given = one.case.thaw()
        case = form.case(given.rule, given.by_rule, *given.args, **given.facts)
        assert case is not None
        cases.append(case)
        rows.append(case_values(case, one.moment, policy.columns, form.parameters))
        able.append(case.possible(policy.answers))
        compiled = Compiled(given.rule, form, policy)
        decide = getattr(compiled, form.verb)
        decided = run(decide(*given.args, **given.facts, moment=one.moment))
        alone.append(case.answer_of(decided))
    columns = {name: np.array([row[name] for row in rows]) for name in policy.columns}
    numbers = np.array([one.moment.uniform for one in met])
    codes = policy.draw(policy.cells(columns), numbers, np.array(able))
    together = [
        case.answer_of(case.decision(policy.answers[code], ""))
        for case, code in zip(cases, codes.tolist(), strict=True)
    ]
    assert together == alone


def test_random_numbers_have_the_address_of_person_and_minute() -> None:
    for one in censuses()["mode"].held_out():
        (number,) = uniforms(7, [one.person], "policy mode", one.moment.minute, 1)[0]
        assert one.moment.uniform == number


def test_a_saved_model_goes_on_with_its_policies(tmp_path: Path) -> None:
    model = CityModel(small_town(), 3, rng=7, policies=_policies())
    for _ in range(150):
        model.step()
    model.save(tmp_path / "save")
    loaded = CityModel.load(tmp_path / "save")
    for one in (model, loaded):
        for _ in range(80):
            one.step()
    assert loaded.policies.keys() == model.policies.keys()
    assert len(_by_policy(loaded)) > 0
    assert loaded.digest() == model.digest()


def test_futures_share_policies_and_go_on_alike() -> None:
    model = CityModel(small_town(), 2, rng=7, policies=_policies())
    for _ in range(150):
        model.step()
    future = restored(snapshot(model))
    for one in (model, future):
        for _ in range(60):
            one.step()
    assert future.policies["mode"] is model.policies["mode"]
    assert future.digest() == model.digest()


def test_new_parameters_leave_policies_in_place() -> None:
    model = CityModel(small_town(), 3, rng=7, policies={"mode": mode_policy()})
    model.intervene({"kind": "set", "start": 5, "parameters": {"mobility.gravity.gamma": 1.0}})
    for _ in range(3):
        model.step()
    chooser = model.citizens[0].citizen.components.mode_choice
    assert isinstance(chooser, Compiled)
    assert chooser.form.parameters.mobility.gravity.gamma == 1.0


def test_a_policy_and_a_prompt_cannot_decide_the_same() -> None:
    with pytest.raises(ConfigError, match="mode: a policy and a language model cannot decide"):
        CityModel(
            small_town(),
            1,
            rng=7,
            llm=scripted(),
            prompts=["mode"],
            policies={"mode": mode_policy()},
        )


def test_a_policy_for_something_else_is_refused() -> None:
    with pytest.raises(ConfigError, match="no policy can decide about talk"):
        choose_components(frozenset(), policies={"talk": mode_policy()})
    with pytest.raises(ConfigError, match="the policy is for mode, not for place"):
        choose_components(frozenset(), policies={"place": mode_policy()})


def test_a_policy_with_other_kinds_is_refused() -> None:
    tree = CityParameters(purposes={"worship": {"places": ["church"]}})
    dimensions = dimensions_of(["purpose"], ModePolicy.columns, tree)
    known = mode_policy()
    policy = Policy.of_counts(
        "mode",
        dimensions=dimensions,
        answers=("walk",),
        codes=known.cell[:1],
        counts=known.given[:1, None],
        moments=known.moments[:1],
        strength=1.0,
        card=CARD,
    )
    with pytest.raises(ConfigError, match="compile a policy with the kinds of the model"):
        choose_components(frozenset(), policies={"mode": policy})
    assert choose_components(frozenset(), parameters=tree, policies={"mode": policy})


def test_where_no_answer_is_possible_the_rule_decides() -> None:
    ways = [TravelOption(mode=one, distance_m=900.0, minutes=9.0) for one in ("bicycle", "bus")]
    moment = Moment(minute=480, day_kind=0, weather=Weather(), need=0, uniform=0.3)
    by_rule = run(LogitModeChoice().choose(ways, rng=np.random.default_rng(1)))
    compiled = Compiled(LogitModeChoice(), ModePolicy(), mode_policy())
    nurse = profile("night-shift nurse", home=1, work=2)
    chosen = run(compiled.choose(ways, rng=np.random.default_rng(1), persona=nurse, moment=moment))
    assert (chosen.option, chosen.source) == (by_rule.option, DecisionSource.RULE)
    with pytest.raises(ConfigError, match="needs moment=Moment"):
        run(compiled.choose(ways, rng=np.random.default_rng(1), persona=nurse))


@pytest.mark.parametrize("prompt", POLICIES)
def test_a_policy_form_and_its_prompt_form_are_about_the_same_decision(prompt: str) -> None:
    tree = default_parameters()
    assert policy_form(prompt, tree).verb == prompt_form(prompt, tree).verb
    assert policy_form(prompt, tree).prompt == prompt
