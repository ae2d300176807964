"""Counts by the hour: what the tables add up to, minute by minute."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesa_llm_city.core.clock import Clock
from mesa_llm_city.core.errors import DataError
from mesa_llm_city.simulation.records import Coded, HourlyAggregates, Records

ZONES = ("north", "south")
ZONE_OF = np.array([0, 0, 1])
PURPOSES, MODES = ("sleep", "work"), ("walk",)

stays = st.lists(
    st.tuples(st.integers(0, 3_000), st.integers(0, 900), st.integers(-1, 2), st.integers(0, 2)),
    max_size=12,
)
ways = st.lists(
    st.tuples(*[st.integers(0, 3_000)], st.integers(0, 2), st.integers(0, 2), st.integers(0, 1)),
    max_size=12,
)


def fresh() -> HourlyAggregates:
    return HourlyAggregates(ZONES, ZONE_OF, PURPOSES, MODES)


def columns(rows: list[Any], width: int) -> list[Any]:
    return list(np.array(rows, dtype=np.int64).reshape(-1, width).T)


@settings(max_examples=25, deadline=None)
@given(stays)
def test_person_minutes_are_those_counted_minute_by_minute(rows: list[Any]) -> None:
    names = (*PURPOSES, "juggling")
    start, length, place, purpose = columns(rows, 4)
    kept = fresh()
    half = len(rows) // 2
    for some in (slice(0, half), slice(half, None)):
        end = (start + length)[some]
        kept.add_activities(start[some], end, place[some], Coded(purpose[some], names))
    counted: Counter[Any] = Counter()
    for begin, long, where, what in rows:
        for minute in range(begin, begin + long):
            counted[minute // 60, -1 if where < 0 else int(ZONE_OF[where]), names[what]] += 1
    frame = kept.activity(Clock())
    hour = (frame["time"] - np.datetime64(Clock().at(0))) // np.timedelta64(1, "h")
    cells = zip(hour, frame["zone"], frame["purpose"].astype(str), strict=True)
    assert dict(zip(cells, frame["person_min"], strict=True)) == dict(counted)


@settings(max_examples=25, deadline=None)
@given(ways)
def test_trips_by_mode_and_between_zones_are_those_counted_one_by_one(rows: list[Any]) -> None:
    names = (*MODES, "scooter")
    start, origin, destination, mode = columns(rows, 4)
    kept = fresh()
    kept.add_trips(start, origin, destination, Coded(mode, names))
    by_mode = Counter((at // 60, names[how]) for at, _, _, how in rows)
    flows = Counter((at // 1440, ZONE_OF[a], ZONE_OF[b]) for at, a, b, _ in rows)
    frame, begin = kept.modes(Clock()), np.datetime64(Clock().at(0))
    hour = (frame["time"] - begin) // np.timedelta64(1, "h")
    found = dict(
        zip(zip(hour, frame["mode"].astype(str), strict=True), frame["trips"], strict=True)
    )
    assert found == dict(by_mode)
    frame = kept.flows(Clock())
    day = (frame["time"] - begin) // np.timedelta64(1, "D")
    pairs = zip(day, frame["origin"], frame["destination"], strict=True)
    assert dict(zip(pairs, frame["trips"], strict=True)) == dict(flows)


def test_half_an_hour_before_and_after_a_full_hour_in_two_zones() -> None:
    kept = fresh()
    kept.add_activities(np.array([30]), np.array([90]), np.array([2]), Coded.of(["work"]))
    frame = kept.activity(Clock())
    assert frame["zone_name"].tolist() == ["south", "south"]
    assert frame["person_min"].tolist() == [30, 30]
    assert frame["time"].dt.hour.tolist() == [0, 1]


def test_state_comes_back_and_copies_are_apart() -> None:
    kept = fresh()
    kept.add_activities(np.array([30]), np.array([1500]), np.array([2]), Coded.of(["chess"]))
    kept.add_trips(np.array([5]), np.array([0]), np.array([2]), Coded.of(["walk"]))
    other = fresh()
    other.restore(kept.state())
    copy = kept.copied()
    copy.add_trips(np.array([6]), np.array([0]), np.array([2]), Coded.of(["walk"]))
    for now in ("activity", "modes", "flows"):
        assert getattr(other, now)(Clock()).equals(getattr(kept, now)(Clock()))
    assert kept.flows(Clock())["trips"].tolist() == [1]
    assert copy.flows(Clock())["trips"].tolist() == [2]


def test_counts_of_another_city_are_refused() -> None:
    with pytest.raises(DataError, match="2 zones, but the city has 1"):
        HourlyAggregates(("all",), np.array([0]), (), ()).restore(fresh().state())


def test_rows_that_are_not_packed_count_at_once() -> None:
    records = Records(["hunger"], fresh())
    records.trips.add((1, 65, 80, 0, 2, "work", "walk", 1.0, 1.0, 0.0, 0.0))
    records.activities.add((1, 65, 80, "travel", None))
    going_on = {"person": [1], "start": [80], "end": [90], "place": [2]}
    columns = {name: np.array(one) for name, one in going_on.items()}
    now = records.current_aggregates(records.activities.packed({**columns, "purpose": "work"}))
    assert now.modes(Clock())["trips"].tolist() == [1]
    assert now.activity(Clock())["person_min"].tolist() == [15, 10]
    assert len(records.aggregates.modes(Clock())) == 0
