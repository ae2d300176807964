"""Telling the people of a model: who hears it, what they do, and how it spreads."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

import pandas as pd
import pytest
from pydantic import BaseModel

from mesa_llm_city import City, CityModel
from mesa_llm_city.core.asking import Question
from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.values import Purpose

MORNING_STEPS = 9 * 12
AT_ONCE = {"social.messages.channels.radio.delay_min": 0.0}


@cache
def town() -> City:
    return City.synthetic(rng=1, places=300)


def model(steps: Any = MORNING_STEPS, **named: Any) -> CityModel:  # noqa: ANN401 - as CityModel
    made = CityModel(town(), 20, rng=7, **named)
    for _ in range(steps):
        made.step()
    return made


def crowded_zone(one: CityModel) -> int:
    zones = [int(one.city.places.zone[agent.persona.home]) for agent in one.citizens]
    return max(sorted(set(zones)), key=zones.count)


def steps(one: CityModel, count: int) -> pd.DataFrame:
    for _ in range(count):
        one.step()
    return one.messages()


def test_everybody_who_is_awake_hears_it_at_the_next_minute() -> None:
    one = model(**{"social.messages.inform_news": 0.0}, **AT_ONCE)
    asleep = [agent for agent in one.citizens if agent.purpose == Purpose.SLEEP]
    asleep = [agent for agent in asleep if agent.citizen.now.next_due > one.minute]
    awake = {agent.person for agent in one.citizens if agent not in asleep}
    under_way = {agent.person for agent in one.citizens if agent.purpose == Purpose.TRAVEL}
    now = one.clock.at(one.minute)
    one.tell(None, "The market opens at ten", source="media")
    heard = steps(one, 1)
    assert awake - under_way <= set(heard.person) <= awake
    assert set(heard.time[heard.person.isin(awake - under_way)]) == {pd.Timestamp(now)}
    assert set(heard.reaction) <= {"continue", "inform"}


def test_only_those_of_a_query_are_told() -> None:
    one = model(**{"social.messages.inform_news": 0.0})
    first = one.citizens[0].person
    one.tell({"ids": [first]}, "Call the office", channel="phone")
    assert set(steps(one, 12).person) <= {first}


def test_warned_people_leave_the_zone_and_tell_others_first_their_household() -> None:
    one = model(
        **{"mind.warnings.belief_constant": 50.0, "mind.warnings.constant": 50.0,
           "social.messages.inform_danger": 1.0} | AT_ONCE
    )  # fmt: skip
    zone = crowded_zone(one)
    inside = [
        agent
        for agent in one.citizens
        if agent.present_at is not None and one.city.places.zone[agent.place] == zone
        and agent.age >= 18
    ]  # fmt: skip
    told = inside[0]
    one.tell([told], "The river rises", danger=1.0, zone=zone, topic="flood")
    heard = steps(one, 24)
    mine = heard[heard.person == told.person].iloc[0]
    assert (mine.reaction, mine.believed) == ("flee", 1)
    assert one.city.places.zone[told.place] != zone
    passed = heard[heard.sender == told.person].person.tolist()
    household = {agent.person for agent in one.residents.household_of(told)}
    assert household <= set(passed)
    assert len(set(passed) - household) <= one.parameters.social.messages.ties_told


def test_a_message_is_passed_on_no_more_often_than_the_parameters_say() -> None:
    spread = {
        "social.messages.inform_danger": 1.0,
        "mind.warnings.belief_constant": 50.0,
        "social.messages.most_passed": 1,
    }
    one = model(**spread, **AT_ONCE)
    one.tell([one.citizens[0]], "A storm", danger=1.0, topic="storm")
    heard = steps(one, 24)
    assert set(heard.sender.dropna()) <= {one.citizens[0].person}


def test_a_broadcast_may_take_time_to_reach_people() -> None:
    one = model(**{"social.messages.inform_news": 0.0})
    one.tell(None, "The market opens at ten", source="media")
    early, late = len(steps(one, 3)), len(steps(one, 33))
    assert 0 < early < late <= 20


def test_a_run_without_messages_has_no_table_in_its_digest() -> None:
    one, other = model(12), model(12)
    assert one.digest() == other.digest()
    other.tell(None, "A storm", danger=0.5, channel="in_person")
    steps(other, 1)
    steps(one, 1)
    assert one.digest() != other.digest()


def test_equal_runs_with_equal_messages_are_equal() -> None:
    digests = []
    for _ in range(2):
        one = model()
        one.tell(None, "The river rises", danger=0.9, zone=crowded_zone(one))
        steps(one, 12)
        digests.append(one.digest())
    assert digests[0] == digests[1]


def test_days_of_those_who_react_have_no_gap() -> None:
    one = model()
    one.tell(None, "The river rises", danger=1.0, zone=crowded_zone(one))
    steps(one, 36)
    for _, rows in one.activities().groupby("person"):
        assert (rows.end.to_numpy()[:-1] == rows.start.to_numpy()[1:]).all()


def test_woken_people_are_up() -> None:
    one = model(24)
    sleeping = [agent for agent in one.citizens if agent.purpose == Purpose.SLEEP]
    assert [agent.person for agent in one.wake(sleeping[:2])] == sorted(
        agent.person for agent in sleeping[:2]
    )
    one.step()
    assert all(agent.purpose != Purpose.SLEEP for agent in sleeping[:2])
    assert all(agent.purpose == Purpose.SLEEP for agent in sleeping[2:])


def test_what_is_being_passed_on_survives_json() -> None:
    sure = {"social.messages.inform_danger": 1.0, "mind.warnings.belief_constant": 50.0}
    one = model(**sure, **AT_ONCE)
    one.tell(None, "A storm", danger=1.0, topic="storm")
    one.rounds.live_until(one.minute + 5)
    kept = json.loads(json.dumps(one.news.state()))
    assert kept["said"]
    other = model(0)
    other.news.restore(kept)
    assert other.news.state() == kept


class Believers:
    """Answers that believe every message and act on it, and go on otherwise."""

    def __init__(self) -> None:
        self.asked: list[Question] = []

    def answer_many(self, questions: Sequence[Question]) -> list[BaseModel]:
        self.asked += questions
        return [self._answer(one) for one in questions]

    def _answer(self, question: Question) -> BaseModel:
        options: Any = question.facts["options"]
        rows = [row for row, one in enumerate(options, 1) if "go on" not in one]
        if question.purpose == "heed":
            act = rows[0] if rows else 1
            return question.reply(
                reason="I saw the river", believed=9, choice=act, informs=False, minutes=7
            )
        going_on = next(row for row in range(1, len(options) + 1) if row not in rows)
        return question.reply(reason="later", choice=going_on, minutes=5)


def test_in_words_each_person_says_what_to_make_of_it() -> None:
    backend = Believers()
    one = model(llm=backend, prompts={"react"})
    zone = crowded_zone(one)
    one.tell(None, "The river rises", danger=0.9, zone=zone, channel="phone", topic="flood")
    heard = steps(one, 1)
    asked = [one for one in backend.asked if one.purpose == "heed"]
    assert len(asked) == len(heard) > 0
    assert set(heard.decided_by) == {"prompt"}
    fled = heard[heard.reaction == "flee"]
    assert len(fled)
    assert set(fled.ready_min) == {7}
    assert set(fled.reason) == {"I saw the river"}
    decisions = one.decisions().query("component == 'perception' and choice == 'flee'")
    assert set(decisions.source) == {"prompt"}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"danger": 1.5}, "danger must be a number from 0"),
        ({"channel": "pigeon"}, "no channel 'pigeon'"),
        ({"radius_m": 100.0}, "give place as well"),
        ({"zone": "Atlantis"}, "Atlantis"),
        ({"place": [1, 2]}, "place: must be one place"),
        ({"text": ""}, "text must be words"),
    ],
)
def test_a_wrong_argument_is_named_and_nobody_is_told(given: dict[str, Any], told: str) -> None:
    one = model(0)
    with pytest.raises(ConfigError, match=told):
        one.tell(None, **{"text": "Hello", **given})
    assert one.news.count == 0


def test_a_wrong_query_is_named() -> None:
    with pytest.raises(DataError, match="colour"):
        model(0).tell({"colour": "red"}, "Hello")


def test_a_household_that_is_warned_stays_with_its_closest_friends() -> None:
    one = model(**{"mobility.closing.to_friends": 1.0, "mobility.closing.to_hotel": 0.0}, **AT_ONCE)
    homes = {agent.person: agent.persona.home for agent in one.citizens}
    one.tell(None, "A fire", danger=1.0, zone=crowded_zone(one), channel="phone")
    for agent in one.citizens:
        now, ties = agent.citizen.now, agent.citizen.components.ties
        assert ties is not None
        members = {other.person for other in one.residents.household_of(agent)}
        if now.refuge is None:
            assert one.city.places.zone[homes[agent.person]] != crowded_zone(one)
            continue
        assert {other.citizen.now.refuge for other in one.residents.household_of(agent)} <= {
            now.refuge
        }
        known = {person for person in (*members, agent.person) if person in homes}
        friends = {
            homes[int(other)]
            for person in known
            if (own := one.residents.by_id[person].citizen.components.ties) is not None
            for other in own.others
            if int(other) in homes
        }
        safe = {home for home in friends if one.city.places.zone[home] != crowded_zone(one)}
        assert now.refuge in safe or not safe


def test_a_refuge_lies_in_no_danger_that_is_known() -> None:
    one = model(**{"social.messages.inform_danger": 0.0, "mind.warnings.belief_constant": 50.0})
    first, places = crowded_zone(one), one.city.places
    one.tell(None, "A fire", danger=1.0, zone=first, channel="phone")
    steps(one, 2)
    second = {agent.citizen.now.refuge for agent in one.citizens} - {None}
    zones = {first, *(int(places.zone[place]) for place in second if place is not None)}
    one.tell(None, "A gas leak", danger=1.0, zone=sorted(zones - {first}), channel="phone")
    refuges = {agent.citizen.now.refuge for agent in one.citizens} - {None}
    assert refuges
    assert not {int(places.zone[place]) for place in refuges if place is not None} & zones


def test_half_a_character_in_a_message_stops_no_run() -> None:
    model = CityModel(City.synthetic(rng=1, places=300), 3, rng=1)
    model.tell(None, "The river \ud83c", danger=0.5, topic="flood \ud83c")
    model.step()
    assert set(model.messages()["text"]) <= {"The river ?"}
    assert len(model.digest()) == 32
