"""Ordinary rounds are lived in a few loops, and lead to what is done step by step."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mesa_llm_city.core import kernels
from mesa_llm_city.core.errors import ChoiceError, DataError
from mesa_llm_city.crowd.ordinary import LookedRows, look
from mesa_llm_city.crowd.row_columns import moving_columns
from mesa_llm_city.crowd.state import NO_REFUGE, NOT_BEGUN
from tests.crowd.some_rows import Midday, midday
from tests.loops import FORMS, loops


def ordinary(seed: int, **given: object) -> Midday:
    """Return a crowd in which everybody has begun, and nobody has a message or a refuge."""
    crowd = midday(seed, reseeded=False, **given)
    state = crowd.life.state
    state.refuge[:], crowd.life.news.waiting[:] = NO_REFUGE, False
    state.doing.purpose[state.doing.purpose == NOT_BEGUN] = 0
    return crowd


def looked(crowd: Midday) -> LookedRows | None:
    state, waiting = crowd.life.state, crowd.life.news.waiting
    moving = moving_columns(state, waiting, crowd.parameters)
    return look(state, crowd.due, moving, crowd.parameters)


@pytest.mark.parametrize("compiles", FORMS)
def test_an_ordinary_round_is_what_is_done_step_by_step(*, compiles: bool) -> None:
    for seed in (1, 2):
        with kernels.use(wanted=False):
            one = ordinary(seed)
            one.life._decide(one.due)
        with loops(compiles=compiles):
            other = ordinary(seed)
            other.life._decide(other.due)
        assert other.columns() == one.columns()
        assert other.notes.told == one.notes.told
        assert len(other.notes.told) == 3  # trips, stays and visits


@pytest.mark.parametrize("compiles", FORMS)
def test_those_go_on_who_have_ended_or_are_pressed(*, compiles: bool) -> None:
    with loops(compiles=compiles):
        crowd = ordinary(1)
        state, due = crowd.life.state, crowd.due
        under, over = state.trip.destination >= 0, state.doing.end <= due.minute
        found = looked(crowd)
    assert found is not None
    ended = ~under & over
    assert found.arrived.tolist() == np.flatnonzero(under).tolist()
    assert np.setdiff1d(np.flatnonzero(ended), found.going[~found.leaves]).size == 0
    assert not (under | over)[found.going[found.leaves]].any()
    assert 0 < np.count_nonzero(found.leaves) < len(found.leaves)


def test_nothing_is_done_at_once_where_something_is_out_of_the_ordinary() -> None:
    with kernels.use(wanted=False):
        assert looked(ordinary(1)) is None
    with loops(compiles=False):
        told, away, new, stormy = (ordinary(1) for _ in range(4))
        told.life.news.waiting[np.flatnonzero(told.life.state.trip.destination < 0)[0]] = True
        away.life.state.refuge[5] = 3
        new.life.state.trip.destination[7], new.life.state.doing.purpose[7] = -1, NOT_BEGUN
        gale = replace(stormy.due.weather, wind_km_h=150.0)
        stormy = stormy._replace(due=replace(stormy.due, weather=gale))
        for crowd in (told, away, new, stormy, midday(1, reseeded=True)):
            before = crowd.columns()
            assert looked(crowd) is None
            assert crowd.columns() == before


@pytest.mark.parametrize("compiles", FORMS)
def test_plans_without_room_and_trips_without_a_mode_are_errors(*, compiles: bool) -> None:
    none = {"modes": {name: {"least_age": 130} for name in midday(1).parameters.modes}}
    with loops(compiles=compiles):
        crowd = ordinary(1)
        crowd.life.state.plans.columns.head[:] = 0
        with pytest.raises(DataError, match="let the person live as a citizen"):
            looked(crowd)
        crowd = ordinary(1, **none)
        with pytest.raises(ChoiceError, match="no way to make the trip"):
            crowd.life._decide(crowd.due)
