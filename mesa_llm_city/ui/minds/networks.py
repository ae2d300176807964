"""Who knows whom, who talks with whom and who told whom: people and lines between them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from math import fsum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.ui.focus import EVERYBODY, Emphasis
from mesa_llm_city.ui.minds.groups import ANYBODY, groups_of, members_of
from mesa_llm_city.ui.minds.rows import batches_back
from mesa_llm_city.ui.minds.ties_among import known_among, ties_among, ties_of
from mesa_llm_city.ui.person.common import short_time
from mesa_llm_city.ui.person.selection import NOBODY
from mesa_llm_city.ui.views.frame_rows import rows_of
from mesa_llm_city.ui.views.protocols import CityView

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["TALKS", "TIES", "network_data"]

TIES, TALKS = "ties", "talks"
"""Keys of the network of a person or of a group, and of the talks of the last day."""

_MESSAGE, _POST = "message:", "post:"
_NEAR = 24
_TALKING = 60
_AMONG = 60
_TOLD = 150
_OFFERED = 12
_SHORT = 48
_OUTCOMES: Mapping[str, float] = MappingProxyType(
    {"positive": 1.0, "neutral": 0.0, "negative": -1.0}
)


class _Net(NamedTuple):
    """A network as the browser takes it."""

    nodes: list[dict[str, Any]]
    edges: list[dict[str, Any]]
    summary: str
    span: tuple[int, int] | None = None


class _Whom(NamedTuple):
    """Whom a network is about.

    Attributes
    ----------
    person : int
        The selected person.
    members : frozenset of int or None
        Ids of those among whom it is shown; None for everybody.
    names : dict of int to str
        Names of all people by their ids.
    """

    person: int
    members: frozenset[int] | None
    names: dict[int, str]

    def has(self, person: int) -> bool:
        """Tell whether somebody is in the group."""
        return self.members is None or person in self.members


def network_data(
    view: CityView,
    choice: str,
    person: int = NOBODY,
    *,
    group: str = ANYBODY,
    wanted: Emphasis = EVERYBODY,
) -> dict[str, Any]:
    """Return a network as the browser takes it.

    Parameters
    ----------
    view : CityView
        A live model or a replay; what was known at its minute is shown.
    choice : str
        `TIES`, `TALKS`, or another key of the choices that are returned. A choice that is not
        there, as `TIES` while nobody is selected, stands for the first.
    person : int, default `NOBODY`
        The selected person.
    group : str, optional
        Among whom, one of the keys of `groups_of`; others stand for everybody.
    wanted : Emphasis, optional
        Whom the map shows clearly.
    """
    groups = groups_of(view, person, wanted)
    among = group if group in dict(groups) else ANYBODY
    names = dict(zip(view.crowd().person.tolist(), view.names(), strict=True))
    members = members_of(view, among, person, wanted)
    whom = _Whom(person, None if members is None else frozenset(members.tolist()), names)
    choices = list(_choices(view, whom))
    known = [key for key, _ in choices]
    key = choice if choice in known else known[0]
    net = _made(view, key, whom)
    first, last = net.span or (0, 0)
    return {
        "choices": [list(one) for one in choices],
        "choice": key,
        "groups": [list(one) for one in groups],
        "group": among,
        "timed": net.span is not None,
        "nodes": net.nodes,
        "edges": net.edges,
        "span": {
            "from": first,
            "to": last,
            "labels": [short_time(view.clock, first), short_time(view.clock, last)],
        },
        "summary": net.summary if net.nodes else "",
        "hint": "Nobody is here yet: let the run go on, or select somebody on the map."
        if among == ANYBODY
        else "None of these people is in this network: choose others.",
    }


def _made(view: CityView, key: str, whom: _Whom) -> _Net:
    if key == TIES:
        return _ties(view, whom) if whom.members is None else _ties_among(view, whom)
    if key == TALKS:
        return _talks(view, whom)
    number = int(key.partition(":")[2])
    return (_told if key.startswith(_MESSAGE) else _thread)(view, number, whom)


def _choices(view: CityView, whom: _Whom) -> Iterator[tuple[str, str]]:
    if whom.members is not None:
        yield TIES, "Who knows whom"
    elif whom.person in whom.names:
        yield TIES, f"Whom {whom.names[whom.person]} knows"
    yield TALKS, "Who talked with whom in the last 24 hours"
    messages = _newest(view, "messages", "message", "text")
    yield from ((f"{_MESSAGE}{one}", f"Who told whom: {text}") for one, text in messages)
    posts = _newest(view, "posts", "root", "topic")
    yield from ((f"{_POST}{one}", f"Who passed on post {one}: {text}") for one, text in posts)


def _newest(view: CityView, table: str, key: str, text: str) -> list[tuple[int, str]]:
    """Return the messages or threads that most people took part in, with their words."""
    counted: Counter[int] = Counter()
    words: dict[int, str] = {}
    for batch in batches_back(view, table):
        numbers = batch[key].to_pylist()
        counted.update(numbers)
        words |= dict(zip(numbers, map(str, batch[text].to_pylist()), strict=True))
    some = [one for one, count in counted.most_common(_OFFERED) if count > 1]
    return [(int(one), _shortened(words[one])) for one in some]


def _shortened(text: str) -> str:
    return text if len(text) <= _SHORT else f"{text[: _SHORT - 1]}…"


def _ties(view: CityView, whom: _Whom) -> _Net:
    person, names = whom.person, whom.names
    near = ties_of(view, person).head(_NEAR)
    people = near["other"].tolist()
    nodes, edges = [_node(person, names, own=True)], []
    for row in rows_of(near):
        note = f"{row.relation}, trust {row.trust:.2f}, familiarity {row.familiarity:.2f}"
        nodes.append(_node(row.other, names, note=note, tone=2.0 * row.affinity - 1.0))
        edges.append(_edge(person, row.other, row.familiarity, 2.0 * row.affinity - 1.0, note))
    edges.extend(_edges_among(view, people, names, 0.5))
    summary = (
        f"{names[person]} and the {len(people)} closest: lines are blue where people like each "
        "other and red where they do not, and thicker where they know each other well."
    )
    return _Net(nodes, edges, summary)


def _ties_among(view: CityView, whom: _Whom) -> _Net:
    """Return the ties among the people of a group, of those with the most such ties."""
    people = np.array([one for one in sorted(whom.names) if whom.has(one)], dtype=np.int64)
    known = known_among(view, people)
    shown = np.sort(people[np.argsort(-known, kind="stable")[:_AMONG]]).tolist()
    counts = dict(zip(people.tolist(), known.tolist(), strict=True))
    nodes = [
        _node(one, whom.names, note=f"knows {counts[one]} of them", own=one == whom.person)
        for one in shown
    ]
    edges = list(_edges_among(view, shown, whom.names, 1.0))
    count = _counted(len(people), "person", "people")
    few = "" if len(shown) == len(people) else f" The {_AMONG} who know most of them are shown."
    summary = (
        f"{count}: lines are blue where people like each other and red where they "
        f"do not, and thicker where they know each other well.{few}"
    )
    return _Net(nodes, edges, summary)


def _edges_among(
    view: CityView, people: Sequence[int], names: Mapping[int, str], part: float
) -> Iterator[dict[str, Any]]:
    """Yield the ties among some people, each once, by `part` of their usual width."""
    for one, other, tie in ties_among(view, people):
        note = f"{names.get(one)} and {names.get(other)}: {tie.relation}"
        liked = 2.0 * tie.affinity - 1.0
        yield _edge(one, other, part * tie.familiarity, liked, note)


def _talks(view: CityView, whom: _Whom) -> _Net:
    counts: Counter[tuple[int, int]] = Counter()
    outcomes: dict[tuple[int, int], list[float]] = defaultdict(list)
    since = view.minute - DAY_MIN
    for batch in batches_back(view, "conversations"):
        times = batch["time"].to_pylist()
        columns = [batch[name].to_pylist() for name in ("person", "other", "outcome")]
        for at, one, other, outcome in zip(times, *columns, strict=True):
            if at >= since and whom.has(one) and whom.has(other):
                pair = (min(one, other), max(one, other))
                counts[pair] += 1
                outcomes[pair].append(_OUTCOMES.get(str(outcome), 0.0))
        if times and max(times) < since:
            break
    busiest: Counter[int] = Counter()
    for pair, count in counts.items():
        busiest.update(dict.fromkeys(pair, count))
    shown = {one for one, _ in busiest.most_common(_TALKING)}
    most = max(counts.values(), default=1)
    edges = [
        _edge(*pair, count / most, _mean(outcomes[pair]), _counted(count, "talk", "talks"))
        for pair, count in counts.items()
        if shown.issuperset(pair)
    ]
    nodes = [
        _node(one, whom.names, note=_counted(busiest[one], "talk", "talks"))
        for one in sorted(shown)
    ]
    total = _counted(sum(counts.values()), "talk", "talks")
    summary = f"{total}; the {len(nodes)} people who talked most are shown."
    return _Net(nodes, edges, summary)


def _mean(values: Sequence[float]) -> float:
    return fsum(values) / len(values)


def _told(view: CityView, message: int, whom: _Whom) -> _Net:
    heard: dict[int, dict[str, Any]] = {}
    for batch in batches_back(view, "messages"):
        for row in batch.to_pylist()[::-1]:
            if row["message"] == message and whom.has(int(row["person"])):
                heard[int(row["person"])] = row
    everybody = sorted(heard.values(), key=lambda row: (row["time"], row["person"]))
    rows = everybody[:_TOLD]
    nodes = [
        _node(
            int(row["person"]),
            whom.names,
            note=f"heard at {short_time(view.clock, row['time'])}, "
            f"{'believed it' if row['believed'] else 'did not believe it'}",
            tone=1.0 if row["believed"] else -1.0,
            minute=int(row["time"]),
        )
        for row in rows
    ]
    edges = [
        _edge(int(row["sender"]), int(row["person"]), 0.4, 1.0 if row["believed"] else -1.0, "told")
        for row in rows
        if row["sender"] is not None
    ]
    people = _counted(len(heard), "person", "people")
    others = sum(row["sender"] is not None for row in everybody)
    drawn = _drawn_first(len(heard))
    return _timed(nodes, edges, f"{people} heard it, {others:,} of them from others{drawn}.")


def _thread(view: CityView, root: int, whom: _Whom) -> _Net:
    posts: dict[int, dict[str, Any]] = {}
    for batch in batches_back(view, "posts"):
        posts |= {int(row["post"]): row for row in batch.to_pylist() if row["root"] == root}
    nodes: dict[int, dict[str, Any]] = {}
    edges = []
    written = [number for number in sorted(posts) if _is_of(posts[number], whom)]
    for number in written[:_TOLD]:
        row = posts[number]
        if row["person"] is None:
            continue
        person, parent = int(row["person"]), posts.get(int(row["parent"]))
        note = f"{row['kind']} at {short_time(view.clock, row['time'])}"
        tone, minute = float(row["stance"]), int(row["time"])
        nodes.setdefault(person, _node(person, whom.names, note=note, tone=tone, minute=minute))
        if parent is not None and parent["person"] is not None and parent["person"] != person:
            edges.append(_edge(int(parent["person"]), person, 0.4, tone, str(row["kind"])))
    count = _counted(len(written), "post", "posts")
    authors = {posts[number]["person"] for number in written} - {None}
    people = _counted(len(authors), "person", "people")
    summary = f"{count} of {people}{_drawn_first(len(written))}."
    return _timed(list(nodes.values()), edges, summary)


def _is_of(post: Mapping[str, Any], whom: _Whom) -> bool:
    """Tell whether a post is of the group; those of nobody, as of institutions, are of all."""
    person = post["person"]
    return whom.members is None if person is None else whom.has(int(person))


def _drawn_first(count: int) -> str:
    """Return in words how many of these are drawn, where that is not all."""
    return f"; the first {_TOLD} are drawn" if count > _TOLD else ""


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


def _timed(nodes: list[dict[str, Any]], edges: list[dict[str, Any]], summary: str) -> _Net:
    minutes = [one["minute"] for one in nodes]
    span = (min(minutes, default=0), max(minutes, default=0))
    return _Net(nodes, edges, f"{summary} Time goes from left to right.", span)


def _node(
    person: int,
    names: dict[int, str],
    *,
    note: str = "",
    tone: float = 0.0,
    own: bool = False,
    minute: int = 0,
) -> dict[str, Any]:
    name = names.get(person, f"person {person}")
    return {
        "id": person,
        "name": name,
        "note": note,
        "tone": round(tone, 3),
        "own": own,
        "minute": minute,
    }


def _edge(one: int, other: int, weight: float, tone: float, note: str) -> dict[str, Any]:
    told = {"weight": round(weight, 3), "tone": round(tone, 3), "note": note}
    return {"from": one, "to": other, **told}
