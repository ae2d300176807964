"""Meals and personal care: fitted around sleep and duties, or interrupting a duty."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mesa_llm_city.core.values import Activity, Bool, Int, Purpose
from mesa_llm_city.mobility.free_pieces import Minutes
from mesa_llm_city.mobility.mandatory import MEALS_OUT, MandatoryDays, planned_min
from mesa_llm_city.mobility.open_days import (
    AT_HOME,
    SOMEWHERE,
    OpenDays,
    block_code,
    to_blocks,
)
from mesa_llm_city.mobility.purpose_codes import purpose_codes
from mesa_llm_city.mobility.schedule import Plan, split
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population.people_columns import PeopleColumns

__all__ = ["interrupt_duty", "with_lunch", "with_meal", "with_meals"]


def with_meals(plan: MandatoryDays, people: PeopleColumns, *, parameters: CityParameters) -> None:
    """Fit in care and breakfast after getting up, lunch, dinner, and care before bed.

    Parameters
    ----------
    plan : MandatoryDays
        The days without a table of time use, which are changed.
    people : PeopleColumns
        The persons; their habits say when they eat, and how often out.
    parameters : CityParameters
        Reads `mobility.planner` and `purposes.care`.
    """
    planner, days = parameters.mobility.planner, plan.days
    hours, every = planner.hours, np.arange(len(days))
    care = planned_min(parameters.purposes["care"])
    out = plan.uniforms[:, MEALS_OUT : MEALS_OUT + 2] < people.eats_out[:, np.newaxis]
    within = days.start, days.end
    _care(days, care, days.start, within, rows=every, parameters=parameters)
    breakfast, lunch, dinner = (
        np.full(len(days), one, dtype=np.int32)
        for one in (planner.breakfast_min, planner.lunch_min, planner.dinner_min)
    )
    within = days.start, days.start + hours.breakfast_within_min
    nobody = np.zeros(len(days), dtype=bool)
    with_meal(days, breakfast, days.start + care, within, out=nobody, parameters=parameters)
    with_lunch(days, lunch, to_blocks(people.lunch_min), out[:, 0], parameters)
    near = to_blocks(people.dinner_min)
    within = near - hours.dinner_earlier_min, near + hours.dinner_later_min
    with_meal(days, dinner, near, within, out=out[:, 1], parameters=parameters)
    asleep = plan.bed_min < days.end
    some = every[asleep]
    bed = plan.bed_min[some]
    within = bed - hours.care_before_bed_min, bed
    _care(days, care, bed - care, within, rows=some, parameters=parameters)


def with_lunch(
    days: OpenDays, minutes: Minutes, near: Minutes, out: Bool, parameters: CityParameters
) -> None:
    """Fit in lunch, which interrupts work or school if these go on long enough around it.

    Parameters
    ----------
    days : OpenDays
        The m days, which are changed.
    minutes, near : ndarray of int32, shape (m,)
        How long it takes, 0 for none, and when it should begin.
    out : ndarray of bool, shape (m,)
        Whether it is eaten elsewhere; pupils eat where they are.
    parameters : CityParameters
        Reads `mobility.planner.hours` and which purposes are duties.
    """
    hours, codes = parameters.mobility.planner.hours, purpose_codes(parameters)
    rows = np.flatnonzero(minutes)
    is_work = np.arange(len(codes.names)) == codes.of[Purpose.WORK]
    broken = np.zeros(len(days), dtype=bool)
    broken[rows] = days.interrupt(
        rows,
        start_min=near[rows],
        minutes=minutes[rows],
        among=codes.is_duty,
        before_min=hours.duty_before_break_min,
        after_min=hours.duty_after_break_min,
        code=block_code(codes.of[Purpose.MEAL]),
        stays=~(is_work[:, np.newaxis] & out[rows]),
    )
    within = near - hours.lunch_earlier_min, near + hours.lunch_later_min
    with_meal(days, np.where(broken, 0, minutes), near, within, out=out, parameters=parameters)


def with_meal(
    days: OpenDays,
    minutes: Minutes,
    near: Minutes,
    within: tuple[Minutes, Minutes],
    *,
    out: Bool,
    parameters: CityParameters,
) -> None:
    """Fit in a meal.

    Parameters
    ----------
    days : OpenDays
        The m days, which are changed.
    minutes, near : ndarray of int32, shape (m,)
        How long it takes, 0 for none, and when it should begin.
    within : tuple of ndarray of int32, shape (m,)
        Earliest begin and latest end.
    out : ndarray of bool, shape (m,)
        Whether it is eaten away from home.
    parameters : CityParameters
        Reads the purposes.
    """
    rows = np.flatnonzero(minutes)
    place = np.where(out[rows], SOMEWHERE, AT_HOME)
    days.fit(
        rows,
        block_code(purpose_codes(parameters).of[Purpose.MEAL], place),
        minutes=minutes[rows],
        near_min=near[rows],
        low_min=within[0][rows],
        high_min=within[1][rows],
    )


def _care(
    days: OpenDays,
    minutes: int,
    near: Minutes,
    within: tuple[Minutes, Minutes],
    *,
    rows: Int,
    parameters: CityParameters,
) -> None:
    days.fit(
        rows,
        block_code(purpose_codes(parameters).of[Purpose.CARE], AT_HOME),
        minutes=np.full(len(rows), minutes, dtype=np.int32),
        near_min=near,
        low_min=within[0],
        high_min=within[1],
    )


def interrupt_duty(
    plan: Sequence[Activity],
    *,
    start_min: int,
    minutes: int,
    out: bool,
    parameters: CityParameters,
) -> Plan | None:
    """Interrupt work or school for a meal, if it goes on long enough before and after.

    Parameters
    ----------
    plan : sequence of Activity
        Blocks in order of time.
    start_min : int
        When the meal begins, in minutes of the run.
    minutes : int
        How long it takes.
    out : bool
        Whether it is eaten elsewhere; pupils eat where they are.
    parameters : CityParameters
        Reads `mobility.planner.hours` and which purposes are duties.

    Returns
    -------
    tuple of Activity or None
        The plan with the block subdivided, or None if nothing can be interrupted then.
    """
    hours, purposes = parameters.mobility.planner.hours, parameters.purposes
    before, after = hours.duty_before_break_min, hours.duty_after_break_min + minutes
    for row, block in enumerate(plan):
        if not block.start_min + before <= start_min <= block.end_min - after:
            continue
        spec = purposes.get(block.purpose) if block.purpose else None
        if spec is not None and spec.is_duty:
            meal = Activity(
                purpose=Purpose.MEAL,
                start_min=start_min,
                end_min=start_min + minutes,
                place=None if out and block.purpose == Purpose.WORK else block.place,
            )
            return (*plan[:row], *split(block, meal), *plan[row + 1 :])
    return None
