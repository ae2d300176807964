"""Habits: what is done anyway is done at its usual time; a habit never adds an activity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN, Clock
from mesa_llm_city.core.column_streams import ColumnStreams
from mesa_llm_city.core.streams import RandomStreams
from mesa_llm_city.core.values import Activity, Bool, Int
from mesa_llm_city.mobility.day_facts import DayFacts
from mesa_llm_city.mobility.open_days import OpenDays, Settled
from mesa_llm_city.mobility.purpose_codes import purpose_codes
from mesa_llm_city.mobility.purpose_hours import span_of_day
from mesa_llm_city.mobility.schedule import Plan, fit
from mesa_llm_city.parameters import CityParameters, PurposeSpec

__all__ = [
    "NO_HABITS",
    "can_be_habit",
    "follows_habit",
    "is_habit_day",
    "next_time",
    "postponed",
    "with_habits",
]

NO_HABITS: Mapping[str, int] = MappingProxyType({})
"""The usual times of a person without habits."""


def next_time(minute: int, minute_of_day: int) -> int:
    """Return the next minute of the run at which a clock shows a minute of the day.

    Examples
    --------
    >>> next_time(600, 540), next_time(600, 660)
    (1980, 660)
    """
    return minute + (minute_of_day - minute) % DAY_MIN


def is_habit_day(
    purpose: str, day: int, *, streams: RandomStreams, parameters: CityParameters
) -> bool:
    """Return whether what is done for a purpose on a day follows habit.

    Parameters
    ----------
    purpose : str
        The purpose; only what is done in free time, away from home, follows habit.
    day : int
        Index of the day; -1 is the day before the run.
    streams : RandomStreams
        Random streams of the person.
    parameters : CityParameters
        Reads `mobility.planner.habit_share` and the purposes.
    """
    if not can_be_habit(purpose, parameters):
        return False
    share = parameters.mobility.planner.habit_share
    return streams.uniform_on(f"habit {purpose}", day=day) < share


def with_habits(days: OpenDays, facts: DayFacts) -> None:
    """Move what is planned to its usual time, on days that follow habit (`is_habit_day`).

    The number of activities and their lengths stay as they are, and nothing is moved out of
    the hours of its purpose.

    Parameters
    ----------
    days : OpenDays
        The days with duties, meals and chores, which are changed.
    facts : DayFacts
        The persons and the day.
    """
    parameters, usual = facts.parameters, facts.usual
    if usual is None:
        return
    settled, is_there = days.settled()
    for name in _habits(parameters):
        code = purpose_codes(parameters).of[name]
        is_one = is_there & (settled.purpose == code) & ~settled.is_fixed
        rows = np.flatnonzero(is_one.any(axis=0) & (usual[:, code] >= 0))
        if len(rows):
            streams = facts.streams.take(rows)
            rows = rows[follows_habit(name, facts.day, streams, parameters)]
        if len(rows):
            blocks = Settled(*(one[:, rows] for one in settled))
            _move(
                days,
                facts,
                name,
                rows=rows,
                minute=usual[rows, code],
                blocks=blocks,
                is_one=is_one[:, rows],
            )
            settled, is_there = days.settled()


@lru_cache(maxsize=16)
def _habits(parameters: CityParameters) -> tuple[str, ...]:
    return tuple(name for name in parameters.purposes if can_be_habit(name, parameters))


def follows_habit(
    purpose: str, day: int, streams: ColumnStreams, parameters: CityParameters
) -> Bool:
    """Return whose doing for a purpose follows habit on a day (see `is_habit_day`); shape (m,)."""
    share = parameters.mobility.planner.habit_share
    if not can_be_habit(purpose, parameters):
        return np.zeros(len(streams.persons), dtype=bool)
    return streams.on(f"habit {purpose}", day=day, n=1)[:, 0] < share


def can_be_habit(purpose: str, parameters: CityParameters) -> bool:
    """Tell whether a purpose follows habit: what is done in free time, away from home."""
    spec, share = parameters.purposes.get(purpose), parameters.mobility.planner.habit_share
    return spec is not None and spec.free_time and not spec.at_home and bool(share)


def postponed(
    chosen: Activity,
    block: Activity,
    ahead: Sequence[Activity],
    usual_min: int,
    *,
    parameters: CityParameters,
) -> Plan | None:
    """Put off what free time was to be spent on until its usual time later that day.

    Parameters
    ----------
    chosen : Activity
        What was chosen, from the beginning of the free block.
    block : Activity
        The free block.
    ahead : sequence of Activity
        The plan after it.
    usual_min : int
        Minute of the day at which the person is used to beginning it.
    parameters : CityParameters
        Reads `mobility.planner` and `mobility.free_time.useless_min`.

    Returns
    -------
    tuple of Activity or None
        The free time until then, and the plan after it with the activity in it. None if
        its time is now or too far away, or there is no free time then.
    """
    planner, now = parameters.mobility.planner, block.start_min
    near, gap = next_time(now, usual_min), parameters.mobility.free_time.useless_min
    if not gap <= near - now <= planner.habit_reach_min:
        return None
    window = planner.hours.habit_window_min
    plan = fit(
        (block, *ahead),
        str(chosen.purpose),
        minutes=chosen.minutes,
        near_min=near,
        within=(max(now + gap, near - window), near + window + chosen.minutes),
        shorten=False,
    )
    return None if plan == (block, *ahead) else plan


def _move(
    days: OpenDays,
    facts: DayFacts,
    name: str,
    *,
    rows: Int,
    minute: Int,
    blocks: Settled,
    is_one: Bool,
) -> None:
    """Move one of the blocks of each row, the nearest to a usual minute, there if it fits."""
    parameters, every = facts.parameters, np.arange(len(rows))
    planner = parameters.mobility.planner
    near = days.start[rows] + (minute - days.start[rows]) % DAY_MIN
    # Of two as near the earlier one.
    rank = 2 * np.abs(blocks.start - near) + (blocks.start > near)
    block = np.where(is_one, rank, np.iinfo(np.int64).max).argmin(axis=0)
    start, end = blocks.start[block, every], blocks.end[block, every]
    low, high = _hours_of(parameters.purposes[name], near, facts.day, facts.clock)
    window = planner.hours.habit_window_min
    low, high = np.maximum(low, near - window), np.minimum(high, near + window + end - start)
    at = np.flatnonzero(np.abs(start - near) <= planner.habit_reach_min)
    if len(at):
        days.move(
            rows[at],
            block[at],
            near_min=near[at].astype(np.int32),
            low_min=low[at].astype(np.int32),
            high_min=high[at].astype(np.int32),
        )


def _hours_of(spec: PurposeSpec, near: Int, day: int, clock: Clock) -> tuple[Int, Int]:
    """Return between what minutes a purpose has its hours on the day of each minute.

    Minutes count from midnight of `day`; on a day without hours the end is before the begin.
    """
    low, high = np.full_like(near, 1), np.zeros_like(near)
    of_day = near // DAY_MIN
    for after in range(int(of_day.min()), int(of_day.max()) + 1):
        span = span_of_day(spec, (day + after) * DAY_MIN, clock=clock)
        if span is not None:
            is_then = of_day == after
            low[is_then], high[is_then] = (one - day * DAY_MIN for one in span)
    return low, high
