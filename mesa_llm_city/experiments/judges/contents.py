"""What items show: a day, a conversation, the trips of a day, a reaction to a message."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from mesa_llm_city.experiments.judges.item import ItemKind
from mesa_llm_city.experiments.judges.source import ItemSource

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CONTENTS", "Content", "Occasion"]

_DAY = np.timedelta64(1, "D")
_BEFORE, _AFTER = np.timedelta64(60, "m"), np.timedelta64(180, "m")


class Occasion(NamedTuple):
    """What an item is about: somebody at a moment.

    Attributes
    ----------
    person : int
        Id of the person.
    moment : str
        A date, or the number of a row of a table.
    """

    person: int
    moment: str


class Content(NamedTuple):
    """How items of a kind are made.

    Attributes
    ----------
    occasions : callable
        Returns what there is in a run, in order.
    lines : callable
        Returns the lines of one.
    is_matched : bool
        Whether the same person and day can be shown of several runs of the same people.
    """

    occasions: Callable[[ItemSource], list[Occasion]]
    lines: Callable[[ItemSource, Occasion], tuple[str, ...]]
    is_matched: bool


def _days(source: ItemSource) -> list[Occasion]:
    """Return each whole day of each resident; the one on which a run ends is not whole."""
    stays = source.frames["activities"]
    if not len(stays):
        return []
    dates = stays["start"].to_numpy().astype("datetime64[D]")
    whole = dates < stays["end"].to_numpy().max().astype("datetime64[D]")
    persons = stays["person"].to_numpy()[whole].tolist()
    found = dict.fromkeys(zip(persons, dates[whole].astype(str).tolist(), strict=True))
    return sorted(Occasion(*one) for one in found if one[0] in source.profiles)


def _days_out(source: ItemSource) -> list[Occasion]:
    """Return each day of a resident on which there was a trip."""
    trips = source.frames["trips"]
    dates = trips["start"].to_numpy().astype("datetime64[D]").astype(str)
    out = set(zip(trips["person"].tolist(), dates.tolist(), strict=True))
    return [one for one in _days(source) if tuple(one) in out]


def _routine(source: ItemSource, occasion: Occasion) -> tuple[str, ...]:
    """Return what somebody did on a day, equal activities one after the other as one line."""
    begin = np.datetime64(occasion.moment, "m")
    return tuple(_stays(source, occasion.person, begin, begin + _DAY))


def _stays(
    source: ItemSource, person: int, begin: np.datetime64, end: np.datetime64
) -> Iterator[str]:
    rows = source.of_person("activities", person)
    rows = rows[(rows["start"] < end) & (rows["end"] > begin)]
    modes = _modes(source.of_person("trips", person))
    merged: list[tuple[Any, Any, str]] = []
    for start, until, purpose, place in _columns(rows, "start", "end", "purpose", "place"):
        what = _what(source, person, str(purpose), place, modes.get(start))
        if merged and merged[-1][2] == what and merged[-1][1] == start:
            merged[-1] = (merged[-1][0], until, what)
        else:
            merged.append((start, until, what))
    for start, until, what in merged:
        first, last = max(start, begin), min(until, end)
        yield f"{_clock(first)}-{_clock(last)} {what}"


def _what(source: ItemSource, person: int, purpose: str, place: Any, mode: str | None) -> str:  # noqa: ANN401 - an id or nothing
    if mode is not None and (place is None or np.isnan(place)):
        return f"travel, {mode}"
    return f"{purpose.replace('_', ' ')}, {source.where(person, place)}"


def _modes(trips: pd.DataFrame) -> Mapping[Any, str]:
    """Return how somebody travelled, by departure."""
    return {start: str(mode) for start, mode in _columns(trips, "start", "mode")}


def _trips(source: ItemSource, occasion: Occasion) -> tuple[str, ...]:
    """Return the trips of somebody on a day."""
    person, date = occasion
    rows = source.of_person("trips", person)
    rows = rows[rows["start"].to_numpy().astype("datetime64[D]") == np.datetime64(date)]
    names = ("start", "destination", "purpose", "mode", "distance_m", "travel_min")
    return tuple(
        f"{_clock(start)} {mode} to {source.where(person, float(place))} for "
        f"{str(purpose).replace('_', ' ')}, {metres / 1000.0:.1f} km, {minutes:.0f} min"
        for start, place, purpose, mode, metres, minutes in _columns(rows, *names)
    )


def _conversations(source: ItemSource) -> list[Occasion]:
    """Return conversations that were put into words; others have nothing to show."""
    talks = source.frames["conversations"]
    rows = np.flatnonzero((talks["words"].fillna("").astype(str) != "").to_numpy())
    return [
        Occasion(int(person), str(row))
        for row, person in zip(rows.tolist(), talks["person"].iloc[rows], strict=True)
    ]


def _dialogue(source: ItemSource, occasion: Occasion) -> tuple[str, ...]:
    """Return a conversation with letters for the names."""
    talk = source.frames["conversations"].iloc[int(occasion.moment)]
    speakers = {int(talk["person"]): "A", int(talk["other"]): "B"}
    text = _without_names(str(talk["words"]), source.names, speakers)
    place = source.where(int(talk["person"]), _number(talk["place"]))
    head = f"{str(talk['channel']).replace('_', ' ')}, {place}, about {talk['topic']}"
    return (head, *(line for line in text.split("\n") if line.strip()))


def _without_names(text: str, names: Mapping[int, str], speakers: Mapping[int, str]) -> str:
    """Return words with letters for the speakers, and "somebody" for others.

    Examples
    --------
    >>> _without_names("Ada Lo: Hi Ben, seen Cy Xu?", {1: "Ada Lo", 2: "Ben Ito", 3: "Cy Xu"},
    ...                {1: "A", 2: "B"})
    'A: Hi B, seen somebody?'
    """
    known = {names[one]: letter for one, letter in speakers.items() if one in names}
    known |= {name.split()[0]: letter for name, letter in known.items() if name.split()}
    others = {name: "somebody" for name in names.values() if name and name not in known}
    # Longer names first, so that a first name does not cut a full one.
    shown = others | known
    ordered = sorted(filter(None, shown), key=lambda one: (-len(one), one))
    pattern = re.compile("|".join(rf"\b{re.escape(one)}\b" for one in ordered))
    return pattern.sub(lambda found: shown[found[0]], text) if ordered else text


def _messages(source: ItemSource) -> list[Occasion]:
    """Return who heard which message."""
    heard = source.frames.get("messages")
    if heard is None:
        return []
    return [
        Occasion(int(person), str(row))
        for row, person in enumerate(heard["person"].tolist())
        if person in source.profiles
    ]


def _reaction(source: ItemSource, occasion: Occasion) -> tuple[str, ...]:
    """Return a message, and what somebody did in the hour before and the three hours after."""
    heard = source.frames["messages"].iloc[int(occasion.moment)]
    at: np.datetime64 = np.datetime64(heard["time"], "m")
    by = "another person" if _number(heard["sender"]) is not None else str(heard["source"])
    heard_line = f"{_clock(at)} hears by {heard['channel']} from {by}: {heard['text']}"
    before = _stays(source, occasion.person, at - _BEFORE, at)
    end: np.datetime64 = at + _AFTER
    after = _stays(source, occasion.person, at, end)
    return (*before, heard_line, *after)


def _number(value: Any) -> float | None:  # noqa: ANN401 - a cell that may be empty
    import pandas as pd

    return None if pd.isna(value) else float(value)


def _columns(rows: pd.DataFrame, *names: str) -> Iterator[tuple[Any, ...]]:
    """Yield rows as tuples, times as minutes and empty cells as NaN."""
    columns = [
        rows[name].to_numpy().astype("datetime64[m]")
        if name in {"start", "end"}
        else rows[name].to_numpy(dtype=np.float64, na_value=np.nan)
        if name in {"place", "destination", "distance_m", "travel_min"}
        else rows[name].astype(str).to_numpy()
        for name in names
    ]
    yield from zip(*columns, strict=True)


def _clock(moment: np.datetime64) -> str:
    return str(moment)[-5:]


CONTENTS: Mapping[ItemKind, Content] = MappingProxyType(
    {
        "routine": Content(_days, _routine, is_matched=True),
        "dialogue": Content(_conversations, _dialogue, is_matched=False),
        "mobility": Content(_days_out, _trips, is_matched=True),
        "reaction": Content(_messages, _reaction, is_matched=False),
    }
)
"""How items are made, by kind."""
