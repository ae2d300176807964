"""Moments of a run, as people write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mesa_llm_city.core.clock import Clock
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.moments import minute_of

CLOCK = Clock(start="2024-05-03")


@pytest.mark.parametrize(
    "moment",
    [
        2130,
        "2130",
        "day 2 11:30",
        "Day 2  11:30",
        "2 11:30",
        "2024-05-04 11:30",
        datetime(2024, 5, 4, 11, 30),  # noqa: DTZ001 - moments of a run are naive
    ],
)
def test_one_moment_can_be_written_in_several_ways(moment: object) -> None:
    assert minute_of(moment, CLOCK) == 1440 + 11 * 60 + 30


@pytest.mark.parametrize(
    "moment",
    [
        -1,
        True,
        None,
        1.5,
        "noon",
        "day 0 11:30",
        "day 2 24:00",
        "2 11:60",
        "2024-05-02 23:59",
        datetime(2024, 5, 4, tzinfo=UTC),
    ],
)
def test_what_is_no_moment_of_the_run_is_refused_by_name(moment: object) -> None:
    with pytest.raises(ConfigError, match="until must be minutes"):
        minute_of(moment, CLOCK, name="until")
