"""A citizen's day: plans are followed, needs interrupt them, and thoughts leave no trace."""

from __future__ import annotations

import copy
import json
import pickle
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from mesa_llm_city.citizen.citizen import Citizen
from mesa_llm_city.citizen.components import ComponentOption
from mesa_llm_city.citizen.intention import Completed, Intention, Step
from mesa_llm_city.citizen.remembering import memories_of
from mesa_llm_city.citizen.world import World
from mesa_llm_city.core.asking import Backend, Question, run
from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN, Clock
from mesa_llm_city.core.values import (
    Activity,
    DecisionSource,
    Observation,
    Purpose,
    TravelOption,
    Trip,
)
from mesa_llm_city.mind import Needs, NeedsPrompt, Perception, ReactPrompt
from mesa_llm_city.mobility import Familiarity, FreeTimeChoice, Planner
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import Occupation, Persona
from mesa_llm_city.prompts import Prompted
from tests.mobility.scripted import Scripted
from tests.town import small_town, townspeople

MORNING = 10 * HOUR_MIN


@pytest.fixture
def world() -> World:
    return World(small_town(), Clock())


def worker() -> Persona:
    return next(
        one
        for one in townspeople()
        if one.occupation is Occupation.OFFICE_WORKER and one.work != one.home
    )


def citizen(
    persona: Persona | None = None, seed: int = 7, **components: ComponentOption
) -> Citizen:
    return Citizen(persona or worker(), seed=seed, components=components)


def early_to_bed() -> Persona:
    return next(one for one in townspeople() if one.habits.bed_min < 22 * HOUR_MIN)


def live(
    someone: Citizen, world: World, until: int, backend: Backend | None = None
) -> Iterator[tuple[Intention, Completed]]:
    while (minute := someone.now.next_due) < until:
        seen = Observation(minute=minute, place=someone.place, weather=world.weather(minute))
        intention = run(someone.think(seen, world), backend=backend)
        yield intention, someone.commit(intention, world)


def stays(someone: Citizen, world: World, days: int = 1) -> list[Activity]:
    outcomes = [outcome for _, outcome in live(someone, world, days * DAY_MIN)]
    return [outcome.activity for outcome in outcomes if outcome.activity is not None]


def test_the_run_begins_in_bed(world: World) -> None:
    someone = citizen(early_to_bed())
    next(live(someone, world, 1))
    assert someone.now.activity is not None
    assert someone.now.activity.purpose == Purpose.SLEEP
    assert someone.place == someone.persona.home
    assert someone.now.next_due == someone.now.activity.end_min


def test_a_working_day_has_sleep_meals_and_work_in_their_places(world: World) -> None:
    someone = citizen()
    day = stays(someone, world)
    at = {stay.purpose: stay.place for stay in day}
    assert at[Purpose.SLEEP] == at[Purpose.CARE] == someone.persona.home
    assert at[Purpose.WORK] == someone.persona.work
    assert [stay.purpose for stay in day].count(Purpose.MEAL) >= 2


def test_work_begins_when_it_should_give_or_take_the_way(world: World) -> None:
    someone = citizen()
    first = next(stay for stay in stays(someone, world) if stay.purpose == Purpose.WORK)
    assert abs(first.start_min - someone.persona.habits.work_start_min) <= 30


def test_a_thought_leaves_no_trace(world: World) -> None:
    someone = citizen()
    for _ in live(someone, world, MORNING):
        pass
    seen = Observation(minute=someone.now.next_due, place=someone.place)
    before = pickle.dumps(copy.deepcopy(someone))
    first, second = (run(someone.think(seen, world)) for _ in range(2))
    assert first == second
    assert pickle.dumps(copy.deepcopy(someone)) == before


def starving(world: World, **components: ComponentOption) -> tuple[Citizen, int]:
    """Return someone at work whose hunger has just been set to nothing, and the minute."""
    someone = citizen(None, **components)
    for _ in live(someone, world, DAY_MIN):
        doing = someone.now.activity
        if someone.now.trip is None and doing is not None and doing.purpose == Purpose.WORK:
            break
    minute = someone.now.next_due - 60
    someone.now.plan = tuple(one for one in someone.now.plan if one.purpose != Purpose.MEAL)
    if someone.components.needs is not None:
        someone.components.needs.satisfy("hunger", -1.0, at=minute / HOUR_MIN)
    someone.now.next_due = minute
    return someone, minute


def test_hunger_interrupts_work_and_work_is_resumed(world: World) -> None:
    someone, minute = starving(world)
    work = someone.now.activity
    assert work is not None
    intention, outcome = next(live(someone, world, minute + 1))
    assert intention.activity is not None
    assert intention.activity.purpose == Purpose.MEAL
    assert outcome.activity == replace(work, end_min=minute)
    resumed = intention.plan[0]
    assert (resumed.purpose, resumed.end_min) == (Purpose.WORK, work.end_min)
    assert (
        "hunger is low" in {one.component: one.reason for one in intention.decisions}["perception"]
    )


def test_what_is_eaten_between_planned_meals_is_a_snack_on_the_spot(world: World) -> None:
    someone, minute = starving(world)
    intention, _ = next(live(someone, world, minute + 1))
    snack = intention.activity
    assert snack is not None
    lasts = someone.parameters.mind.perception.snack_min
    assert (snack.minutes, snack.place) == (lasts, someone.persona.work)


def test_without_perception_nothing_is_interrupted(world: World) -> None:
    someone, minute = starving(world, perception=None)
    intention, _ = next(live(someone, world, minute + 1))
    assert intention.step is Step.STAY


def test_fatigue_sends_home_for_the_rest_of_the_day(world: World) -> None:
    someone = citizen()
    for _ in live(someone, world, 19 * HOUR_MIN):
        pass
    minute = someone.now.next_due
    someone.now.trip = None
    someone.now.place = someone.persona.home
    someone.now.activity = Activity(
        purpose=Purpose.LEISURE, start_min=minute - 20, end_min=minute + 60, place=5
    )
    if someone.components.needs is not None:
        someone.components.needs.satisfy("hunger", 1.0, at=minute / HOUR_MIN)
        someone.components.needs.satisfy("energy", -1.0, at=minute / HOUR_MIN)
    intention, _ = next(live(someone, world, minute + 1))
    assert intention.activity is not None
    assert intention.resting
    assert intention.activity.purpose == Purpose.REST
    assert intention.activity.place == someone.persona.home


@pytest.mark.parametrize("left_out", ["needs", "memory", "beliefs", "perception"])
def test_a_day_can_be_lived_without_a_part(world: World, left_out: str) -> None:
    someone = citizen(None, **{left_out: None})
    assert any(stay.purpose == Purpose.SLEEP for stay in stays(someone, world))
    assert getattr(someone.components, left_out) is None


def test_a_visit_is_remembered_and_believed(world: World) -> None:
    someone = citizen()
    rated = [outcome for _, outcome in live(someone, world, 5 * DAY_MIN) if outcome.ratings]
    assert someone.components.beliefs is not None
    assert someone.components.memory is not None
    assert {one.activity.place for one in rated if one.activity} == set(
        someone.components.beliefs.places.tolist()
    )
    assert len(someone.components.memory) > 20


def test_where_nothing_is_open_one_stays_in_and_says_so(world: World) -> None:
    someone = citizen()
    for _ in live(someone, world, MORNING):
        pass
    at_night = Activity(purpose=Purpose.ERRAND, start_min=3 * 60, end_min=4 * 60)
    someone.now.activity = Activity(
        purpose=Purpose.REST, start_min=0, end_min=180, place=someone.persona.home
    )
    someone.now.trip, someone.now.place, someone.now.plan = None, someone.persona.home, (at_night,)
    someone.now.next_due = 180
    intention, _ = next(live(someone, world, 181))
    assert intention.trip is None
    assert intention.activity is not None
    assert intention.activity.purpose == Purpose.REST
    assert any(one.reason.startswith("no open place") for one in intention.decisions)


def test_a_day_by_prompt_is_told_memories_and_its_decisions_say_who_decided(world: World) -> None:
    someone = Citizen(worker(), seed=7, prompts=("plan", "leisure", "mode"))
    backend = Scripted(_sensible)
    lived = list(live(someone, world, 2 * DAY_MIN, backend))
    asked = [one.purpose for one in backend.asked]
    assert asked.count("plan") == 2
    assert {"leisure", "mode"} <= set(asked)
    second = [one for one in backend.asked if one.purpose == "plan"][1]
    assert second.facts["memories"]
    assert second.facts["weather"]
    assert second.facts["needs"]
    decided = [one for intention, _ in lived for one in intention.decisions]
    minds = {one.component: one.source for one in decided if one.reason.startswith("because")}
    assert minds == {"planner": DecisionSource.PROMPT, "mode_choice": DecisionSource.PROMPT}


def _sensible(question: Question) -> dict[str, object]:
    reason = {"reason": "because"}
    if question.purpose == "plan":
        dinner = {"purpose": "meal", "start": "19:00", "minutes": 45, "out": False}
        return reason | {"blocks": [dinner]}
    if question.purpose == "leisure":
        return reason | {"candidates": [{"activity": 1, "minutes": 90, "score": 7}]}
    return reason | {"choice": 1}


def reacting(choice: str, minutes: int) -> Scripted:
    """Return a backend that chooses the option worded so."""

    def script(question: Question) -> dict[str, object]:
        options: Any = question.facts["options"]
        row = next(row for row, one in enumerate(options, start=1) if choice in one)
        return {"reason": "because", "choice": row, "minutes": minutes}

    return Scripted(script)


def weary(world: World, someone: Citizen | None = None) -> tuple[Citizen, int]:
    """Return someone out in free time who is suddenly tired, and the minute."""
    someone = someone or citizen(perception=Prompted(Perception(), ReactPrompt()))
    for _ in live(someone, world, 8 * HOUR_MIN):
        pass
    minute = 18 * HOUR_MIN
    someone.now.trip, someone.now.place = None, 5
    someone.now.activity = Activity(
        purpose=Purpose.LEISURE, start_min=minute - 60, end_min=minute + 120, place=5
    )
    bed = minute + 5 * HOUR_MIN
    someone.now.plan = (
        Activity(purpose=Purpose.SPORT, start_min=minute + 120, end_min=minute + 180),
        Activity(
            purpose=Purpose.SLEEP,
            start_min=bed,
            end_min=bed + 480,
            place=someone.persona.home,
            fixed=True,
        ),
    )
    someone.now.next_due = minute
    assert someone.components.needs is not None
    someone.components.needs.satisfy("hunger", 1.0, at=minute / HOUR_MIN)
    someone.components.needs.satisfy("energy", -1.0, at=minute / HOUR_MIN)
    return someone, minute


@pytest.mark.parametrize("gives_up", [False, True])
def test_the_tired_stay_out_for_what_the_day_is_meant_to_hold_unless_they_give_it_up(
    world: World, *, gives_up: bool
) -> None:
    parameters = CityParameters().with_("mobility.free_time.tired_gives_up", value=gives_up)
    someone, minute = weary(world, Citizen(worker(), seed=7, parameters=parameters))
    intention, _ = next(live(someone, world, minute + 1))
    assert intention.resting is gives_up
    assert (intention.step is Step.STAY) is not gives_up


class TestReactionsByPrompt:
    def test_a_rest_lasts_as_long_as_told_and_the_plan_goes_on(self, world: World) -> None:
        someone, minute = weary(world)
        intention, _ = next(live(someone, world, minute + 1, reacting("rest at home", 45)))
        rest = intention.activity
        assert rest is not None
        assert (rest.purpose, rest.place, rest.end_min) == (
            Purpose.REST,
            someone.persona.home,
            minute + 45,
        )
        assert not intention.resting
        assert [one.purpose for one in intention.plan] == [
            *(Purpose.LEISURE, Purpose.SPORT, Purpose.SLEEP)
        ]

    def test_what_was_planned_may_be_given_up_but_not_the_night(self, world: World) -> None:
        someone, minute = weary(world)
        intention, _ = next(live(someone, world, minute + 1, reacting("give up", 5)))
        assert intention.activity is not None
        assert intention.activity.start_min >= minute
        assert [one.purpose for one in intention.plan if one.purpose] == [Purpose.SLEEP]
        noted = {one.choice: one.source for one in intention.decisions}
        assert noted["replan"] is DecisionSource.PROMPT

    def test_no_rest_makes_late_for_a_duty(self, world: World) -> None:
        someone, minute = weary(world)
        duty = Activity(
            purpose=Purpose.WORK,
            start_min=minute + 120,
            end_min=minute + 300,
            place=someone.persona.work,
            fixed=True,
        )
        someone.now.plan = (duty, *someone.now.plan[1:])
        intention, _ = next(live(someone, world, minute + 1, reacting("rest at home", 240)))
        assert intention.activity is not None
        assert intention.activity.end_min == duty.start_min


def test_needs_are_judged_after_a_meal_if_a_model_is_asked(world: World) -> None:
    def script(_: Question) -> dict[str, object]:
        levels = {"hunger": 10, "energy": 7, "safety": 9, "social": 4}
        return {"reason": "so", "levels": levels}

    someone, backend = (
        citizen(needs=lambda _: Prompted(Needs(), NeedsPrompt())),
        Scripted(script),
    )
    lived = list(live(someone, world, 2 * DAY_MIN, backend))
    ended = [one.activity.purpose for _, one in lived if one.activity is not None]
    after = [str(one.facts["after"]) for one in backend.asked]
    assert after.count("the night") == 2
    assert len([one for one in after if one.startswith("meal")]) == ended.count(Purpose.MEAL)
    judged = [intention for intention, _ in lived if intention.needs is not None]
    assert len(judged) == len(after)


class TestLifeEvents:
    def test_they_are_remembered_thought_of_and_change_goals(self, world: World) -> None:
        someone = citizen()
        for _ in live(someone, world, 20 * HOUR_MIN):
            pass
        someone.life_event("lost the job", at_min=20 * HOUR_MIN, mood=-0.8)
        assert "event: lost the job" in "; ".join(memories_of(someone, None, 20 * HOUR_MIN + 1))
        assert someone.thoughts_at(21 * HOUR_MIN).endswith("lost the job")
        assert someone.mood_at(20 * HOUR_MIN) < -0.3
        goals = [
            one
            for intention, _ in live(someone, world, 34 * HOUR_MIN)
            for one in intention.decisions
            if one.component == "goals"
        ]
        assert [one.reason.split(":")[0] for one in goals] == ["after lost the job"]

    def test_they_can_befall_those_who_lack_the_parts(self, world: World) -> None:
        someone = citizen(memory=None, mood=None, goals=None)
        someone.life_event("lost the job", at_min=0)
        assert next(live(someone, world, 1))


def test_so_far_tells_what_goes_on_under_way_too() -> None:
    someone = citizen()
    assert someone.so_far(0) is None
    way = TravelOption(mode=next(iter(small_town().travel(0, 1))).mode, distance_m=1.0, minutes=9.0)
    someone.now.activity = Activity(purpose=Purpose.MEAL, start_min=109, end_min=150, place=1)
    assert someone.so_far(120) == (109, 120, Purpose.MEAL, 1)
    someone.now.trip = Trip(
        origin=0, destination=1, purpose=Purpose.MEAL, option=way, start_min=100, end_min=109
    )
    assert someone.so_far(105) == (100, 105, Purpose.TRAVEL, None)


def test_two_blocks_of_the_same_in_the_same_place_are_one_stay(world: World) -> None:
    someone = citizen()
    for stay, following in pairwise(stays(someone, world, days=3)):
        assert (stay.purpose, stay.place) != (following.purpose, following.place) or (
            stay.end_min < following.start_min
        )


class TestAssembling:
    def test_parts_are_given_and_left_out_by_keyword(self) -> None:
        planner = Planner()
        someone = Citizen(worker(), seed=7, planner=planner, memory=None)
        assert someone.components.planner is planner
        assert someone.components.memory is None
        assert someone.components.needs is not None

    def test_prompts_pick_the_minds(self) -> None:
        someone = Citizen(worker(), seed=7, prompts={"plan", "mode"})
        assert isinstance(someone.components.planner, Prompted)
        assert isinstance(someone.components.free_time, FreeTimeChoice)
        assert isinstance(someone.components.mode_choice, Prompted)

    def test_a_preset_names_many(self) -> None:
        someone = Citizen(worker(), seed=7, prompts="full")
        assert someone.components.reflection is not None
        assert isinstance(someone.components.reflection, Prompted)


def test_a_citizen_is_saved_and_restored_with_components_of_a_users_own(world: World) -> None:
    class Dating:
        def __init__(self) -> None:
            self.dates = 0

        def state(self) -> dict[str, int]:
            return {"dates": self.dates}

        def restore(self, state: Mapping[str, int]) -> None:
            self.dates = state["dates"]

    someone = citizen(dating=Dating())
    list(live(someone, world, DAY_MIN))
    someone.components.dating.dates = 2
    twin = citizen(dating=Dating())
    twin.restore(json.loads(json.dumps(someone.state())))
    assert twin.now == someone.now
    assert twin.components.dating.dates == 2
    futures = [
        [intention for intention, _ in live(one, world, 2 * DAY_MIN)] for one in (someone, twin)
    ]
    assert futures[0] == futures[1]


def test_visits_are_counted_and_the_first_is_to_a_new_place(world: World) -> None:
    someone = citizen()
    visits = [one.place for one in stays(someone, world, 5) if someone.is_visit(one)]
    familiarity = someone.components.familiarity
    assert familiarity is not None
    counted = dict(zip(familiarity.state()["places"], familiarity.state()["visits"], strict=True))
    assert counted == Counter(visits)


def test_people_go_back_to_known_places_unless_nobody_counts_visits(world: World) -> None:
    different = {}
    for name, component in (("counted", Familiarity()), ("not counted", None)):
        someone = citizen(seed=5, familiarity=component)
        visits = [one.place for one in stays(someone, world, 20) if someone.is_visit(one)]
        different[name] = len(set(visits)) / len(visits)
    assert different["counted"] < 0.75 * different["not counted"]
