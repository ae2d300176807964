"""What a person of a finished run remembered, believed and felt at a minute."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from mesa_llm_city.experiments.hourly import minutes_of
from mesa_llm_city.mind import (
    ASPECTS,
    Circumstances,
    MemoryEntry,
    MemoryWords,
    Mood,
    PlaceBeliefs,
    faded_strength,
)
from mesa_llm_city.simulation.records.mind_tables import FORGOTTEN
from mesa_llm_city.social import DIMENSIONS, Ties
from mesa_llm_city.social.tie import Relation
from mesa_llm_city.social.tie_slots import NEVER, RELATION_CODES
from mesa_llm_city.ui.views.frame_rows import rows_of
from mesa_llm_city.ui.views.mind_frames import belief_frame, tie_frame
from mesa_llm_city.ui.views.protocols import InsightRow, MemoryRow

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city.ui.views.history import History

__all__ = ["Minds", "entry_of", "minds_of", "tied_among", "ties_of"]


class Minds(NamedTuple):
    """What there is to know of a person's mind at a minute (see `PersonView`)."""

    mood: str
    thought: str
    goals: tuple[str, ...]
    memories: tuple[MemoryRow, ...]
    insights: tuple[InsightRow, ...]
    beliefs: pd.DataFrame
    ties: pd.DataFrame


def minds_of(
    history: History, person: int, minute: int, called: Callable[[int], str]
) -> Minds | None:
    """Return what went on in a person's mind, None if the run did not keep it.

    The components of the person are put together from what was written down, so that they
    fade and are read as in a live model.

    Parameters
    ----------
    history : History
        The run.
    person : int
        Id of the person.
    minute : int
        Minute of the run.
    called : callable
        Returns what the person calls a place, by its id.
    """
    if "mind_moods" not in history.tables:
        return None
    # What was written of somebody first counts from the first minute.
    felt = history.of_person("mind_moods", person, max(minute, 1))
    if felt.empty:
        return None
    mood, thought, goals = _mood(history, felt.iloc[-1], minute)
    return Minds(
        mood=mood,
        thought=thought,
        goals=goals,
        memories=tuple(_memories(history, person, minute, called)),
        insights=tuple(_insights(history, person, minute)),
        beliefs=_beliefs(history, person, minute, called),
        ties=ties_of(history, person, minute),
    )


def _mood(history: History, row: pd.Series[Any], minute: int) -> tuple[str, str, tuple[str, ...]]:
    goals = tuple(filter(None, str(row["goals"]).split("\n")))
    if np.isnan(row["valence"]):
        return "", "", goals
    mood = Mood(history.parameters)
    mood.restore(
        {
            "level": (row["valence"], row["arousal"]),
            "rest": (row["rest_valence"], row["rest_arousal"]),
            "minute": row["mood_min"],
            "thought": row["thought"],
            "thought_min": row["thought_min"],
        }
    )
    return mood.word(at_min=minute), mood.thought(at_min=minute), goals


def _memories(
    history: History, person: int, minute: int, called: Callable[[int], str]
) -> Iterable[MemoryRow]:
    """Yield what is remembered, the latest first; beyond the capacity the oldest is forgotten."""
    frame = history.of_person("mind_memories", person, minute)
    capacity = history.parameters.mind.memory.capacity
    frame = frame[::-1].drop_duplicates("number").sort_values("number", ascending=False)
    words = MemoryWords(history.parameters, people=history.name_of)
    starts = minutes_of(frame["start"], history.clock).tolist()
    for start, one in zip(starts[:capacity], rows_of(frame), strict=False):
        entry = entry_of(one, start)
        place = "" if entry.place < 0 else called(entry.place)
        yield MemoryRow(
            int(one.number), start, place, entry.key, words.observed(entry), entry.score
        )


def entry_of(row: Any, start: int) -> MemoryEntry:  # noqa: ANN401 - a row of a table
    """Return a memory as it was made, from a row of ``mind_memories``.

    Parameters
    ----------
    row : named tuple
        Row of the table.
    start : int
        When it began, in minutes since the start of the run.
    """
    aspects = (_share(row.price), _share(row.atmosphere), _share(row.convenience))
    company = tuple(map(int, str(row.company).split()))
    how = Circumstances(int(row.minutes), company, int(row.others), str(row.weather), *aspects)
    place = -1 if _is_nothing(row.place) else int(row.place)
    return MemoryEntry(start, place, str(row.key), str(row.text), _share(row.score), how)


def _is_nothing(value: Any) -> bool:  # noqa: ANN401 - what pandas has for nothing
    return not isinstance(value, int | float | np.number) or bool(np.isnan(value))


def _share(value: Any) -> float | None:  # noqa: ANN401 - a number, or what pandas has for none
    # Kept to a hundredth, as memory does.
    return None if _is_nothing(value) else round(float(value), 2)


def _insights(history: History, person: int, minute: int) -> list[InsightRow]:
    frame = _latest(history.of_person("mind_insights", person, minute), "number")
    frame = frame[frame["kind"] != FORGOTTEN]
    half_life = history.parameters.mind.insights.half_life_days
    rows = []
    when = minutes_of(frame["time"], history.clock).tolist()
    for at, one in zip(when, rows_of(frame), strict=True):
        words = str(one.evidence).split()
        rows.append(
            InsightRow(
                number=int(one.number),
                minute=at,
                kind=str(one.kind),
                subject=str(one.subject),
                text=str(one.text),
                strength=float(
                    faded_strength(
                        round(float(one.strength), 2),
                        max(minute - at, 0),
                        half_life_days=half_life,
                    )
                ),
                liking=round(float(one.liking), 2),
                evidence=tuple(int(word) for word in words if not word.startswith("t")),
                earlier=tuple(int(word[1:]) for word in words if word.startswith("t")),
            )
        )
    return sorted(rows, key=lambda row: (-row.minute, -row.number))


def _beliefs(
    history: History, person: int, minute: int, called: Callable[[int], str]
) -> pd.DataFrame:
    frame = _latest(history.of_person("mind_beliefs", person, minute), "place")
    frame = frame[frame["visits"] > 0]
    places, base = frame["place"].tolist(), history.basemap
    beliefs = PlaceBeliefs(history.parameters)
    beliefs.restore(
        {
            "place": places,
            "category": base.kind[places].tolist() if places else [],
            "minute": minutes_of(frame["time"], history.clock).tolist(),
            "visits": frame["visits"].tolist(),
            "mean": frame[list(ASPECTS)].to_numpy(dtype=np.float64).tolist(),
            "overall": frame["overall"].to_numpy(dtype=np.float64).tolist(),
            "variance": frame["variance"].to_numpy(dtype=np.float64).tolist(),
            "different": len(places),
        }
    )
    return belief_frame(beliefs, minute, called, lambda place: base.kinds[int(base.kind[place])])


def ties_of(history: History, person: int, minute: int) -> pd.DataFrame:
    """Return whom a person knew, without rows if the run did not keep it (see `PersonView.ties`).

    Parameters
    ----------
    history : History
        The run.
    person : int
        Id of the person.
    minute : int
        Minute of the run.
    """
    names, ties = history.name_of, _tied(history, person, minute)
    return tie_frame(ties, minute, lambda other: names.get(other, f"person {other}"))


def _tied(history: History, person: int, minute: int) -> Ties:
    if "mind_ties" not in history.tables:
        return Ties(history.parameters)
    frame = _latest(history.of_person("mind_ties", person, max(minute, 1)), "other")
    return _restored(history, frame[frame["relation"] != FORGOTTEN])


def tied_among(history: History, people: Sequence[int], minute: int) -> Mapping[int, Ties]:
    """Return the ties that some people had with one another, by their ids; of those who had any.

    Parameters
    ----------
    history : History
        The run.
    people : sequence of int
        Ids.
    minute : int
        Minute of the run.
    """
    if "mind_ties" not in history.tables:
        return {}
    frame = history.tables["mind_ties"]
    inside = frame["person"].isin(people) & frame["other"].isin(people)
    frame = frame[inside]
    # What was written of somebody first counts from the first minute.
    frame = frame[minutes_of(frame["time"], history.clock) < max(minute, 1)]
    last = frame.drop_duplicates(["person", "other"], keep="last")
    last = last[last["relation"] != FORGOTTEN]
    whose = last["person"].to_numpy(dtype=np.int64)
    return {one: _restored(history, last[whose == one]) for one in np.unique(whose).tolist()}


def _restored(history: History, frame: pd.DataFrame) -> Ties:
    codes = [RELATION_CODES[Relation(str(one))] for one in frame["relation"]]
    ties = Ties(history.parameters)
    ties.restore(
        {
            "other": frame["other"].tolist(),
            "met_min": frame["met_min"].to_numpy(dtype=np.int64, na_value=NEVER).tolist(),
            "relation": codes,
            "tie": frame[list(DIMENSIONS)].to_numpy(dtype=np.float64).tolist(),
            "talked_min": [NEVER],
        }
    )
    return ties


def _latest(frame: pd.DataFrame, key: str) -> pd.DataFrame:
    """Return the last row of each thing, in the order in which things appeared first."""
    order = frame[key].drop_duplicates()
    last = frame.drop_duplicates(key, keep="last").set_index(key)
    return last.loc[order].reset_index()
