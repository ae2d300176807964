"""Memories in words: what was done where, how long, with whom, in what weather, and how it was."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.mind import Circumstances, MemoryEntry, MemoryWords, aspects_in_words
from mesa_llm_city.parameters import CityParameters

WORDS = MemoryWords(places={31: "Lux (cinema)", 1: "home"}, people={4: "Ben Lund", 9: "Cora Diaz"})


def entry(score: float | None = None, text: str = "", **how: object) -> MemoryEntry:
    circumstances = Circumstances(**{"minutes": 90, **how})  # type: ignore[arg-type]
    return MemoryEntry(600, 31, "leisure", text, score, circumstances)


def test_a_visit_tells_all_that_is_known_of_it() -> None:
    told = WORDS(
        entry(
            0.85,
            company=(4, 9),
            others=1,
            weather="cold",
            price=0.2,
            atmosphere=0.9,
            convenience=0.5,
        )
    )
    assert told == (
        "leisure at Lux (cinema), 90 min, with Ben Lund, Cora Diaz and 1 other, in the cold; "
        "very good: pleasant, expensive"
    )


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (entry(), "leisure at Lux (cinema), 90 min"),
        (entry(others=12), "leisure at Lux (cinema), 90 min, with 12 others"),
        (entry(company=(7,)), "leisure at Lux (cinema), 90 min, with person 7"),
        (entry(0.5), "leisure at Lux (cinema), 90 min; neither good nor bad"),
        (entry(0.1, "a dull film"), "leisure at Lux (cinema), 90 min; very bad: a dull film"),
        (MemoryEntry(600, 31, "event", "lost the job", 0.2), "event: lost the job"),
        (MemoryEntry(600, 2, "rest", circumstances=Circumstances(30)), "rest at place 2, 30 min"),
        (
            MemoryEntry(600, 1, "talk", "about films", 0.7, Circumstances(company=(9,))),
            "talk with Cora Diaz: about films",
        ),
        (MemoryEntry(600, 1, "meal"), "meal"),
    ],
)
def test_what_is_not_known_is_left_out(one: MemoryEntry, told: str) -> None:
    assert WORDS(one) == told


def test_a_reason_in_words_replaces_that_of_the_ratings() -> None:
    one = entry(0.9, "a great film", atmosphere=0.9)
    assert WORDS.observed(one) == "90 min; very good: a great film"


def test_without_the_judgement_the_reasons_stay() -> None:
    assert WORDS.unjudged(entry(0.9, atmosphere=0.9)) == "leisure at Lux (cinema), 90 min; pleasant"


def test_how_clear_a_rating_must_be_to_be_told_is_a_parameter() -> None:
    ratings = {"price": 0.5, "atmosphere": 0.71, "convenience": 0.3}
    assert aspects_in_words(ratings, told_from=0.2) == ("pleasant", "hard to get to")
    strict = MemoryWords(CityParameters().with_("mind.memory.told_from", 0.22))
    assert strict.observed(entry(**ratings)) == "90 min"  # type: ignore[arg-type]


def test_only_reasons_on_the_side_of_the_liking_are_told() -> None:
    aspects = np.array([[0.1, 0.9, 0.6], [0.3, 0.7, 0.6], [np.nan] * 3])
    assert WORDS.reasons(aspects, liked=True) == "pleasant"
    assert WORDS.reasons(aspects, liked=False) == "expensive"
    assert WORDS.reasons(aspects[2:], liked=True) == ""
