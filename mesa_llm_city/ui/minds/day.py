"""The day of one person as a timeline: what, where, how and why, and how needs went."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import solara

from mesa_llm_city.core.clock import DAY_MIN, clock_time
from mesa_llm_city.core.values import Purpose
from mesa_llm_city.experiments.hourly import minutes_of
from mesa_llm_city.experiments.palette import palette_of
from mesa_llm_city.ui.minds.feed_rows import FeedFilter, latest
from mesa_llm_city.ui.minds.rows import own_rows
from mesa_llm_city.ui.minds.widget import show_panel, whole_number
from mesa_llm_city.ui.minds.words import Names, decided
from mesa_llm_city.ui.palette import on_any_ground
from mesa_llm_city.ui.panel import Panel
from mesa_llm_city.ui.person.common import CHOOSE, use_person
from mesa_llm_city.ui.person.selection import selected
from mesa_llm_city.ui.views.consistent_read import read_steadily
from mesa_llm_city.ui.views.frame_rows import rows_of
from mesa_llm_city.ui.views.protocols import CityView, PersonView, PlanRow, view_of

__all__ = ["DayTimeline", "day_data"]

_TALKS = 60
_M_PER_KM = 1000.0
_NO_ACTIVITY = "#999999"
_KEPT_ON = "continue"
_NOTHING = "Nothing is planned yet: press Step, and the day is planned at its beginning."


class _Note(NamedTuple):
    """Something about a minute of the day."""

    minute: int
    kind: str
    text: str


def DayTimeline(model: object) -> solara.Element:
    """Show the day of the selected person: each activity with its place, way and reasons.

    Parameters
    ----------
    model : CityModel or CityView
        The city; a replay shows the day as far as it was known at its minute.
    """
    return _DayTimeline(model=model, minute=view_of(model).minute)


@solara.component
def _DayTimeline(model: object, minute: int) -> None:
    seen, view, choice = use_person(model, minute), view_of(model), selected(model)
    known = (0, 0) if seen is None else (seen.id, len(seen.decisions) + len(seen.memories))
    data = solara.use_memo(
        lambda: _empty(CHOOSE) if seen is None else read_steadily(lambda: day_data(view, seen)),
        [seen, known, minute, id(model)],
    )

    def answer(wanted: dict[str, Any]) -> None:
        person = whole_number(wanted, "person")
        if person is not None:
            choice.set(person)

    with Panel("Day", name="day"):
        show_panel("day", data, answer)


def _empty(hint: str) -> dict[str, Any]:
    return {"name": "", "minute": 0, "midnight": 0, "entries": [], "needs": [], "hint": hint}


def day_data(view: CityView, seen: PersonView) -> dict[str, Any]:
    """Return the day of a person as the browser takes it.

    Parameters
    ----------
    view : CityView
        A live model or a replay.
    seen : PersonView
        The person at the minute of the view.
    """
    midnight = max(view.minute - 1, 0) // DAY_MIN * DAY_MIN
    if not seen.plan:
        return _empty(_NOTHING)
    plan = sorted(seen.plan, key=lambda row: row.start)
    notes = _by_block(plan, [*_reasons(view, seen), *_talks(view, seen), *_thoughts(view, seen)])
    ways = _ways(view, seen.id)
    entries = [_entry(view, row, ways, notes.get(at, ())) for at, row in enumerate(plan)]
    return {
        "name": seen.name,
        "minute": view.minute,
        "midnight": midnight,
        "entries": entries,
        "needs": _needs(view, seen, midnight),
        "hint": "",
    }


def _entry(
    view: CityView, row: PlanRow, ways: Mapping[int, str], notes: Sequence[_Note]
) -> dict[str, Any]:
    palette, spec = palette_of(view.parameters), view.parameters.purposes.get(row.purpose)
    group = palette.groups[palette.group_of(row.purpose)] if spec else None
    under_way = row.purpose == Purpose.TRAVEL
    return {
        "start": row.start,
        "end": row.end,
        "when": f"{clock_time(row.start)}-{clock_time(row.end)}",
        "label": spec.label if spec else row.purpose,
        "place": f"{'to' if under_way else 'at'} {row.place}" if row.place else "",
        "how": ways.get(row.start, "") if under_way else "",
        "colour": on_any_ground(group.colour, group.colour_dark) if group else _NO_ACTIVITY,
        "status": row.status,
        "notes": [
            {"when": clock_time(one.minute), "kind": one.kind, "text": one.text} for one in notes
        ],
    }


def _by_block(plan: Sequence[PlanRow], notes: Sequence[_Note]) -> dict[int, list[_Note]]:
    """Return notes by the block within which they are; those before the day are left out."""
    starts = [row.start for row in plan]
    found: dict[int, list[_Note]] = {}
    for note in sorted(notes):
        block = bisect_right(starts, note.minute) - 1
        if block >= 0 and note.minute >= starts[0]:
            found.setdefault(block, []).append(note)
    return found


def _reasons(view: CityView, seen: PersonView) -> Iterator[_Note]:
    names = Names.of(view)
    minutes = minutes_of(seen.decisions["time"], view.clock).tolist()
    for at, row in zip(minutes, rows_of(seen.decisions), strict=True):
        if f"{row.choice}" == _KEPT_ON:
            continue
        what = decided(names, f"{row.component}", f"{row.choice}")
        by = f" (by {row.source})" if f"{row.source}" != "rule" else ""
        yield _Note(at, "why", f"{what}{by}: {row.reason}" if row.reason else f"{what}{by}")


def _talks(view: CityView, seen: PersonView) -> Iterator[_Note]:
    wanted = FeedFilter(kinds=frozenset({"conversations"}), person=seen.id)
    for row in latest(view, wanted, _TALKS):
        others = ", ".join(name for person, name in row.people if person != seen.id)
        how = f" ({row.tone})" if row.tone else ""
        yield _Note(row.minute, "talk", f"with {others}: {row.title}{how}")


def _thoughts(view: CityView, seen: PersonView) -> Iterator[_Note]:
    purposes = view.parameters.purposes
    for one in seen.memories:
        # What is remembered of talks and messages stands with these.
        if one.score is not None and one.key in purposes:
            yield _Note(one.minute, "memory", f"{one.observation} (liked {one.score:.0%})")
    for thought in seen.insights:
        if thought.kind != "justification":
            yield _Note(thought.minute, "insight", f"{thought.text} ({thought.strength:.0%} sure)")


def _ways(view: CityView, person: int) -> dict[int, str]:
    """Return by what a person went and how far, by the minute of departure."""
    trips, modes = own_rows(view, "trips", person), view.parameters.modes
    return {
        int(row.start): f"{_mode(modes, f'{row.mode}')}, {float(row.distance_m) / _M_PER_KM:.1f} km"
        for row in rows_of(trips)
    }


def _mode(modes: Mapping[str, Any], mode: str) -> str:
    spec = modes.get(mode)
    return f"by {mode if spec is None else spec.label.casefold()}"


def _needs(view: CityView, seen: PersonView, midnight: int) -> list[dict[str, Any]]:
    """Return the needs from midnight to now; none if they are not known."""
    if not seen.needs:
        return []
    frame = own_rows(view, "needs", seen.id)
    today = frame[(frame["time"] >= midnight) & (frame["time"] <= view.minute)]
    minutes = today["time"].tolist()
    found = []
    for name, level in seen.needs.items():
        spec = view.parameters.needs[name]
        past = today[name].to_numpy(dtype=np.float64).round(3).tolist() if name in today else []
        levels = [[at, one] for at, one in zip(minutes, past, strict=False) if np.isfinite(one)]
        levels.append([view.minute, round(level, 3)])
        colour = on_any_ground(spec.colour, spec.colour_dark)
        found.append({"label": spec.label, "colour": colour, "levels": levels})
    return found
