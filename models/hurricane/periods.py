"""The days of a run: a week to compare with, and three days before, during and after the storm."""

from __future__ import annotations

from types import MappingProxyType

from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN, WEEK_DAYS

__all__ = ["HOLIDAY", "PEAK_MIN", "PERIODS", "period_of"]

PERIODS = MappingProxyType(
    {
        "baseline": range(WEEK_DAYS),
        "before": range(WEEK_DAYS, WEEK_DAYS + 3),
        "during": range(WEEK_DAYS + 3, WEEK_DAYS + 6),
        "after": range(WEEK_DAYS + 6, WEEK_DAYS + 9),
    }
)
"""Days of each period, 0 being the first: a week, and three times three days as in AgentSociety."""

PEAK_MIN = 11 * DAY_MIN + 12 * HOUR_MIN
"""Minute at which the hurricane is nearest: noon of day 12, the middle of the storm's days."""

HOLIDAY = 12
"""Day of the public holiday, 0 being the first: the third day of the storm."""


def period_of(day: int) -> str:
    """Return the period of a day, 0 being the first; empty after the last.

    Examples
    --------
    >>> period_of(0), period_of(7), period_of(11), period_of(15), period_of(16)
    ('baseline', 'before', 'during', 'after', '')
    """
    return next((name for name, days in PERIODS.items() if day in days), "")
