"""Exponentials, logarithms and powers of columns are those of single numbers, to the last bit."""

from __future__ import annotations

import math

import numpy as np
import pytest

from mesa_llm_city.core.kernels import compiled
from mesa_llm_city.core.libm import exp, fill_exp_and_log, log, power, power_of_one
from tests.loops import FORMS, loops

VALUES = np.random.default_rng(4).exponential(5.0, 3000)


def test_columns_have_the_numbers_of_the_library_of_the_system() -> None:
    assert exp(-VALUES).tolist() == [math.exp(-one) for one in VALUES.tolist()]
    assert log(VALUES).tolist() == [math.log(one) for one in VALUES.tolist()]
    assert power(VALUES, 0.3).tolist() == [power_of_one(one, 0.3) for one in VALUES.tolist()]


def test_zero_and_infinity_have_their_limits() -> None:
    assert exp([-np.inf, 0.0]).tolist() == [0.0, 1.0]
    assert log([0.0, 1.0]).tolist() == [-np.inf, 0.0]
    assert power([0.0, 1.0], 2.0).tolist() == [power_of_one(0.0, 2.0), 1.0] == [0.0, 1.0]


@pytest.mark.parametrize("compiles", FORMS)
def test_loops_have_the_same_numbers(*, compiles: bool) -> None:
    exps, logs = np.empty((2, len(VALUES)))
    with loops(compiles=compiles):
        loop = compiled(fill_exp_and_log)
        assert loop is not None
        loop(VALUES, exps, logs)
    assert (exps == exp(-VALUES)).all()
    assert (logs == log(VALUES)).all()
