"""A week with all parts of the mind: people feel, learn, meet, and nothing is left out unasked."""

from __future__ import annotations

from itertools import pairwise

import pytest
from mesa_llm_city.models.shibuya_week.model import ShibuyaWeek

from mesa_llm_city import City
from mesa_llm_city.citizen.presets import PROMPTS
from mesa_llm_city.llm import LLM, ClientSpec


@pytest.fixture(scope="module")
def week() -> ShibuyaWeek:
    """Return a model after a week and two days of ten people."""
    model = ShibuyaWeek(citizens=10, days=9, rng=3, city=City.synthetic(places=400))
    while model.running:
        model.step()
    return model


@pytest.mark.slow
def test_people_learn_meet_and_set_goals(week: ShibuyaWeek) -> None:
    watched = week.datacollector.get_model_vars_dataframe().iloc[-1]
    assert watched["mean_insights"] > 1.0
    assert watched["mean_contacts"] > 0.5
    assert -1.0 <= watched["mean_mood"] <= 1.0
    assert 0.0 < watched["mean_fulfilment"] <= 1.0
    assert (week.decisions()["component"] == "goals").sum() == 10


def test_conversations_hold_back_half_an_hour(week: ShibuyaWeek) -> None:
    talks = week.conversations()
    both = [(row.person, row.time) for row in talks.itertuples()]
    both += [(row.other, row.time) for row in talks.itertuples()]
    times: dict[int, list[int]] = {}
    for person, time in both:
        times.setdefault(person, []).append(int(time.timestamp() // 60))
    for minutes in times.values():
        ordered = sorted(minutes)
        gaps = [b - a for a, b in pairwise(ordered)]
        assert all(gap >= 30 for gap in gaps)


def test_insights_rest_on_memories(week: ShibuyaWeek) -> None:
    assert (week.insights()["evidence"].str.len() > 0).all()


@pytest.mark.slow
def test_all_prompts_are_asked_in_three_days() -> None:
    llm = LLM(ClientSpec(backend="scripted", model="made-up"), on_failure="rules")
    model = ShibuyaWeek(
        citizens=12, days=3, rng=5, city=City.synthetic(places=400), llm=llm, prompts="full"
    )
    while model.running:
        model.step()
    calls = model.calls()
    empty = {"emotion", "stance", "awareness", "sharing", "finances"}
    assert set(calls["purpose"]) == {name for name, slot in PROMPTS.items() if slot not in empty}
    assert calls["valid"].all()
    assert set(model.decisions()["source"].astype(str)) == {"rule", "prompt"}


@pytest.fixture(scope="module")
def whole() -> ShibuyaWeek:
    """Return a model after three days with all parts."""
    return _three_days()


def _three_days(*without: str) -> ShibuyaWeek:
    city = City.synthetic(places=300)
    model = ShibuyaWeek(citizens=8, days=3, rng=2, city=city, without=without)
    while model.running:
        model.step()
    return model


@pytest.mark.slow
@pytest.mark.parametrize("without", ["beliefs", "goals", "needs", "social", "persona", "mood"])
def test_a_part_may_be_left_out(without: str, whole: ShibuyaWeek) -> None:
    lacking = _three_days(without)
    if without not in {"goals", "mood"}:  # they act after days and weeks
        assert whole.digest() != lacking.digest()
