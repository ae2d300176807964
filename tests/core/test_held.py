"""Tuples that are held: loops find in them what they find in the tuples themselves."""

from __future__ import annotations

import copy
import gc
import pickle
from typing import NamedTuple

import numpy as np
import pytest

from mesa_llm_city.core import kernels
from mesa_llm_city.core.held import Held, held
from mesa_llm_city.core.values import Bool, Float, Int
from tests.loops import FORMS, loops


class Inner(NamedTuple):
    """Columns of several kinds, and numbers of few bytes between them."""

    small: Bool
    flag: bool
    number: int
    table: Float
    other: bool
    weight: float


class Outer(NamedTuple):
    """Tuples within a tuple."""

    one: Inner
    two: Inner
    last: Int


class Pair(NamedTuple):
    """Columns of one kind."""

    first: Int
    second: Int


def read(outer: Outer, pair: Pair, found: Float) -> float:
    """Fill what there is, and change a column."""
    first, second = pair
    found[0], found[1] = outer.one.table[1, 2], outer.two.weight
    found[2], found[3] = outer.two.number, outer.last[-1]
    found[4] = outer.one.flag + 2 * outer.two.other + 4 * outer.two.small[0]
    first[0] += second[1]
    return float(found[0])


def _inner(more: float) -> Inner:
    table = np.arange(6.0).reshape(2, 3) + more
    return Inner(np.array([True, False]), more > 0.0, int(more), table, more <= 0.0, more / 4.0)


def _outer() -> Outer:
    return Outer(_inner(3.0), _inner(-2.0), np.array([5, 8]))


def _read(outer: Outer, pair: Pair, *, compiles: bool) -> list[float]:
    found = np.zeros(5)
    with loops(compiles=compiles):
        loop = kernels.compiled(read)
        assert loop is not None
        loop(outer, pair, found)
    return found.tolist()


@pytest.mark.parametrize("compiles", FORMS)
def test_loops_read_a_held_tuple_as_the_tuple(*, compiles: bool) -> None:
    outer, pair = _outer(), Pair(np.array([1, 2]), np.array([10, 20]))
    expected = [8.0, -0.5, -2.0, 8.0, 7.0]
    assert _read(outer, pair, compiles=compiles) == expected
    assert _read(held(outer), held(pair), compiles=compiles) == expected
    assert _read(held(Outer(held(outer.one), *outer[1:])), pair, compiles=compiles) == expected
    assert pair.first.tolist() == [61, 2]


@pytest.mark.parametrize("compiles", FORMS)
def test_a_held_tuple_keeps_its_columns(*, compiles: bool) -> None:
    outer, pair = held(_outer()), held(Pair(np.array([1, 2]), np.array([10, 20])))
    before = _read(outer, pair, compiles=compiles)
    gc.collect()
    outer.last[-1] = 11
    assert _read(outer, pair, compiles=compiles) == [*before[:3], 11.0, before[4]]


@pytest.mark.parametrize("compiles", FORMS)
def test_copies_have_columns_of_their_own(*, compiles: bool) -> None:
    pair = held(Pair(np.array([1, 2]), np.array([10, 20])))
    _read(_outer(), pair, compiles=compiles)
    for one in (copy.deepcopy(pair), pickle.loads(pickle.dumps(pair))):
        _read(_outer(), one, compiles=compiles)
        assert one.first.tolist() == [41, 2]
    assert pair.first.tolist() == [21, 2]


def test_a_held_tuple_has_the_fields_of_the_tuple() -> None:
    pair = Pair(np.array([1]), np.array([2]))
    one = held(pair)
    assert one.second is pair.second
    assert len(one) == 2
    assert [column.tolist() for column in one] == [[1], [2]]
    with pytest.raises(AttributeError):
        _ = one.third  # type: ignore[attr-defined]


@pytest.mark.skipif(not kernels.is_installed(), reason="needs numba")
def test_what_loops_cannot_take_is_refused() -> None:
    class Named(NamedTuple):
        name: str

    with pytest.raises(TypeError, match="arrays, numbers and named tuples, not 'x'"):
        _ = Held(Named("x")).address
