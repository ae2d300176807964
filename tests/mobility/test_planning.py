"""Planning by rule: days without gaps, duties kept, free time filled by liking and need."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.asking import run
from mesa_llm_city.core.clock import DAY_MIN, Clock
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.streams import RandomStreams
from mesa_llm_city.core.values import Activity, Purpose, Weather
from mesa_llm_city.mobility import Filled, Planned, Planner, PlannerConfig
from mesa_llm_city.population import Habits, Persona, Preferences
from mesa_llm_city.testing import check_component
from tests.mobility.people import clerk, nurse, pensioner, pupil

Plan = tuple[Activity, ...]
MONDAY, SATURDAY = 0, 5
FREE = Activity(purpose=None, start_min=14 * 60, end_min=18 * 60)


def plan_for(persona: Persona, day: int = MONDAY, *, seed: int = 7, commute: float = 25.0) -> Plan:
    return run(
        Planner().plan_day(
            persona,
            day,
            clock=Clock(),
            streams=RandomStreams(seed, persona.id),
            commute_min=commute,
        )
    ).plan


def blocks(plan: Plan, purpose: Purpose) -> list[Activity]:
    return [one for one in plan if one.purpose is purpose]


@pytest.mark.parametrize("persona", [clerk(), nurse(), pensioner(), pupil()])
@given(day=st.integers(-1, 60), seed=st.integers(0, 2**32))
def test_a_plan_runs_from_getting_up_to_getting_up_without_gap(
    persona: Persona, day: int, seed: int
) -> None:
    plan = plan_for(persona, day, seed=seed)
    following = plan_for(persona, day + 1, seed=seed)
    joints = pairwise(plan)
    assert all(one.end_min == other.start_min for one, other in joints)
    assert plan[-1].end_min == following[0].start_min
    assert blocks(plan, Purpose.SLEEP)[-1] is plan[-1]


def test_work_begins_on_time_with_the_way_there_before() -> None:
    (morning, afternoon) = blocks(plan_for(clerk()), Purpose.WORK)
    assert morning.start_min == 9 * 60 - 25
    assert afternoon.end_min == 18 * 60
    assert morning.fixed
    assert morning.place == clerk().work


def test_lunch_interrupts_the_working_day() -> None:
    plan = plan_for(clerk())
    morning, afternoon = blocks(plan, Purpose.WORK)
    assert any(
        meal.start_min == morning.end_min and meal.end_min == afternoon.start_min
        for meal in blocks(plan, Purpose.MEAL)
    )


def test_nobody_of_office_hours_works_on_saturday_and_all_sleep_longer() -> None:
    assert not blocks(plan_for(clerk(), SATURDAY), Purpose.WORK)
    ups = [plan_for(clerk(), day)[0].start_min % DAY_MIN for day in (MONDAY, SATURDAY)]
    assert ups[1] > ups[0]


def test_a_holiday_is_no_day_of_work() -> None:
    clock = Clock(holidays=frozenset({Clock().start}))
    thought = Planner().plan_day(
        clerk(), MONDAY, clock=clock, streams=RandomStreams(7, 1), commute_min=25.0
    )
    assert not blocks(run(thought).plan, Purpose.WORK)


def test_a_night_shift_passes_midnight_and_the_nurse_sleeps_by_day() -> None:
    plan = plan_for(nurse())
    assert blocks(plan, Purpose.WORK)[-1].end_min == DAY_MIN + 6 * 60
    bed = blocks(plan, Purpose.SLEEP)[0].start_min
    assert DAY_MIN + 7 * 60 <= bed <= DAY_MIN + 8 * 60


def test_pupils_go_to_school_and_the_retired_to_no_work() -> None:
    assert blocks(plan_for(pupil()), Purpose.SCHOOL)
    assert not blocks(plan_for(pensioner()), Purpose.WORK)


def test_everybody_eats_at_least_twice_and_washes_on_most_days() -> None:
    for seed in range(40):
        plan = plan_for(clerk(), seed=seed)
        assert len(blocks(plan, Purpose.MEAL)) >= 2
        assert blocks(plan, Purpose.CARE)


class TestFillBlock:
    def fill(
        self,
        persona: Persona | None = None,
        block: Activity = FREE,
        relief: dict[Purpose, float] | None = None,
        seed: int = 1,
        weather: Weather | None = None,
    ) -> Filled:
        planner = Planner()
        return run(
            planner.fill_block(
                block,
                persona or pensioner(),
                relief=relief or {},
                weather=weather or Weather(),
                rng=np.random.default_rng(seed),
            )
        )

    def often(self, **given: object) -> Counter[Purpose | None]:
        return Counter(self.fill(seed=seed, **given).activity.purpose for seed in range(300))  # type: ignore[arg-type]

    def test_three_candidates_are_imagined_and_named(self) -> None:
        assert self.fill().reason.count(" > ") == 2

    def test_the_activity_begins_with_the_block_and_stays_within(self) -> None:
        for seed in range(100):
            activity = self.fill(seed=seed).activity
            assert activity.start_min == FREE.start_min
            assert activity.start_min + 15 <= activity.end_min <= FREE.end_min

    def test_a_short_break_is_spent_at_home(self) -> None:
        short = replace(FREE, end_min=FREE.start_min + 30)
        assert set(self.often(block=short)) == {Purpose.REST}

    def test_at_night_nobody_goes_out(self) -> None:
        night = Activity(purpose=None, start_min=2 * 60, end_min=5 * 60)
        assert set(self.often(block=night)) == {Purpose.REST}

    def test_the_lonely_seek_company_more_often(self) -> None:
        lonely = self.often(relief={Purpose.SOCIAL: 0.5})
        assert lonely[Purpose.SOCIAL] > 1.5 * self.often()[Purpose.SOCIAL]

    def test_rain_keeps_people_in(self) -> None:
        assert self.often(weather=Weather(rain_mm_h=3.0))[Purpose.REST] > self.often()[Purpose.REST]

    def test_preferences_show(self) -> None:
        sporty = Habits(
            preferences=Preferences(leisure=0.1, sport=0.6, social=0.1, shopping=0.1, rest=0.1)
        )
        assert self.often(persona=replace(pensioner(), habits=sporty)).most_common(1)[0][0] is (
            Purpose.SPORT
        )

    def test_small_children_stay_at_home(self) -> None:
        assert set(self.often(persona=replace(pupil(), age=4))) == {Purpose.REST}


def test_it_keeps_the_promises_of_a_component() -> None:
    async def plan(planner: Planner, _: np.random.Generator) -> Planned:
        return await planner.plan_day(
            clerk(), MONDAY, clock=Clock(), streams=RandomStreams(7, 1), commute_min=25.0
        )

    check_component(Planner, plan, inputs=[clerk()])


def test_no_candidate_at_all_is_refused() -> None:
    with pytest.raises(ConfigError, match="candidates must be at least 1, got 0"):
        PlannerConfig(candidates=0)
