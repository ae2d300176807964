"""The calendar: minutes, days, weeks, months, against Python's own datetime."""

from __future__ import annotations

import dataclasses
import pickle
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN, WEEK_DAYS, Clock, clock_time
from mesa_llm_city.core.errors import ConfigError

MINUTES = st.integers(0, 3 * 366 * DAY_MIN)
STARTS = st.dates(date(1990, 1, 1), date(2100, 1, 1))
DIVISORS = [step for step in range(1, DAY_MIN + 1) if DAY_MIN % step == 0]


def test_a_day_has_1440_minutes() -> None:
    assert (HOUR_MIN, DAY_MIN, WEEK_DAYS) == (60, 1440, 7)


def test_the_default_clock_starts_on_a_monday_in_steps_of_five_minutes() -> None:
    clock = Clock()
    assert clock.at(0) == datetime.combine(date(2024, 4, 1), datetime.min.time())
    assert clock.weekday(0) == 0
    assert clock.steps_per_day == 288


@pytest.mark.parametrize("step_min", DIVISORS)
def test_steps_fill_a_day_exactly(step_min: int) -> None:
    assert Clock(step_min=step_min).steps_per_day * step_min == DAY_MIN


@pytest.mark.parametrize("step_min", [-5, 0, 7, 1441, 2880])
def test_a_step_that_does_not_divide_a_day_is_refused(step_min: int) -> None:
    with pytest.raises(ConfigError, match=f"step_min must divide 1440 minutes, got {step_min}"):
        Clock(step_min=step_min)


def test_a_clock_is_frozen_and_takes_keywords_only() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Clock().step_min = 1  # type: ignore[misc]
    with pytest.raises(TypeError):
        Clock(date(2024, 4, 1))  # type: ignore[call-arg]


def test_a_clock_pickles() -> None:
    clock = Clock(start=date(2025, 1, 1), step_min=15, holidays=frozenset({date(2025, 1, 1)}))
    assert pickle.loads(pickle.dumps(clock)) == clock


@given(start=STARTS, minute=MINUTES)
def test_calendar_agrees_with_datetime(start: date, minute: int) -> None:
    clock = Clock(start=start)
    now = datetime.combine(start, datetime.min.time()) + timedelta(minutes=minute)
    assert clock.at(minute) == now
    assert clock.date_of(clock.day(minute)) == now.date()
    assert clock.weekday(minute) == now.weekday()
    assert clock.month(minute) == now.month
    assert clock.hour(minute) == pytest.approx(now.hour + now.minute / 60)


@given(start=STARTS, day=st.integers(0, 1000))
def test_days_weeks_and_months_start_at_midnight(start: date, day: int) -> None:
    clock = Clock(start=start)
    midnight = day * DAY_MIN
    assert clock.starts_day(midnight)
    assert clock.starts_week(midnight) == (clock.date_of(day).weekday() == 0)
    assert clock.starts_month(midnight) == (clock.date_of(day).day == 1)
    for later in (midnight + 1, midnight + DAY_MIN - 1):
        assert not clock.starts_day(later)
        assert not clock.starts_week(later)
        assert not clock.starts_month(later)


def test_a_week_has_five_workdays() -> None:
    clock = Clock()
    workdays = [clock.is_workday(day * DAY_MIN) for day in range(7)]
    assert workdays == [True] * 5 + [False] * 2


def test_a_holiday_is_no_workday_from_its_first_to_its_last_minute() -> None:
    clock = Clock(holidays=frozenset({date(2024, 4, 2)}))
    assert [clock.is_holiday(minute) for minute in (1439, 1440, 2879, 2880)] == [
        False,
        True,
        True,
        False,
    ]
    assert clock.is_workday(1439)
    assert not clock.is_workday(1440)


def test_the_year_of_a_leap_day_has_366_days() -> None:
    clock = Clock(start=date(2024, 1, 1))
    assert clock.date_of(59) == date(2024, 2, 29)
    assert clock.date_of(366) == date(2025, 1, 1)


@pytest.mark.parametrize(
    ("minute", "text"),
    [(0, "00:00"), (485, "08:05"), (1439, "23:59"), (1440, "00:00"), (2 * 1440 + 61, "01:01")],
)
def test_time_of_day_is_written_with_two_digits_each(minute: int, text: str) -> None:
    assert clock_time(minute) == text


@given(MINUTES)
def test_time_of_day_agrees_with_datetime(minute: int) -> None:
    assert clock_time(minute) == f"{Clock().at(minute):%H:%M}"


DAY = date(2024, 5, 3)
WAYS_TO_WRITE_A_DAY = (
    DAY,
    datetime.fromisoformat("2024-05-03T00:00"),
    datetime(2024, 5, 3, tzinfo=UTC),
    "2024-05-03",
    " 2024-05-03T00:00:00 ",
    pd.Timestamp("2024-05-03"),
    pd.Timestamp("2024-05-03", tz="Asia/Tokyo"),
    np.datetime64("2024-05-03"),
    np.datetime64("2024-05-03T00:00", "ns"),
    np.str_("2024-05-03"),
)
NO_DAYS = (
    None,
    5,
    True,
    float("nan"),
    "",
    "tomorrow",
    "2024-02-30",
    "03.05.2024",
    pd.NaT,
    np.datetime64("NaT"),
    np.datetime64("2024-05"),
    np.datetime64("300000-01-01"),
    date(1, 1, 1),
    date(9999, 12, 31),
    [DAY],
)


@pytest.mark.parametrize("day", WAYS_TO_WRITE_A_DAY, ids=repr)
def test_a_day_may_be_given_in_any_usual_way(day: Any) -> None:  # noqa: ANN401 - of many types
    assert Clock(start=day).start == DAY
    assert type(Clock(start=day).start) is date
    for several in (day, [day], {day}, np.array([day]), pd.Series([day]), {day: "a name"}):
        clock = Clock(start=DAY, holidays=several)
        assert clock.holidays == {DAY}
        assert clock.is_holiday(0)
        assert not clock.is_workday(0)


@pytest.mark.parametrize("value", NO_DAYS, ids=repr)
def test_what_is_no_day_is_refused(value: Any) -> None:  # noqa: ANN401 - of many types
    for options in ({"start": value}, {"holidays": [value]}):
        with pytest.raises(ConfigError, match=r"must (be a date|lie in the years 1700 to 2199)"):
            Clock(**options)


def test_a_holiday_is_a_whole_day_but_a_start_has_no_time_of_day() -> None:
    noon = datetime.fromisoformat("2024-05-03T12:00")
    assert Clock(start=DAY, holidays=[noon]).is_holiday(0)
    with pytest.raises(ConfigError, match=r"without a time of day.*so give 2024-05-03"):
        Clock(start=noon)


@pytest.mark.parametrize("step", [5.0, "5", True, None])
def test_a_step_that_is_no_whole_number_is_refused(step: Any) -> None:  # noqa: ANN401
    with pytest.raises(ConfigError, match="step_min must divide 1440 minutes"):
        Clock(step_min=step)
