"""Before a day is planned the last one is thought over; goals and insights lean what follows."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from mesa_llm_city import City, CityModel, Clock
from mesa_llm_city.citizen.citizen import Citizen
from mesa_llm_city.citizen.reflection import leanings_of
from mesa_llm_city.core.asking import run
from mesa_llm_city.core.streams import RandomStreams
from mesa_llm_city.core.values import DecisionSource, Mode, Purpose
from mesa_llm_city.mind import Goal, Horizon, Insight, InsightKind, Revision
from mesa_llm_city.mobility import Planner
from mesa_llm_city.population import profile


@pytest.fixture(scope="module")
def town() -> CityModel:
    """Return a model after nine days of fifteen people."""
    model = CityModel(City.synthetic(rng=3, places=400), 15, rng=3)
    model.run_days(9)
    return model


@pytest.mark.slow
def test_each_day_but_the_first_is_thought_over_once(town: CityModel) -> None:
    decisions = town.decisions()
    reflected = decisions[decisions["component"] == "reflection"]
    counts = reflected.groupby("person").size()
    assert counts.between(7, 8).all()


def test_goals_are_set_after_two_days_and_stay_for_a_month(town: CityModel) -> None:
    decisions = town.decisions()
    goals = decisions[decisions["component"] == "goals"]
    assert goals.groupby("person").size().eq(1).all()
    assert ((goals["time"] - goals["time"].dt.normalize()).dt.total_seconds() > 0).all()
    for agent in town.citizens:
        held = agent.citizen.components.goals
        assert held is not None
        assert len(held.goals) in {1, 2}


def test_insights_of_the_table_are_those_that_people_hold(town: CityModel) -> None:
    table = town.insights()
    for agent in town.citizens:
        insights = agent.citizen.components.insights
        assert insights is not None
        held = {one.text for one in insights.recall(at_min=town.minute, count=60)}
        told = set(table[table["person"] == agent.person]["text"])
        reasons = {one for one in held if one.split(":")[0] in set(Mode)}
        assert held - reasons <= told


def test_why_one_goes_as_one_does_is_noted(town: CityModel) -> None:
    trips = town.trips()
    for agent in town.citizens:
        insights = agent.citizen.components.insights
        assert insights is not None
        noted = insights.recall(at_min=town.minute, kind=InsightKind.JUSTIFICATION, count=9)
        modes = set(trips[trips["person"] == agent.person]["mode"].astype(str))
        assert {one.subject for one in noted} >= modes


def shopping_days(leanings: Mapping[str, float]) -> int:
    """Return on how many of sixty days a pensioner means to go shopping."""
    senior, streams = profile("retired senior", home=1), RandomStreams(5, 1)
    plans = [
        run(
            Planner().plan_day(
                senior, day, clock=Clock(), streams=streams, commute_min=0.0, leanings=leanings
            )
        ).plan
        for day in range(60)
    ]
    return len([plan for plan in plans if any(one.purpose == Purpose.SHOPPING for one in plan)])


def test_who_means_to_save_goes_shopping_less() -> None:
    assert shopping_days({Purpose.SHOPPING: -1.0}) < 0.75 * shopping_days({})


def liker(**likings: float) -> Citizen:
    """Return somebody with sure preferences."""
    someone = Citizen(profile("retired senior", home=1), seed=7, goals=None)
    assert someone.components.insights is not None
    someone.components.insights.keep(
        Insight(0, InsightKind.PREFERENCE, subject, "-", 1.0, one, evidence=(1,))
        for subject, one in likings.items()
    )
    return someone


def test_likings_say_what_a_person_rather_does_out_of_home_not_how_often() -> None:
    # Leisure, social, sport and shopping are done away from home: their mean is .3.
    found = leanings_of(liker(leisure=0.8, social=0.4, health=1.0, rest=0.2))
    expected = {"leisure": 0.5, "social": 0.1, "sport": -0.3, "shopping": -0.3, "rest": 0.2}
    assert found == {one: pytest.approx(value) for one, value in expected.items()}


def test_who_likes_everything_alike_leans_to_nothing() -> None:
    found = leanings_of(liker(leisure=0.6, social=0.6, sport=0.6, shopping=0.6))
    assert all(abs(one) < 1e-12 for one in found.values())
    assert leanings_of(liker()) == {}


def test_goals_that_have_just_been_set_count_in_the_plan_of_the_day() -> None:
    lonely = Goal("see friends", Horizon.SHORT, ((Purpose.SOCIAL, 0.5),))
    revision = Revision((lonely,), DecisionSource.RULE, "so")
    assert leanings_of(liker(), revision) == {"social": 0.5}
