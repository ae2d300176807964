"""Habits move what is done anyway to its usual time, and add nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.clock import DAY_MIN, Clock
from mesa_llm_city.core.column_streams import ColumnStreams
from mesa_llm_city.core.streams import RandomStreams
from mesa_llm_city.core.values import Activity
from mesa_llm_city.mobility import is_habit_day, postponed
from mesa_llm_city.mobility.day_facts import DayFacts
from mesa_llm_city.mobility.day_plans import as_blocks
from mesa_llm_city.mobility.habits import with_habits
from mesa_llm_city.mobility.open_days import OpenDays, block_code
from mesa_llm_city.mobility.purpose_codes import purpose_codes
from mesa_llm_city.mobility.schedule import Plan
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population.people_columns import PeopleColumns
from tests.mobility.new_kinds import with_new_kinds
from tests.mobility.people import pensioner

ALWAYS = CityParameters().with_("mobility.planner.habit_share", 1.0)
MONDAY, SUNDAY = 0, 6


def at(hour: float, until: float, purpose: str | None = None, *, fixed: bool = False) -> Activity:
    start, end = round(60 * hour), round(60 * until)
    return Activity(purpose=purpose, start_min=start, end_min=end, fixed=fixed)


def free_day(*planned: Activity) -> Plan:
    """Return a day from seven to midnight with some activities in otherwise free time."""
    ends = [7 * 60, *(one.end_min for one in planned)]
    starts = [*(one.start_min for one in planned), 24 * 60]
    gaps = [
        Activity(purpose=None, start_min=a, end_min=b) for a, b in zip(ends, starts, strict=True)
    ]
    night = at(24, 31, "sleep", fixed=True)
    between = [one for pair in zip(gaps, planned, strict=False) for one in pair]
    return (*(one for one in (*between, gaps[-1]) if one.minutes), night)


def moved(
    plan: Plan,
    day: int = MONDAY,
    parameters: CityParameters = ALWAYS,
    **usual: int,
) -> Plan:
    return moved_together([plan], day, parameters, **usual)[0]


def moved_together(
    plans: Sequence[Plan], day: int, parameters: CityParameters, **usual: int
) -> list[Plan]:
    midnight, people = day * DAY_MIN, PeopleColumns.of([pensioner()] * len(plans))
    starts = [one[0].start_min - midnight for one in plans]
    ends = [one[-1].end_min - midnight for one in plans]
    days = OpenDays(np.array(starts, dtype=np.int32), np.array(ends, dtype=np.int32))
    codes = purpose_codes(parameters)
    for row, plan in enumerate(plans):
        for one in plan:
            if one.purpose is not None:
                start, end = (
                    np.array([minute - midnight], dtype=np.int32)
                    for minute in (one.start_min, one.end_min)
                )
                code = block_code(codes.of[one.purpose], fixed=one.fixed)
                days.settle(np.array([row]), start, end, code)
    facts = DayFacts(
        people=people,
        day=day,
        clock=Clock(),
        streams=ColumnStreams(7, np.ones(len(plans), dtype=np.int64)),
        commute_min=np.zeros(len(plans)),
        leanings=None,
        usual=np.array([[usual.get(name, -1) for name in codes.names]] * len(plans)),
        relief=None,
        parameters=parameters,
    )
    with_habits(days, facts)
    blocks = as_blocks(days, people, midnight)
    return [blocks.plan(row, parameters) for row in range(len(plans))]


def test_what_is_planned_is_moved_to_its_usual_time_with_its_length() -> None:
    found = moved(free_day(at(12, 13, "shopping")), shopping=16 * 60)
    assert found == free_day(at(16, 17, "shopping"))


def test_it_lies_beside_what_is_there_already() -> None:
    meal = at(15.5, 16.5, "meal")
    found = moved(free_day(at(13, 14, "shopping"), meal), shopping=16 * 60)
    assert found == free_day(meal, at(16.5, 17.5, "shopping"))


@pytest.mark.parametrize(
    "plan",
    [
        free_day(),
        free_day(at(10, 11, "meal")),
        free_day(at(9, 10, "sport")),  # seven hours from its usual time
        free_day(at(12, 13, "sport"), at(14.5, 18.5, "work", fixed=True)),
    ],
)
def test_nothing_changes_if_it_is_not_planned_too_far_away_or_does_not_fit(plan: Plan) -> None:
    assert moved(plan, sport=16 * 60) == plan


def test_what_is_done_at_home_or_no_free_time_stays_where_it_is() -> None:
    plan = free_day(at(10, 11, "rest"), at(12, 13, "errand"))
    assert moved(plan, rest=14 * 60, errand=15 * 60) == plan


def test_nothing_is_moved_out_of_the_hours_of_its_purpose() -> None:
    pious = with_new_kinds().with_("mobility.planner.habit_share", 1.0)
    day = SUNDAY * DAY_MIN
    worship = Activity(purpose="worship", start_min=day + 660, end_min=day + 720)
    free = Activity(purpose=None, start_min=day + 420, end_min=day + 660)
    for usual, begins in ((9 * 60, 540), (7 * 60, 660)):
        (found,) = (
            one
            for one in moved((free, worship), SUNDAY, pious, worship=usual)
            if one.purpose == "worship"
        )
        assert found.start_min == day + begins


def test_habits_show_on_their_share_of_days() -> None:
    often = CityParameters().with_("mobility.planner.habit_share", 0.3)
    never = CityParameters().with_("mobility.planner.habit_share", 0.0)
    streams = RandomStreams(7, 1)
    days = [is_habit_day("sport", day, streams=streams, parameters=often) for day in range(-1, 999)]
    assert 255 <= days.count(True) <= 345  # .3 of 1000, with three standard deviations of 15
    plan = free_day(at(12, 13, "sport"))
    assert moved(plan, parameters=never, sport=16 * 60) == plan


@given(
    st.lists(
        st.tuples(st.sampled_from(["shopping", "sport", "meal"]), st.integers(2, 20)), max_size=5
    ),
    st.integers(0, 1439),
    st.integers(0, 1439),
)
def test_activities_and_their_lengths_stay_and_there_is_no_gap(
    planned: list[tuple[str, int]], shopping: int, sport: int
) -> None:
    blocks = []
    minute = 8 * 60
    for purpose, lasts in planned:
        blocks.append(Activity(purpose=purpose, start_min=minute, end_min=minute + 5 * lasts))
        minute += 5 * lasts + 30
    plan = free_day(*blocks)
    found = moved(plan, shopping=shopping, sport=sport)
    assert all(one.end_min == other.start_min for one, other in pairwise(found))
    assert (found[0].start_min, found[-1]) == (plan[0].start_min, plan[-1])

    def count(one: Plan) -> Counter[tuple[str, int]]:
        return Counter((str(x.purpose), x.minutes) for x in one if x.purpose is not None)

    assert count(found) == count(plan)


class TestPostponed:
    sport = at(14, 15, "sport")
    night = at(24, 31, "sleep", fixed=True)

    def test_what_free_time_is_spent_on_waits_for_its_usual_time(self) -> None:
        found = postponed(self.sport, at(14, 24), [self.night], 17 * 60, parameters=ALWAYS)
        assert found == (at(14, 17), at(17, 18, "sport"), at(18, 24), self.night)

    def test_it_may_wait_for_free_time_after_other_things(self) -> None:
        ahead = [at(15.5, 16, "meal"), at(16, 24), self.night]
        found = postponed(self.sport, at(14, 15.5), ahead, 17 * 60, parameters=ALWAYS)
        assert found == (
            at(14, 15.5),
            at(15.5, 16, "meal"),
            at(16, 17),
            at(17, 18, "sport"),
            at(18, 24),
            self.night,
        )

    @pytest.mark.parametrize("usual", [14 * 60, 14 * 60 + 5, 13 * 60, 19 * 60])
    def test_it_is_done_now_if_its_time_is_now_or_past_or_too_far_away(self, usual: int) -> None:
        assert postponed(self.sport, at(14, 24), [], usual, parameters=ALWAYS) is None

    def test_it_is_done_now_if_there_is_no_time_for_all_of_it_then(self) -> None:
        ahead = [at(16, 17), at(17.5, 22, "work", fixed=True)]
        long = at(14, 16, "sport")
        assert postponed(long, at(14, 16), ahead, 17 * 60, parameters=ALWAYS) is None
