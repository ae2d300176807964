"""Emotion: hand-worked values, signs, and the promises of a component."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesa_llm_city.core.asking import run
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.parameters.defects import ParameterError
from mesa_llm_city.parameters.society import EmotionParameters
from mesa_llm_city.prompts import Prompted
from mesa_llm_city.social import Emotion, EmotionLevel, EmotionPrompt, Felt, Post
from mesa_llm_city.social.emotion import emotion_code, emotional_density, faded, roused
from mesa_llm_city.testing import check_component
from tests.social.answers import says
from tests.social.people import aya

NUMBERS = EmotionParameters()
shares = st.floats(0.0, 1.0)


def post(intensity: float = 0.5) -> Post:
    text = "They close the bridge"
    return Post(id=1, author=3, minute=600, topic="bridge", intensity=intensity, text=text)


class TestFormulas:
    def test_it_rises_by_a_share_of_what_is_left(self) -> None:
        # 0.2 + 0.6 * 0.5 * 0.5 * 1 * 0.8 = 0.32
        assert roused(0.2, 0.5, trust=0.5, relevance=1.0, gain=0.6) == pytest.approx(0.32)

    def test_half_of_it_has_gone_after_a_day(self) -> None:
        assert faded(0.6, 24.0, NUMBERS.half_life_h) == pytest.approx(0.3)

    @settings(max_examples=40)
    @given(shares, shares, shares, shares)
    def test_it_stays_between_0_and_1_and_never_falls_by_a_message(
        self, level: float, intensity: float, trust: float, relevance: float
    ) -> None:
        after = roused(level, intensity, trust=trust, relevance=relevance, gain=1.0)
        assert level <= after <= 1.0

    def test_levels_begin_at_thirds(self) -> None:
        assert emotion_code([0.33, 1 / 3, 0.66, 2 / 3], NUMBERS).tolist() == [0, 1, 1, 2]

    def test_density_counts_those_who_are_not_calm_among_all(self) -> None:
        assert emotional_density([0.0, 0.5, 0.9, 0.2, 0.34], NUMBERS) == 0.6
        assert emotional_density([], NUMBERS) == 0.0

    def test_levels_out_of_order_are_refused(self) -> None:
        with pytest.raises(ParameterError, match=r"intense_above: is 0.2, below moderate_above"):
            EmotionParameters(intense_above=0.2)


class TestEmotion:
    def test_three_inflammatory_posts_rouse_more_than_three_neutral_ones(self) -> None:
        levels = []
        for intensity in (0.2, 0.9):
            emotion = Emotion()
            for minute in (600, 630, 660):
                felt = run(emotion.react(post(intensity), at_min=minute, trust=0.8))
                emotion.feel("bridge", felt.level, at_min=minute)
            levels.append(emotion.level("bridge", at_min=660))
        assert levels[0] < 1 / 3 < 2 / 3 < levels[1]

    def test_topics_are_apart(self) -> None:
        emotion = Emotion()
        emotion.feel("bridge", 0.8, at_min=600)
        assert emotion.level("tram", at_min=600) == 0.0
        assert emotion.word("bridge", at_min=600) is EmotionLevel.INTENSE
        assert emotion.topics == ("bridge",)

    def test_it_keeps_the_promises_of_a_component(self) -> None:
        async def think(part: Any, _: np.random.Generator) -> Felt:  # noqa: ANN401 - in either form
            felt: Felt = await part.react(post(), at_min=600, trust=0.7)
            return felt

        def commit(part: Emotion, felt: Felt) -> None:
            part.feel("bridge", felt.level, at_min=600)

        check_component(Emotion, think, commit=commit, inputs=[post()])
        check_component(
            lambda: Prompted(Emotion(), EmotionPrompt()),
            think,
            backend=says(reason="it is far away", emotion=4),
        )

    def test_its_parameters_can_be_changed(self) -> None:
        emotion = Emotion(CityParameters().with_("social.emotion.gain", 0.1))
        assert run(emotion.react(post(1.0), at_min=0)).level == pytest.approx(0.1)


def test_a_language_model_is_told_the_message_and_says_the_emotion() -> None:
    emotion = Emotion()
    emotion.feel("bridge", 0.4, at_min=600)
    backend = says(reason="the detour", emotion=7)
    thought = Prompted(emotion, EmotionPrompt()).react(
        post(), at_min=600, trust=0.72, persona=aya(), author="Ben Lund (colleague)"
    )
    felt = run(thought, backend=backend)
    assert felt == Felt(0.7, "the detour", DecisionSource.PROMPT)
    facts = backend.asked[0].facts
    assert (facts["emotion"], facts["level"], facts["trust"]) == ("moderate", 4, 7)
    assert (facts["message"], facts["said_by"]) == ("They close the bridge", "Ben Lund (colleague)")


def test_an_emotion_that_is_no_number_is_refused() -> None:
    with pytest.raises(ConfigError, match="emotion about 'bridge' must be a number"):
        Emotion().feel("bridge", float("nan"), at_min=0)
