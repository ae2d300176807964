"""Days of many persons planned at once: each has the plan that they have alone."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from mesa_llm_city.core import kernels
from mesa_llm_city.core.asking import Thought, run_all
from mesa_llm_city.core.clock import Clock
from mesa_llm_city.core.column_streams import Ahead, ColumnStreams
from mesa_llm_city.core.streams import Address, RandomStreams, Reseeding
from mesa_llm_city.core.values import Float
from mesa_llm_city.mobility import Planned, Planner
from mesa_llm_city.mobility.day_addresses import day_addresses
from mesa_llm_city.mobility.day_plans import DayPlans, as_blocks, day_traits, plan_days
from mesa_llm_city.mobility.open_days import AT_WORK, OpenDays, block_code
from mesa_llm_city.mobility.plan_blocks import BLOCKS
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import Gender, Household, Occupation, Persona
from mesa_llm_city.population.categories import Role
from mesa_llm_city.population.people_columns import PeopleColumns
from tests.mobility.new_kinds import with_new_kinds
from tests.mobility.people import clerk, nurse, pensioner, pupil

NEW = (
    with_new_kinds()
    .with_("purposes.worship.planned_per_day", 0.7)
    .with_("purposes.gaming.planned_per_day", 0.7)
    .with_("mobility.planner.habit_share", 0.8)
)
FIXED = NEW.with_("population.time_use.table", "none")
SUNDAY = 6


def people(count: int = 48) -> list[Persona]:
    """Return people of all kinds."""
    kinds = (clerk(), nurse(), pensioner(), pupil())
    jobs, genders = tuple(Occupation), tuple(Gender)
    found = []
    for number in range(count):
        one = replace(kinds[number % 4], id=number, gender=genders[number % 3])
        if number % 5 == 0:
            home = Household(id=number, size=3, role=Role.PARENT, youngest_child=number % 20)
            one = replace(one, household=home, occupation=jobs[number % len(jobs)], age=18 + number)
        if number % 7 == 0:
            one = replace(one, work=one.home)
        found.append(one)
    return found


def known(parameters: CityParameters, count: int) -> dict[str, Any]:
    """Return what differs from person to person."""
    rng, purposes = np.random.default_rng(5), len(parameters.purposes)
    return {
        "commute_min": rng.uniform(0.0, 60.0, count),
        "leanings": rng.choice([0.0, 0.0, 0.5, -1.0], (count, purposes)),
        "usual": rng.choice([-1, 540, 900, 1200, 1430], (count, purposes)),
        "relief": rng.uniform(0.0, 0.6, (count, purposes)),
    }


def planned(
    given: PeopleColumns, day: int, parameters: CityParameters, facts: dict[str, Any]
) -> DayPlans:
    streams = ColumnStreams(7, given.ids, (Reseeding(8, 5000, 3),))
    return plan_days(given, day, clock=Clock(), streams=streams, parameters=parameters, **facts)


@pytest.mark.parametrize("parameters", [NEW, FIXED], ids=["table", "none"])
@pytest.mark.parametrize("day", [-1, 3, SUNDAY])
def test_many_at_once_have_the_plans_that_they_have_alone_in_any_order(
    day: int, parameters: CityParameters
) -> None:
    columns = PeopleColumns.of(people())
    facts = known(parameters, len(columns))
    together = planned(columns, day, parameters, facts)
    order = np.random.default_rng(2).permutation(len(columns))
    for rows in [order, *(np.array([row]) for row in range(0, len(columns), 3))]:
        some = planned(
            columns.take(rows), day, parameters, {name: one[rows] for name, one in facts.items()}
        )
        for at, row in enumerate(rows.tolist()):
            assert some.blocks.plan(at, parameters) == together.blocks.plan(row, parameters)
            assert some.wishes.wishes(at, parameters) == together.wishes.wishes(row, parameters)


@pytest.mark.parametrize("parameters", [NEW, FIXED], ids=["table", "none"])
def test_a_planner_plans_what_the_columns_hold(parameters: CityParameters) -> None:
    given = people(20)
    columns, names = PeopleColumns.of(given), tuple(parameters.purposes)
    facts = known(parameters, len(columns))
    together = plan_days(
        columns,
        SUNDAY,
        clock=Clock(),
        streams=ColumnStreams(7, columns.ids),
        parameters=parameters,
        **facts,
    )
    thoughts: list[Thought[Planned]] = [
        Thought(
            Planner(parameters).plan_day(
                one,
                SUNDAY,
                clock=Clock(),
                streams=RandomStreams(7, one.id),
                commute_min=facts["commute_min"][row],
                leanings=dict(zip(names, facts["leanings"][row], strict=True)),
                usual={
                    name: minute
                    for name, minute in zip(names, facts["usual"][row].tolist(), strict=True)
                    if minute >= 0
                },
                relief=dict(zip(names, facts["relief"][row], strict=True)),
            )
        )
        for row, one in enumerate(given)
    ]
    for row, plan in enumerate(run_all(thoughts)):
        assert plan.plan == together.blocks.plan(row, parameters)
        assert plan.wishes == together.wishes.wishes(row, parameters)


@pytest.mark.parametrize("parameters", [NEW, FIXED], ids=["table", "none"])
def test_days_have_no_gap_and_meet_the_next_ones(parameters: CityParameters) -> None:
    columns = PeopleColumns.of(people())
    facts = known(parameters, len(columns))
    first, second = (planned(columns, day, parameters, facts).blocks for day in (0, 1))
    for row in range(len(columns)):
        plan = first.plan(row, parameters)
        assert all(one.end_min == other.start_min for one, other in pairwise(plan))
        assert all(one.minutes > 0 for one in plan)
        assert not any(one.purpose is None is other.purpose for one, other in pairwise(plan))
        assert plan[-1].end_min == second.plan(row, parameters)[0].start_min


def test_what_people_are_like_may_be_kept() -> None:
    columns, parameters = PeopleColumns.of(people(12)), CityParameters()
    streams, commute = ColumnStreams(7, columns.ids), np.full(12, 20.0)
    traits = day_traits(columns, streams=streams, commute_min=commute, parameters=parameters)
    found = [
        plan_days(
            columns,
            2,
            clock=Clock(),
            streams=streams,
            commute_min=commute,
            parameters=parameters,
            traits=kept,
        )
        for kept in (None, traits)
    ]
    assert (found[0].blocks.start == found[1].blocks.start).all()
    assert (found[0].blocks.purpose == found[1].blocks.purpose).all()


def test_plans_have_room_in_a_table_of_the_usual_width() -> None:
    count = 4000
    columns = PeopleColumns.of(people(48)).take(np.arange(count) % 48)
    short = CityParameters().with_("mobility.planner.chores.longest_part_min", 20)
    for parameters, most in ((CityParameters(), 14), (short, BLOCKS)):
        blocks = plan_days(
            columns,
            1,
            clock=Clock(),
            streams=ColumnStreams(7, np.arange(count)),
            commute_min=np.full(count, 20.0),
            parameters=parameters,
        ).blocks
        assert 10 < blocks.size.mean() < most
        assert blocks.purpose.shape[1] == blocks.size.max() <= BLOCKS
    assert blocks.size.max() == BLOCKS


def test_of_a_day_with_too_many_blocks_the_shortest_are_left_out() -> None:
    days = OpenDays(np.array([0], dtype=np.int32), np.array([1440], dtype=np.int32))
    row, lengths = np.array([0]), [20, 10, 5, 10, *[15] * (BLOCKS // 2 - 2)]
    for at, length in enumerate(lengths):
        start = np.array([60 * at + 30], dtype=np.int32)
        days.settle(row, start, start + length, block_code(4, fixed=at == 2))
    blocks = as_blocks(days, PeopleColumns.of([clerk()]), 0)
    is_busy = blocks.purpose[0] == 4
    kept = (blocks.end - blocks.start)[0, is_busy].tolist()
    # Of 2 n + 1 blocks with the free time between them, n is what fits.
    assert blocks.size[0] == 2 * len(kept) + 1 <= BLOCKS
    assert kept == [20, 5, *[15] * (BLOCKS // 2 - 3)]


def test_the_way_home_is_kept_free_after_work_and_after_other_places() -> None:
    days = OpenDays(np.array([400], dtype=np.int32), np.array([1400], dtype=np.int32))
    row = np.array([0])
    for start, end, place in ((500, 800, AT_WORK), (900, 950, 0)):
        begin, until = (np.array([one], dtype=np.int32) for one in (start, end))
        days.settle(row, begin, until, block_code(6, place))
    days.keep_ways(np.int32(15), np.array([40], dtype=np.int32))
    for near, begins in ((800, 840), (950, 965)):
        found, lasts = days.fit(
            row,
            None,
            minutes=np.array([20], dtype=np.int32),
            near_min=np.int32(near),
            low_min=np.int32(0),
            high_min=np.int32(1440),
        )
        assert (found.tolist(), lasts.tolist()) == ([begins], [20])


def test_what_a_day_draws_ahead_it_asks_for(monkeypatch: pytest.MonkeyPatch) -> None:
    columns, parameters, asked = PeopleColumns.of(people()), CityParameters(), set()
    numbers_of = Ahead.numbers_of

    def watched(ahead: Ahead, address: Address) -> Float | None:
        asked.add(address)
        return numbers_of(ahead, address)

    monkeypatch.setattr(Ahead, "numbers_of", watched)
    streams = ColumnStreams(7, columns.ids, (Reseeding(9, 2880, 2),))
    with kernels.use(wanted=False):
        plan_days(
            columns,
            2,
            clock=Clock(),
            streams=streams,
            commute_min=np.zeros(len(columns)),
            parameters=parameters,
        )
    assert set(day_addresses(streams, 2, parameters)) <= asked
