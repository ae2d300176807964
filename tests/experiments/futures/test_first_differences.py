"""First differences of two futures, worked by hand: rows of a few people in small tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mesa_llm_city.core.clock import Clock
from mesa_llm_city.experiments.futures.first_differences import (
    COMPARED,
    NONE,
    FirstDifferences,
    first_differences,
)
from mesa_llm_city.experiments.futures.lived import Lived
from mesa_llm_city.experiments.futures.measures import MEASURES

EIGHT, NINE, TEN = 480, 540, 600
_COLUMNS = {
    "activities": ("person", "start", "end", "purpose", "place"),
    "trips": ("person", "start", "end", "origin", "destination", "purpose", "mode"),
    "decisions": ("person", "time", "component", "source", "choice", "reason"),
    "visits": ("person", "start", "end", "place"),
}
_KEYWORDS = {"purpose", "mode", "component", "source"}


def _frame(name: str, rows: Sequence[tuple[Any, ...]]) -> pd.DataFrame:
    """Return a table as a model gives it: time stamps, categories, whole numbers or nothing."""
    frame = pd.DataFrame(list(rows), columns=list(_COLUMNS[name]))
    for column in frame:
        if column in {"start", "end", "time"}:
            frame[column] = Clock().stamps(frame[column].to_numpy(dtype=np.int64))
        elif column in _KEYWORDS:
            frame[column] = frame[column].astype("category")
        elif column in {"place", "origin", "destination"}:
            frame[column] = frame[column].astype("Int32")
    return frame


def life(minute: int = TEN, *, goes_on: bool = True, **tables: list[tuple[Any, ...]]) -> Lived:
    """Return a future of the rows of its tables, with minutes as times."""
    return Lived(
        table=lambda name: _frame(name, tables.get(name, [])),
        clock=Clock(),
        minute=minute,
        place="place {}".format,
        place_kind=np.array([0, 0, 1]),
        kinds=("home", "shop"),
        goes_on=goes_on,
    )


def _words(found: FirstDifferences) -> list[tuple[str, str]]:
    every = np.arange(len(found))
    sides = [[one.words for one in found.told(every, side)] for side in (0, 1)]
    return list(zip(*sides, strict=True))


def test_equal_lives_do_not_differ() -> None:
    rows = [(1, 0, EIGHT, "sleep", 0), (1, EIGHT, TEN, "rest", 0)]
    found = first_differences(life(activities=rows), life(activities=rows), minute=EIGHT)
    assert len(found) == 0
    assert found.people.tolist() == [1]


def test_an_activity_that_ends_earlier_differs_from_its_end_on() -> None:
    one = life(activities=[(1, 0, TEN, "rest", 0)])
    other = life(activities=[(1, 0, NINE, "rest", 0), (1, NINE, TEN, "meal", 0)])
    found = first_differences(one, other, minute=EIGHT)
    assert (found.person.tolist(), found.minute.tolist()) == ([1], [NINE])
    assert _words(found) == [
        ("rest at place 0, since Mon 00:00", "rest at place 0, Mon 00:00 to Mon 09:00")
    ]


def test_an_activity_that_began_before_differs_from_where_the_futures_parted() -> None:
    one = life(activities=[(1, 0, TEN, "rest", 0)])
    other = life(activities=[(1, 0, EIGHT, "rest", 0), (1, EIGHT, TEN, "meal", 0)])
    assert first_differences(one, other, minute=EIGHT).minute.tolist() == [EIGHT]


def test_what_happened_before_they_parted_does_not_count() -> None:
    one = life(activities=[(1, 0, NINE, "rest", 0), (1, NINE, TEN, "meal", 0)])
    other = life(activities=[(1, 0, NINE, "sleep", 0), (1, NINE, TEN, "meal", 0)])
    assert first_differences(one, other, minute=EIGHT).minute.tolist() == [EIGHT]
    assert len(first_differences(one, other, minute=NINE)) == 0


def test_no_place_is_equal_to_no_place_and_to_no_other() -> None:
    travel = life(activities=[(1, 0, TEN, "travel", None)])
    stay = life(activities=[(1, 0, TEN, "travel", 2)])
    assert len(first_differences(travel, travel, minute=0)) == 0
    assert _words(first_differences(travel, stay, minute=0)) == [
        ("travel, since Mon 00:00", "travel at place 2, since Mon 00:00")
    ]


def test_categories_are_compared_by_name_whatever_their_numbers() -> None:
    # Numbers of categories go by the alphabet: meal and rest in one, rest alone in the other.
    one = life(activities=[(1, 0, TEN, "rest", 0), (2, 0, TEN, "meal", 0)])
    other = life(activities=[(1, 0, TEN, "rest", 0)])
    assert first_differences(one, other, minute=0).person.tolist() == [2]


def test_who_is_in_one_future_only_has_no_row_in_the_other() -> None:
    both, alone = (1, 0, TEN, "rest", 0), (2, 0, TEN, "rest", 2)
    found = first_differences(life(activities=[both]), life(activities=[both, alone]), minute=EIGHT)
    assert (found.person.tolist(), found.rows.tolist()) == ([2], [[NONE, 1]])
    assert _words(found) == [("", "rest at place 2, since Mon 00:00")]
    assert found.people.tolist() == [1, 2]


def test_first_differences_come_in_order_of_time_and_then_of_ids() -> None:
    one = life(activities=[(person, 0, TEN, "rest", 0) for person in (1, 2, 3)])
    ends = {1: NINE, 2: EIGHT, 3: EIGHT}
    rows = [row for person, end in ends.items() for row in _until_meal(person, end)]
    found = first_differences(one, life(activities=rows), minute=0)
    assert found.person.tolist() == [2, 3, 1]


def _until_meal(person: int, end: int) -> list[tuple[Any, ...]]:
    return [(person, 0, end, "rest", 0), (person, end, TEN, "meal", 0)]


def test_the_first_decision_that_differs_is_found_beside_the_first_difference() -> None:
    at_eight = (1, EIGHT, "mode_choice", "rule", "walk", "near")
    same = [(1, 0, EIGHT, "rest", 0)]
    one = life(
        activities=[*same, (1, EIGHT, TEN, "meal", 0)],
        decisions=[at_eight, (1, NINE, "planner", "rule", "rest", "a")],
    )
    other = life(
        activities=[*same, (1, EIGHT, TEN, "rest", 0)],
        decisions=[at_eight, (1, NINE, "planner", "prompt", "rest", "b")],
    )
    found = first_differences(one, other, minute=EIGHT)
    assert (found.minute.tolist(), found.decided.tolist()) == ([EIGHT], [NINE])
    assert COMPARED[found.table[0]] == "activities"
    told = [found.decided_told(np.array([0]), side)[0] for side in (0, 1)]
    assert [one.words for one in told] == ["planner: rest", "planner: rest"]
    assert [one.row["source"] for one in told] == ["rule", "prompt"]


def test_a_reason_alone_makes_no_difference() -> None:
    rows = [[(1, EIGHT, "planner", "rule", "rest", reason)] for reason in ("a", "b")]
    one, other = (life(decisions=several) for several in rows)
    assert len(first_differences(one, other, minute=0)) == 0


@pytest.mark.parametrize(("goes_on", "minute"), [(True, NINE), (False, EIGHT)])
def test_a_trip_that_the_other_has_not_ended_yet_differs_from_its_end_on(
    *, goes_on: bool, minute: int
) -> None:
    trip = (1, EIGHT, NINE, 0, 2, "shopping", "walk")
    home = (1, 0, EIGHT, "rest", 0)
    arrived = life(
        goes_on=goes_on,
        activities=[home, (1, EIGHT, NINE, "travel", None), (1, NINE, TEN, "shopping", 2)],
        trips=[trip],
    )
    under_way = life(goes_on=goes_on, activities=[home, (1, EIGHT, TEN, "travel", None)], trips=[])
    for pair in ((arrived, under_way), (under_way, arrived)):
        assert first_differences(*pair, minute=0).minute.tolist() == [minute]


def test_a_row_of_travel_has_its_trip_once_that_has_ended() -> None:
    trip = (1, EIGHT, NINE, 0, 2, "shopping", "walk")
    home = (1, 0, EIGHT, "rest", 0)
    travels = life(
        activities=[home, (1, EIGHT, NINE, "travel", None), (1, NINE, TEN, "shopping", 2)],
        trips=[trip],
    )
    stays = life(activities=[(1, 0, TEN, "rest", 0)])
    found = first_differences(stays, travels, minute=EIGHT)
    stay, travel = (found.told(np.array([0]), side)[0] for side in (0, 1))
    assert travel.words == "travel, Mon 08:00 to Mon 09:00"
    way = "walk for shopping from place 0 to place 2, Mon 08:00 to Mon 09:00"
    assert found.trip_of(travel, 1).words == way
    assert found.trip_of(travel, 0).words == ""
    assert found.trip_of(stay, 0).words == ""


def test_a_trip_that_the_other_has_not_made_differs_from_its_begin_on() -> None:
    trip = (1, EIGHT, NINE, 0, 2, "shopping", "walk")
    found = first_differences(life(trips=[trip]), life(), minute=0)
    assert found.minute.tolist() == [EIGHT]
    assert _words(found) == [
        ("walk for shopping from place 0 to place 2, Mon 08:00 to Mon 09:00", "")
    ]


def test_measures_of_any_life_are_counted_from_its_tables() -> None:
    one = life(
        activities=[(1, 0, NINE, "rest", 0), (1, NINE, TEN, "meal", 2)],
        trips=[(1, NINE, NINE + 5, 0, 2, "meal", "walk")],
        visits=[(1, NINE, TEN, 2)],
    )
    counted = {name: measure(one, EIGHT).to_dict() for name, measure in MEASURES.items()}
    assert counted["minutes by purpose"] == {"meal": 720.0, "rest": 720.0}
    assert (counted["modes"], counted["visits by kind"]) == ({"walk": 1.0}, {"shop": 1.0})
    assert list(counted["trips by hour"].values()) == [0.0, 1.0]
