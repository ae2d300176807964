"""Company: a bounded sample of those at the same place, in which all have the same chance."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core import kernels
from mesa_llm_city.core.values import Int
from mesa_llm_city.social.company import (
    AllBut,
    Present,
    company_sample,
    company_spans,
    sampled_company,
    sampled_positions,
)
from mesa_llm_city.social.tie_slots import NOBODY
from tests.loops import FORMS, loops

MOST = 5


def town(people: int = 300) -> tuple[Int, Int]:
    """Return where people are, and their ids, in order; places differ in size."""
    rng = np.random.default_rng(2)
    ids = 3 * np.arange(people)
    where = (rng.random(people) ** 2 * 12).astype(np.int64)
    order = np.lexsort((ids, where))
    return where[order], ids[order]


def others(where: Int, ids: Int, at: int, observer: int) -> list[int]:
    return [one for one in ids[where == at].tolist() if one != observer]


def test_all_observers_see_what_each_of_them_sees_alone() -> None:
    where, ids = town()
    rng = np.random.default_rng(3)
    # Some are there, some are elsewhere or on the way, and some places are empty.
    observers = np.concatenate((ids[::2], rng.integers(0, 900, size=60)))
    at = np.concatenate((where[::2], rng.integers(0, 14, size=60)))
    draw = rng.random(len(observers))
    found = company_sample(where, ids, at=at, observers=observers, draw=draw, most=MOST)
    assert (found[:, -1] == NOBODY).any()
    assert (found[:, -1] != NOBODY).any()
    for row, (place, person) in enumerate(zip(at.tolist(), observers.tolist(), strict=True)):
        there = others(where, ids, place, person)
        seen = tuple(found[row][found[row] != NOBODY].tolist())
        assert seen == sampled_company(there, draw[row], MOST)
        assert seen == tuple(sorted(set(seen)))
        assert set(seen) <= set(there)
        assert len(seen) == min(len(there), MOST)


def test_the_order_of_observers_does_not_matter() -> None:
    where, ids = town()
    order = np.random.default_rng(4).permutation(len(ids))
    draw = np.random.default_rng(5).random(len(ids))
    found = company_sample(where, ids, at=where, observers=ids, draw=draw, most=MOST)
    again = company_sample(
        where, ids, at=where[order], observers=ids[order], draw=draw[order], most=MOST
    )
    np.testing.assert_array_equal(again, found[order])


@pytest.mark.parametrize("is_in_order", [True, False])
def test_a_crowd_sees_whom_it_would_see_by_id(*, is_in_order: bool) -> None:
    rng = np.random.default_rng(6)
    spot, ids = rng.integers(-1, 12, size=200), 10**9 + 7 * np.arange(200)
    order = None
    if not is_in_order:
        ids = rng.permutation(ids)
        order = np.argsort(ids)
    rows = rng.permutation(200)[:60]
    # Some are about to be where they can not be met yet.
    at = np.where(rng.random(60) < 0.5, np.maximum(spot[rows], 0), rng.integers(0, 13, size=60))
    draw = rng.random(60)
    here = Present.of(spot, ids, rows, at, places=13, order=order)
    found = company_sample(
        here.where,
        here.ids,
        at=here.at,
        observers=ids[rows],
        draw=draw,
        most=MOST,
        spans=here.spans,
        own=here.own,
    )
    can_be_met = spot >= 0
    by_place = np.lexsort((ids, spot))
    by_place = by_place[can_be_met[by_place]]
    expected = company_sample(
        spot[by_place], ids[by_place], at=at, observers=ids[rows], draw=draw, most=MOST
    )
    np.testing.assert_array_equal(found, expected)


def test_the_spans_of_places_are_those_of_the_people_there() -> None:
    where, _ = town()
    at = np.array([3, 50, 0, 3])
    for place, first, last in zip(at, *company_spans(where, at), strict=True):
        assert last - first == np.count_nonzero(where == place)
        assert (where[first:last] == place).all()


def test_nobody_is_seen_where_nobody_is() -> None:
    none = np.empty(0, dtype=np.int64)
    found = company_sample(none, none, at=[3], observers=[1], draw=[0.5], most=2)
    assert found.tolist() == [[NOBODY, NOBODY]]


@pytest.mark.parametrize("count", [6, 17, 1000])
def test_everybody_has_the_same_chance_to_be_seen(count: int) -> None:
    draw = (np.arange(6000) + 0.5) / 6000
    found = sampled_positions(np.full(len(draw), count), draw, MOST)
    chance = np.bincount(found.ravel(), minlength=count) / len(draw)
    np.testing.assert_allclose(chance, MOST / count, atol=0.002)


@given(st.integers(0, 10**6), st.floats(0, 1, exclude_max=True), st.integers(1, 40))
def test_positions_are_different_and_within(count: int, draw: float, most: int) -> None:
    found = sampled_positions([count], [draw], most)[0]
    within = found[found >= 0]
    assert len(within) == min(count, most)
    assert (np.diff(within) > 0).all()
    assert (within < count).all()


@pytest.mark.parametrize("compiles", FORMS)
def test_the_loop_over_observers_takes_the_same_sample(*, compiles: bool) -> None:
    where, ids = town()
    drawn = np.random.default_rng(9)
    observers, at = drawn.integers(0, 900, 60), drawn.integers(-1, 14, 60)
    asked: dict[str, Any] = {
        "at": at,
        "observers": observers,
        "draw": drawn.random(60),
        "most": MOST,
    }
    with kernels.use(wanted=False):
        expected = company_sample(where, ids, **asked)
    with loops(compiles=compiles):
        assert (company_sample(where, ids, **asked) == expected).all()


@given(st.lists(st.integers(0, 999), min_size=1, max_size=30, unique=True), st.data())
def test_all_but_one_are_read_as_from_a_copy(ids: list[int], data: st.DataObject) -> None:
    position = data.draw(st.integers(0, len(ids) - 1))
    copied = [*ids[:position], *ids[position + 1 :]]
    others = AllBut(ids, position)
    assert list(others) == copied
    assert list(others[1:4]) == copied[1:4]
    assert sampled_company(others, 0.3, MOST) == sampled_company(copied, 0.3, MOST)
