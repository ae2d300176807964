"""The feed: talks, decisions, insights, messages and posts of everybody, the newest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import solara

from mesa_llm_city.ui.charts.time_of_day import name_of
from mesa_llm_city.ui.focus import TimeRange, time_range
from mesa_llm_city.ui.minds.feed_rows import KINDS, SOURCES, FeedFilter, FeedRow, latest
from mesa_llm_city.ui.minds.rows import has_rows
from mesa_llm_city.ui.minds.widget import show_panel, whole_number
from mesa_llm_city.ui.page.throttle import use_throttled
from mesa_llm_city.ui.panel import Panel
from mesa_llm_city.ui.person.common import short_time
from mesa_llm_city.ui.person.selection import NOBODY, selected
from mesa_llm_city.ui.views.consistent_read import read_steadily
from mesa_llm_city.ui.views.protocols import CityView, view_of

__all__ = ["Feed", "FeedWish", "feed_data"]

_PAGE, _MOST = 50, 2000
_LONGEST = 80
_USUAL = ("conversations", "decisions", "insights")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedWish:
    """What the reader of a feed has asked for.

    Parameters
    ----------
    kinds : tuple of str
        Some of `KINDS`.
    source : str
        One of `SOURCES`, or empty.
    text : str
        What is searched for.
    only : bool
        Whether only rows with the selected person are shown.
    count : int
        How many rows.
    """

    kinds: tuple[str, ...] = tuple(KINDS)
    source: str = ""
    text: str = ""
    only: bool = False
    count: int = _PAGE

    def changed(self, wanted: dict[str, Any]) -> FeedWish:
        """Return the wish after what the browser has sent; what is no wish counts for nothing."""
        told = wanted.get("filter")
        asked = told if isinstance(told, dict) else {}
        kinds = asked.get("kinds", self.kinds)
        source = str(asked.get("source", self.source))
        count = whole_number(wanted, "count")
        return FeedWish(
            kinds=tuple(one for one in KINDS if one in kinds),
            source=source if source in SOURCES else "",
            text=str(asked.get("text", self.text))[:_LONGEST],
            only=bool(asked.get("only", self.only)),
            count=self.count if count is None else min(max(count, 1), _MOST),
        )


def Feed(model: object, minute: int | None = None) -> solara.Element:
    """Show what goes on in minds; a click on a name selects the person.

    While hours are marked in a chart, it shows what happened in these.

    Parameters
    ----------
    model : CityModel or CityView
        The city.
    minute : int, optional
        Its present minute, read from the model if not given.
    """
    # Handed over, so that the feed is read anew when the minute has changed.
    return _Feed(model=model, minute=view_of(model).minute if minute is None else minute)


@solara.component
def _Feed(model: object, minute: int) -> None:
    view, choice, marked = view_of(model), selected(model), time_range(model)
    wish, want = solara.use_state(FeedWish())
    person, hours = choice.value, marked.value
    data = use_throttled(
        minute,
        lambda: read_steadily(lambda: feed_data(view, wish, person, hours)),
        urgent=(wish, person, hours, id(model)),
    )

    def answer(wanted: dict[str, Any]) -> None:
        chosen = whole_number(wanted, "person")
        if chosen is not None:
            choice.set(chosen)
        elif "hours" in wanted:
            marked.set(None)
        else:
            want(wish.changed(wanted))

    with Panel("What goes on in minds", name="feed"):
        show_panel("feed", data, answer)


def feed_data(
    view: CityView, wish: FeedWish, person: int = NOBODY, hours: TimeRange | None = None
) -> dict[str, Any]:
    """Return the feed as the browser takes it.

    Parameters
    ----------
    view : CityView
        A live model or a replay.
    wish : FeedWish
        What the reader has asked for.
    person : int, default `NOBODY`
        The selected person.
    hours : TimeRange, optional
        Hours of which the feed is, on the latest day on which they have begun.
    """
    who = person if wish.only and person != NOBODY else None
    wanted = FeedFilter(
        kinds=frozenset(wish.kinds),
        source=wish.source,
        person=who,
        text=wish.text,
        span=None if hours is None else hours.latest(view.minute),
    )
    rows = latest(view, wanted, wish.count + 1)
    kinds = [one for one in KINDS if one in _USUAL or has_rows(view, one)]
    return {
        "kinds": [[one, KINDS[one]] for one in kinds],
        "sources": [[key, label] for key, label in SOURCES.items()],
        "filter": {
            "kinds": list(wish.kinds),
            "source": wish.source,
            "text": wish.text,
            "only": wish.only,
        },
        "items": [_item(view, row) for row in rows[: wish.count]],
        "more": len(rows) > wish.count,
        "selected": name_of(view, person),
        "hours": "" if hours is None else hours.in_words(view.minute),
        "hint": _hint(wish, view, hours),
    }


def _item(view: CityView, row: FeedRow) -> dict[str, Any]:
    people = [list(one) for one in row.people]
    return {**row._asdict(), "people": people, "when": short_time(view.clock, row.minute)}


def _hint(wish: FeedWish, view: CityView, hours: TimeRange | None) -> str:
    if hours is not None:
        return "Nothing fits in the marked hours: take the mark away, or mark others."
    if wish.text or wish.source or wish.only or len(wish.kinds) < len(KINDS):
        return "Nothing fits: search for less, or show more kinds."
    if not view.minute:
        return "Nothing has happened yet: press Step or Play."
    return "Nobody has decided anything yet."
