"""How good a conversation is: hand-worked, bounded, rising with what should raise it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Purpose
from mesa_llm_city.social import (
    ConversationConfig,
    Outcome,
    Relation,
    conversation_quality,
    draw_topic,
    outcome_code,
    topics,
)
from tests.social.people import aya, ben, cora

CONFIG = ConversationConfig()
SHARE, VALENCE, LUCK = st.floats(0.0, 1.0), st.floats(-1.0, 1.0), st.floats(-6.0, 6.0)


def test_a_worked_case() -> None:
    # .15 + .4 (.6) + .2 (-.2) + .2 (.5) + .3 (-1) = .15.
    quality = conversation_quality(0.8, 0.4, 0.5, -1.0, config=CONFIG)
    assert float(quality) == pytest.approx(0.15)


@given(SHARE, SHARE, VALENCE, LUCK)
def test_it_lies_within_minus_one_and_one(
    affinity: float, interests: float, mood: float, luck: float
) -> None:
    assert -1.0 <= conversation_quality(affinity, interests, mood, luck, config=CONFIG) <= 1.0


@given(SHARE, SHARE, SHARE)
def test_it_rises_with_affinity_and_common_interests(
    one: float, other: float, fixed: float
) -> None:
    rising = np.sort([one, other])
    assert np.diff(conversation_quality(rising, fixed, 0.0, 0.0, config=CONFIG)) >= 0.0
    assert np.diff(conversation_quality(fixed, rising, 0.0, 0.0, config=CONFIG)) >= 0.0


def test_quality_is_cut_into_three_outcomes() -> None:
    codes = outcome_code([0.2, 0.19, 0.0, -0.49, -0.5], config=CONFIG)
    assert [tuple(Outcome)[code] for code in codes] == [
        Outcome.POSITIVE,
        Outcome.NEUTRAL,
        Outcome.NEUTRAL,
        Outcome.NEUTRAL,
        Outcome.NEGATIVE,
    ]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"turns": 1}, "turns must be at least 2, so that both can speak, got 1"),
        ({"positive_above": -0.6}, "negative_below must be less than positive_above"),
        ({"mood_weight": 1.5}, r"mood_weight must lie in \[0, 1\], got 1\.5"),
        ({"company": (2.0, 0.1, 0.0)}, r"company\[0\] must lie in \[0, 1\], got 2\.0"),
    ],
)
def test_constants_have_bounds(options: dict[str, object], told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        ConversationConfig(**options)  # type: ignore[arg-type]


class TestTopics:
    def test_hobbies_of_both_come_before_the_relation_and_the_moment(self) -> None:
        found = topics(aya(), ben(), relation=Relation.COLLEAGUE, activity=Purpose.MEAL)
        assert found == ["museums", "work", "meal"]

    def test_a_topic_is_named_once(self) -> None:
        found = topics(aya(), cora(), relation=Relation.COLLEAGUE, activity=Purpose.WORK)
        assert found == ["work"]

    def test_strangers_with_nothing_in_common_make_small_talk(self) -> None:
        assert topics(aya(), cora(), relation=Relation.STRANGER) == ["small talk"]

    def test_every_topic_is_drawn_at_times(self) -> None:
        drawn = {
            draw_topic(
                aya(),
                ben(),
                relation=Relation.COLLEAGUE,
                activity=Purpose.MEAL,
                rng=np.random.default_rng(seed),
            )
            for seed in range(40)
        }
        assert drawn == {"museums", "work", "meal"}
