"""For whom two futures differ, as columns: since when, in which table and which rows of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.values import Int
from mesa_llm_city.experiments.futures.lived import Lived
from mesa_llm_city.experiments.hourly import minutes_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COMPARED", "NONE", "NOTHING", "FirstDifferences", "Told", "first_differences"]

COMPARED = ("activities", "trips", "decisions")
"""Tables that are compared. An activity that ends early comes before the trip that it is given
up for."""

NONE = -1
"""Stands for no row, and for no minute."""

# The reason of a decision may name a level of hunger, so a difference there alone is none.
_COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "activities": ("purpose", "place"),
        "trips": ("origin", "destination", "purpose", "mode"),
        "decisions": ("component", "source", "choice"),
    }
)
_WHOLE = frozenset({"place", "origin", "destination"})

_Mask = NDArray[np.bool_]


class _Rows(NamedTuple):
    """The rows of a table since the futures parted, by person and number.

    Attributes
    ----------
    frame : pandas.DataFrame
        The whole table.
    places : ndarray of int64, shape (n,)
        Where each row is in it.
    person, number : ndarray of int64, shape (n,)
        Whose each is, and the how manieth of this person.
    begin : ndarray of int64, shape (n,)
        Minute at which it begins or happens.
    end : ndarray of int64, shape (n,), optional
        Minute at which it ends.
    """

    frame: pd.DataFrame
    places: Int
    person: Int
    number: Int
    begin: Int
    end: Int | None

    @classmethod
    def of(cls, lived: Lived, name: str, minute: int) -> _Rows:
        """Return the rows of a table of a future that end, or happen, from a minute on."""
        frame = lived.table(name)
        begin = minutes_of(frame["start" if "start" in frame else "time"], lived.clock)
        end = minutes_of(frame["end"], lived.clock) if "end" in frame else None
        at = np.flatnonzero(begin >= minute if end is None else end > minute)
        person = frame["person"].to_numpy(dtype=np.int64)
        at = at[np.argsort(person[at], kind="stable")]
        person = person[at]
        firsts = np.flatnonzero(np.diff(person, prepend=NONE))
        lengths = np.diff(firsts, append=len(person))
        number = np.arange(len(person)) - np.repeat(firsts, lengths)
        return cls(frame, at, person, number, begin[at], None if end is None else end[at])


class _Found(NamedTuple):
    """The first difference of each person in one table, by rising id.

    Attributes
    ----------
    person, minute : ndarray of int64, shape (k,)
        Whose and since when.
    rows : ndarray of int64, shape (k, 2)
        Rows of the tables of both futures, `NONE` where one has none.
    """

    person: Int
    minute: Int
    rows: Int


class Told(NamedTuple):
    """A row of a table.

    Attributes
    ----------
    words : str
        The row in words; empty if there is none.
    row : mapping of str to object
        The row itself; empty if there is none.
    """

    words: str
    row: Mapping[str, Any]


NOTHING = Told("", MappingProxyType({}))
"""Stands for a row that there is not."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FirstDifferences:
    """For whom two futures differ, in order of time and then of ids.

    Parameters
    ----------
    futures : (Lived, Lived)
        The futures; differences are those of the second from the first.
    person : ndarray of int64, shape (k,)
        Who.
    minute : ndarray of int64, shape (k,)
        Since when, in minutes since the start of the run.
    table : ndarray of int64, shape (k,)
        In which table, as row of `COMPARED`.
    rows : ndarray of int64, shape (k, 2)
        Rows of that table in `frames`, one a future; `NONE` where it has none.
    decided : ndarray of int64, shape (k,)
        Minute of the first decision that differs, `NONE` if none does.
    decisions : ndarray of int64, shape (k, 2)
        Rows of these decisions.
    frames : mapping of str to (pandas.DataFrame, pandas.DataFrame)
        The tables of both futures.
    people : ndarray of int64, shape (m,)
        Everybody who is in either future since then, rising.
    """

    futures: tuple[Lived, Lived]
    person: Int
    minute: Int
    table: Int
    rows: Int
    decided: Int
    decisions: Int
    frames: Mapping[str, tuple[pd.DataFrame, pd.DataFrame]]
    people: Int

    def __len__(self) -> int:
        """Return the number of people whose days differ."""
        return len(self.person)

    def told(self, which: Int, side: int) -> list[Told]:
        """Return the first rows that differ of some people in one future.

        Parameters
        ----------
        which : ndarray of int64
            Whose: the how manieth people.
        side : {0, 1}
            Which future.
        """
        told = [NOTHING] * len(which)
        for number, name in enumerate(COMPARED):
            here = np.flatnonzero(self.table[which] == number)
            rows = self.rows[which[here], side]
            for at, one in zip(here.tolist(), self._all_told(name, rows, side), strict=True):
                told[at] = one
        return told

    def trip_of(self, told: Told, side: int) -> Told:
        """Return the trip that a row of activities was on the way for, if it has ended.

        Parameters
        ----------
        told : Told
            A row of `told`.
        side : {0, 1}
            In which future.
        """
        import pandas as pd

        if not told.row or not pd.isna(told.row.get("place", 0)):
            return NOTHING
        trips = self.frames["trips"][side]
        is_it = (trips["person"] == told.row["person"]) & (trips["start"] == told.row["start"])
        rows = np.flatnonzero(is_it.to_numpy())
        return self._all_told("trips", rows[:1], side)[0] if len(rows) else NOTHING

    def decided_told(self, which: Int, side: int) -> list[Told]:
        """Return the first decisions that differ, as `told` does."""
        return self._all_told("decisions", self.decisions[which, side], side)

    def _all_told(self, name: str, rows: Int, side: int) -> list[Told]:
        told = [NOTHING] * len(rows)
        there = np.flatnonzero(rows != NONE)
        records = self.frames[name][side].iloc[rows[there]].to_dict("records")
        for at, row in zip(there.tolist(), records, strict=True):
            told[at] = Told(self._words(name, row, side), {str(key): row[key] for key in row})
        return told

    def _words(self, name: str, row: Mapping[Any, Any], side: int) -> str:
        future = self.futures[side]
        if name == "decisions":
            return future.decision(str(row["component"]), str(row["choice"]))
        purpose = future.kind(str(row["purpose"]))
        lasts = _lasts(row, future, may_go_on=name == "activities")
        if name == "activities":
            return f"{purpose}{_at('at', row['place'], future)}, {lasts}"
        ways = _at("from", row["origin"], future) + _at("to", row["destination"], future)
        return f"{future.kind(str(row['mode']))} for {purpose}{ways}, {lasts}"


def first_differences(before: Lived, after: Lived, *, minute: int) -> FirstDifferences:
    """Return for whom two futures differ since they have parted.

    Rows of a person are compared in their order, with their times; those that go on when the
    futures part differ from then on. Where life goes on (`Lived.goes_on`), a trip that one
    future has and the other has not ended yet, but begun at the same minute, differs from its
    end on.

    Parameters
    ----------
    before, after : Lived
        The futures.
    minute : int
        Where they have parted, in minutes since the start of the run.
    """
    futures = before, after
    tables = {name: [_Rows.of(one, name, minute) for one in futures] for name in COMPARED}
    on_the_way = [
        _under_way(rows, future) for rows, future in zip(tables["activities"], futures, strict=True)
    ]
    found = {
        name: _first(name, rows, minute, on_the_way if name == "trips" else [])
        for name, rows in tables.items()
    }
    person, when, rows = (np.concatenate(parts) for parts in zip(*found.values(), strict=True))
    table = np.repeat(np.arange(len(COMPARED)), [len(one.person) for one in found.values()])
    order = np.lexsort((table, person, when))
    _, first = np.unique(person[order], return_index=True)
    chosen = order[np.sort(first)]
    at = _places_in(found["decisions"].person, person[chosen])
    decided = np.append(found["decisions"].minute, NONE)[at]
    return FirstDifferences(
        futures=futures,
        person=person[chosen],
        minute=when[chosen],
        table=table[chosen],
        rows=rows[chosen],
        decided=decided,
        decisions=np.vstack([found["decisions"].rows, [[NONE, NONE]]])[at],
        frames={name: (one.frame, other.frame) for name, (one, other) in tables.items()},
        people=np.unique(np.concatenate([one.person for one in tables["activities"]])),
    )


def _first(
    name: str, both: list[_Rows], minute: int, on_the_way: Iterable[tuple[Int, Int]]
) -> _Found:
    """Return the first difference of each person in one table."""
    rows, is_same = _aligned(name, both)
    differs = ~is_same.all(axis=1)
    person = np.where(
        rows[:, 0] != NONE, _taken(both[0].person, rows[:, 0]), _taken(both[1].person, rows[:, 1])
    )
    first = np.flatnonzero(differs)
    _, at = np.unique(person[first], return_index=True)
    first = first[at]
    rows, is_same, person = rows[first], is_same[first], person[first]
    # Equal but for their ends: they differ from the earlier end on.
    begin = _earliest([one.begin for one in both], rows)
    if both[0].end is not None:
        goes_on = (rows != NONE).all(axis=1) & is_same[:, :-1].all(axis=1)
        for side, (who, start) in enumerate(on_the_way):
            goes_on |= (rows[:, side] == NONE) & (_value_of(person, who, start) == begin)
        ends = [one.end for one in both if one.end is not None]
        begin = np.where(goes_on, _earliest(ends, rows), begin)
    # What goes on when the futures part has begun before, and differs from then on.
    places = [_taken(one.places, rows[:, side]) for side, one in enumerate(both)]
    return _Found(person, np.maximum(begin, minute), np.column_stack(places))


def _aligned(name: str, both: list[_Rows]) -> tuple[Int, NDArray[np.bool_]]:
    """Return the rows of equal number of each person, and in what they are the same.

    The latter has a column for the begin, one for each column that is compared, and a last one
    for the end, if there are ends; all of them are false where one future has no such row.
    """
    most = max((int(one.number.max(initial=0)) for one in both), default=0) + 1
    keys = [one.person * most + one.number for one in both]
    every = _union(*keys)
    rows = np.column_stack([_places_in(key, every) for key in keys])
    matched = (rows != NONE).all(axis=1)
    left, right = rows[matched].T
    one, other = both
    same = [one.begin[left] == other.begin[right]]
    where = one.places[left], other.places[right]
    same += [_are_same(column, one.frame, other.frame, where) for column in _COLUMNS[name]]
    if one.end is not None and other.end is not None:
        same.append(one.end[left] == other.end[right])
    is_same = np.zeros((len(rows), len(same)), dtype=np.bool_)
    is_same[matched] = np.column_stack(same)
    return rows, is_same


def _are_same(
    column: str, one: pd.DataFrame, other: pd.DataFrame, rows: tuple[Int, Int]
) -> NDArray[np.bool_]:
    """Tell of rows of two frames whether they have the same in a column."""
    frames = one, other
    if column in _WHOLE:
        # No place is not equal to no place.
        values = [frame[column].fillna(NONE).to_numpy(dtype=np.int64) for frame in frames]
    elif all(str(frame[column].dtype) == "category" for frame in frames):
        # Categories of two models cannot be compared, their names can.
        names: dict[str, int] = {}
        values = [_codes(frame[column], names) for frame in frames]
    else:
        values = [frame[column].astype(str).to_numpy(dtype=object) for frame in frames]
    same: NDArray[np.bool_] = values[0][rows[0]] == values[1][rows[1]]
    return same.astype(np.bool_)


def _codes(words: pd.Series[Any], names: dict[str, int]) -> Int:
    """Return words as numbers, those of `names`, to which new ones are added."""
    known = [names.setdefault(str(one), len(names)) for one in words.cat.categories]
    codes: Int = np.array([*known, NONE], dtype=np.int64)[words.cat.codes.to_numpy()]
    return codes


def _under_way(rows: _Rows, future: Lived) -> tuple[Int, Int]:
    """Return who is under way when a future that goes on is known no further, and since when."""
    if not future.goes_on or rows.end is None:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    is_nowhere = rows.frame["place"].isna().to_numpy()[rows.places]
    late = (rows.end == future.minute) & is_nowhere
    return rows.person[late], rows.begin[late]


def _union(one: Int, other: Int) -> Int:
    """Return the numbers in either of two rising arrays, rising."""
    both = np.sort(np.concatenate([one, other]), kind="stable")
    union: Int = both[np.diff(both, prepend=NONE) > 0]
    return union


def _places_in(sorted_keys: Int, wanted: Int) -> Int:
    """Return where each wanted number is among unique sorted ones, `NONE` where it is not."""
    at = np.searchsorted(sorted_keys, wanted)
    known = np.append(sorted_keys, NONE)[at] == wanted
    return np.where(known & (at < len(sorted_keys)), at, NONE)


def _taken(values: Int, rows: Int) -> Int:
    """Return values at rows, `NONE` where there is no row."""
    taken: Int = np.append(values, NONE)[rows]
    return taken


def _value_of(person: Int, who: Int, value: Int) -> Int:
    """Return the value of each person, `NONE` for those who have none."""
    return _taken(value, _places_in(who, person))


def _earliest(minutes: list[Int], rows: Int) -> Int:
    """Return the earlier of the minutes of both rows, or that of the only one."""
    told = np.column_stack([_taken(one, rows[:, side]) for side, one in enumerate(minutes)])
    one, other = told.T
    both = np.where(other == NONE, one, np.minimum(one, other))
    earliest: Int = np.where(one == NONE, other, both)
    return earliest


def _at(word: str, place: Any, future: Lived) -> str:  # noqa: ANN401 - a number or nothing
    """Return where, in words; empty for nowhere."""
    import pandas as pd

    if pd.isna(place) or place < 0:
        return ""
    return f" {word} {future.place(int(place))}"


def _lasts(row: Mapping[Any, Any], future: Lived, *, may_go_on: bool) -> str:
    begin, end = (f"{row[name]:%a %H:%M}" for name in ("start", "end"))
    is_now = row["end"] == future.clock.at(future.minute)
    return f"since {begin}" if may_go_on and future.goes_on and is_now else f"{begin} to {end}"
