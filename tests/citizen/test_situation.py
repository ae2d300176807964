"""What a person thinks with at a moment is worked out once, and is what the person feels."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

from mesa_llm_city.citizen.citizen import Citizen
from mesa_llm_city.citizen.components import ComponentOption
from mesa_llm_city.citizen.contact import wished_contact
from mesa_llm_city.citizen.draft import Draft
from mesa_llm_city.citizen.interruption import react
from mesa_llm_city.citizen.situation import Situation
from mesa_llm_city.citizen.world import World
from mesa_llm_city.city.environment import Environment
from mesa_llm_city.core.asking import run
from mesa_llm_city.core.clock import HOUR_MIN, Clock
from mesa_llm_city.core.values import Activity, Float, Observation, Reaction, Weather
from mesa_llm_city.mind import Needs, Perception
from mesa_llm_city.social import (
    Contact,
    ContactChoice,
    ContactOpportunity,
    Outcome,
    Relation,
    Ties,
)
from tests.town import small_town, townspeople

NOON = 12 * HOUR_MIN
STROLL = Activity(purpose="leisure", start_min=NOON - 30, end_min=NOON + 90, place=5)


class CountedWeather:
    """Weather that counts how often it is asked."""

    def __init__(self, temperature_c: float = 9.0) -> None:
        self.asked: list[datetime] = []
        self.temperature_c = temperature_c

    def at(self, moment: datetime) -> Weather:
        self.asked.append(moment)
        return Weather(temperature_c=self.temperature_c)


class Noticing(Perception):
    """Reacts as the rule does, and notes what it is told besides."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[Mapping[str, Any]] = []

    async def react(
        self,
        observation: Observation,
        **facts: Any,  # noqa: ANN401 - as Perception.react
    ) -> Reaction:
        self.told.append(facts)
        return await super().react(observation, **facts)


class Pensive(ContactChoice):
    """Decides as the rule does, and notes what it is told."""

    thoughts: list[str]

    async def decide(
        self,
        opportunity: ContactOpportunity,
        ties: Ties,
        **facts: Any,  # noqa: ANN401 - as ContactChoice.decide
    ) -> Contact:
        self.thoughts.append(opportunity.thought)
        return await super().decide(opportunity, ties, **facts)


@pytest.fixture
def world() -> World:
    return World(small_town(), Clock())


def situation_at(minute: int, world: World, people: tuple[int, ...] = ()) -> Situation:
    seen = Observation(minute=minute, place=5, weather=world.weather(minute), people=people)
    return Situation(seen, world, Draft([], 0, None, resting=False))


def citizen(**components: ComponentOption) -> Citizen:
    return Citizen(townspeople()[0], seed=7, components=components)


def test_needs_and_mood_are_those_of_the_person_at_the_minute(world: World) -> None:
    someone, situation = citizen(), situation_at(NOON, world)
    assert situation.needs_of(someone) == someone.needs_at(NOON)
    assert situation.mood_of(someone) == someone.mood_at(NOON)
    assert situation.needs_of(someone) is situation.needs_of(someone)


def test_needs_of_another_class_are_read_from_their_levels() -> None:
    class Halved(Needs):
        def levels_at(self, at: float) -> Float:
            return super().levels_at(at) / 2.0

    whole, halved = citizen(), citizen(needs=Halved())
    expected = {name: level / 2.0 for name, level in whole.needs_at(NOON).items()}
    assert halved.needs_at(NOON) == expected


def test_a_moment_is_told_in_words(world: World) -> None:
    assert situation_at(NOON, world).when == "Monday in April, 12:00"


def test_the_weather_of_a_minute_is_asked_for_once_until_it_is_another(world: World) -> None:
    source = CountedWeather()
    world.city = world.city.with_environment(Environment(weather=source))
    for minute in (NOON, NOON, NOON + 1, NOON):
        assert world.weather(minute).temperature_c == 9.0
    assert len(source.asked) == 2
    world.weather_now["temperature_c"] = 31.0
    assert world.weather(NOON).temperature_c == 31.0
    world.weather_now.clear()
    world.city = world.city.with_environment(Environment(weather=CountedWeather(-4.0)))
    assert world.weather(NOON).temperature_c == -4.0


def test_what_is_kept_of_minutes_is_bounded(world: World) -> None:
    source = CountedWeather()
    world.city = world.city.with_environment(Environment(weather=source))
    for minute in range(1000):
        assert world.in_words(minute) == f"{world.clock.at(minute):%A in %B, %H:%M}"
        world.weather(minute)
    assert len(source.asked) == 1000
    assert len(world._words) <= 64
    assert len(world._weather) <= 64


@pytest.mark.parametrize("minute", [NOON, 20 * HOUR_MIN])
def test_our_rule_reacts_alike_whether_it_is_told_of_feelings_or_not(
    world: World, minute: int
) -> None:
    noticing = Noticing()
    plain = run(react(citizen(), STROLL, situation_at(minute, world)))
    told = run(react(citizen(perception=noticing), STROLL, situation_at(minute, world)))
    assert plain == told
    (facts,) = noticing.told
    assert facts["needs"] == citizen().needs_at(minute)
    assert 0.0 <= facts["rng"].random() < 1.0


def test_our_rule_decides_about_contacts_alike_whether_it_is_told_of_thoughts_or_not(
    world: World,
) -> None:
    pensive = Pensive()
    pensive.thoughts = []
    found = []
    for contacts in (ContactChoice(), pensive):
        someone = citizen(contacts=contacts)
        assert someone.components.ties is not None
        someone.components.ties.relate([3, 4], Relation.FRIEND)
        someone.components.needs.satisfy("social", -0.9, at=NOON / HOUR_MIN)  # type: ignore[union-attr]
        moments = [situation_at(NOON + 5 * row, world, people=(3, 4)) for row in range(40)]
        found.append([run(wished_contact(someone, STROLL, one)) for one in moments])
    assert found[0] == found[1]
    assert any(found[0])
    assert any(pensive.thoughts)


def test_who_has_just_talked_wishes_no_contact(world: World) -> None:
    someone = citizen()
    assert someone.components.ties is not None
    someone.components.ties.meet(3, Outcome.POSITIVE, at_min=NOON - 1)
    situation = situation_at(NOON, world, people=(3,))
    assert run(wished_contact(someone, STROLL, situation)) is None
    assert situation.draft.decisions == []
