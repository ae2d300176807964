"""The loop over persons draws what columns of persons are like."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.core import kernels
from mesa_llm_city.core.column_streams import ColumnStreams
from mesa_llm_city.core.streams import Reseeding
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import DayTraits, TimeUseTable
from tests.loops import FORMS, loops
from tests.population.random_people import random_people

TIME_USE = CityParameters().population.time_use


@pytest.mark.parametrize("compiles", FORMS)
def test_traits_are_those_of_columns(*, compiles: bool) -> None:
    people, rows = random_people(60), np.random.default_rng(2).permutation(60)[:40]
    streams = ColumnStreams(7, people.ids[rows], (Reseeding(8, 5000, 3),))
    need = np.random.default_rng(3).normal(size=len(rows))
    table = TimeUseTable.builtin("us")

    def traits() -> DayTraits:
        return DayTraits.of(people.view(rows), streams, need, table=table, parameters=TIME_USE)

    with kernels.use(wanted=False):
        expected = traits()
    with loops(compiles=compiles):
        found = traits()
    for name in DayTraits._fields:
        one, other = getattr(found, name), getattr(expected, name)
        assert one.dtype == other.dtype
        assert one.tolist() == other.tolist()
    assert np.unique(expected.employment).tolist() == [0, 1, 2]
    assert np.unique(expected.cell % 3).tolist() == [0, 1, 2]
