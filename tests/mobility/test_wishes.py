"""Outings that a day is meant to hold, and the hours they have from habit."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from mesa_llm_city.core.asking import run
from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN, Clock
from mesa_llm_city.core.streams import RandomStreams
from mesa_llm_city.mobility import Planner, Wish
from mesa_llm_city.mobility.habits import NO_HABITS, next_time
from mesa_llm_city.parameters import CityParameters
from tests.mobility.people import pensioner

ALWAYS = CityParameters().with_("mobility.planner.habit_share", 1.0)
AT_FOUR = 16 * HOUR_MIN


def wishes(
    day: int, usual: Mapping[str, int] = NO_HABITS, company_lacking: float = 0.0
) -> tuple[Wish, ...]:
    thought = Planner(ALWAYS).plan_day(
        pensioner(),
        day,
        clock=Clock(),
        streams=RandomStreams(7, 1),
        commute_min=0.0,
        usual=usual,
        relief={"social": company_lacking},
    )
    return run(thought).wishes or ()


def near_four(usual: Mapping[str, int]) -> list[bool]:
    """Return for each time with others in sixty days whether it begins about four."""
    found = [one for day in range(60) for one in wishes(day, usual) if one.purpose == "social"]
    return [abs(one.from_min % DAY_MIN - AT_FOUR) <= HOUR_MIN for one in found]


def test_an_outing_with_a_habit_begins_near_its_usual_time_unless_other_things_are_planned() -> (
    None
):
    with_habit, without = near_four({"social": AT_FOUR}), near_four(NO_HABITS)
    assert len(with_habit) == len(without) > 10
    assert with_habit.count(True) > 2 * without.count(True)


@pytest.mark.parametrize("day", range(0, 60, 7))
def test_habits_add_no_outing_and_take_none_away(day: int) -> None:
    usual = {"social": AT_FOUR, "sport": 10 * HOUR_MIN, "unheard_of": 5}
    assert sorted(one.purpose for one in wishes(day, usual)) == sorted(
        one.purpose for one in wishes(day)
    )


def test_who_lacks_company_goes_out_for_it_more_often() -> None:
    def days_with_company(lacking: float) -> set[int]:
        return {
            day
            for day in range(60)
            if "social" in {one.purpose for one in wishes(day, company_lacking=lacking)}
        }

    assert days_with_company(0.0) < days_with_company(0.4)
    assert days_with_company(0.0) <= days_with_company(0.2) <= days_with_company(0.4)


def test_the_next_time_is_today_or_tomorrow() -> None:
    assert next_time(DAY_MIN + 600, 660) == DAY_MIN + 660
    assert next_time(DAY_MIN + 600, 600) == DAY_MIN + 600
    assert next_time(DAY_MIN + 600, 599) == 2 * DAY_MIN + 599
