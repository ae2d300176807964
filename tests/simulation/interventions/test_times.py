"""Times of interventions may be days and hours, minutes or dates."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from mesa_llm_city import Clock, ConfigError
from mesa_llm_city.simulation.interventions.times import as_minute

CLOCK = Clock(start="2024-05-03")


@pytest.mark.parametrize(
    ("given", "minute"),
    [
        ("day 1 00:00", 0),
        ("Day 2 11:30", 1440 + 690),
        ("2 11:30", 1440 + 690),
        ("day 1 24:00", 1440),
        (690, 690),
        ("690", 690),
        ("2024-05-04 11:30", 1440 + 690),
        ("2024-05-04T11:30", 1440 + 690),
        ("2024-05-04", 1440),
        (date(2024, 5, 4), 1440),
        (datetime(2024, 5, 3, 8), 480),  # noqa: DTZ001 - local time
    ],
)
def test_a_time_is_a_minute_of_the_run(given: object, minute: int) -> None:
    assert as_minute(given, CLOCK) == minute


@pytest.mark.parametrize(
    "given", ["noon", "day 0 12:00", "day 2 25:00", "day 2 11:60", True, 2.5, None, "2024-13-01"]
)
def test_what_is_no_time_is_refused(given: object) -> None:
    with pytest.raises(ConfigError, match="must be a time"):
        as_minute(given, CLOCK)


def test_a_date_before_the_run_is_refused() -> None:
    with pytest.raises(ConfigError, match="lies before the first day, 2024-05-03"):
        as_minute("2024-05-02 12:00", CLOCK)
