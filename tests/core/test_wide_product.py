"""The high half of a product is that of whole numbers without a limit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.kernels import compiled
from mesa_llm_city.core.philox import Words
from mesa_llm_city.core.wide_product import high_product
from tests.loops import FORMS, loops

LAST = 2**64 - 1
BOUNDS = [0, 1, 2**32 - 1, 2**32, 2**63, LAST]
WORDS = st.integers(0, LAST)


def fill_products(factors: Words, products: Words) -> None:
    """Fill the high half of the product of each pair."""
    for one in range(len(factors)):
        for other in range(len(factors)):
            products[one, other] = high_product(factors[one], factors[other])


@given(one=WORDS, other=WORDS)
def test_python_multiplies_by_halves(one: int, other: int) -> None:
    with np.errstate(over="ignore"):
        assert int(high_product(np.uint64(one), np.uint64(other))) == one * other >> 64


@pytest.mark.parametrize("compiles", FORMS)
def test_loops_multiply_as_whole_numbers_do(*, compiles: bool) -> None:
    factors = [*BOUNDS, *np.random.default_rng(4).integers(0, LAST, 20, np.uint64).tolist()]
    products = np.empty((len(factors), len(factors)), dtype=np.uint64)
    with loops(compiles=compiles):
        loop = compiled(fill_products)
        assert loop is not None
        loop(np.array(factors, dtype=np.uint64), products)
    assert products.tolist() == [[one * other >> 64 for other in factors] for one in factors]
