"""Compiled loops: they give the numbers of their forms in NumPy, and can be switched off."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections import Counter
from typing import NamedTuple

import numpy as np
import pytest

import mesa_llm_city
from mesa_llm_city.core import kernels
from mesa_llm_city.core.philox import fill_words
from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.core.values import Float
from tests.loops import FORMS, loops

IDS = np.arange(0, 90_000, 1000)


@pytest.mark.parametrize("compiles", FORMS)
@pytest.mark.parametrize("seed", [7, 2**64 - 1])
def test_draws_of_the_loop_equal_those_in_numpy(seed: int, *, compiles: bool) -> None:
    for ids in (IDS[:0], IDS[:1], IDS):
        for step in (12, 5 * np.arange(len(ids))):
            with kernels.use(wanted=False):
                expected = uniforms(seed, ids, "mode", step, 5)
            with loops(compiles=compiles):
                assert (uniforms(seed, ids, "mode", step, 5) == expected).all()


def test_loops_are_used_again_after_they_were_switched_off() -> None:
    before = kernels.in_use()
    with kernels.use(wanted=False):
        assert not kernels.in_use()
        assert kernels.compiled(fill_words) is None
    assert kernels.in_use() == before == kernels.is_installed()


def test_a_loop_that_is_not_compiled_is_the_function_itself() -> None:
    with kernels.use(wanted=True, compiles=False):
        assert kernels.compiled(fill_words) is fill_words


def fill_running(values: Float, room: Float, sums: Float) -> int:
    """Fill running sums, and return how many are positive."""
    room[0] = 0.0
    positive = 0
    for at in range(len(values)):
        room[0] += values[at]
        sums[at] = room[0]
        positive += room[0] > 0.0
    return positive


def fill_sums(values: Float, sums: Float) -> int:
    """Fill running sums with room that the loop makes itself."""
    return fill_running(values, np.empty(1), sums)


def test_only_loops_that_make_arrays_count_who_uses_them() -> None:
    assert kernels._makes_arrays(fill_sums)
    assert not kernels._makes_arrays(fill_running)


def test_what_returns_arrays_counts_who_uses_them() -> None:
    assert kernels._makes_arrays(both_of)
    assert not kernels._makes_arrays(greatest_of)


class Pair(NamedTuple):
    """Two arrays."""

    one: Float
    other: Float


def both_of(one: Float, other: Float) -> Pair:
    """Return two arrays as one tuple."""
    return Pair(one, other)


def greatest_of(values: Float) -> tuple[int, float]:
    """Return where the greatest number is, and the number."""
    at = 0
    for turn in range(len(values)):
        if values[turn] > values[at]:
            at = turn
    return at, values[at]


@pytest.mark.parametrize("compiles", FORMS)
def test_the_inner_part_of_a_loop_works_without_counting_who_uses_arrays(*, compiles: bool) -> None:
    values, sums = np.array([2.0, -5.0, 1.0, 4.0]), np.empty(4)
    with loops(compiles=compiles):
        loop = kernels.compiled(fill_sums)
        assert loop is not None
        assert loop(values, sums) == 2
    assert sums.tolist() == [2.0, -3.0, -2.0, 2.0]


def test_tuples_that_loops_take_are_told_apart_by_name_and_fields() -> None:
    """Numba knows named tuples by these; one of another class would be typed anew at each call."""
    found = pkgutil.walk_packages(mesa_llm_city.__path__, "mesa_llm_city.")
    names = [one.name for one in found if one.name.endswith("_loops")]
    classes = [
        (kind.__name__, kind._fields)
        for module in map(importlib.import_module, names)
        for kind in vars(module).values()
        if inspect.isclass(kind) and hasattr(kind, "_fields") and kind.__module__ == module.__name__
    ]
    assert len(classes) > 30
    assert [one for one, count in Counter(classes).items() if count > 1] == []
