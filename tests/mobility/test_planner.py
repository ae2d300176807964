"""Plans by rule: days without gaps, duties kept, meals and chores fitted around them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.asking import run
from mesa_llm_city.core.clock import DAY_MIN, Clock
from mesa_llm_city.core.streams import RandomStreams
from mesa_llm_city.core.values import Activity, Purpose
from mesa_llm_city.mobility import Planned, Planner
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import Persona
from mesa_llm_city.testing import check_component
from tests.mobility.new_kinds import with_new_kinds
from tests.mobility.people import clerk, nurse, pensioner, pupil

Plan = tuple[Activity, ...]
FIXED = CityParameters().with_("population.time_use.table", "none")
MONDAY, SATURDAY, SUNDAY = 0, 5, 6


def plan_for(
    persona: Persona,
    day: int = MONDAY,
    *,
    seed: int = 7,
    commute: float = 25.0,
    parameters: CityParameters | None = None,
    usual: dict[str, int] | None = None,
) -> Plan:
    return run(
        Planner(parameters).plan_day(
            persona,
            day,
            clock=Clock(),
            streams=RandomStreams(seed, persona.id),
            commute_min=commute,
            usual=usual or {},
        )
    ).plan


def blocks(plan: Plan, purpose: str) -> list[Activity]:
    return [one for one in plan if one.purpose == purpose]


@pytest.mark.parametrize("persona", [clerk(), nurse(), pensioner(), pupil()])
@given(day=st.integers(-1, 60), seed=st.integers(0, 2**32))
def test_a_plan_runs_from_getting_up_to_getting_up_without_gap(
    persona: Persona, day: int, seed: int
) -> None:
    plan = plan_for(persona, day, seed=seed)
    following = plan_for(persona, day + 1, seed=seed)
    assert all(one.end_min == other.start_min for one, other in pairwise(plan))
    assert plan[-1].end_min == following[0].start_min
    assert blocks(plan, Purpose.SLEEP)[-1] is plan[-1]


def test_work_begins_on_time_with_the_way_there_before_it() -> None:
    (morning, afternoon) = blocks(plan_for(clerk(), parameters=FIXED), Purpose.WORK)
    assert morning.start_min == 9 * 60 - 25
    assert afternoon.end_min == 18 * 60
    assert morning.fixed
    assert morning.place == clerk().work


def test_lunch_interrupts_the_working_day() -> None:
    plan = plan_for(clerk(), parameters=FIXED)
    morning, afternoon = blocks(plan, Purpose.WORK)
    assert any(
        meal.start_min == morning.end_min and meal.end_min == afternoon.start_min
        for meal in blocks(plan, Purpose.MEAL)
    )


def test_a_duty_that_is_too_short_is_not_interrupted() -> None:
    late = FIXED.with_("mobility.planner.hours.duty_before_break_min", 300)
    assert len(blocks(plan_for(clerk(), parameters=late), Purpose.WORK)) == 1


def test_office_workers_do_not_work_on_saturday_and_get_up_later() -> None:
    assert not blocks(plan_for(clerk(), SATURDAY, parameters=FIXED), Purpose.WORK)
    ups = [
        plan_for(clerk(), day, parameters=FIXED)[0].start_min % DAY_MIN
        for day in (MONDAY, SATURDAY)
    ]
    assert ups[1] > ups[0]


def test_nobody_works_on_a_holiday() -> None:
    clock = Clock(holidays=frozenset({Clock().start}))
    thought = Planner(FIXED).plan_day(
        clerk(), MONDAY, clock=clock, streams=RandomStreams(7, 1), commute_min=25.0
    )
    assert not blocks(run(thought).plan, Purpose.WORK)


def test_a_night_shift_passes_midnight_and_the_nurse_sleeps_by_day() -> None:
    plan = plan_for(nurse(), parameters=FIXED)
    assert blocks(plan, Purpose.WORK)[-1].end_min == DAY_MIN + 6 * 60
    bed = blocks(plan, Purpose.SLEEP)[0].start_min
    assert DAY_MIN + 7 * 60 <= bed <= DAY_MIN + 8 * 60


def test_pupils_go_to_school_and_the_retired_do_not_work() -> None:
    assert blocks(plan_for(pupil(), parameters=FIXED), Purpose.SCHOOL)
    assert not blocks(plan_for(pensioner(), parameters=FIXED), Purpose.WORK)


def test_everybody_eats_at_least_twice_and_has_time_for_care() -> None:
    for seed in range(40):
        plan = plan_for(clerk(), seed=seed, parameters=FIXED)
        assert len(blocks(plan, Purpose.MEAL)) >= 2
        assert blocks(plan, Purpose.CARE)


def test_without_recursion_only_sleep_and_duties_are_planned() -> None:
    flat = FIXED.with_("mobility.planner.recursive", value=False)
    assert [one.purpose for one in plan_for(clerk(), parameters=flat)] == [
        None,
        Purpose.WORK,
        None,
        Purpose.SLEEP,
    ]


class TestHabits:
    always = FIXED.with_("mobility.planner.habit_share", 1.0).with_(
        "purposes.shopping.planned_per_day", 1.0
    )

    def test_what_is_planned_is_done_at_its_usual_time(self) -> None:
        usual = {"shopping": 16 * 60}
        plan = plan_for(pensioner(), parameters=self.always, usual=usual)
        (shopping,) = blocks(plan, Purpose.SHOPPING)
        assert abs(shopping.start_min - 16 * 60) <= 60

    @given(st.integers(-1, 60), st.integers(0, 2**32))
    def test_they_add_no_activity(self, day: int, seed: int) -> None:
        usual = {"sport": 960, "shopping": 900, "leisure": 1200, "rest": 700, "unheard_of": 5}
        plain = plan_for(pensioner(), day, seed=seed, parameters=self.always)
        plan = plan_for(pensioner(), day, seed=seed, parameters=self.always, usual=usual)
        lengths = [(str(one.purpose), one.minutes) for one in plan if one.purpose]
        assert sorted(lengths) == sorted(
            (str(one.purpose), one.minutes) for one in plain if one.purpose
        )


class TestErrands:
    def test_a_new_purpose_is_planned_within_its_hours(self) -> None:
        often = with_new_kinds().with_("purposes.worship.planned_per_day", 1.0)
        for day, seed in ((SUNDAY, 1), (SUNDAY, 2), (SUNDAY + 7, 3)):
            (worship,) = blocks(plan_for(pensioner(), day, seed=seed, parameters=often), "worship")
            assert worship.start_min >= day * DAY_MIN + 9 * 60
            assert worship.end_min <= day * DAY_MIN + 12 * 60
            assert (worship.minutes, worship.place) == (60, None)

    def test_it_is_not_planned_on_a_day_without_its_hours(self) -> None:
        often = with_new_kinds().with_("purposes.worship.planned_per_day", 1.0)
        assert not blocks(plan_for(pensioner(), SATURDAY, parameters=often), "worship")

    def test_it_changes_no_draw_for_the_others(self) -> None:
        often = with_new_kinds().with_("purposes.worship.planned_per_day", 1.0)
        for seed in range(20):
            plain = plan_for(pensioner(), SATURDAY, seed=seed)
            assert plan_for(pensioner(), SATURDAY, seed=seed, parameters=often) == plain

    def test_errands_at_home_are_planned_there(self) -> None:
        often = with_new_kinds().with_("purposes.gaming.planned_per_day", 1.0)
        (gaming,) = blocks(plan_for(pensioner(), parameters=often), "gaming")
        assert gaming.place == pensioner().home

    def test_children_do_no_errands(self) -> None:
        often = FIXED.with_("purposes.shopping.planned_per_day", 1.0)
        assert not blocks(plan_for(pupil(), SATURDAY, parameters=often), Purpose.SHOPPING)
        assert blocks(plan_for(pensioner(), SATURDAY, parameters=often), Purpose.SHOPPING)


def test_it_keeps_the_promises_of_a_component() -> None:
    async def plan(planner: Planner, _: np.random.Generator) -> Planned:
        return await planner.plan_day(
            clerk(), MONDAY, clock=Clock(), streams=RandomStreams(7, 1), commute_min=25.0
        )

    check_component(Planner, plan, inputs=[clerk()])
