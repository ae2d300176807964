"""Messages come to a person, who thinks of them and acts on them at that minute."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from mesa_llm_city.citizen.citizen import Citizen
from mesa_llm_city.citizen.components import ComponentOption
from mesa_llm_city.citizen.danger import in_area, refuge_of
from mesa_llm_city.citizen.intention import Intention, Step
from mesa_llm_city.citizen.state import CitizenState
from mesa_llm_city.citizen.world import World
from mesa_llm_city.core.asking import run
from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN, Clock
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.message import Message, Response
from mesa_llm_city.core.values import Observation, Purpose, ReactionKind
from mesa_llm_city.mind import Perception
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import Occupation
from tests.town import small_town, townspeople

SURE = CityParameters().with_(
    {
        "mind.warnings.belief_constant": 50.0,
        "mind.warnings.constant": 50.0,
        "mind.warnings.ready_spread": 0.0,
    }
)
NOON = 12 * HOUR_MIN


@pytest.fixture
def world() -> World:
    return World(small_town(), Clock())


def citizen(parameters: CityParameters = SURE, **components: ComponentOption) -> Citizen:
    persona = next(
        one
        for one in townspeople()
        if one.occupation is Occupation.OFFICE_WORKER and one.work != one.home and one.age > 20
    )
    # Somebody who sleeps at midnight, when a run begins.
    early = replace(persona, habits=replace(persona.habits, bed_min=22 * HOUR_MIN))
    return Citizen(early, seed=7, parameters=parameters, components=components)


def think(someone: Citizen, world: World) -> Intention:
    minute = someone.now.next_due
    seen = Observation(minute=minute, place=someone.place, weather=world.weather(minute))
    return run(someone.think(seen, world))


def live(someone: Citizen, world: World, until: int) -> None:
    while someone.now.next_due < until:
        someone.commit(think(someone, world), world)


def asleep(world: World, parameters: CityParameters = SURE) -> Citizen:
    """Return somebody who has gone to bed at home."""
    someone = citizen(parameters)
    while someone.now.activity is None or someone.now.activity.purpose != Purpose.SLEEP:
        someone.commit(think(someone, world), world)
    assert someone.place == someone.persona.home
    return someone


def at_home(world: World) -> Citizen:
    """Return somebody who is at home and has just got up."""
    someone = asleep(world)
    while someone.now.activity is None or someone.now.activity.purpose == Purpose.SLEEP:
        someone.commit(think(someone, world), world)
    assert someone.place == someone.persona.home
    return someone


def minute_between(someone: Citizen) -> int:
    activity = someone.now.activity
    assert activity is not None
    return (activity.start_min + activity.end_min) // 2


def warning(world: World, place: int | None, minute: int, **changes: object) -> Message:
    zones = () if place is None else (int(world.city.places.zone[place]),)
    flood = Message(
        id=0,
        text="The river rises. Leave now.",
        source="authorities",
        channel="in_person",
        minute=minute,
        topic="flood",
        danger=1.0,
        zones=zones,
    )
    return replace(flood, **changes)  # type: ignore[arg-type]


def test_who_hears_is_due_at_that_minute_and_thinking_of_it_changes_nothing(world: World) -> None:
    someone = at_home(world)
    minute = minute_between(someone)
    assert someone.hear(warning(world, someone.place, minute), at_min=minute)
    assert someone.now.next_due == minute
    before = json.dumps(someone.state())
    think(someone, world)
    assert json.dumps(someone.state()) == before


def test_a_perception_that_returns_something_else_is_named(world: World) -> None:
    class Fearful(Perception):
        async def heed(self, *_: object, **__: object) -> Response:
            return "flee"  # type: ignore[return-value]

    someone = citizen(perception=Fearful())
    someone.commit(think(someone, world), world)
    minute = minute_between(someone)
    someone.hear(warning(world, someone.place, minute), at_min=minute)
    with pytest.raises(ConfigError, match="heed of Fearful must return a Response, got 'flee'"):
        think(someone, world)


def test_who_believes_to_be_in_danger_gets_ready_and_leaves_for_a_refuge(world: World) -> None:
    someone = at_home(world)
    minute = minute_between(someone)
    message = warning(world, someone.place, minute)
    someone.hear(message, at_min=minute)
    intention = think(someone, world)
    assert intention.heard[0].response.kind is ReactionKind.FLEE
    someone.commit(intention, world)
    leaves = minute + 15  # half of thirty minutes at the greatest danger
    live(someone, world, leaves + 1)
    trip = someone.now.trip
    assert trip is not None
    assert trip.start_min == leaves
    assert not in_area(message, np.array([trip.destination]), world.city)[0]
    assert trip.destination == refuge_of(someone, (message,), world)


def test_nobody_goes_back_into_a_danger_while_it_lasts_and_the_day_has_no_gap(
    world: World,
) -> None:
    someone = at_home(world)
    minute = minute_between(someone)
    message = warning(world, someone.place, minute)
    someone.hear(message, at_min=minute)
    done, places = [], []
    while someone.now.next_due < DAY_MIN + 5 * HOUR_MIN:
        completed = someone.commit(think(someone, world), world)
        done += [one for one in (completed.activity, completed.trip) if one is not None]
        if completed.activity is not None and completed.activity.start_min > minute + 20:
            places.append(completed.activity.place)
    assert all(earlier.end_min == later.start_min for earlier, later in pairwise(done))
    assert places
    assert not in_area(message, np.array(places), world.city).any()


def test_a_danger_ends_by_a_message_of_its_topic_without_danger(world: World) -> None:
    someone = at_home(world)
    minute = minute_between(someone)
    someone.hear(warning(world, someone.place, minute), at_min=minute)
    live(someone, world, minute + 60)
    later = max(minute + 70, someone.now.next_due - 1)
    live(someone, world, later)
    someone.hear(warning(world, None, later, id=1, danger=0.0), at_min=later)
    live(someone, world, DAY_MIN + 3 * HOUR_MIN)
    assert not any(one.avoids for one in someone.now.heard)
    assert someone.place == someone.persona.home
    assert someone.now.activity is not None
    assert someone.now.activity.purpose == Purpose.SLEEP


def test_in_a_storm_people_who_are_at_home_stay_in(world: World) -> None:
    someone = at_home(world)
    minute = minute_between(someone)
    someone.hear(warning(world, None, minute, topic="storm"), at_min=minute)
    intention = think(someone, world)
    assert intention.heard[0].response.kind is ReactionKind.STAY_IN
    someone.commit(intention, world)
    live(someone, world, minute + 10 * HOUR_MIN)
    assert someone.place == someone.persona.home


def test_sleepers_hear_the_radio_on_waking_up_and_others_at_once(world: World) -> None:
    someone = asleep(world)
    wakes, minute = someone.now.next_due, minute_between(someone)
    message = warning(world, None, minute, channel="radio", danger=0.0)
    assert not someone.hear(message, at_min=minute)
    assert someone.now.next_due == wakes
    assert someone.now.news
    intention = think(someone, world)
    assert (intention.minute, len(intention.heard)) == (wakes, 1)


def test_sleepers_do_not_hear_on_waking_up_what_is_no_longer_repeated(world: World) -> None:
    someone = asleep(world, SURE.with_("social.messages.channels.radio.repeated_h", 1.0))
    minute = minute_between(someone)
    assert someone.now.next_due > minute + HOUR_MIN
    someone.hear(warning(world, None, minute, channel="radio", danger=0.0), at_min=minute)
    intention = think(someone, world)
    assert intention.heard == ()
    someone.commit(intention, world)
    assert someone.now.news == ()
    assert someone.now.next_due > intention.minute + 1


def test_what_is_heard_again_is_felt_and_remembered_once(world: World) -> None:
    someone = at_home(world)
    minute = minute_between(someone)
    message = warning(world, someone.place, minute)
    for sender in (None, 8, 9):
        someone.hear(replace(message, sender=sender), at_min=minute)
    before = someone.mood_at(minute)
    live(someone, world, minute + 1)
    assert someone.mood_at(minute) == pytest.approx(before - 0.4)
    assert someone.components.memory is not None
    assert [one.key for one in someone.components.memory].count("news") == 1
    assert someone.now.heard[-1].times == 3


def test_somebody_at_the_door_wakes_sleepers_who_then_leave(world: World) -> None:
    someone = asleep(world)
    minute = minute_between(someone)
    assert someone.hear(warning(world, someone.place, minute), at_min=minute)
    intention = think(someone, world)
    assert intention.minute == minute
    assert intention.activity is not None
    assert intention.activity.purpose == Purpose.HOUSEWORK  # packing
    assert intention.activity.end_min == minute + 15


def test_a_message_is_remembered_thought_of_and_felt(world: World) -> None:
    someone = at_home(world)
    minute = minute_between(someone)
    before = someone.needs_at(minute)["safety"], someone.mood_at(minute)
    someone.hear(warning(world, someone.place, minute), at_min=minute)
    live(someone, world, minute + 1)
    assert someone.components.memory is not None
    assert "The river rises. Leave now. (authorities)" in [
        one.observation for one in someone.components.memory
    ]
    assert someone.thoughts_at(minute + 1).endswith("The river rises. Leave now.")
    assert someone.needs_at(minute)["safety"] == pytest.approx(max(before[0] - 0.6, 0.0))
    assert someone.mood_at(minute) == pytest.approx(before[1] - 0.4)


def test_without_needs_mood_memory_and_ties_a_message_does_no_harm(world: World) -> None:
    nothing: dict[str, Any] = dict.fromkeys(
        ("needs", "mood", "memory", "ties", "perception", "goals"), None
    )
    someone = citizen(**nothing)
    live(someone, world, NOON)
    minute = max(NOON, someone.now.next_due - 1)
    someone.hear(warning(world, someone.place, minute), at_min=minute)
    live(someone, world, DAY_MIN)
    assert someone.now.heard[0].response.kind is ReactionKind.CONTINUE


def test_who_is_under_way_thinks_of_it_after_the_arrival(world: World) -> None:
    someone = citizen()
    while someone.now.trip is None:
        someone.commit(think(someone, world), world)
    trip = someone.now.trip
    someone.hear(warning(world, trip.destination, trip.start_min), at_min=trip.start_min)
    assert someone.now.next_due == trip.end_min
    arrival = think(someone, world)
    assert arrival.step is Step.ARRIVE
    someone.commit(arrival, world)
    assert someone.now.next_due == trip.end_min + 1
    assert think(someone, world).heard[0].response.kind is ReactionKind.FLEE


def test_hearing_it_again_adds_no_second_flight(world: World) -> None:
    someone = at_home(world)
    minute = minute_between(someone)
    message = warning(world, someone.place, minute)
    someone.hear(message, at_min=minute)
    live(someone, world, minute + 1)
    plan = someone.now.plan
    someone.hear(message.passed_on(9, "phone", minute=minute + 2), at_min=minute + 2)
    live(someone, world, minute + 3)
    assert someone.now.plan == plan
    assert someone.now.heard[-1].times == 2
    assert someone.now.heard[-1].response.reason == "acts on it already"


def test_waking_ends_a_sleep(world: World) -> None:
    someone = asleep(world)
    minute = minute_between(someone)
    someone.wake(at_min=minute)
    intention = think(someone, world)
    assert intention.minute == minute
    assert intention.activity is not None
    assert intention.activity.purpose != Purpose.SLEEP


def test_the_state_with_news_survives_json_and_older_states_are_read(world: World) -> None:
    someone = at_home(world)
    minute = minute_between(someone)
    someone.hear(warning(world, someone.place, minute), at_min=minute)
    pending = json.loads(json.dumps(someone.now.to_json()))
    assert CitizenState.from_json(pending) == someone.now
    live(someone, world, minute + 1)
    kept = json.loads(json.dumps(someone.now.to_json()))
    assert CitizenState.from_json(kept) == someone.now
    older = {name: one for name, one in kept.items() if name not in {"news", "heard"}}
    assert CitizenState.from_json(older).heard == ()


def test_all_of_a_household_find_the_same_refuge(world: World) -> None:
    someone = at_home(world)
    message = warning(world, someone.persona.home, 0)
    other = copy.deepcopy(someone)
    other.persona = replace(someone.persona, id=999)
    assert refuge_of(someone, (message,), world) == refuge_of(other, (message,), world)


def test_a_storm_outdoors_sends_nobody_back_to_a_home_that_is_flooded(world: World) -> None:
    someone = at_home(world)
    flood = warning(world, someone.persona.home, 0)
    storm = replace(warning(world, None, 0), topic="storm")
    assert refuge_of(someone, (storm,), world) == someone.persona.home
    refuge = refuge_of(someone, (flood, storm), world)
    assert refuge == refuge_of(someone, (flood,), world)
    assert not in_area(flood, np.array([refuge]), world.city)[0]


def test_a_radius_reaches_around_a_place(world: World) -> None:
    places = world.city.places
    message = replace(warning(world, None, 0), place=3, radius_m=200.0)
    x, y = world.city.position(3)
    every = list(range(len(places.name)))
    near = in_area(message, np.array(every), world.city)
    gaps = [((places.x[one] - x) ** 2 + (places.y[one] - y) ** 2) ** 0.5 for one in every]
    assert near.tolist() == [gap <= 200.0 for gap in gaps]
    assert 1 < near.sum() < len(near)


def test_strong_wind_on_the_way_lowers_the_need_for_safety(world: World) -> None:
    levels = []
    for wind in (10.0, 100.0):
        someone = citizen()
        world.weather_now["wind_km_h"] = wind
        while someone.now.trip is None:
            someone.commit(think(someone, world), world)
        trip = someone.now.trip
        someone.commit(think(someone, world), world)
        levels.append((someone.needs_at(trip.end_min)["safety"], trip.end_min - trip.start_min))
    (calm, minutes), (storm, longer) = levels
    assert storm == pytest.approx(calm - 0.3 * longer / 60, abs=0.05 * abs(longer - minutes) + 1e-9)
    assert storm < calm
