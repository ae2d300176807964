"""The hours of purposes: by day of the week, past midnight, and around the clock."""

from __future__ import annotations

import pytest

from mesa_llm_city.core.clock import DAY_MIN, Clock
from mesa_llm_city.mobility.purpose_hours import begin_minutes, span_of_day
from mesa_llm_city.parameters import PurposeSpec


def begins(hours: str, minute: int) -> bool:
    day, minute_of_day = divmod(minute, DAY_MIN)
    spec = PurposeSpec(hours=hours)
    found = begin_minutes(spec, day, clock=Clock(), before_closing_min=60)
    return bool(found[minute_of_day])


@pytest.mark.parametrize("hours", ["", "24/7"])
def test_without_hours_and_around_the_clock_it_can_always_begin(hours: str) -> None:
    assert all(begins(hours, minute) for minute in (0, 12 * 60, DAY_MIN - 5))


def test_it_begins_an_hour_before_closing_at_the_latest() -> None:
    assert [begins("09:00-21:00", minute) for minute in (535, 540, 1200, 1205)] == [
        False,
        True,
        True,
        False,
    ]


def test_hours_past_midnight_reach_into_the_next_day() -> None:
    friday_night = "Fr 20:00-03:00"
    saturday = 5 * DAY_MIN
    assert begins(friday_night, saturday - 60)
    assert begins(friday_night, saturday + 120)
    assert not begins(friday_night, saturday + 125)
    assert not begins(friday_night, saturday + DAY_MIN + 60)


def test_the_span_of_a_day_is_in_minutes_of_the_run() -> None:
    weekdays = PurposeSpec(hours="Mo-Fr 18:00-02:00")
    assert span_of_day(weekdays, DAY_MIN, clock=Clock()) == (DAY_MIN + 1080, DAY_MIN + 1560)
    assert span_of_day(weekdays, 5 * DAY_MIN, clock=Clock()) is None
    assert span_of_day(PurposeSpec(), 0, clock=Clock()) == (0, DAY_MIN)
