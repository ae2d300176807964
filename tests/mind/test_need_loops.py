"""Loops over persons give the levels of needs that columns give."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.core import kernels
from mesa_llm_city.core.values import Float
from mesa_llm_city.mind.need_columns import NeedColumns
from mesa_llm_city.parameters import CityParameters
from tests.loops import FORMS, loops

TREE = CityParameters()
PERSONS = 80


def lived() -> list[Float]:
    drawn, told = np.random.default_rng(2), []
    needs, every = NeedColumns.begin(PERSONS, TREE), np.arange(PERSONS)
    for hour in range(30):
        rows = every[drawn.random(PERSONS) < 0.5]
        minute = 60 * hour + drawn.integers(0, 60, len(rows))
        needs.engage(rows, drawn.integers(0, len(TREE.purposes), len(rows)), minute)
        levels = needs.at(rows, minute + 50)
        told += [levels, needs.noticed(rows, levels, minute + 50)]
    return told


@pytest.mark.parametrize("compiles", FORMS)
def test_levels_and_when_they_press_are_those_of_columns(*, compiles: bool) -> None:
    with kernels.use(wanted=False):
        expected = lived()
    with loops(compiles=compiles):
        found = lived()
    assert all((one == other).all() for one, other in zip(found, expected, strict=True))
