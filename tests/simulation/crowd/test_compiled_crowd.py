"""A crowd lives the same life with compiled loops and without."""

from __future__ import annotations

from functools import cache

from mesa_llm_city import City, CityModel, Crowd
from mesa_llm_city.core import kernels
from tests.loops import NO_NUMBA

ROWS, UNTIL_NOON = 60, 144


@cache
def town() -> City:
    return City.synthetic(rng=3, places=300)


def digest() -> str:
    model = CityModel(town(), [], rng=7, crowd=Crowd(ROWS, tables=True))
    for _ in range(UNTIL_NOON):
        model.step()
    assert model.crowd is not None
    return model.crowd.digest()


@NO_NUMBA
def test_tables_are_the_same_with_compiled_loops_and_without() -> None:
    with kernels.use(wanted=False):
        expected = digest()
    with kernels.use(wanted=True):
        assert digest() == expected
