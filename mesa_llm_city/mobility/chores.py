"""Errands and housework: maintenance activities that are planned in the morning."""

from __future__ import annotations

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.values import Bool, Float, Int, Purpose
from mesa_llm_city.mobility.day_facts import DayFacts
from mesa_llm_city.mobility.free_pieces import Minutes
from mesa_llm_city.mobility.mandatory import (
    AFTER_WAKE,
    ERRANDS,
    HOUSEWORK,
    MandatoryDays,
    planned_min,
    works_on,
)
from mesa_llm_city.mobility.open_days import AT_HOME, SOMEWHERE, block_code, to_blocks
from mesa_llm_city.mobility.purpose_codes import purpose_codes
from mesa_llm_city.mobility.purpose_hours import span_of_day
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import Occupation
from mesa_llm_city.population.people_columns import NOBODY, PeopleColumns
from mesa_llm_city.population.time_use.cells import is_in

__all__ = ["with_chores"]

_ERRANDS = (Purpose.SHOPPING, Purpose.ERRAND, Purpose.HEALTH)


def with_chores(plan: MandatoryDays, facts: DayFacts) -> None:
    """Fit errands and housework into days without a table of time use.

    Errands are the purposes with a `planned_per_day`, each with that chance on a day off, and
    `workday_share` of it on a working day. Shopping, errands and health lie between
    `earliest_min` and `latest_min`, other purposes within their own hours.

    Parameters
    ----------
    plan : MandatoryDays
        The days with duties and meals, which are changed.
    facts : DayFacts
        The persons and the day.
    """
    parameters, people = facts.parameters, facts.people
    chores = parameters.mobility.planner.chores
    works = works_on(people, facts.day, facts.clock) & (people.work != NOBODY)
    earliest, latest = chores.after_wake_from_min, chores.after_wake_to_min
    adults = people.age >= chores.errands_from_age
    after = earliest + (latest - earliest) * plan.uniforms[:, AFTER_WAKE : AFTER_WAKE + 3]
    for name, spec in parameters.purposes.items():
        if name in _ERRANDS:
            at = _ERRANDS.index(name)
            draws, waits = plan.uniforms[:, ERRANDS + at], after[:, at]
        elif spec.planned_per_day:
            # A stream of its own, so that a purpose more changes none of the other draws.
            own = facts.streams.on(f"errand {name}", day=facts.day, n=2)
            draws, waits = own[:, 0], earliest + (latest - earliest) * own[:, 1]
        else:
            continue
        share = np.where(works, chores.workday_share, 1.0)
        rows = np.flatnonzero(adults & (draws < spec.planned_per_day * share * facts.factor(name)))
        if len(rows):
            # On working days errands wait for the way home.
            near = np.where(works, chores.workday_min, plan.days.start + to_blocks(waits))
            _with_errand(plan, facts, name, rows, near[rows].astype(np.int32))
    factor = chores.housework_low + plan.uniforms[:, HOUSEWORK] * (
        chores.housework_high - chores.housework_low
    )
    minutes = to_blocks(_housework_min(people, works, parameters) * factor)
    _with_housework(plan, minutes, after[:, 0], parameters)


def _with_errand(plan: MandatoryDays, facts: DayFacts, name: str, rows: Int, near: Minutes) -> None:
    parameters, midnight = facts.parameters, facts.day * DAY_MIN
    chores, spec = parameters.mobility.planner.chores, parameters.purposes[name]
    span = span_of_day(spec, midnight, clock=facts.clock)
    if span is None:
        return
    low, high = span[0] - midnight, span[1] - midnight
    if name in _ERRANDS or not spec.hours:
        low, high = chores.earliest_min, chores.latest_min
    plan.days.fit(
        rows,
        block_code(facts.code(name), AT_HOME if spec.at_home else SOMEWHERE),
        minutes=np.full(len(rows), planned_min(spec), dtype=np.int32),
        near_min=near,
        low_min=np.int32(low),
        high_min=np.int32(high),
    )


def _with_housework(
    plan: MandatoryDays, minutes: Minutes, after_wake_min: Float, parameters: CityParameters
) -> None:
    chores = parameters.mobility.planner.chores
    rows = np.flatnonzero(minutes >= chores.least_housework_min)
    earliest = plan.days.start[rows] + chores.housework_after_wake_min
    plan.days.fit(
        rows,
        block_code(purpose_codes(parameters).of[Purpose.HOUSEWORK], AT_HOME),
        minutes=minutes[rows],
        near_min=earliest + to_blocks(after_wake_min[rows]),
        low_min=earliest,
        high_min=plan.bed_min[rows],
    )


def _housework_min(people: PeopleColumns, works: Bool, parameters: CityParameters) -> Float:
    """Return the usual minutes of housework a day; shape (m,)."""
    chores = parameters.mobility.planner.chores
    adult = np.where(works, chores.housework_workday_min, chores.housework_day_off_min)
    homemaker = is_in(people, (Occupation.HOMEMAKER,))
    minutes = np.where(homemaker, chores.housework_homemaker_min, adult)
    young = np.where(
        people.age < chores.teenager_from,
        chores.housework_child_min,
        chores.housework_teenager_min,
    )
    return np.where(people.age < chores.adult_from, young, minutes)
