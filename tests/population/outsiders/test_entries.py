"""Who of a group of outsiders enters on which day, and in which hour."""

from __future__ import annotations

import pickle
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesa_llm_city import Clock
from mesa_llm_city.population.outsiders import Entries

CLOCK = Clock(start="2024-04-01", holidays=["2024-04-03"])


def _hours(entries: Entries, day: int, seed: int = 7) -> list[int]:
    found = [entries.hour_of(one, day, clock=CLOCK, seed=seed) for one in range(entries.members)]
    return sorted(one for one in found if one is not None)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(0, 4), min_size=24, max_size=24).filter(any),
    st.integers(0, 9),
    st.integers(0, 40),
    st.booleans(),
)
def test_on_every_day_as_many_enter_in_each_hour_as_were_counted(
    counts: list[int],
    more: int,
    day: int,
    turns: bool,  # noqa: FBT001 - drawn
) -> None:
    members = sum(counts) + more
    days = {"weekday": counts, "saturday": counts, "sunday": counts}
    entries = Entries.of(days, first=100, members=members, takes_turns=turns)
    counted = Counter({hour: count for hour, count in enumerate(counts) if count})
    assert Counter(_hours(entries, day)) == counted


def test_a_holiday_is_a_sunday_and_a_date_comes_first() -> None:
    days = {"weekday": [0, 2], "sunday": [1], "2024-04-02": [0, 0, 3]}
    entries = Entries.of(days, first=100, members=3)
    assert [_hours(entries, day) for day in range(4)] == [[1, 1], [2, 2, 2], [0], [1, 1]]
    assert _hours(entries, 5) == []  # a Saturday, for which there are no counts


def test_commuters_are_the_same_every_day_and_visitors_take_turns() -> None:
    def who(entries: Entries, day: int) -> frozenset[int]:
        numbers = range(entries.members)
        hours = {one: entries.hour_of(one, day, clock=CLOCK, seed=7) for one in numbers}
        return frozenset(one for one, hour in hours.items() if hour is not None)

    commuters = Entries.of({"weekday": [0, 5]}, first=100, members=5)
    visitors = Entries.of({"weekday": [0, 5]}, first=100, members=35, takes_turns=True)
    assert len({who(commuters, day) for day in (0, 1, 3, 4)}) == 1
    assert len({who(visitors, day) for day in (0, 1, 3, 4)}) > 1


@pytest.mark.parametrize("members", [1, 2, 7, 12])
def test_entries_stay_the_same_when_pickled(members: int) -> None:
    entries = Entries.of({"weekday": [0, 1]}, first=3, members=members, takes_turns=True)
    again = pickle.loads(pickle.dumps(entries))
    assert again == entries
    assert hash(again) == hash(entries)
