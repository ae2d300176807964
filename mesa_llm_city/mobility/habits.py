"""Habits: what is done anyway is done at its usual time; a habit never adds an activity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from mesa_llm_city.core.clock import DAY_MIN, Clock
from mesa_llm_city.core.streams import RandomStreams
from mesa_llm_city.core.values import Activity
from mesa_llm_city.mobility.purpose_hours import span_of_day
from mesa_llm_city.mobility.schedule import Plan, fit
from mesa_llm_city.parameters import CityParameters

__all__ = ["NO_HABITS", "is_habit_day", "next_time", "postponed", "with_habits"]

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
    spec, share = parameters.purposes.get(purpose), parameters.mobility.planner.habit_share
    if spec is None or not spec.free_time or spec.at_home or not share:
        return False
    return bool(streams.on(f"habit {purpose}", day=day).random() < share)


def with_habits(
    plan: Plan,
    day: int,
    *,
    clock: Clock,
    usual: Mapping[str, int],
    streams: RandomStreams,
    parameters: CityParameters,
) -> Plan:
    """Move what is planned to its usual time, on days that follow habit (`is_habit_day`).

    The number of activities and their lengths stay as they are.

    Parameters
    ----------
    plan : tuple of Activity
        The day with duties, meals and chores.
    day : int
        Index of the day.
    clock : Clock
        The calendar; nothing is moved out of the hours of its purpose.
    usual : mapping of str to int
        Minute of the day at which the person is used to beginning each purpose.
    streams : RandomStreams
        Random streams of the person.
    parameters : CityParameters
        Reads `mobility.planner` and the purposes.
    """
    for purpose, minute in usual.items():
        rows = [row for row, one in enumerate(plan) if one.purpose == purpose and not one.fixed]
        if not rows or not is_habit_day(purpose, day, streams=streams, parameters=parameters):
            continue
        near = next_time(plan[0].start_min, minute)
        row = min(rows, key=lambda one: abs(plan[one].start_min - near))
        plan = _moved(plan, row, near, clock, parameters)
    return plan


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


def _moved(plan: Plan, row: int, near: int, clock: Clock, parameters: CityParameters) -> Plan:
    """Return the plan with the activity of a row near a minute of the run, if it fits there."""
    planner, one = parameters.mobility.planner, plan[row]
    spec = parameters.purposes[str(one.purpose)]
    span = span_of_day(spec, near // DAY_MIN * DAY_MIN, clock=clock)
    if span is None or abs(one.start_min - near) > planner.habit_reach_min:
        return plan
    window = planner.hours.habit_window_min
    within = (max(span[0], near - window), min(span[1], near + window + one.minutes))
    emptied = _without(plan, row)
    moved = fit(
        emptied,
        str(one.purpose),
        minutes=one.minutes,
        near_min=near,
        within=within,
        place=one.place,
        shorten=False,
    )
    return plan if moved == emptied else moved


def _without(plan: Plan, row: int) -> Plan:
    """Return the plan with the block of a row made empty, and joined to empty ones beside it."""
    first, last = row, row
    if row > 0 and plan[row - 1].purpose is None:
        first -= 1
    if row + 1 < len(plan) and plan[row + 1].purpose is None:
        last += 1
    empty = Activity(purpose=None, start_min=plan[first].start_min, end_min=plan[last].end_min)
    return (*plan[:first], empty, *plan[last + 1 :])
