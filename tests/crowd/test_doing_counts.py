"""Rows are counted by what they do, in NumPy and in a loop."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from mesa_llm_city import City, CityModel, Crowd
from mesa_llm_city.core import kernels
from mesa_llm_city.crowd.codes import codes_of
from mesa_llm_city.crowd.doing_counts import count_doing
from mesa_llm_city.crowd.state import NOT_BEGUN, NOT_TRAVELLING, CrowdState
from tests.loops import FORMS, loops


@cache
def model() -> CityModel:
    return CityModel(City.synthetic(rng=3, places=300), [], rng=7, crowd=Crowd(6, meets=False))


def state_of_six() -> CrowdState:
    codes, state = codes_of(model().parameters), model().crowd.state
    state.doing.purpose[:] = [NOT_BEGUN, codes.meal, codes.meal, codes.rest, codes.sleep, 0]
    state.trip.destination[:] = [NOT_TRAVELLING, 4, NOT_TRAVELLING, -1, -1, 0]
    state.present[:] = [True, True, True, False, True, True]
    return state


@pytest.mark.parametrize("compiles", FORMS)
def test_each_who_is_there_is_counted_once(*, compiles: bool) -> None:
    codes, state = codes_of(model().parameters), state_of_six()
    with loops(compiles=compiles):
        by_loop = count_doing(state, codes)
    with kernels.use(wanted=False):
        by_columns = count_doing(state, codes)
    assert by_loop == by_columns
    assert {name: count for name, count in by_loop.items() if count} == {
        codes.names[codes.sleep]: 2,
        codes.names[codes.meal]: 1,
        codes.names[codes.travel]: 2,
    }
    assert list(by_loop) == list(codes.names)
    assert np.array(list(by_loop.values())).sum() == 5
