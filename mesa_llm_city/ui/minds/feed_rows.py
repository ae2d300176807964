"""What happened in minds, the latest first: talks, decisions, insights, messages and posts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.ui.minds.rows import batches_back
from mesa_llm_city.ui.minds.words import Names, decided
from mesa_llm_city.ui.views.protocols import CityView
from mesa_llm_city.ui.views.span import Span

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["KINDS", "SOURCES", "FeedFilter", "FeedRow", "all_rows", "latest"]

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "conversations": "Talks",
        "decisions": "Decisions",
        "insights": "Insights",
        "messages": "Messages",
        "posts": "Posts",
    }
)
"""Tables of which the feed consists, and what their rows are called."""

SOURCES: Mapping[str, str] = MappingProxyType(
    {
        str(DecisionSource.RULE): "rule",
        str(DecisionSource.PROMPT): "language model",
        str(DecisionSource.POLICY): "policy",
    }
)
"""Who may have decided, and what they are called."""

# Rows of a table that are looked through at most, so that a rare word does not hold up a page.
_MOST_LOOKED_AT = 200_000

_OTHERS = MappingProxyType({"conversations": "other", "messages": "sender"})
_SOURCE = MappingProxyType(
    {"conversations": "source", "decisions": "source", "messages": "decided_by"}
)
_TEXTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "conversations": ("topic", "reason", "words"),
        "decisions": ("component", "choice", "reason"),
        "insights": ("subject", "text"),
        "messages": ("text", "reason"),
        "posts": ("topic", "text"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedFilter:
    """Which rows of the feed are wanted.

    Parameters
    ----------
    kinds : frozenset of str
        Some of `KINDS`; all by default.
    source : str, default ""
        One of `SOURCES`, which leaves out what nobody decides; empty for all.
    person : int or None
        Only rows with this person.
    text : str, default ""
        Part of a text, or of the name of a person or a place, in upper or lower case.
    span : Span or None
        Only rows of this part of the run.
    """

    kinds: frozenset[str] = frozenset(KINDS)
    source: str = ""
    person: int | None = None
    text: str = ""
    span: Span | None = None


class FeedRow(NamedTuple):
    """Something that happened in somebody's mind.

    Attributes
    ----------
    minute : int
        When, in minutes since the start of the run.
    kind : str
        One of `KINDS`.
    people : tuple of (int, str)
        Ids and names: who, and with whom or from whom.
    title, text : str
        What happened, and why or in which words.
    source : str
        Who decided, in a word of `SOURCES`; empty where nobody did.
    tone : str
        ``positive``, ``negative`` or empty.
    thread : int
        Number of the message, or of the first post of the thread; -1 for others.
    """

    minute: int
    kind: str
    people: tuple[tuple[int, str], ...]
    title: str
    text: str
    source: str = ""
    tone: str = ""
    thread: int = -1


def latest(view: CityView, wanted: FeedFilter, count: int) -> list[FeedRow]:
    """Return the latest rows of the feed, the newest first.

    Parameters
    ----------
    view : CityView
        A live model or a replay; of a replay what was known at its minute.
    wanted : FeedFilter
        Which rows.
    count : int
        How many rows at most. Of each kind the latest 200,000, before the end of the span if there
        is one, are looked through.
    """
    look = _Look(view, wanted)
    found = [
        (kind, row) for kind in KINDS if kind in wanted.kinds for row in look.rows(kind, count)
    ]
    found.sort(key=lambda one: (-int(one[1]["time"]), one[1]["person"] or 0))
    return [_WORDED[kind](look.names, row) for kind, row in found[:count]]


def all_rows(view: CityView, people: Collection[int]) -> Iterator[FeedRow]:
    """Iterate over all rows of the feed with any of some people, in no order.

    Parameters
    ----------
    view : CityView
        A live model or a replay.
    people : collection of int
        Ids of the people.
    """
    names, ids = Names.of(view), sorted(people)
    for kind in KINDS:
        for batch in batches_back(view, kind):
            for row in batch.filter(_with_person(kind, batch, ids)).to_pylist():
                yield _WORDED[kind](names, row)


class _Look:
    """Looks through the tables of a view for what is wanted."""

    def __init__(self, view: CityView, wanted: FeedFilter) -> None:
        self.view, self.wanted = view, wanted
        text = wanted.text.strip().casefold()
        self.text = text
        self.people = [one for one, _ in view.find(text)] if text else []
        self.names = Names.of(view)
        places = self.names.places if text else ()
        self.places = [at for at, name in enumerate(places) if text in name.casefold()]

    def rows(self, kind: str, count: int) -> Iterator[dict[str, Any]]:
        """Yield the latest rows of a kind that are wanted, the newest first."""
        left, looked_at = count, 0
        for batch in batches_back(self.view, kind):
            if self._is_over(batch):
                return
            if self._is_to_come(batch):
                continue
            fitting = self._fitting(kind, batch)
            tail = fitting.slice(max(fitting.num_rows - left, 0))
            yield from tail.to_pylist()[::-1]
            left -= tail.num_rows
            looked_at += batch.num_rows
            if left <= 0 or looked_at >= _MOST_LOOKED_AT:
                return

    def _is_over(self, batch: pa.Table) -> bool:
        """Tell whether a batch, and so all that come later, is of before the span."""
        span, rows = self.wanted.span, batch.num_rows
        return span is not None and rows > 0 and batch["time"][rows - 1].as_py() < span.start

    def _is_to_come(self, batch: pa.Table) -> bool:
        """Tell whether a batch is of after the span."""
        span = self.wanted.span
        return span is not None and batch.num_rows > 0 and batch["time"][0].as_py() >= span.end

    def _fitting(self, kind: str, batch: pa.Table) -> pa.Table:
        import pyarrow.compute as pc

        wanted = self.wanted
        if wanted.span is not None:
            batch = batch.filter(_within(batch["time"], wanted.span))
        if wanted.source:
            if kind not in _SOURCE:
                return batch.slice(0, 0)
            batch = batch.filter(pc.equal(_words(batch, _SOURCE[kind]), wanted.source))
        if wanted.person is not None:
            batch = batch.filter(_with_person(kind, batch, [wanted.person]))
        return batch.filter(self._about(kind, batch)) if self.text else batch

    def _about(self, kind: str, batch: pa.Table) -> pa.ChunkedArray:
        """Tell of each row whether the text is in it, or in the name of a person or a place."""
        import pyarrow as pa
        import pyarrow.compute as pc

        fits = _with_person(kind, batch, self.people)
        for name in _TEXTS[kind]:
            found = pc.match_substring(_words(batch, name), self.text, ignore_case=True)
            fits = pc.or_kleene(fits, found)
        if kind == "conversations":
            here = pc.is_in(batch["place"], value_set=pa.array(self.places, type=pa.int32()))
            fits = pc.or_kleene(fits, here)
        if kind == "decisions":
            at = pa.array([f"{one}" for one in self.places], type=pa.string())
            there = pc.and_(
                pc.equal(_words(batch, "component"), "place_choice"),
                pc.is_in(_words(batch, "choice"), value_set=at),
            )
            fits = pc.or_kleene(fits, there)
        return pc.fill_null(fits, fill_value=False)


def _within(times: pa.ChunkedArray, span: Span) -> pa.ChunkedArray:
    import pyarrow.compute as pc

    return pc.and_(pc.greater_equal(times, span.start), pc.less(times, span.end))


def _words(batch: pa.Table, name: str) -> pa.ChunkedArray:
    import pyarrow as pa

    return batch[name].cast(pa.string())


def _with_person(kind: str, batch: pa.Table, people: list[int]) -> pa.ChunkedArray:
    import pyarrow as pa
    import pyarrow.compute as pc

    ids = pa.array(people, type=pa.int64())
    fits = pc.is_in(batch["person"].cast(pa.int64()), value_set=ids)
    if kind in _OTHERS:
        other = batch[_OTHERS[kind]].cast(pa.int64())
        fits = pc.or_(fits, pc.is_in(other, value_set=ids))
    return fits


def _who(names: Names, person: Any) -> tuple[int, str]:  # noqa: ANN401 - of a row
    return int(person), names.person(int(person))


def _talk(names: Names, row: Mapping[str, Any]) -> FeedRow:
    people = (_who(names, row["person"]), _who(names, row["other"]))
    where = "" if row["place"] is None else f" at {names.place(int(row['place']))}"
    how = "" if row["channel"] == "face to face" else f", {row['channel']}"
    outcome = str(row["outcome"])
    return FeedRow(
        int(row["time"]),
        "conversations",
        people,
        f"talked about {row['topic']}{where}{how}",
        row["words"] or row["reason"],
        SOURCES.get(str(row["source"]), str(row["source"])),
        outcome if outcome != "neutral" else "",
    )


def _decision(names: Names, row: Mapping[str, Any]) -> FeedRow:
    title = decided(names, str(row["component"]), str(row["choice"]))
    source = SOURCES.get(str(row["source"]), str(row["source"]))
    people = (_who(names, row["person"]),)
    return FeedRow(int(row["time"]), "decisions", people, title, str(row["reason"]), source)


def _insight(names: Names, row: Mapping[str, Any]) -> FeedRow:
    sure = f"{row['kind']}, {float(row['strength']):.0%} sure"
    liking = float(row["liking"])
    tone = "positive" if liking > 0.0 else "negative" if liking < 0.0 else ""
    title = f"has come to think: {row['text']}"
    people = (_who(names, row["person"]),)
    return FeedRow(int(row["time"]), "insights", people, title, sure, tone=tone)


def _message(names: Names, row: Mapping[str, Any]) -> FeedRow:
    sender = row["sender"]
    people = (_who(names, row["person"]), *(() if sender is None else (_who(names, sender),)))
    heard = f"heard by {str(row['channel']).replace('_', ' ')}: {row['text']}"
    belief = "believed it" if row["believed"] else "did not believe it"
    reaction = str(row["reaction"]).replace("_", " ")
    why = ", ".join(filter(None, (belief, reaction, str(row["reason"]))))
    source = SOURCES.get(str(row["decided_by"]), str(row["decided_by"]))
    tone = "" if row["believed"] else "negative"
    when, number = int(row["time"]), int(row["message"])
    return FeedRow(when, "messages", people, heard, why, source, tone, number)


def _post(names: Names, row: Mapping[str, Any]) -> FeedRow:
    person = row["person"]
    people = () if person is None else (_who(names, person),)
    verb = {"forward": "passed on", "reply": "answered"}.get(str(row["kind"]), "wrote")
    tone = "positive" if row["stance"] > 0.0 else "negative" if row["stance"] < 0.0 else ""
    title = f"{verb} a post about {row['topic']}"
    when, text, root = int(row["time"]), str(row["text"] or ""), int(row["root"])
    return FeedRow(when, "posts", people, title, text, tone=tone, thread=root)


_WORDED: Mapping[str, Callable[[Names, Mapping[str, Any]], FeedRow]] = MappingProxyType(
    {
        "conversations": _talk,
        "decisions": _decision,
        "insights": _insight,
        "messages": _message,
        "posts": _post,
    }
)
