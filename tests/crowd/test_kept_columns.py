"""Columns for loops are put together once, and anew when people come or parameters change."""

from __future__ import annotations

import pickle
from copy import deepcopy

import numpy as np

from mesa_llm_city.crowd.growth import grow
from mesa_llm_city.crowd.row_columns import RowColumns, moving_columns, row_columns
from mesa_llm_city.crowd.state import CrowdState
from mesa_llm_city.mind.need_columns import need_rates
from tests.crowd.some_rows import ROWS, midday


def of(state: CrowdState, columns: RowColumns) -> bool:
    """Tell whether columns are those of a state."""
    own = (state.place, state.refuge, state.doing.end, state.needs.level_code, state.people.home)
    found = (
        columns.place,
        columns.refuge,
        columns.doing.end,
        columns.needs.level_code,
        columns.home,
    )
    return all(one is other for one, other in zip(own, found, strict=True))


def test_columns_are_the_same_as_long_as_nobody_comes() -> None:
    # Of a copy, since all such crowds share their people.
    state = deepcopy(midday(1).life.state)
    columns = row_columns(state)
    state.place[:] = 3
    assert row_columns(state) is columns
    assert of(state, columns)
    grow(state, midday(2).life.state)
    assert len(row_columns(state).place) == 2 * ROWS
    assert row_columns(state).place is state.place
    assert row_columns(state).doing.end is state.doing.end


def test_other_parameters_and_other_columns_are_read_anew() -> None:
    crowd = midday(1)
    state, waiting, tree = crowd.life.state, crowd.life.news.waiting, crowd.parameters
    moving, columns = moving_columns(state, waiting, tree), row_columns(state)
    assert moving_columns(state, waiting, tree) is moving
    longer = np.concatenate([waiting, waiting])
    assert moving_columns(state, longer, tree).waiting is longer
    state.needs.rates = need_rates(tree.with_("needs.hunger.decay_per_h", 0.3))
    assert row_columns(state) is not columns
    assert row_columns(state).needs.losses is state.needs.rates.losses


def test_a_copy_has_columns_of_its_own() -> None:
    state = deepcopy(midday(1).life.state)
    size, columns = len(pickle.dumps(state)), row_columns(state)
    copy = pickle.loads(pickle.dumps(state))
    assert of(copy, row_columns(copy))
    assert row_columns(copy).place is not columns.place
    assert len(pickle.dumps(state)) == size
