"""Days drawn from a table: its shares and minutes hold, people differ, and so do their days."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mesa_llm_city.core.clock import Clock
from mesa_llm_city.core.inverse_draws import normal_of
from mesa_llm_city.core.streams import RandomStreams
from mesa_llm_city.core.values import Float
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import (
    BigFive,
    DayDraw,
    Household,
    Occupation,
    Persona,
    TimeUseTable,
    draw_day,
)
from mesa_llm_city.population.categories import Role
from mesa_llm_city.population.people_columns import PeopleColumns
from mesa_llm_city.population.time_use import ACTIVITIES
from mesa_llm_city.population.time_use.cells import employment_of
from mesa_llm_city.population.time_use.row import log_normal, mean_after_cut
from mesa_llm_city.population.time_use.work_targets import WorkTargets, work_targets
from tests.mobility.people import clerk, pensioner

TABLE = TimeUseTable.builtin("neutral")
TIME_USE = CityParameters().population.time_use
PEOPLE, DAYS = 250, (0, 7)


def drawn(persona: Persona, day: int, seed: int = 7, sleep_need: float = 0.0) -> DayDraw:
    return draw_day(
        persona,
        day,
        clock=Clock(),
        streams=RandomStreams(seed, persona.id),
        table=TABLE,
        parameters=TIME_USE,
        sleep_need=sleep_need,
    )


@pytest.fixture(scope="module")
def retired() -> list[list[DayDraw]]:
    """Return two Mondays of many people who are alike but for their numbers."""
    people = [replace(pensioner(), id=number) for number in range(PEOPLE)]
    needs = normal_of((np.random.default_rng(1).permutation(PEOPLE) + 0.5) / PEOPLE).tolist()
    return [
        [drawn(one, day, sleep_need=need) for day in DAYS]
        for one, need in zip(people, needs, strict=True)
    ]


def minutes(days: list[list[DayDraw]], activity: str) -> Float:
    return np.array([[one.minutes[activity] for one in person] for person in days])


@pytest.mark.parametrize("activity", ["sleep", "housework", "eating", "shopping", "sport"])
def test_shares_and_minutes_of_the_table_hold(retired: list[list[DayDraw]], activity: str) -> None:
    cell = TABLE.cells(
        sex="female",
        age="65-74",
        employment="none",
        youngest_child="none",
        day="weekday",
        activity=activity,
    )
    told = minutes(retired, activity)
    error = told.mean(axis=1).std() / np.sqrt(PEOPLE)
    assert told.mean() == pytest.approx(TABLE.mean_min[cell].item(), abs=3.0 * error)
    assert (told > 0.0).mean() == pytest.approx(TABLE.share_doing[cell].item(), abs=0.07)


def test_a_person_keeps_half_of_the_variance_from_day_to_day(
    retired: list[list[DayDraw]],
) -> None:
    eating = np.log(np.maximum(minutes(retired, "eating"), 1.0))
    both = (eating > 0.0).all(axis=1)
    assert np.corrcoef(eating[both].T)[0, 1] == pytest.approx(0.5, abs=0.15)


def test_who_stays_at_home_does_nothing_away_from_it(retired: list[list[DayDraw]]) -> None:
    home = [one for person in retired for one in person if not one.leaves_home]
    assert 0.15 < len(home) / (2 * PEOPLE) < 0.35
    assert all(one.minutes[name] == 0.0 for one in home for name in ("shopping", "sport", "civic"))


def test_the_same_address_gives_the_same_day() -> None:
    assert drawn(clerk(), 3) == drawn(clerk(), 3)
    assert drawn(clerk(), 3) != drawn(clerk(), 4)


def test_people_work_on_some_days_off_and_not_on_all_usual_days() -> None:
    people = [replace(clerk(), id=number) for number in range(300)]
    monday, sunday = (
        np.mean([drawn(one, day).duty is not None for one in people]) for day in (0, 6)
    )
    row = TABLE.share_doing[TABLE.cells(sex="female", age="25-34", employment="full")]
    assert 0.85 < monday < 1.0
    assert sunday < row.reshape(-1, 3, 14)[0, 2, ACTIVITIES.index("work")] + 0.1


def test_work_begins_about_when_it_usually_does() -> None:
    starts = [
        duty.start_min
        for day in (0, 1, 2, 3, 4, 7, 8, 9, 10, 11, 14, 15, 16, 17, 18)
        if (duty := drawn(clerk(), day).duty) is not None
    ]
    assert np.mean(starts) == pytest.approx(540.0, abs=20.0)
    assert 10.0 < np.std(starts) < 40.0


def test_a_holiday_is_a_day_off_lived_like_a_sunday() -> None:
    clock = Clock(holidays=[Clock().start])
    assert clock.day_type(0) == 2
    draws = [
        draw_day(
            replace(clerk(), id=number),
            0,
            clock=clock,
            streams=RandomStreams(7, number),
            table=TABLE,
            parameters=TIME_USE,
        )
        for number in range(60)
    ]
    assert not any(one.duty and one.duty.is_usual for one in draws)


def test_parents_of_small_children_care_for_them() -> None:
    home = Household(id=1, size=3, role=Role.PARENT, youngest_child=2)
    people = [replace(pensioner(), id=number, age=33, household=home) for number in range(60)]
    childless = [replace(one, household=Household(id=1, size=2)) for one in people]
    care = [
        np.mean([drawn(one, 0).minutes["care_of_household"] for one in group])
        for group in (people, childless)
    ]
    assert care[0] > 60.0
    assert care[1] < 15.0


def test_a_full_week_is_full_time_and_learners_without_a_job_have_none() -> None:
    part = replace(clerk(), habits=replace(clerk().habits, work_minutes=300))
    student = replace(clerk(), occupation=Occupation.STUDENT)
    told = [
        employment_of(
            PeopleColumns.of([one]), full_time_from_h=35.0, has_job=np.array([job])
        ).tolist()
        for one, job in ((clerk(), False), (part, False), (student, False), (student, True))
    ]
    assert told == [[0], [1], [2], [1]]


def test_work_beyond_usual_days_is_done_on_days_off() -> None:
    # .4 of the people have the day as usual and all come; .1 of all others make up .5.
    found = work_targets(0.46, 400.0, usual_share=0.4, most_attendance=1.0, day_off_min=200.0)
    assert found.usual == 1.0
    assert found.day_off == pytest.approx(0.06 / 0.6)
    assert 0.4 * found.usual_min + 0.06 * 200.0 == pytest.approx(0.46 * 400.0)
    less = work_targets(0.2, 400.0, usual_share=0.4, most_attendance=1.0, day_off_min=200.0)
    assert less == WorkTargets(0.5, 0.0, 400.0)


def test_minutes_that_are_cut_keep_their_mean() -> None:
    log_mean, log_sd = log_normal(np.array([90.0]), np.array([90.0]))
    raised = mean_after_cut(log_mean, log_sd, np.array([200.0]), 1.5)
    numbers = np.exp(raised + log_sd * np.random.default_rng(1).standard_normal(200_000))
    assert np.minimum(numbers, 200.0).mean() == pytest.approx(90.0, rel=0.01)


def test_minutes_become_no_longer_than_the_parameter_allows() -> None:
    log_mean, log_sd = log_normal(np.array([90.0]), np.array([90.0]))
    assert mean_after_cut(log_mean, log_sd, np.array([95.0]), 1.0)[0] == log_mean[0]
    longer = mean_after_cut(log_mean, log_sd, np.array([95.0]), 1.2)[0] - log_mean[0]
    assert longer == pytest.approx(np.log(1.2))


def test_outgoing_people_do_more_sport_and_sensitive_ones_less() -> None:
    def mean_min(**levels: int) -> float:
        people = [
            replace(pensioner(), id=number, big_five=BigFive(**levels)) for number in range(PEOPLE)
        ]
        return float(np.mean([drawn(one, 0).minutes["sport"] for one in people]))

    usual = mean_min()
    assert mean_min(extraversion=3) > usual > mean_min(extraversion=1)
    assert mean_min(neuroticism=3) < usual < mean_min(neuroticism=1)
    assert mean_min(openness=3) == usual


def test_over_all_levels_of_a_trait_the_minutes_of_the_table_hold() -> None:
    even = [[drawn(replace(pensioner(), id=one), 0)] for one in range(PEOPLE)]
    levels = [
        [drawn(replace(pensioner(), id=one, big_five=BigFive(extraversion=1 + one % 3)), 0)]
        for one in range(PEOPLE)
    ]
    found, usual = minutes(levels, "sport"), minutes(even, "sport")
    assert found.mean() == pytest.approx(usual.mean(), abs=3.0 * usual.std() / np.sqrt(PEOPLE))
    assert found.mean() != usual.mean()
    np.testing.assert_array_equal(minutes(levels, "eating"), minutes(even, "eating"))
