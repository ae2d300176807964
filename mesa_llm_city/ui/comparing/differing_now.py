"""Who is elsewhere or does something else, at this minute, in another run."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.values import Bool, Int
from mesa_llm_city.ui.comparing.pair import MOST_LAG_MIN, Pair
from mesa_llm_city.ui.views.protocols import CityView, Crowd, UnderWay

__all__ = ["Difference", "DifferingNow", "differing_now", "how_they_differ"]

_SAME_PLACE_M = 0.5
_UNKNOWN = -1


class DifferingNow:
    """Who differed at the last minute that two runs have both shown.

    One run is a step behind the other now and then, and what both did a step ago still tells
    more than a comparison of different minutes.
    """

    __slots__ = ("_kept",)

    def __init__(self) -> None:
        self._kept: bytes = b""

    def of(self, view: CityView, other: CityView) -> bytes:
        """Return who differs.

        Parameters
        ----------
        view : CityView
            The run whose people are looked at.
        other : CityView
            The other run.

        Returns
        -------
        bytes
            uint8 a person, 1 for those who differ and 0 for the others; empty where the runs
            cannot be compared, since they show quite different minutes.
        """
        if view.minute == other.minute:
            self._kept = _packed(view, other)
        elif abs(view.minute - other.minute) > MOST_LAG_MIN:
            self._kept = b""
        return self._kept


class Difference(IntEnum):
    """How a person's minute in one run differs from that in another."""

    NONE = 0
    """Does the same at the same place, or is under way on the same trip."""
    PLACE = 1
    """Is elsewhere: at another place, under way in only one run, or on another trip."""
    ACTIVITY = 2
    """Is at the same place and does something else."""
    ABSENT = 3
    """Is not in the other run."""


def differing_now(pair: Pair) -> tuple[bytes, bytes]:
    """Return who differs between two runs at the minute they show.

    Parameters
    ----------
    pair : Pair
        The runs; told of different minutes, people differ for that alone.

    Returns
    -------
    tuple of bytes
        For the map of the run that is shown and for that of the other: uint8 a person, in the
        order of its crowd, 1 for those who differ and 0 for those who do not (trait
        ``emphasis`` of `CityCanvas`).
    """
    return _packed(pair.shown, pair.other), _packed(pair.other, pair.shown)


def _packed(view: CityView, other: CityView) -> bytes:
    differs: Bool = how_they_differ(view, other)[1] != Difference.NONE
    return differs.astype(np.uint8).tobytes()


def how_they_differ(view: CityView, other: CityView) -> tuple[Crowd, NDArray[np.uint8]]:
    """Return how the minute of each person differs from that in another run.

    Parameters
    ----------
    view : CityView
        The run whose people are looked at.
    other : CityView
        The other run, at the same minute.

    Returns
    -------
    crowd : Crowd
        The people of `view`.
    kinds : ndarray of uint8, shape (n,)
        `Difference` of each of them. Two trips are the same if mode, departure and arrival are;
        as long as the line of one of them is not known, which takes a minute or so, the mode
        alone counts.
    """
    here, there = view.crowd(), other.crowd()
    row, is_there = _rows_in(there, here.person)
    found = np.full(len(here), Difference.ABSENT, dtype=np.uint8)
    one, two = np.flatnonzero(is_there), row[is_there]
    goes, went = here.mode[one] >= 0, there.mode[two] >= 0
    apart = np.hypot(here.x[one] - there.x[two], here.y[one] - there.y[two]) > _SAME_PLACE_M
    modes = _in_words_of(view.parameters.modes, other.parameters.modes)[there.mode[two]]
    trips = _trips_of(here, view.under_way())[one], _trips_of(there, other.under_way())[two]
    known = (trips[0][:, 0] != _UNKNOWN) & (trips[1][:, 0] != _UNKNOWN)
    other_trip = (here.mode[one] != modes) | (known & (trips[0] != trips[1]).any(axis=1))
    elsewhere = np.where(goes & went, other_trip, (goes != went) | apart)
    doing = _in_words_of(view.parameters.purposes, other.parameters.purposes)[there.doing[two]]
    changed = np.where(here.doing[one] != doing, Difference.ACTIVITY, Difference.NONE)
    found[one] = np.where(elsewhere, Difference.PLACE, changed)
    return here, found


def _rows_in(crowd: Crowd, persons: Int) -> tuple[Int, Bool]:
    """Return the row of each person in a crowd, and whether the person is in it."""
    row = np.searchsorted(crowd.person, persons)
    is_there = row < len(crowd)
    is_there[is_there] = crowd.person[row[is_there]] == persons[is_there]
    return row, is_there


def _trips_of(crowd: Crowd, trips: UnderWay) -> Int:
    """Return departure and arrival of each person in minutes, shape (n, 2), -1 if not known."""
    times = np.full((len(crowd), 2), _UNKNOWN, dtype=np.int64)
    row, is_there = _rows_in(crowd, trips.person)
    times[row[is_there]] = trips.times[is_there]
    return times


def _in_words_of(names: Iterable[str], others: Iterable[str]) -> Int:
    """Return the row in one list of each name of another; the last row is for no name.

    A name that only the other has, and one that neither has, come after the rows of the list.
    """
    rows = {name: row for row, name in enumerate(names)}
    found = [rows.get(name, len(rows) + 1) for name in others]
    return np.array([*found, len(rows)], dtype=np.int64)
