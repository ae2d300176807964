"""The loop over persons finds the places that the operations on columns find."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.core import kernels
from tests.loops import FORMS, loops
from tests.town import small_town


@pytest.mark.parametrize("compiles", FORMS)
@pytest.mark.parametrize("knows", [True, False])
def test_places_in_reach_are_those_of_columns(*, knows: bool, compiles: bool) -> None:
    city, drawn = small_town(), np.random.default_rng(4)
    origin = drawn.integers(0, len(city.places), 30)
    radius = drawn.uniform(0.0, 2500.0, 30)
    known = drawn.integers(-1, len(city.places), (30, 6)) if knows else None
    for purpose in ("meal", "leisure"):
        with kernels.use(wanted=False):
            expected = city.choices(origin, purpose, radius_m=radius, known=known)
        with loops(compiles=compiles):
            found = city.choices(origin, purpose, radius_m=radius, known=known)
        for name in ("row", "place", "slot", "distance_m", "correction"):
            assert getattr(found, name).tolist() == getattr(expected, name).tolist()


@pytest.mark.parametrize("uses_loops", [True, False])
def test_purposes_together_have_the_places_of_each(*, uses_loops: bool) -> None:
    city, drawn = small_town(), np.random.default_rng(5)
    names = list(city.parameters.purposes)
    origin, radius = drawn.integers(0, len(city.places), 40), drawn.uniform(0.0, 2500.0, 40)
    known = drawn.integers(-1, len(city.places), (40, 6))
    code = drawn.choice([names.index(one) for one in ("meal", "leisure", "health")], 40)
    with loops(compiles=False) if uses_loops else kernels.use(wanted=False):
        found = city.choices(origin, code, radius_m=radius, known=known)
        for row in range(40):
            one = slice(row, row + 1)
            name = names[int(code[row])]
            alone = city.choices(origin[one], name, radius_m=radius[one], known=known[one])
            own = found.row == row
            for column in ("place", "slot", "distance_m", "correction"):
                assert getattr(found, column)[own].tolist() == getattr(alone, column).tolist()
