"""The loop over persons finds the places that the operations on columns find."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.city.choice_loops import place_table
from mesa_llm_city.core import kernels
from mesa_llm_city.core.errors import DataError
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


def test_a_table_of_places_says_what_is_too_much_for_it() -> None:
    one = np.zeros(1)
    at, facts = place_table(one, one, zone=np.array([2**16 - 1]), hours=np.array([3]))
    assert at.ctypes.data % 32 == 0
    assert facts[0].tolist()[-4:] == [2**16 - 1, 3, 0, 0]
    with pytest.raises(DataError, match=r"(?s)zones of the city.*there are 65537, of which 65536"):
        place_table(one, one, zone=np.array([2**16]), hours=np.array([3]))


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
