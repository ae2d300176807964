"""What has changed in people's minds is written down, hour by hour: from components to rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.citizen.components import Components
from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN
from mesa_llm_city.core.values import Int
from mesa_llm_city.mind import InsightMemory, Memory, Mood, PlaceBeliefs
from mesa_llm_city.simulation.records.mind_tables import FORGOTTEN, MindTables
from mesa_llm_city.social import Ties
from mesa_llm_city.social.tie import Relation
from mesa_llm_city.social.tie_slots import NEVER, NOBODY

if TYPE_CHECKING:
    # Agents are read here; the class of their model writes by this file.
    from mesa_llm_city.simulation.agent import CityAgent

__all__ = ["MINDS_EVERY_MIN", "late_minds", "write_minds"]

MINDS_EVERY_MIN = 3 * HOUR_MIN
"""How often minds are looked at, in minutes; what has changed has the minute at which it did."""

_RELATIONS = tuple(str(one) for one in Relation)

_Rows = dict[str, list[tuple[Any, ...]]]


class _Marks(NamedTuple):
    """What there is, and what tells that it has changed: ids (n,), marks (n, k)."""

    ids: Int
    marks: NDArray[np.int64]


_NOTHING = _Marks(np.empty(0, dtype=np.int64), np.empty((0, 0), dtype=np.int64))


class _Known(NamedTuple):
    """What was written down of a person last."""

    memory: int = 0
    talked_min: int = NEVER
    insights: _Marks = _NOTHING
    beliefs: _Marks = _NOTHING
    ties: _Marks = _NOTHING
    mood: tuple[object, ...] = ()


_NO_MOOD = (None, None, None, None, None, "", None)


def write_minds(minds: MindTables, agents: Iterable[CityAgent], minute: int) -> None:
    """Write down what has changed in the minds of citizens since the last time.

    Parameters
    ----------
    minds : MindTables
        The tables.
    agents : iterable of CityAgent
        All citizens; those in the sample of the tables are looked at.
    minute : int
        Present minute. What is written is the state before it. It is done once a minute: a step
        that failed and is made again writes nothing twice.
    """
    if minute <= minds.written_min:
        return
    rows, known = _changes(minds, agents, minute)
    for name, some in rows.items():
        for row in some:
            minds.tables[name].add(row)
    minds.known.update(known)
    minds.written_min = minute


def late_minds(
    minds: MindTables, agents: Iterable[CityAgent], minute: int
) -> Mapping[str, Sequence[tuple[Any, ...]]]:
    """Return the rows that `write_minds` would write now, by name of the table; none is written.

    Parameters
    ----------
    minds, agents, minute
        As for `write_minds`.
    """
    return _changes(minds, agents, minute)[0] if minute > minds.written_min else defaultdict(list)


def _changes(
    minds: MindTables, agents: Iterable[CityAgent], minute: int
) -> tuple[_Rows, dict[int, _Known]]:
    rows: _Rows = defaultdict(list)
    known: dict[int, _Known] = {}
    # Some changes come with neither a stay nor a talk, such as those of ties by a marriage.
    thorough = minute // DAY_MIN > minds.written_min // DAY_MIN
    for agent in _of_sample(minds, list(agents)):
        last = minds.known.get(agent.person)
        # Kept by this file alone, which puts nothing else there.
        is_new = not isinstance(last, _Known)
        before = last if isinstance(last, _Known) else _Known(minds.numbers.get(agent.person, 0))
        log = _Log(agent, minds.written_min, minute, rows)
        known[agent.person] = log.changed(before, thorough=thorough or is_new)
    return rows, known


def _of_sample(minds: MindTables, agents: Sequence[CityAgent]) -> Iterator[CityAgent]:
    if minds.sample is None or not agents:
        yield from agents
        return
    keeps = minds.sample.keeps(np.array([one.person for one in agents], dtype=np.int64))
    for row in np.flatnonzero(keeps).tolist():
        yield agents[row]


class _Log:
    """Looks at one person, and appends rows of what has changed."""

    def __init__(self, agent: CityAgent, since: int, minute: int, rows: _Rows) -> None:
        self.agent, self.rows = agent, rows
        # A row counts from the minute after it, as all that happens in a minute does.
        self.first, self.last = max(since, 0), max(minute - 1, 0)

    def changed(self, known: _Known, *, thorough: bool) -> _Known:
        """Look at everything, or only at what the end of a stay or a talk changes."""
        parts = self.agent.citizen.components
        memory, talked = _last_of(parts)
        if not thorough and (memory, talked) == known[:2]:
            return known
        insights, beliefs, ties, mood = known[2:]
        rated = False
        if isinstance(parts.memory, Memory):
            rated = self._memories(parts.memory, known.memory)
        if isinstance(parts.insights, InsightMemory):
            insights = self._insights(parts.insights, insights)
        if (rated or thorough) and isinstance(parts.beliefs, PlaceBeliefs):
            beliefs = self._beliefs(parts.beliefs, beliefs)
        if (thorough or talked != known.talked_min) and isinstance(parts.ties, Ties):
            ties = self._ties(parts.ties, ties)
        return _Known(memory, talked, insights, beliefs, ties, self._mood(mood))

    def _add(self, table: str, minute: int, *values: object) -> None:
        at = min(max(minute, self.first), self.last)
        self.rows[table].append((self.agent.person, at, *values))

    def _memories(self, memory: Memory, written: int) -> bool:
        """Write new memories down, and tell whether a place was judged in one of them."""
        latest, rated = memory.latest, False
        for number in range(max(written, latest - len(memory)) + 1, latest + 1):
            if (one := memory.entry(number)) is None:
                continue
            how = one.circumstances
            rated = rated or one.score is not None
            where = None if one.place < 0 else one.place
            judged = (one.score, how.price, how.atmosphere, how.convenience)
            company = " ".join(map(str, how.company))
            told = (one.key, how.minutes, *judged, how.weather, company, how.others)
            end_min = one.minute + how.minutes
            row = (number, one.minute, where, *told, one.observation)
            self._add("mind_memories", end_min, *row)
        return rated

    def _insights(self, insights: InsightMemory, known: _Marks) -> _Marks:
        now = _Marks(np.array(insights.numbers, dtype=np.int64), insights.minutes[:, np.newaxis])
        changed, gone = _compared(known, now)
        for number in changed:
            if (one := insights.insight(number)) is not None:
                rests = " ".join([*map(str, one.evidence), *(f"t{some}" for some in one.earlier)])
                told = (str(one.kind), one.subject, one.text, one.strength, one.liking, rests)
                self._add("mind_insights", one.minute, number, *told)
        for number in gone:
            self._add("mind_insights", self.last, number, FORGOTTEN, "", "", None, None, "")
        return now

    def _beliefs(self, beliefs: PlaceBeliefs, known: _Marks) -> _Marks:
        now = _Marks(beliefs.places, beliefs.minute[:, np.newaxis].astype(np.int64))
        changed, gone = _compared(known, now)
        state = beliefs.state() if changed else {}
        for place in changed:
            row = state["place"].index(place)
            learnt = (*state["mean"][row], state["overall"][row], state["variance"][row])
            self._add("mind_beliefs", state["minute"][row], place, state["visits"][row], *learnt)
        for place in gone:
            self._add("mind_beliefs", self.last, place, 0, *(None,) * 6)
        return now

    def _ties(self, ties: Ties, known: _Marks) -> _Marks:
        now = _marks_of_ties(ties)
        changed, gone = _compared(known, now)
        state = ties.state() if changed else {}
        for other in changed:
            row = state["other"].index(other)
            met = None if state["met_min"][row] == NEVER else state["met_min"][row]
            told = (_RELATIONS[state["relation"][row]], met, *state["tie"][row])
            self._add("mind_ties", self.last if met is None else met, other, *told)
        for other in gone:
            self._add("mind_ties", self.last, other, FORGOTTEN, None, None, None, None)
        return now

    def _mood(self, known: tuple[object, ...]) -> tuple[object, ...]:
        parts = self.agent.citizen.components
        texts = () if parts.goals is None else (one.text for one in parts.goals.goals)
        now: tuple[object, ...] = (*_NO_MOOD, "\n".join(texts))
        at = self.last
        if isinstance(parts.mood, Mood):
            state = parts.mood.state()
            thought = (state["thought"], state["thought_min"])
            now = (*state["level"], *state["rest"], state["minute"], *thought, now[-1])
            at = max(state["minute"], state["thought_min"])
        if now != known:
            self._add("mind_moods", at, *now)
        return now


def _last_of(parts: Components) -> tuple[int, int]:
    """Return the number of the latest memory, and the minute of the latest talk."""
    memory, ties = parts.memory, parts.ties
    return (
        memory.latest if isinstance(memory, Memory) else 0,
        int(ties.slots.talked_min[0]) if isinstance(ties, Ties) else NEVER,
    )


def _marks_of_ties(ties: Ties) -> _Marks:
    slots = ties.slots
    other = slots.other[0]
    known = int(np.count_nonzero(other != NOBODY))
    marks = np.empty((known, 2 + slots.level_codes.shape[2]), dtype=np.int64)
    marks[:, 0] = slots.relation[0, :known]
    marks[:, 1] = slots.met_min[0, :known]
    marks[:, 2:] = slots.level_codes[0, :known]
    return _Marks(other[:known].astype(np.int64), marks)


def _compared(known: _Marks, now: _Marks) -> tuple[list[int], list[int]]:
    """Return the ids of what is new, has changed or has another position, and of what is gone."""
    if len(known.ids) and np.array_equal(known.ids, now.ids):
        if np.array_equal(known.marks, now.marks):
            return [], []
        return now.ids[(known.marks != now.marks).any(axis=1)].tolist(), []
    both = min(len(known.ids), len(now.ids))
    same = np.zeros(len(now.ids), dtype=np.bool_)
    if both:
        alike = (known.marks[:both] == now.marks[:both]).all(axis=1)
        same[:both] = (known.ids[:both] == now.ids[:both]) & alike
    return now.ids[~same].tolist(), np.setdiff1d(known.ids, now.ids).tolist()
