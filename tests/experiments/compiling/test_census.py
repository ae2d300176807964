"""A census counts every decision, keeps a few, and changes none."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city import CityModel
from mesa_llm_city.citizen.presets import policy_form, prompt_form
from mesa_llm_city.core.asking import run
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.experiments.compiling import take_census
from mesa_llm_city.parameters import default_parameters
from tests.experiments.compiling.censuses import BY, censuses, scripted
from tests.town import small_town, townspeople


def test_a_census_changes_no_life() -> None:
    models = []

    def make(policies: object) -> CityModel:
        models.append(CityModel(small_town(), 3, rng=7, policies=policies))  # type: ignore[arg-type]
        return models[-1]

    take_census(make, {"mode": ["car"]}, parameters=default_parameters())
    plain = CityModel(small_town(), 3, rng=7)
    plain.run_days(1)
    assert models[0].digest() == plain.digest()


def test_every_decision_is_counted_and_some_are_kept() -> None:
    for census in censuses().values():
        cells, moments = census.counted()
        assert moments.sum() == len(census)
        assert (np.diff(cells) > 0).all()
        kept = [one for cell in cells.tolist() for one in census.kept(cell)]
        assert all(one.moment.uniform >= 0.2 for one in kept)
        assert all(one.moment.uniform < 0.2 for one in census.held_out())
        assert max(len(census.kept(cell)) for cell in cells.tolist()) <= census.per_cell
        assert (census.people, census.days, census.seed) == (len(townspeople(14)), 1, 7)


def test_the_same_run_leads_to_the_same_census() -> None:
    again = take_census(
        lambda policies: CityModel(small_town(), townspeople(14), rng=7, policies=policies),
        {"react": BY["react"]},
        parameters=default_parameters(),
        held_out=0.2,
    )["react"]
    first = censuses()["react"]
    assert [one[:6] for one in again.held_out()] == [one[:6] for one in first.held_out()]
    assert again.counted().moments.tolist() == first.counted().moments.tolist()


@pytest.mark.parametrize("prompt", BY)
def test_a_policy_form_asks_where_the_prompt_does_and_reads_its_decisions(prompt: str) -> None:
    census, llm = censuses()[prompt], scripted()
    form = policy_form(prompt, default_parameters())
    asks = prompt_form(prompt, default_parameters())
    cells = census.counted().cells.tolist()
    met = [one for cell in cells for one in census.kept(cell)][:8]
    for one in met:
        given = one.case.thaw()
        decided = run(
            asks.ask(given.rule, given.by_rule, *given.args, **given.facts),
            backend=llm,
            person=one.person,
            minute=one.moment.minute,
        )
        case = form.case(given.rule, given.by_rule, *given.args, **given.facts)
        assert case is not None
        assert decided is not None
        answer = case.answer_of(decided)
        assert case.possible((answer, answer)).tolist() == [True, True]
        by_policy = case.decision(answer, "so")
        assert by_policy.source is DecisionSource.POLICY
        assert type(by_policy) is type(decided)
        if prompt != "plan":  # starts and lengths are rounded, so that a block may not fit
            assert case.answer_of(by_policy) == answer
        assert form.outcome(answer)


def test_nothing_decided_is_refused() -> None:
    with pytest.raises(ConfigError, match="nothing is decided about share by 2 people in 1 days"):
        take_census(
            lambda policies: CityModel(small_town(), 2, rng=7, policies=policies),
            {"share": ["emotion"]},
            parameters=default_parameters(),
        )


def test_what_no_policy_can_decide_is_refused() -> None:
    with pytest.raises(ConfigError, match="no policy can decide about talk"):
        take_census(lambda _: pytest.fail("no run"), {"talk": []}, parameters=default_parameters())
