"""Quality, outcomes and topics of conversations."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.parameters import CityParameters, ParameterError
from mesa_llm_city.parameters.social import ConversationParameters, TopicParameters
from mesa_llm_city.population import Persona
from mesa_llm_city.social import (
    Outcome,
    Relation,
    common_topics,
    conversation_quality,
    draw_topic,
    outcome_code,
)
from tests.social.people import aya, ben, cora

NUMBERS = ConversationParameters()
TOPICS = TopicParameters()
SHARE, VALENCE, NOISE = st.floats(0.0, 1.0), st.floats(-1.0, 1.0), st.floats(-6.0, 6.0)


def test_a_case_worked_by_hand() -> None:
    # .15 + .4 (.6) + .2 (-.2) + .2 (.5) + .3 (-1) = .15.
    quality = conversation_quality(0.8, 0.4, 0.5, -1.0, parameters=NUMBERS)
    assert float(quality) == pytest.approx(0.15)


@given(SHARE, SHARE, VALENCE, NOISE)
def test_quality_is_between_minus_1_and_1(
    affinity: float, interests: float, mood: float, noise: float
) -> None:
    assert -1.0 <= conversation_quality(affinity, interests, mood, noise, parameters=NUMBERS) <= 1.0


@given(SHARE, SHARE, SHARE)
def test_quality_increases_with_affinity_and_common_interests(
    one: float, other: float, fixed: float
) -> None:
    rising = np.sort([one, other])
    assert np.diff(conversation_quality(rising, fixed, 0.0, 0.0, parameters=NUMBERS)) >= 0.0
    assert np.diff(conversation_quality(fixed, rising, 0.0, 0.0, parameters=NUMBERS)) >= 0.0


def test_limits_divide_quality_into_three_outcomes() -> None:
    codes = outcome_code([0.2, 0.19, 0.0, -0.49, -0.5], parameters=NUMBERS)
    assert [tuple(Outcome)[code] for code in codes] == [
        Outcome.POSITIVE,
        Outcome.NEUTRAL,
        Outcome.NEUTRAL,
        Outcome.NEUTRAL,
        Outcome.NEGATIVE,
    ]


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("turns", 1, "got 1; accepted is a whole number of at least 2"),
        ("negative_below", 0.3, "not below positive_above"),
        ("mood_weight", 1.5, "got 1.5; accepted is a number from 0 to 1"),
        ("company_positive", 2.0, "got 2.0; accepted is a number from 0 to 1"),
    ],
)
def test_parameters_have_bounds(name: str, value: float, problem: str) -> None:
    with pytest.raises(ParameterError, match=problem):
        CityParameters().with_(f"social.conversation.{name}", value)


def topics(
    other: Persona, activity: str = "", *, relation: Relation = Relation.COLLEAGUE
) -> list[str]:
    """Return the topics of Aya and another person."""
    return common_topics(aya(), other, relation=relation, activity=activity, parameters=TOPICS)


class TestTopics:
    def test_common_hobbies_come_first_then_the_relation_and_the_activity(self) -> None:
        found = topics(ben(), "meal")
        assert found == ["museums", "work", "meal"]

    def test_a_topic_is_listed_once(self) -> None:
        found = topics(cora(), "work")
        assert found == ["work"]

    def test_topics_of_relations_are_parameters(self) -> None:
        town = TopicParameters(colleague="the office")
        found = common_topics(aya(), cora(), relation=Relation.COLLEAGUE, parameters=town)
        assert found == ["the office"]

    def test_strangers_with_nothing_in_common_make_small_talk(self) -> None:
        assert topics(cora(), relation=Relation.STRANGER) == ["small talk"]

    def test_every_topic_may_be_drawn(self) -> None:
        drawn = {
            draw_topic(
                aya(),
                ben(),
                relation=Relation.COLLEAGUE,
                activity="meal",
                parameters=TOPICS,
                rng=np.random.default_rng(seed),
            )
            for seed in range(40)
        }
        assert drawn == {"museums", "work", "meal"}
