"""The minds of a run for the HTML file: feed, memories, beliefs, ties and moods, packed."""

from __future__ import annotations

import json
import math
import zlib
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.values import Int
from mesa_llm_city.experiments.hourly import minutes_of
from mesa_llm_city.mind import ASPECTS, MemoryWords
from mesa_llm_city.mind.mood import word_for
from mesa_llm_city.mind.mood_loops import FEELING_CODES
from mesa_llm_city.parameters.mind import MoodParameters
from mesa_llm_city.simulation.records.mind_tables import MIND_COLUMNS
from mesa_llm_city.simulation.records.person_sample import PersonSample
from mesa_llm_city.social import DIMENSIONS
from mesa_llm_city.ui.minds.feed_rows import KINDS, SOURCES, FeedRow, all_rows
from mesa_llm_city.ui.views.history import History
from mesa_llm_city.ui.views.replay import Replay
from mesa_llm_city.ui.views.replay_minds import entry_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MOST_BYTES", "MOST_PEOPLE", "minds_payload", "minds_size", "packed"]

MOST_PEOPLE = 2000
"""Of how many people an HTML file has minds at most."""

MOST_BYTES = 24_000_000
"""How many bytes of an HTML file are for minds at most."""

_NONE = -1
_UNRATED = 255
_UNFELT = 2**20
_FEELINGS = ("valence", "arousal", "rest_valence", "rest_arousal")
_TONES = ("", "positive", "negative")
_SOURCES = ("", *SOURCES.values())

_Columns = dict[str, NDArray[Any]]


def minds_payload(
    replay: Replay, *, most_people: int = MOST_PEOPLE, most_bytes: int = MOST_BYTES
) -> dict[str, Any] | None:
    """Return what goes on in minds, as the script of the HTML file takes it.

    Of more people than fit, a sample is taken: whoever it has been written of is in it with equal
    chance, by the ids alone.

    Parameters
    ----------
    replay : Replay
        The run, at its end.
    most_people : int, default 2000
        Of how many people.
    most_bytes : int, default 24_000_000
        How many bytes it takes at most; with more, half the people are taken, and so on.

    Returns
    -------
    dict or None
        See ``javascript/src/replay/payload.d.ts``; None if nothing is known of anybody's mind.
    """
    people = _people(replay.history, most_people)
    while len(people):
        found = _payload(replay, people)
        if minds_size(found) <= most_bytes:
            return found
        people = _some(people, len(people) // 2)
    return None


def packed(values: NDArray[Any]) -> dict[str, str]:
    """Return numbers as a name of their kind and a compressed text.

    Parameters
    ----------
    values : ndarray
        Whole numbers of 8, 16 or 32 bits.
    """
    plain = np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("<"))
    return {"kind": f"{values.dtype.name.capitalize()}Array", "data": _deflated(plain.tobytes())}


def _deflated(data: bytes) -> str:
    return b64encode(zlib.compress(data, 9)).decode("ascii")


def minds_size(payload: Mapping[str, Any]) -> int:
    """Return how many bytes the columns and texts of minds take."""
    tables = payload["tables"].values()
    columns = [len(column["data"]) for table in tables for column in table.values()]
    return int(np.sum(columns, dtype=np.int64)) + len(payload["texts"])


def _people(history: History, most: int) -> Int:
    """Return of whom there is anything, at most so many."""
    known = [name for name in ("mind_moods", "decisions") if name in history.tables]
    ids = next(
        (found for name in known if len(found := _ids(history.tables[name]))), history.ids[:0]
    )
    return _some(ids, most)


def _ids(frame: pd.DataFrame) -> Int:
    return np.unique(frame["person"].to_numpy(dtype=np.int64))


def _some(ids: Int, most: int) -> Int:
    """Return so many ids at most; who they are depends on the ids alone."""
    share = most / max(len(ids), 1)
    return ids if share >= 1.0 else ids[PersonSample(share, 0).keeps(ids)][:most]


class _Texts:
    """All texts of the file, each once."""

    def __init__(self) -> None:
        self.rows: dict[str, int] = {}

    def codes(self, texts: Sequence[str]) -> NDArray[np.int32]:
        found = [self.rows.setdefault(text, len(self.rows)) for text in texts]
        return np.array(found, dtype=np.int32)

    def packed(self) -> str:
        return _deflated(json.dumps(list(self.rows), ensure_ascii=False).encode())


def _payload(replay: Replay, people: Int) -> dict[str, Any]:
    history, texts = replay.history, _Texts()
    tables = {"feed": _feed(replay, people, texts)}
    if "posts" in history.tables:
        tables["posts"] = _posts(history, people, texts)
    if all(name in history.tables for name in MIND_COLUMNS):
        made: Mapping[str, Callable[[History, pd.DataFrame, _Texts], _Columns]] = {
            "memories": _memories,
            "insights": _insights,
            "beliefs": _beliefs,
            "ties": _ties,
            "moods": _moods,
        }
        for name, columns in made.items():
            frame = history.tables[f"mind_{name}"]
            frame = frame[frame["person"].isin(people)].reset_index(drop=True)
            common = {
                "person": np.searchsorted(history.ids, frame["person"]).astype(np.int32),
                "time": minutes_of(frame["time"], history.clock).astype(np.int32),
            }
            tables[name] = {**common, **columns(history, frame, texts)}
    numbers = history.parameters.mind
    return {
        "count": len(people),
        "people": packed(np.searchsorted(history.ids, people).astype(np.int32)),
        "kinds": [list(one) for one in KINDS.items()],
        "sources": list(_SOURCES),
        "tones": list(_TONES),
        "tables": {
            name: {column: packed(values) for column, values in table.items()}
            for name, table in tables.items()
        },
        "texts": texts.packed(),
        "capacity": numbers.memory.capacity,
        "decay": numbers.beliefs.decay_per_day,
        "neutral": numbers.beliefs.neutral,
        "half_life_days": numbers.insights.half_life_days,
        "mood": _mood_numbers(numbers.mood),
    }


def _feed(replay: Replay, people: Int, texts: _Texts) -> _Columns:
    rows = sorted(all_rows(replay, people.tolist()), key=lambda row: (row.minute, row.people[:1]))
    ids, kinds = replay.history.ids, list(KINDS)
    who = np.array([_pair(row) for row in rows], dtype=np.int64).reshape(-1, 2)
    known = np.searchsorted(ids, np.maximum(who, 0)).clip(0, max(len(ids) - 1, 0))
    found = np.where((who >= 0) & (ids[known] == who), known, _NONE).astype(np.int32)
    return {
        "time": np.array([row.minute for row in rows], dtype=np.int32),
        "kind": np.array([kinds.index(row.kind) for row in rows], dtype=np.uint8),
        "person": found[:, 0],
        "other": found[:, 1],
        "title": texts.codes([row.title for row in rows]),
        "text": texts.codes([row.text for row in rows]),
        "source": np.array([_place(_SOURCES, row.source) for row in rows], dtype=np.uint8),
        "thread": np.array([row.thread for row in rows], dtype=np.int32),
        "tone": np.array([_place(_TONES, row.tone) for row in rows], dtype=np.uint8),
    }


def _posts(history: History, people: Int, texts: _Texts) -> _Columns:
    """Return the posts of some people, and those of nobody, such as of institutions."""
    frame = history.tables["posts"]
    whose = frame["person"].to_numpy(dtype=np.int64, na_value=_NONE)
    some = np.isin(whose, people) | (whose == _NONE)
    frame, whose = frame[some], whose[some]
    row = np.searchsorted(history.ids, whose).astype(np.int32)
    return {
        "time": minutes_of(frame["time"], history.clock).astype(np.int32),
        **{name: frame[name].to_numpy(dtype=np.int32) for name in ("post", "parent", "root")},
        "person": np.where(whose == _NONE, _NONE, row).astype(np.int32),
        "kind": texts.codes(frame["kind"].astype(str).tolist()),
        "topic": texts.codes(frame["topic"].astype(str).tolist()),
        "stance": np.round(100.0 * frame["stance"].to_numpy(dtype=np.float64)).astype(np.int8),
    }


def _pair(row: FeedRow) -> tuple[int, int]:
    ids = [person for person, _ in row.people[:2]]
    return (*ids, _NONE, _NONE)[0], (*ids, _NONE, _NONE)[1]


def _place(words: Sequence[str], word: str) -> int:
    return words.index(word) if word in words else 0


def _memories(history: History, frame: pd.DataFrame, texts: _Texts) -> _Columns:
    words = MemoryWords(history.parameters, people=history.name_of)
    starts = minutes_of(frame["start"], history.clock)
    pairs = zip(frame.itertuples(index=False), starts.tolist(), strict=True)
    observed = [words.observed(entry_of(row, start)) for row, start in pairs]
    return {
        "number": frame["number"].to_numpy(dtype=np.int32),
        "start": starts.astype(np.int32),
        "place": frame["place"].to_numpy(dtype=np.int32, na_value=_NONE),
        "key": texts.codes(frame["key"].astype(str).tolist()),
        "text": texts.codes(observed),
        "score": _percents(frame["score"]),
    }


def _insights(history: History, frame: pd.DataFrame, texts: _Texts) -> _Columns:
    del history
    return {
        "number": frame["number"].to_numpy(dtype=np.int32),
        "kind": texts.codes(frame["kind"].astype(str).tolist()),
        "text": texts.codes(frame["text"].astype(str).tolist()),
        "strength": _percents(frame["strength"]),
    }


def _beliefs(history: History, frame: pd.DataFrame, texts: _Texts) -> _Columns:
    del history, texts
    return {
        "place": frame["place"].to_numpy(dtype=np.int32),
        "visits": np.minimum(frame["visits"].to_numpy(dtype=np.int64), _UNRATED).astype(np.uint8),
        **{name: _percents(frame[name]) for name in ASPECTS},
    }


def _ties(history: History, frame: pd.DataFrame, texts: _Texts) -> _Columns:
    ids, other = history.ids, frame["other"].to_numpy(dtype=np.int64)
    row = np.searchsorted(ids, other).clip(0, max(len(ids) - 1, 0))
    return {
        "other": np.where(ids[row] == other, row, _NONE).astype(np.int32),
        "relation": texts.codes(frame["relation"].astype(str).tolist()),
        **{name: _percents(frame[name]) for name in DIMENSIONS},
    }


def _moods(history: History, frame: pd.DataFrame, texts: _Texts) -> _Columns:
    """Return moods as numbers, from which the page finds the word of each minute."""
    del history
    return {
        **{name: _feelings(frame[name]) for name in _FEELINGS},
        **{
            name: frame[name].to_numpy(dtype=np.int64, na_value=0).astype(np.int32)
            for name in ("mood_min", "thought_min")
        },
        "thought": texts.codes(frame["thought"].astype(str).tolist()),
        "goals": texts.codes(frame["goals"].astype(str).tolist()),
    }


def _feelings(column: pd.Series[Any]) -> NDArray[np.int32]:
    """Return feelings from -1 to 1 by their codes (see `feeling_code`), `_UNFELT` for none."""
    levels = column.to_numpy(dtype=np.float64, na_value=np.nan)
    codes = np.round(FEELING_CODES * np.nan_to_num(levels))
    return np.where(np.isnan(levels), _UNFELT, codes).astype(np.int32)


def _mood_numbers(numbers: MoodParameters) -> dict[str, Any]:
    """Return what the page needs to tell a mood in words."""
    around = np.radians(45.0 * np.arange(8)).tolist()
    return {
        "codes": FEELING_CODES,
        "half_life_h": numbers.half_life_h,
        "thought_h": numbers.thought_h,
        "even_below": numbers.even_below,
        "words": [word_for(math.cos(one), math.sin(one), even_below=0.5) for one in around],
        "even": word_for(0.0, 0.0, even_below=0.5),
    }


def _percents(column: pd.Series[Any]) -> NDArray[np.uint8]:
    """Return shares as whole percents, 255 for none."""
    shares = column.to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(np.isnan(shares), _UNRATED, np.round(100.0 * shares)).astype(np.uint8)
