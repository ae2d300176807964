"""Who lives differently in two runs: since when, what each does in either, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import solara

from mesa_llm_city.core.clock import Clock
from mesa_llm_city.core.values import Int
from mesa_llm_city.experiments.futures.first_differences import COMPARED, NONE, Told
from mesa_llm_city.ui.comparing.differences import Differences
from mesa_llm_city.ui.comparing.pair import Pair
from mesa_llm_city.ui.comparing.watch import EVERY_MIN, use_differences
from mesa_llm_city.ui.minds.feed_rows import SOURCES
from mesa_llm_city.ui.minds.widget import show_panel, whole_number
from mesa_llm_city.ui.panel import Hint, Panel, Remark
from mesa_llm_city.ui.person.common import short_time
from mesa_llm_city.ui.person.selection import selected, source_of
from mesa_llm_city.ui.views.counts import model_of
from mesa_llm_city.ui.views.protocols import view_of

__all__ = ["TABLES", "DifferingWish", "WhoDiffers", "differing_data"]

_NO_CROWD = (
    "Citizens are listed, and not the rows of the crowd; charts and the map of differences count "
    "these too."
)
_PAGE, _MOST = 50, 2000
_LONGEST = 80
_LONGEST_REASON = 160

TABLES: Mapping[str, str] = MappingProxyType(
    {"activities": "Activities", "trips": "Trips", "decisions": "Decisions"}
)
"""Tables in which a first difference may be, and what they are called."""

_NO_ROW: Mapping[str, str] = MappingProxyType(
    {"activities": "nothing", "trips": "no such trip", "decisions": "no such decision"}
)
_NO_DECISION = "no decision then"
_NOT_KEPT = "Their decisions were not written down, so what differs first in them is not known."
_OUTSIDE = "No decision of their own differs: it came from outside, or from others."
_LIMITS = (
    "Compared are activities, trips that have ended and decisions, in their order; plans count "
    f"once they are lived. While both runs go on, the list follows every {EVERY_MIN} minutes of "
    "theirs, or later where they are many people."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferingWish:
    """What the reader of the list has asked for.

    Parameters
    ----------
    tables : tuple of str
        Tables in which the first difference is: some of `TABLES`.
    text : str
        Part of the name of a person, in upper or lower case, or an id.
    count : int
        How many people.
    """

    tables: tuple[str, ...] = tuple(TABLES)
    text: str = ""
    count: int = _PAGE

    def changed(self, wanted: dict[str, Any]) -> DifferingWish:
        """Return the wish after what the browser has sent; what is no wish counts for nothing."""
        told = wanted.get("filter")
        asked = told if isinstance(told, dict) else {}
        tables = asked.get("kinds", self.tables)
        count = whole_number(wanted, "count")
        return DifferingWish(
            tables=tuple(one for one in TABLES if one in tables),
            text=str(asked.get("text", self.text))[:_LONGEST],
            count=self.count if count is None else min(max(count, 1), _MOST),
        )


@solara.component
def WhoDiffers(pair: Pair) -> None:
    """List the people whose days differ in two runs, the first difference first.

    A click on a name selects the person in the run that is shown.

    Parameters
    ----------
    pair : Pair
        The runs as they stand.
    """
    watch = use_differences(pair)
    with Panel("Who lives differently", name="who-differs"):
        if watch.trouble:
            Remark(f"This could not be compared: {watch.trouble}", name="trouble", colour="#B22222")
        if watch.latest is None:
            Hint("Both runs are being compared …")
        else:
            # What stays the same while the runs go on, so that it is not drawn anew each time.
            _Listed(watch.latest, source_of(pair.shown))
            Remark(_LIMITS, name="limits")
        model = model_of(pair.shown)
        if model is not None and model.crowd_or_none is not None:
            Remark(_NO_CROWD, name="no-crowd")


@solara.component
def _Listed(found: Differences, shown: object) -> None:
    """Show the list of what was found, with its search."""
    choice, clock = selected(shown), view_of(shown).clock
    wish, want = solara.use_state(DifferingWish())
    data = solara.use_memo(lambda: differing_data(found, clock, wish), [found, wish])

    def answer(wanted: dict[str, Any]) -> None:
        person = whole_number(wanted, "person")
        if person is not None:
            choice.set(person)
        else:
            want(wish.changed(wanted))

    show_panel("differing", data, answer)


def differing_data(found: Differences, clock: Clock, wish: DifferingWish) -> dict[str, Any]:
    """Return the list as the browser takes it.

    Parameters
    ----------
    found : Differences
        What differs between the runs.
    clock : Clock
        Calendar of both.
    wish : DifferingWish
        What the reader has asked for.
    """
    fitting = _fitting(found, wish)
    shown = fitting[: wish.count]
    return {
        "names": list(found.names),
        "kinds": [[name, label] for name, label in TABLES.items()],
        "filter": {"kinds": list(wish.tables), "text": wish.text},
        "items": _items(found, clock, shown),
        "more": len(fitting) > len(shown),
        "count": len(fitting),
        "summary": _summary(found, clock),
        "hint": _hint(found, wish),
    }


def _fitting(found: Differences, wish: DifferingWish) -> Int:
    """Return which of those in `Differences.first` are wanted."""
    first = found.first
    wanted = [row for row, name in enumerate(COMPARED) if name in wish.tables]
    rows = np.flatnonzero(np.isin(first.table, wanted))
    text = wish.text.strip().casefold()
    if not text:
        return rows
    people = first.person[rows].tolist()
    fits = [text == str(one) or text in found.name_of(one).casefold() for one in people]
    return rows[np.array(fits, dtype=np.bool_)]


def _items(found: Differences, clock: Clock, rows: Int) -> list[dict[str, Any]]:
    first = found.first
    sides = [_sides(found, rows, side) for side in (0, 1)]
    decisions = [first.decided_told(rows, side) for side in (0, 1)]
    # Rows of a crowd keep none.
    why = _OUTSIDE if any(map(len, first.frames["decisions"])) else _NOT_KEPT
    items = []
    for at, row in enumerate(rows.tolist()):
        person, minute = int(first.person[row]), int(first.minute[row])
        told = [one[at] for one in decisions]
        items.append(
            {
                "person": person,
                "name": found.name_of(person),
                "when": short_time(clock, minute),
                "kind": COMPARED[first.table[row]],
                "note": _note(found, found.absent[row].tolist()),
                "sides": [one[at] for one in sides],
                "why": why if first.decided[row] == NONE else "",
                "decided": _decided(told, _lead(found, clock, row)),
            }
        )
    return items


def _sides(found: Differences, rows: Int, side: int) -> list[str]:
    """Return what each person did in one run, in words."""
    first = found.first
    tables = [COMPARED[one] for one in first.table[rows].tolist()]
    absent = found.absent[rows, side].tolist()
    lived = zip(first.told(rows, side), tables, absent, strict=True)
    return [
        first.trip_of(told, side).words or _lived(told, table, is_absent=is_absent)
        for told, table, is_absent in lived
    ]


def _lived(told: Told, table: str, *, is_absent: bool) -> str:
    """Return what a person did in one run, in words."""
    if told.words:
        return told.words
    return "not in this run, or gone from it" if is_absent else _NO_ROW[table]


def _note(found: Differences, absent: list[bool]) -> str:
    """Return in which run a person is not, empty for one who is in both."""
    return ", ".join(
        f"not in {name} now" for name, is_gone in zip(found.names, absent, strict=True) if is_gone
    )


def _lead(found: Differences, clock: Clock, row: int) -> str:
    """Return how the first decisions that differ stand to the first difference, in words."""
    decided = int(found.first.decided[row])
    if decided > found.first.minute[row]:
        return f"It came from outside, or from others; later, at {short_time(clock, decided)}:"
    return "because:"


def _decided(told: list[Told], lead: str) -> list[str]:
    """Return the first decisions that differ in words; a later one is none of that time."""
    times = [one.row["time"] for one in told if one.row]
    return [
        f"{lead} {_in_words(one)}" if one.row and one.row["time"] == min(times) else _NO_DECISION
        for one in told
        if times
    ]


def _in_words(told: Told) -> str:
    """Return a decision with its reason, and who or what took it."""
    reason, source = str(told.row["reason"]), str(told.row["source"])
    short = reason if len(reason) <= _LONGEST_REASON else f"{reason[:_LONGEST_REASON]}…"
    return f"{told.words}{short and f' ({short})'}, by {SOURCES.get(source, source)}"


def _summary(found: Differences, clock: Clock) -> str:
    """Return how many live differently, in a sentence."""
    many, people = len(found.first), found.people
    since, until = (short_time(clock, one) for one in (found.parted, found.minute))
    who = "1 person lives" if many == 1 else f"{many:,} people live"
    return f"{who} differently, {found.share:.1%} of {people:,}, from {since} to {until}."


def _hint(found: Differences, wish: DifferingWish) -> str:
    if wish.text or len(wish.tables) < len(TABLES):
        return "Nobody fits: search for less, or show more kinds."
    # Nobody has been there since they parted, at the minute at which they part.
    if found.minute <= found.parted:
        return "Up to this minute both runs are one: go on, or to a later minute."
    if not found.people:
        return "There are no citizens whose days could be compared."
    return "Everybody has lived alike so far: go on, or to a later minute."
