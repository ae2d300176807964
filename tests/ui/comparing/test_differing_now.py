"""Who is elsewhere or does something else in another run, by hand-made crowds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, cast

import numpy as np
import pytest

from mesa_llm_city.city.polylines import Polylines
from mesa_llm_city.ui.comparing.differing_now import (
    Difference,
    DifferingNow,
    differing_now,
    how_they_differ,
)
from mesa_llm_city.ui.comparing.pair import Pair
from mesa_llm_city.ui.views.protocols import CityView, Crowd, UnderWay

SLEEP, WORK, TRAVEL = 0, 1, 2
STAYS, WALK, BUS = -1, 0, 1

# Person, x, y, doing, mode; and of those under way on a known line, departure and arrival.
Row = tuple[int, float, float, int, int]
HOME: Row = (1, 0.0, 0.0, SLEEP, STAYS)


class Words(NamedTuple):
    """Names of purposes and modes."""

    purposes: Sequence[str]
    modes: Sequence[str]


USUAL = Words(("sleep", "work", "travel"), ("walk", "bus"))


@dataclass
class Seen:
    """A view of people who are made up."""

    people: Sequence[Row]
    trips: dict[int, tuple[int, int]] = field(default_factory=dict)
    minute: int = 480
    parameters: Words = USUAL

    def crowd(self) -> Crowd:
        """Return who is where."""
        columns = np.array(self.people, dtype=np.float64).reshape(-1, 5).T
        return Crowd(
            minute=self.minute,
            person=columns[0].astype(np.int64),
            x=columns[1],
            y=columns[2],
            doing=columns[3].astype(np.uint8),
            mode=columns[4].astype(np.int8),
        )

    def under_way(self) -> UnderWay:
        """Return the trips whose lines are known."""
        count = len(self.trips)
        return UnderWay(
            person=np.array(list(self.trips), dtype=np.int64),
            times=np.array(list(self.trips.values()), dtype=np.int64).reshape(-1, 2),
            mode=np.zeros(count, dtype=np.int64),
            lines=Polylines.straight(np.zeros((count, 4))),
        )


def _view(seen: Seen) -> CityView:
    return cast("CityView", seen)


def _kinds(one: Seen, other: Seen) -> list[int]:
    return [int(kind) for kind in how_they_differ(_view(one), _view(other))[1]]


@pytest.mark.parametrize(
    ("here", "there", "kind"),
    [
        (HOME, HOME, Difference.NONE),
        (HOME, (1, 0.3, 0.0, SLEEP, STAYS), Difference.NONE),
        (HOME, (1, 0.0, 40.0, SLEEP, STAYS), Difference.PLACE),
        (HOME, (1, 0.0, 0.0, WORK, STAYS), Difference.ACTIVITY),
        # Elsewhere says more than doing something else.
        (HOME, (1, 0.0, 40.0, WORK, STAYS), Difference.PLACE),
        (HOME, (1, 0.0, 0.0, TRAVEL, WALK), Difference.PLACE),
        ((1, 0.0, 0.0, TRAVEL, WALK), (1, 0.0, 0.0, TRAVEL, BUS), Difference.PLACE),
        (HOME, (2, 0.0, 0.0, SLEEP, STAYS), Difference.ABSENT),
    ],
)
def test_a_person_differs(here: Row, there: Row, kind: Difference) -> None:
    assert _kinds(Seen([here]), Seen([there])) == [kind]


def test_trips_are_the_same_by_their_times_wherever_their_lines_put_the_person() -> None:
    one, other = (1, 5.0, 0.0, TRAVEL, WALK), (1, 90.0, 0.0, TRAVEL, WALK)
    same, later = {1: (470, 490)}, {1: (475, 495)}
    assert _kinds(Seen([one], same), Seen([other], same)) == [Difference.NONE]
    assert _kinds(Seen([one], same), Seen([other], later)) == [Difference.PLACE]
    # The line of one of them is not known yet.
    assert _kinds(Seen([one], same), Seen([other])) == [Difference.NONE]


def test_each_side_is_told_in_its_own_order() -> None:
    shown = Seen([HOME, (3, 9.0, 9.0, WORK, STAYS), (5, 0.0, 9.0, SLEEP, STAYS)])
    other = Seen([(3, 9.0, 9.0, WORK, STAYS), (4, 1.0, 1.0, WORK, STAYS), (5, 0.0, 0.0, WORK, -1)])
    pair = Pair(shown=_view(shown), other=_view(other), names=("a", "b"))
    assert differing_now(pair) == (bytes([1, 0, 1]), bytes([0, 1, 1]))


def test_activities_and_modes_are_compared_by_name() -> None:
    words, others = (
        Words(("sleep", "work"), ("walk", "bus")),
        Words(("work", "swim", "sleep"), ("bus",)),
    )
    here = Seen([(1, 0.0, 0.0, SLEEP, STAYS), (2, 5.0, 0.0, SLEEP, 1)], parameters=words)
    same = Seen([(1, 0.0, 0.0, 2, STAYS), (2, 5.0, 0.0, SLEEP, 0)], parameters=others)
    assert _kinds(here, same) == [Difference.NONE, Difference.ACTIVITY]
    changed = Seen([(1, 0.0, 0.0, 1, STAYS), (2, 5.0, 0.0, 2, STAYS)], parameters=others)
    assert _kinds(here, changed) == [Difference.ACTIVITY, Difference.PLACE]
    # What only one side has a word for, and what neither has.
    assert _kinds(changed, here)[0] == Difference.ACTIVITY
    unnamed = Seen([(1, 0.0, 0.0, 2, STAYS), (2, 5.0, 0.0, 2, 2)], parameters=words)
    assert _kinds(unnamed, unnamed) == [Difference.NONE, Difference.NONE]


def test_nobody_differs_from_nobody() -> None:
    assert _kinds(Seen([]), Seen([HOME])) == []
    assert _kinds(Seen([HOME]), Seen([])) == [Difference.ABSENT]


class TestWhileOneRunIsBehind:
    def test_what_both_showed_last_is_kept(self) -> None:
        one, other, now = Seen([HOME]), Seen([(1, 9.0, 0.0, SLEEP, STAYS)]), DifferingNow()
        assert now.of(_view(one), _view(other)) == b"\x01"
        one.people, one.minute = [(1, 9.0, 0.0, SLEEP, STAYS)], 485
        assert now.of(_view(one), _view(other)) == b"\x01"
        other.minute = 485
        assert now.of(_view(one), _view(other)) == b"\x00"

    def test_nobody_is_singled_out_once_it_is_far_behind(self) -> None:
        one, other, now = Seen([HOME]), Seen([HOME]), DifferingNow()
        assert now.of(_view(one), _view(other)) == b"\x00"
        one.minute = 700
        assert now.of(_view(one), _view(other)) == b""
