"""Mood: changed by experience, returning to rest with time, within bounds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.mind import Mood, baseline, relaxed, word_for
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.parameters.mind import MoodParameters
from mesa_llm_city.population import BigFive
from mesa_llm_city.testing import check_component

CHANGES = st.floats(-1.0, 1.0)


async def look(mood: Mood, _: np.random.Generator) -> float:
    return mood.valence(at_min=600)


def test_it_keeps_the_promises_of_a_component() -> None:
    check_component(Mood, look, commit=lambda mood, value: mood.feel(value, at_min=700))


def test_half_of_a_feeling_is_gone_after_its_half_life() -> None:
    mood = Mood(CityParameters().with_("mind.mood.half_life_h", 2.0))
    rest = mood.valence(at_min=0)
    mood.feel(0.4, at_min=0)
    assert mood.valence(at_min=120) == pytest.approx(rest + 0.2)
    assert mood.valence(at_min=240) == pytest.approx(rest + 0.1)


def test_extraverted_and_calm_people_feel_better_at_rest() -> None:
    usual = MoodParameters()
    assert baseline(BigFive(extraversion=3, neuroticism=1), usual)[0] == pytest.approx(0.35)
    assert baseline(BigFive(extraversion=1, neuroticism=3), usual) == (-0.15, 0.1)


def test_the_resting_level_is_a_parameter() -> None:
    stoic = MoodParameters(rest_valence=-0.2, extraversion_valence=0.0, neuroticism_valence=0.0)
    assert baseline(BigFive(extraversion=3), stoic) == (-0.2, 0.0)
    tree = CityParameters().with_("mind.mood.rest_valence", 0.5)
    assert Mood(tree).valence(at_min=0) == pytest.approx(0.5)
    assert Mood(tree, traits=BigFive(extraversion=3)).valence(at_min=0) == pytest.approx(0.6)


@given(st.lists(st.tuples(CHANGES, CHANGES, st.integers(0, 600)), max_size=12))
def test_levels_stay_between_minus_one_and_one(
    events: list[tuple[float, float, int]],
) -> None:
    mood, minute = Mood(), 0
    for valence, arousal, later in events:
        minute += later
        mood.feel(valence, at_min=minute, arousal=arousal)
        assert all(-1.0 <= level <= 1.0 for level in mood.level(at_min=minute))
        assert all(-1.0 <= level <= 1.0 for level in mood.level(at_min=minute + 90))


@given(CHANGES, CHANGES, st.floats(0.0, 100.0))
def test_it_stays_between_the_old_level_and_the_resting_level(
    level: float, rest: float, hours: float
) -> None:
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
def test_the_word_for_a_mood_follows_its_direction(
    valence: float, arousal: float, word: str
) -> None:
    assert word_for(valence, arousal, even_below=0.1) == word


def test_at_most_120_characters_of_a_thought_are_kept() -> None:
    mood = Mood()
    mood.think_of("what a day " * 50, at_min=0)
    assert len(mood.thought(at_min=0)) == 120


def test_a_thought_passes_after_half_a_day() -> None:
    mood = Mood()
    mood.think_of("the exam", at_min=60)
    assert mood.thought(at_min=60 + 12 * 60 - 1) == "the exam"
    assert mood.thought(at_min=60 + 12 * 60) == ""


def test_a_half_life_of_zero_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"half_life_h: got 0\.0; accepted is a number above 0"):
        MoodParameters(half_life_h=0.0)
