"""Hours of work, sleep and meals."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.core.values import Int
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.parameters.population import (
    CommutingParameters,
    EatingOutParameters,
    ScheduleParameters,
    WorkParameters,
)
from mesa_llm_city.population.categories import Occupation
from mesa_llm_city.population.schedules.daily_hours import (
    DailyHours,
    commute_minutes,
    draw_daily_hours,
    share_eaten_out,
)
from mesa_llm_city.population.schedules.working_hours import WorkingHours, draw_working_hours

N = 4000
JOBS = list(Occupation)


DEFAULT = ScheduleParameters()


def _draw(
    job: Occupation,
    low: int,
    high: int,
    *,
    commute_min: float = 30.0,
    parameters: ScheduleParameters = DEFAULT,
) -> tuple[WorkingHours, DailyHours, Int]:
    rng = np.random.default_rng(1)
    age = rng.integers(low, high + 1, N)
    female = rng.integers(0, 2, N).astype(float)
    codes = np.full(N, JOBS.index(job))
    work = draw_working_hours(age, female, codes, rng.random((N, 5)), parameters.work)
    level, commute = rng.integers(1, 4, N), np.full(N, commute_min)
    draws = rng.standard_normal((N, 4))
    return work, draw_daily_hours(age, level, work, commute, draws, parameters=parameters), age


def _one_day(
    work: WorkingHours, *, age: int = 50, parameters: ScheduleParameters = DEFAULT
) -> list[int]:
    day = draw_daily_hours(
        np.array([age]),
        np.array([2]),
        work,
        np.array([30.0]),
        np.zeros((1, 4)),
        parameters=parameters,
    )
    return [int(column[0]) for column in day]


def _schedules(changes: dict[str, object]) -> ScheduleParameters:
    dotted = {f"population.schedules.{name}": value for name, value in changes.items()}
    return CityParameters.from_dotted(dotted).population.schedules


def _work(days: int, start_min: int, minutes: int) -> WorkingHours:
    return WorkingHours(np.array([days]), np.array([start_min]), np.array([minutes]))


def test_a_day_without_work_is_that_of_the_curves() -> None:
    # At 50 years: 06:45 to 23:15; lunch at 12:10, dinner at 18:50.
    assert _one_day(_work(0, 0, 0)) == [405, 1395, 730, 1130]


def test_a_day_around_work_by_hand() -> None:
    # Work from 07:00 to 20:30, 30 minutes away. Up at 420 - 50 - 30 = 340, 65 minutes early, so
    # to bed 65 x 2/3 earlier, at 1351.7; dinner 15 minutes after coming home at 1260, and bed
    # an hour after that at the earliest.
    assert _one_day(_work(31, 420, 810)) == [340, 1350, 730, 1275]


def test_a_day_after_a_night_shift_by_hand() -> None:
    # From 22:00 to 06:00, home at 06:30, to bed at 07:15 (1875) for seven hours, to 14:15.
    assert _one_day(_work(31, 1320, 480)) == [855, 1875, 930, 1560]


def test_hours_are_parameters() -> None:
    later = _schedules(
        {
            "sleep.wake_min.50": 455,
            "sleep.before_duty_min": 20,
            "sleep.after_duty_min": 0,
            "meals.lunch_min": 780,
            "meals.dinner_after_home_min": 25,
            "night_shift.asleep_min": 480,
        }
    )
    assert _one_day(_work(0, 0, 0), parameters=later) == [455, 1395, 780, 1130]
    wake, _, _, dinner = _one_day(_work(31, 420, 810), parameters=later)
    assert (wake, dinner) == (370, 1285)
    assert _one_day(_work(31, 1320, 480), parameters=later)[0] == 915


def test_hours_stay_within_two_days_whatever_the_parameters() -> None:
    extreme = _schedules({"sleep.before_duty_min": 900, "night_shift.asleep_min": 1440})
    for work in (_work(31, 420, 810), _work(31, 1320, 480)):
        wake, bed, lunch, dinner = _one_day(work, parameters=extreme)
        assert 0 <= wake < bed <= wake + 1440
        assert wake < 1440
        assert max(lunch, dinner) < 2880


@pytest.mark.parametrize("commute_min", [0.0, 45.0, 120.0])
@pytest.mark.parametrize("job", JOBS)
def test_everybody_gets_up_eats_twice_and_goes_to_bed_in_this_order(
    job: Occupation, commute_min: float
) -> None:
    _, day, _ = _draw(job, 15, 90, commute_min=commute_min)
    assert (day.wake_min >= 0).all()
    assert (day.wake_min < day.lunch_min).all()
    assert (day.lunch_min < day.dinner_min).all()
    assert (day.dinner_min < day.bed_min).all()
    night = day.wake_min + 1440 - day.bed_min
    assert night.min() >= 240
    assert night.max() <= 780
    assert all((column % 5 == 0).all() for column in day)


@pytest.mark.parametrize("job", [Occupation.OFFICE_WORKER, Occupation.SERVICE_WORKER])
def test_nobody_sleeps_into_the_working_hours(job: Occupation) -> None:
    work, day, _ = _draw(job, 20, 64)
    assert (day.wake_min + 75 <= work.start_min).all()
    assert (day.bed_min >= work.start_min + work.minutes + 30).all()


def test_night_workers_sleep_after_their_shift() -> None:
    work, day, _ = _draw(Occupation.SHIFT_WORKER, 20, 64)
    night = work.start_min >= 1320
    assert 0.1 < night.mean() < 0.3
    assert (day.bed_min[night] > 1440 + 6 * 60).all()
    assert (day.wake_min[night] > 12 * 60).all()


def test_school_keeps_weekdays_and_ends_earlier_for_the_young() -> None:
    work, _, age = _draw(Occupation.PUPIL, 6, 17)
    assert set(work.days.tolist()) == {0b0011111}
    assert set(work.start_min.tolist()) == {510}
    assert set(work.minutes[age < 12].tolist()) == {390}
    assert set(work.minutes[age >= 12].tolist()) == {420}


def test_offices_open_between_eight_and_ten_most_at_nine() -> None:
    work, _, _ = _draw(Occupation.OFFICE_WORKER, 20, 64)
    full = work.minutes != 300
    values, counts = np.unique(work.start_min[full], return_counts=True)
    assert values[0] >= 480
    assert values[-1] <= 600
    assert values[counts.argmax()] == 540


def test_services_run_at_weekends_offices_hardly() -> None:
    weekend = 0b1100000
    service, _, _ = _draw(Occupation.SERVICE_WORKER, 20, 64)
    office, _, _ = _draw(Occupation.OFFICE_WORKER, 20, 64)
    assert np.mean(service.days & weekend > 0) > 0.7
    assert np.mean(office.days & weekend > 0) < 0.15


def test_those_without_work_have_no_hours() -> None:
    work, _, _ = _draw(Occupation.RETIRED, 65, 90)
    assert not any(column.any() for column in work)


def test_the_old_are_earlier_than_the_young() -> None:
    _, young, _ = _draw(Occupation.UNEMPLOYED, 18, 24)
    _, old, _ = _draw(Occupation.RETIRED, 70, 90)
    assert young.wake_min.mean() - old.wake_min.mean() > 60
    assert young.bed_min.mean() - old.bed_min.mean() > 90


def test_days_and_hours_of_work_are_parameters() -> None:
    schedules = _schedules(
        {
            "work.days.pupil": ["Mo,We"],
            "work.start_min.pupil": [600],
            "work.minutes.pupil": [200],
        }
    )
    pupil = np.array([JOBS.index(Occupation.PUPIL)])
    hours = draw_working_hours(
        np.array([14]), np.array([0.5]), pupil, np.full((1, 5), 0.5), schedules.work
    )
    assert [int(column[0]) for column in hours] == [0b101, 600, 200]


def test_part_time_by_hand() -> None:
    # The share among women is 0.14 + 0.22; of 40 % the day begins four hours later.
    office = np.full(3, JOBS.index(Occupation.OFFICE_WORKER))
    draws = np.array(
        [[0.0, 0.5, 0.5, 0.35, 0.5], [0.0, 0.5, 0.5, 0.35, 0.3], [0.0, 0.5, 0.5, 0.37, 0.3]]
    )
    hours = draw_working_hours(np.full(3, 40), np.ones(3), office, draws, WorkParameters())
    assert hours.minutes.tolist() == [300, 300, 540]
    assert (hours.start_min - 540).tolist() == [0, 240, 0]


def test_people_who_work_and_live_alone_eat_out_most() -> None:
    age, draws = np.full(4, 30), np.full(4, 0.5)
    alone, busy = np.array([True, True, False, False]), np.array([True, False, True, False])
    shares = share_eaten_out(age, alone, busy, draws, EatingOutParameters())
    # 1 + 1 twentieths, and 1 each for living alone and for working.
    assert (20 * shares).round().tolist() == [4, 3, 3, 2]


def test_the_share_eaten_out_is_at_most_one() -> None:
    both = np.array([True])
    much = EatingOutParameters(base=20, adult=20)
    assert share_eaten_out(np.array([30]), both, both, np.array([0.9]), much).tolist() == [1.0]


def test_a_commute_grows_with_distance_to_its_longest() -> None:
    fast = CommutingParameters(fixed_min=5, min_per_km=2, longest_min=60)
    assert commute_minutes(np.array([0.0, 10.0, 80.0]), fast).tolist() == [5.0, 25.0, 60.0]
