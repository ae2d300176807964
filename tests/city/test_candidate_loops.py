"""The loop over squares finds the candidates that the operations on columns find."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.city.candidates import Candidates
from mesa_llm_city.core import kernels
from mesa_llm_city.parameters import CityParameters
from tests.loops import FORMS, loops
from tests.town import small_town

NUMBERS = {
    "a sample, dense near": CityParameters(mobility={"candidates": {"number": 12}}),
    "the nearest ones": CityParameters(mobility={"candidates": {"number": 9, "near": 1.0}}),
    "a sample from the first on": CityParameters(mobility={"candidates": {"number": 9, "near": 0}}),
    "all within a short reach": CityParameters(mobility={"reach": {"most_m": 500.0}}),
}


@pytest.mark.parametrize("compiles", FORMS)
@pytest.mark.parametrize("name", NUMBERS)
def test_candidates_are_those_of_columns(name: str, *, compiles: bool) -> None:
    town = small_town()
    expected, found = (Candidates(town.places, NUMBERS[name], 3) for _ in range(2))
    origin = np.arange(0, len(town.places), 3)
    for purpose in ("meal", "shopping", "swimming"):
        with kernels.use(wanted=False):
            listed = expected.around(origin, purpose)
        with loops(compiles=compiles):
            again = found.around(origin, purpose)
        assert again.places.tolist() == listed.places.tolist()
        assert again.correction.tolist() == listed.correction.tolist()


@pytest.mark.parametrize("compiles", FORMS)
def test_places_close_together_are_put_in_order_too(*, compiles: bool) -> None:
    from mesa_llm_city.city.candidate_loops import Ordered, fill_candidates

    rng, count = np.random.default_rng(2), 150
    x, y = rng.normal(0.0, 1.0, (2, count))
    order = np.argsort(y)
    index = Ordered(order, x[order], y[order])
    places, stands_for = np.full((1, count), -1, dtype=np.int32), np.ones((1, count), np.int32)
    with loops(compiles=compiles):
        loop = kernels.compiled(fill_candidates)
        assert loop is not None
        loop(index, np.zeros((1, 2)), 900.0, count, 0, np.zeros((1, count)), places, stands_for)
    assert places[0].tolist() == np.argsort(x * x + y * y).tolist()
    assert (stands_for == 1).all()
