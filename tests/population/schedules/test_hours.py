"""Hours of work, sleep and meals."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.core.values import Int
from mesa_llm_city.population.categories import Occupation
from mesa_llm_city.population.schedules.daily_hours import Day, draw_day, eating_out
from mesa_llm_city.population.schedules.working_hours import NIGHT_START_MIN, Duty, draw_duty

N = 4000
JOBS = list(Occupation)


def _draw(
    job: Occupation, low: int, high: int, *, commute_min: float = 30.0
) -> tuple[Duty, Day, Int]:
    rng = np.random.default_rng(1)
    age = rng.integers(low, high + 1, N)
    female = rng.integers(0, 2, N).astype(float)
    duty = draw_duty(age, female, np.full(N, JOBS.index(job)), rng.random((N, 5)))
    level, commute = rng.integers(1, 4, N), np.full(N, commute_min)
    return duty, draw_day(age, level, duty, commute, rng.standard_normal((N, 4))), age


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
    duty, day, _ = _draw(job, 20, 64)
    assert (day.wake_min + 75 <= duty.start_min).all()
    assert (day.bed_min >= duty.start_min + duty.minutes + 30).all()


def test_night_workers_sleep_after_their_shift() -> None:
    duty, day, _ = _draw(Occupation.SHIFT_WORKER, 20, 64)
    night = duty.start_min >= NIGHT_START_MIN
    assert 0.1 < night.mean() < 0.3
    assert (day.bed_min[night] > 1440 + 6 * 60).all()
    assert (day.wake_min[night] > 12 * 60).all()


def test_school_keeps_weekdays_and_ends_earlier_for_the_young() -> None:
    duty, _, age = _draw(Occupation.PUPIL, 6, 17)
    assert set(duty.days.tolist()) == {0b0011111}
    assert set(duty.start_min.tolist()) == {510}
    assert set(duty.minutes[age < 12].tolist()) == {390}
    assert set(duty.minutes[age >= 12].tolist()) == {420}


def test_offices_open_between_eight_and_ten_most_at_nine() -> None:
    duty, _, _ = _draw(Occupation.OFFICE_WORKER, 20, 64)
    full = duty.minutes != 300
    values, counts = np.unique(duty.start_min[full], return_counts=True)
    assert values[0] >= 480
    assert values[-1] <= 600
    assert values[counts.argmax()] == 540


def test_services_run_at_weekends_offices_hardly() -> None:
    weekend = 0b1100000
    service, _, _ = _draw(Occupation.SERVICE_WORKER, 20, 64)
    office, _, _ = _draw(Occupation.OFFICE_WORKER, 20, 64)
    assert np.mean(service.days & weekend > 0) > 0.7
    assert np.mean(office.days & weekend > 0) < 0.15


def test_those_without_duty_have_no_hours() -> None:
    duty, _, _ = _draw(Occupation.RETIRED, 65, 90)
    assert not any(column.any() for column in duty)


def test_the_old_are_earlier_than_the_young() -> None:
    _, young, _ = _draw(Occupation.UNEMPLOYED, 18, 24)
    _, old, _ = _draw(Occupation.RETIRED, 70, 90)
    assert young.wake_min.mean() - old.wake_min.mean() > 60
    assert young.bed_min.mean() - old.bed_min.mean() > 90


def test_people_who_work_and_live_alone_eat_out_most() -> None:
    n = np.full(4, 30)
    alone, busy = np.array([True, True, False, False]), np.array([True, False, True, False])
    shares = eating_out(n, alone, busy, np.full(4, 0.5))
    assert shares[0] == shares.max()
    assert shares[3] == shares.min()
    assert (eating_out(n, alone, busy, np.full(4, 0.999)) <= 20).all()
