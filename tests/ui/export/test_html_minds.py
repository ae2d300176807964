"""The HTML file has the minds of a run, of as many people as fit."""

from __future__ import annotations

import json
import zlib
from base64 import b64decode
from typing import Any

import numpy as np
import pytest

from mesa_llm_city.mind import Mood
from mesa_llm_city.simulation.media import SocialMedia
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.simulation.records import MIND_COLUMNS, RecordOptions
from mesa_llm_city.social.post import Post
from mesa_llm_city.ui.export.html_minds import minds_payload, packed
from mesa_llm_city.ui.views.replay import Replay
from tests.town import small_town, townspeople


@pytest.fixture(scope="module")
def replay() -> Replay:
    """Return the replay of a day, at its end."""
    model = CityModel(small_town(), townspeople(), rng=7, records=RecordOptions(minds=100))
    model.run_days(1)
    found = Replay.of(model)
    found.go_to(found.end)
    return found


def numbers(column: dict[str, str]) -> list[int]:
    """Return the numbers of a packed column."""
    kind = column["kind"].removesuffix("Array").lower()
    found: list[int] = np.frombuffer(zlib.decompress(b64decode(column["data"])), kind).tolist()
    return found


def texts(payload: dict[str, Any]) -> list[str]:
    """Return the texts of a payload."""
    found: list[str] = json.loads(zlib.decompress(b64decode(payload["texts"])))
    return found


def test_numbers_are_packed_without_loss() -> None:
    assert numbers(packed(np.array([-1, 0, 2**31 - 1], dtype=np.int32))) == [-1, 0, 2**31 - 1]


def test_it_has_every_decision_and_memory(replay: Replay) -> None:
    payload = minds_payload(replay)
    assert payload is not None
    tables, words = payload["tables"], texts(payload)
    decisions = numbers(tables["feed"]["kind"]).count(1)
    assert decisions == len(replay.history.tables["decisions"])
    for name in MIND_COLUMNS:
        column = numbers(tables[name.removeprefix("mind_")]["person"])
        assert len(column) == len(replay.history.tables[name])
        assert column == sorted(column)
    minutes = numbers(tables["feed"]["time"])
    assert minutes == sorted(minutes)
    assert len(set(words)) == len(words)
    titles = {words[code] for code in numbers(tables["feed"]["title"])}
    assert "chose the way: walk" in titles


def test_it_has_the_posts_of_its_people() -> None:
    rumour = Post(
        id=0,
        author=3,
        minute=420,
        topic="bridge",
        stance=0.9,
        intensity=0.9,
        is_true=False,
        text="The bridge is closed",
    )
    media = SocialMedia(topics=["bridge"], recommender="random", posts=[rumour])
    model = CityModel(small_town(), townspeople(), rng=7, media=media)
    model.run_days(1)
    replay = Replay.of(model)
    replay.go_to(replay.end)
    payload = minds_payload(replay)
    assert payload is not None
    posts, words, written = payload["tables"]["posts"], texts(payload), model.posts()
    assert numbers(posts["post"]) == written["post"].tolist()
    assert numbers(posts["root"]) == written["root"].tolist()
    assert numbers(posts["parent"]) == written["parent"].tolist()
    assert numbers(posts["person"])[0] == 3
    assert numbers(posts["time"])[0] == 420
    assert [words[code] for code in numbers(posts["kind"])] == written["kind"].astype(str).tolist()
    stances = np.array(numbers(posts["stance"])) / 100
    np.testing.assert_allclose(stances, written["stance"], atol=0.005)


def test_of_more_people_it_has_a_sample(replay: Replay) -> None:
    payload = minds_payload(replay, most_people=10)
    assert payload is not None
    people = numbers(payload["people"])
    assert 0 < len(people) <= 10
    assert set(numbers(payload["tables"]["memories"]["person"])) <= set(people)


def test_its_numbers_tell_the_mood_and_thought_of_each_minute(replay: Replay) -> None:
    payload = minds_payload(replay)
    assert payload is not None
    moods = {name: numbers(column) for name, column in payload["tables"]["moods"].items()}
    told, known, words = payload["mood"], replay.history.ids.tolist(), texts(payload)
    last = {person: row for row, person in enumerate(moods["person"])}
    for person, row in last.items():
        mood = Mood(replay.parameters)
        level, rest = (
            tuple(moods[f"{before}{name}"][row] / told["codes"] for name in ("valence", "arousal"))
            for before in ("", "rest_")
        )
        mood.restore(
            {
                "level": level,
                "rest": rest,
                "minute": moods["mood_min"][row],
                "thought": words[moods["thought"][row]],
                "thought_min": moods["thought_min"][row],
            }
        )
        seen = replay.person(known[person])
        assert mood.word(at_min=replay.end) == seen.mood
        assert mood.thought(at_min=replay.end) == seen.thought
    assert told["words"][0] == "happy"
    assert len(set(told["words"])) == 8


def test_it_takes_no_more_room_than_it_may(replay: Replay) -> None:
    whole = minds_payload(replay)
    assert whole is not None
    size = len(json.dumps(whole))
    half = minds_payload(replay, most_bytes=size // 2)
    assert half is not None
    assert len(numbers(half["people"])) < len(numbers(whole["people"]))
    assert len(json.dumps(half)) < 0.75 * size
    assert minds_payload(replay, most_bytes=10) is None


def test_a_run_without_minds_has_a_feed_alone() -> None:
    model = CityModel(small_town(), townspeople(), rng=7)
    for _ in range(100):
        model.step()
    replay = Replay.of(model)
    replay.go_to(replay.end)
    payload = minds_payload(replay)
    assert payload is not None
    assert list(payload["tables"]) == ["feed"]


def test_a_day_of_a_person_takes_less_than_two_kilobytes(replay: Replay) -> None:
    assert len(json.dumps(minds_payload(replay))) / replay.people < 2000
