"""Days planned by the loop of `day_loops`, where loops are in use and the days are ordinary."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.kernels import compiled
from mesa_llm_city.mobility.day_facts import DayFacts
from mesa_llm_city.mobility.day_loops import Given, Scratch, Wishes, plan_rows
from mesa_llm_city.mobility.day_numbers import day_numbers
from mesa_llm_city.mobility.drawn_day import DrawnDays, PersonDays, drawn_days
from mesa_llm_city.mobility.free_pieces import Minutes
from mesa_llm_city.mobility.layout_loops import Laid
from mesa_llm_city.mobility.plan_blocks import PlanBlocks
from mesa_llm_city.mobility.wanted_outings import outing_names, wanted_outings
from mesa_llm_city.mobility.wish_columns import WishColumns
from mesa_llm_city.population import DayTraits, time_use_table

__all__ = ["looped_plans"]

Scalar = TypeVar("Scalar", bound=np.generic)


def looped_plans(
    facts: DayFacts, traits: DayTraits | None
) -> tuple[PlanBlocks, WishColumns] | None:
    """Return the plans and wishes of `plan_days` from a loop over persons.

    Parameters
    ----------
    facts : DayFacts
        The persons and the day.
    traits : DayTraits or None
        What they are like; None without a table of time use.

    Returns
    -------
    tuple of PlanBlocks and WishColumns, or None
        None if the days are to be planned as columns: without compiled loops or a table of time
        use, with habits, or if a day is too full for the loop.
    """
    loop: Callable[..., int] | None = compiled(plan_rows)
    table = time_use_table(facts.parameters.population.time_use.table)
    if loop is None or traits is None or table is None or facts.usual is not None:
        return None
    if not facts.parameters.mobility.planner.recursive:
        return None
    known = PersonDays(
        facts.people, facts.clock, facts.streams, facts.commute_min, traits, table, facts.parameters
    )
    drawn, following = drawn_days(known, facts.day)
    count, most = len(facts.people), len(outing_names(facts.parameters))
    blocks, wishes = PlanBlocks.empty(count), WishColumns.empty(count, most)
    wishes.from_min[...] = wishes.until_min[...] = facts.day * DAY_MIN
    laid = Laid(blocks.start, blocks.end, blocks.purpose, blocks.place, blocks.fixed, blocks.size)
    numbers = day_numbers(facts.parameters, facts.clock, facts.day)
    done = loop(
        _given(facts, drawn, following),
        numbers,
        np.uint64(facts.streams.seed_on(facts.day)),
        facts.day,
        Scratch.of(numbers.household.starts),
        laid,
        Wishes(wishes.purpose, wishes.minutes, wishes.from_min, wishes.until_min, wishes.size),
    )
    return _trimmed(blocks, wishes) if done == count else None


def _given(facts: DayFacts, drawn: DrawnDays, following: Minutes) -> Given:
    people, draws = facts.people, drawn.draws
    duties, planner = draws.bounds.duties, facts.parameters.mobility.planner
    goes = draws.leaves_home & (people.age >= planner.decides_from_age)
    return Given(
        person=_whole(facts.streams.persons),
        age=_whole(people.age),
        home=_whole(people.home),
        work=_whole(people.work),
        lunch_min=_whole(people.lunch_min),
        dinner_min=_whole(people.dinner_min),
        eats_out=_compact(people.eats_out),
        commute_min=_compact(facts.commute_min),
        wake_min=_compact(drawn.wake_min),
        next_wake_min=_compact(following),
        bed_min=_compact(drawn.bed_min),
        duty_start_min=_compact(drawn.duty_start_min),
        duty_end_min=_compact(drawn.duty_end_min),
        meals=_compact(drawn.meals),
        has_duty=_compact(duties.has),
        is_school=_compact(duties.is_school),
        duty_at_home=_compact(duties.at_home),
        minutes=_compact(draws.minutes),
        leaves_home=_compact(draws.leaves_home),
        ranks=_compact(draws.ranks),
        shares=_compact(draws.shares),
        lengths=_compact(draws.lengths),
        factors=facts.factors,
        wanted=wanted_outings(facts, drawn, goes),
    )


def _compact(column: NDArray[Scalar]) -> NDArray[Scalar]:
    """Return a column without gaps in memory, so that one form of the loop is compiled."""
    return np.ascontiguousarray(column)


def _whole(column: ArrayLike) -> NDArray[Any]:
    return np.ascontiguousarray(column, dtype=np.int64)


def _trimmed(blocks: PlanBlocks, wishes: WishColumns) -> tuple[PlanBlocks, WishColumns]:
    """Return as many columns as the fullest day needs."""
    width, most = int(blocks.size.max(initial=0)), int(wishes.size.max(initial=0))
    return (
        PlanBlocks(
            start=blocks.start[:, :width],
            end=blocks.end[:, :width],
            purpose=blocks.purpose[:, :width],
            place=blocks.place[:, :width],
            fixed=blocks.fixed[:, :width],
            first=blocks.first,
            size=blocks.size,
        ),
        WishColumns(
            purpose=wishes.purpose[:, :most],
            minutes=wishes.minutes[:, :most],
            from_min=wishes.from_min[:, :most],
            until_min=wishes.until_min[:, :most],
            size=wishes.size,
        ),
    )
