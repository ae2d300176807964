"""Loops over rows let a crowd live as the operations on columns do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from mesa_llm_city.core import kernels
from mesa_llm_city.core.errors import DataError
from mesa_llm_city.crowd.due_rows import sorted_rows
from mesa_llm_city.crowd.interruption import heed_needs, notice_needs
from mesa_llm_city.crowd.learning import end_stays
from mesa_llm_city.crowd.state import NOT_BEGUN
from tests.crowd.some_rows import ROWS, Midday, midday, random_blocks, random_going
from tests.loops import FORMS, loops

SEEDS = (1, 2)


def are_sorted(crowd: Midday) -> object:
    does = sorted_rows(crowd.life.state, crowd.due, crowd.life.news.waiting)
    parts = [one.tolist() for one in does[:-1]]
    assert all(parts)
    return parts, does.has_refuge


def notice(crowd: Midday) -> object:
    # Who has not begun anything yet does not look up.
    doing = crowd.life.state.doing
    doing.purpose[doing.purpose == NOT_BEGUN] = 0
    leaves = notice_needs(crowd.life.state, crowd.due, crowd.parameters)
    assert 0 < np.count_nonzero(leaves) < ROWS
    return leaves.tolist()


def heed(crowd: Midday) -> object:
    blocks, heeded = random_blocks(crowd, 4), np.arange(ROWS) % 5 == 0
    before = blocks.end.copy()
    heed_needs(crowd.life.state, crowd.due, blocks, heeded, crowd.parameters)
    assert 0 < np.count_nonzero(blocks.end != before) < ROWS
    return [one.tolist() for one in (blocks.end, blocks.purpose, blocks.place, blocks.fixed)]


def leave(crowd: Midday) -> object:
    going = random_going(crowd, 5)
    ended = end_stays(crowd.life.state, crowd.due, going, crowd.parameters)
    assert 0 < len(ended.visit) < len(ended.stay) < ROWS
    return [one.tolist() for one in ended]


def begin(crowd: Midday) -> object:
    crowd.life.state.trip.destination[:] = -1
    going = random_going(crowd, 6)
    ended = end_stays(crowd.life.state, crowd.due, going, crowd.parameters)
    crowd.life._write_stays(crowd.due, ended)
    crowd.life._do(crowd.due, going)
    return crowd.notes.told


def arrive(crowd: Midday) -> object:
    under = np.flatnonzero(crowd.life.state.trip.destination >= 0)
    crowd.life._arrive(crowd.due.take(under))
    return crowd.notes.told


def wait(crowd: Midday) -> object:
    crowd.life._set_due(crowd.due)
    return None


STEPS = (are_sorted, notice, heed, leave, begin, arrive, wait)


@pytest.mark.parametrize("compiles", FORMS)
@pytest.mark.parametrize("step", STEPS)
def test_rows_do_the_same_in_loops(step: Callable[[Midday], object], *, compiles: bool) -> None:
    for seed in SEEDS:
        with kernels.use(wanted=False):
            one = midday(seed, reseeded=seed == SEEDS[0])
            expected = step(one)
        with loops(compiles=compiles):
            other = midday(seed, reseeded=seed == SEEDS[0])
            assert step(other) == expected
        assert other.columns() == one.columns()


@pytest.mark.parametrize("compiles", FORMS)
def test_those_who_are_tired_can_hold_on_to_what_a_day_holds(*, compiles: bool) -> None:
    given: dict[str, Any] = {"mobility": {"free_time": {"tired_gives_up": False}}}
    with kernels.use(wanted=False):
        one = midday(1, **given)
        expected = notice(one)
    with loops(compiles=compiles):
        other = midday(1, **given)
        assert notice(other) == expected
    assert other.columns() == one.columns()
    with kernels.use(wanted=False):
        assert notice(midday(1, mobility={"free_time": {"tired_gives_up": True}})) != expected


@pytest.mark.parametrize("compiles", FORMS)
def test_a_plan_without_room_is_an_error_in_loops_too(*, compiles: bool) -> None:
    with loops(compiles=compiles):
        crowd = midday(1)
        plans = crowd.life.state.plans.columns
        plans.head[:] = 0
        with pytest.raises(DataError, match="let the person live as a citizen"):
            notice(crowd)
