"""A feeling is moved by experience, fades with time, and stays within its bounds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.mind import Mood, MoodConfig, baseline, relaxed, word_for
from mesa_llm_city.population import BigFive
from mesa_llm_city.testing import check_component

CHANGES = st.floats(-1.0, 1.0)


async def look(mood: Mood, _: np.random.Generator) -> float:
    return mood.valence(at_min=600)


def test_it_keeps_the_promises_of_a_component() -> None:
    check_component(Mood, look, commit=lambda mood, value: mood.feel(value, at_min=700))


def test_half_of_a_feeling_is_gone_after_its_half_life() -> None:
    mood = Mood(config=MoodConfig(half_life_h=2.0))
    rest = mood.valence(at_min=0)
    mood.feel(0.4, at_min=0)
    assert mood.valence(at_min=120) == pytest.approx(rest + 0.2)
    assert mood.valence(at_min=240) == pytest.approx(rest + 0.1)


def test_who_is_outgoing_and_calm_rests_higher() -> None:
    assert baseline(BigFive(extraversion=3, neuroticism=1))[0] == pytest.approx(0.35)
    assert baseline(BigFive(extraversion=1, neuroticism=3)) == (-0.15, 0.1)


@given(st.lists(st.tuples(CHANGES, CHANGES, st.integers(0, 600)), max_size=12))
def test_whatever_happens_it_stays_between_minus_one_and_one(
    events: list[tuple[float, float, int]],
) -> None:
    mood, minute = Mood(), 0
    for valence, arousal, later in events:
        minute += later
        mood.feel(valence, at_min=minute, arousal=arousal)
        assert all(-1.0 <= level <= 1.0 for level in mood.level(at_min=minute))
        assert all(-1.0 <= level <= 1.0 for level in mood.level(at_min=minute + 90))


@given(CHANGES, CHANGES, st.floats(0.0, 100.0))
def test_it_lies_between_what_it_was_and_its_rest(level: float, rest: float, hours: float) -> None:
    now = float(relaxed(level, rest, hours, half_life_h=3.0))
    assert min(level, rest) - 1e-9 <= now <= max(level, rest) + 1e-9


@pytest.mark.parametrize(
    ("valence", "arousal", "word"),
    [
        *[(0.7, 0.0, "happy"), (0.5, 0.5, "excited"), (0.0, 0.6, "alert"), (-0.5, 0.5, "tense")],
        *[(-0.6, 0.0, "unhappy"), (-0.4, -0.4, "sad"), (0.0, -0.5, "tired")],
        (0.4, -0.4, "calm"),
    ],
)
def test_a_feeling_is_named_by_its_direction(valence: float, arousal: float, word: str) -> None:
    assert word_for(valence, arousal) == word


def test_a_thought_is_kept_in_bounds() -> None:
    mood = Mood()
    mood.think_of("what a day " * 50, at_min=0)
    assert len(mood.thought(at_min=0)) == 120


def test_a_thought_passes_after_half_a_day() -> None:
    mood = Mood()
    mood.think_of("the exam", at_min=60)
    assert mood.thought(at_min=60 + 12 * 60 - 1) == "the exam"
    assert mood.thought(at_min=60 + 12 * 60) == ""


def test_a_feeling_must_last_some_time() -> None:
    with pytest.raises(ConfigError, match="half_life_h must be above 0, got 0"):
        MoodConfig(half_life_h=0.0)
    with pytest.raises(ConfigError, match="thought_h must be above 0, got -1"):
        MoodConfig(thought_h=-1.0)
