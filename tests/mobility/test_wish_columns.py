"""Wishes as columns: they come back as they were, and outings that are done leave them."""

from __future__ import annotations

import numpy as np

from mesa_llm_city.mobility import Wish
from mesa_llm_city.mobility.purpose_codes import purpose_codes
from mesa_llm_city.mobility.wish_columns import WishColumns
from mesa_llm_city.mobility.wish_store import WishStore
from mesa_llm_city.parameters import default_parameters

PARAMETERS = default_parameters()
CODES = purpose_codes(PARAMETERS).of
SPORT, SOCIAL = Wish("sport", 90, 900, 1000), Wish("social", 120, 1000, 1200)
AGAIN = Wish("sport", 60, 1100, 1200)
DAYS = [(SPORT, SOCIAL, AGAIN), None, (), (SOCIAL,)]


def plain(columns: WishColumns | WishStore) -> list[tuple[Wish, ...] | None]:
    return [columns.wishes(row, PARAMETERS) for row in range(len(columns))]


def test_they_come_back_as_they_were_said_or_not_said() -> None:
    assert plain(WishColumns.of(DAYS, PARAMETERS)) == DAYS
    assert plain(WishColumns.of([None], PARAMETERS)) == [None]


def test_rows_are_put_into_a_wider_table_and_taken_out_again() -> None:
    store = WishStore.empty(3, most=4)
    store.put(np.array([2, 0]), WishColumns.of([(SOCIAL,), (SPORT, AGAIN)], PARAMETERS))
    assert plain(store) == [(SPORT, AGAIN), None, (SOCIAL,)]
    assert plain(store.take(np.array([2, 1]))) == [(SOCIAL,), None]
    store.put(np.array([0]), WishColumns.of([()], PARAMETERS))
    assert plain(store)[0] == ()


def test_wishes_of_any_day_are_kept_as_they_are() -> None:
    late = [Wish("sport", 90, 700_000, 700_900), Wish("social", 60, 700_100, 701_500)]
    store = WishStore.empty(2, most=2)
    store.put(np.array([1]), WishColumns.of([late], PARAMETERS))
    assert plain(store) == [None, tuple(late)]


def test_a_wish_for_some_time_in_years_is_one_for_some_time_in_weeks() -> None:
    store = WishStore.empty(1, most=1)
    store.put(np.array([0]), WishColumns.of([[Wish("sport", 90, 900, 10**6)]], PARAMETERS))
    assert plain(store) == [(Wish("sport", 90, 900, 900 + 2**15 - 1),)]


def test_what_is_done_is_wished_for_no_more() -> None:
    columns = WishStore.empty(len(DAYS), most=3)
    columns.put(np.arange(len(DAYS)), WishColumns.of(DAYS, PARAMETERS))
    sport = np.full(4, CODES["sport"])
    columns.fulfil(np.arange(4), sport)
    assert plain(columns) == [(SOCIAL,), None, (), (SOCIAL,)]
    columns.fulfil(np.array([3]), sport[:1])
    columns.fulfil(np.array([0]), np.array([CODES["social"]]))
    assert plain(columns) == [(), None, (), (SOCIAL,)]
