"""A calendar of which some days a year are lived."""

from __future__ import annotations

import pickle
from collections import Counter
from datetime import date, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest

from mesa_llm_city.core.clock import DAY_MIN, Clock
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.sampled_clock import MOST_DAYS_PER_YEAR, SampledClock


@pytest.mark.parametrize("per_year", [1, 2, 7, 52, MOST_DAYS_PER_YEAR])
def test_dates_rise_by_a_year_in_as_many_lived_days(per_year: int) -> None:
    clock = SampledClock(days_per_year=per_year)
    dates = [clock.date_of(day) for day in range(10 * per_year)]
    assert all(one < other for one, other in pairwise(dates))
    assert 3652 - 366 / per_year - 1 <= (dates[-1] - dates[0]).days < 3652


@pytest.mark.parametrize("per_year", [1, 2, 12, 52])
def test_every_weekday_and_every_month_is_lived_about_equally_often(per_year: int) -> None:
    clock = SampledClock(days_per_year=per_year)
    dates = [clock.date_of(day) for day in range(336)]
    weekdays = Counter(one.weekday() for one in dates)
    months = Counter(one.month for one in dates)
    assert len(weekdays) == 7
    assert all(36 <= count <= 60 for count in weekdays.values())  # 48 each
    assert len(months) == 12
    assert all(18 <= count <= 38 for count in months.values())  # 28 each


def test_minutes_have_the_date_and_weekday_of_the_calendar() -> None:
    clock = SampledClock(days_per_year=2, start="2024-04-01", holidays=["2025-01-21"])
    # The second half begins after 182 days; 182 + 0.618 * 183 = 295.
    assert clock.date_of(1) == date(2025, 1, 21)
    assert clock.at(DAY_MIN + 65) == datetime.fromisoformat("2025-01-21T01:05")
    assert (clock.weekday(DAY_MIN), clock.month(DAY_MIN)) == (1, 1)
    assert clock.is_holiday(DAY_MIN)
    assert clock.date_of(-1) == date(2024, 3, 31)


@pytest.mark.parametrize("clock", [Clock(), SampledClock(days_per_year=5)])
def test_stamps_of_many_minutes_are_those_of_each(clock: Clock) -> None:
    minutes = np.array([0, 1439, 1440, 10_007, 5], dtype=np.int64)
    assert clock.stamps(minutes).tolist() == [clock.at(int(one)) for one in minutes]


def test_it_can_be_compared_and_pickled() -> None:
    clock = SampledClock(days_per_year=3)
    assert pickle.loads(pickle.dumps(clock)) == clock != SampledClock(days_per_year=4)


@pytest.mark.parametrize("per_year", [0, 366])
def test_a_number_of_days_outside_its_range_is_refused(per_year: int) -> None:
    with pytest.raises(ConfigError, match="days_per_year must be from 1 to 365"):
        SampledClock(days_per_year=per_year)


@pytest.mark.parametrize("per_year", [1, 2, 52])
def test_each_day_stands_for_the_part_of_the_year_in_which_it_lies(per_year: int) -> None:
    clock = SampledClock(days_per_year=per_year)
    begins = [clock.start, *(clock.stands_until(day) for day in range(4 * per_year))]
    for day, (begin, end) in enumerate(pairwise(begins)):
        assert begin <= clock.date_of(day) < end
    assert begins[-1] == date(2028, 3, 31)  # 4 * 365.2425 = 1460.97 days
    assert Clock().stands_until(0) == Clock().date_of(1)


@pytest.mark.parametrize("clock", [Clock(), SampledClock(days_per_year=2)])
def test_a_moment_has_its_minute(clock: Clock) -> None:
    for minute in (-60, 0, 90, DAY_MIN, 3 * DAY_MIN + 61):
        assert clock.minute_of(clock.at(minute)) == minute


@pytest.mark.parametrize("per_year", [1, 2, 52, 365])
def test_a_moment_that_is_not_lived_is_the_first_lived_one_after_it(per_year: int) -> None:
    clock = SampledClock(days_per_year=per_year)
    lived = {clock.date_of(day): day for day in range(3 * per_year + 2)}
    for passed in range(1, 900):
        noon = clock.at(0) + timedelta(days=passed, hours=12)
        after = next(day for one, day in lived.items() if one >= noon.date())
        is_lived = noon.date() in lived
        assert clock.minute_of(noon) == after * DAY_MIN + 720 * is_lived
