"""Conversations by rule: two sides, no invented prose, and the terms as the reason."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.core.asking import run
from mesa_llm_city.core.values import DecisionSource, Purpose
from mesa_llm_city.social import (
    Conversation,
    ConversationConfig,
    Conversing,
    Outcome,
    Relation,
    Ties,
)
from mesa_llm_city.testing import check_component
from tests.social.people import aya, ben, speaker


def converse(
    *, affinity: float = 0.6, mood: float = 0.0, luck: float = 0.3, seed: int = 1
) -> Conversation:
    part = Conversing(ConversationConfig(luck=luck))
    return run(
        part.converse(
            speaker(aya(), affinity=affinity, mood=mood),
            speaker(ben()),
            activity=Purpose.MEAL,
            rng=np.random.default_rng(seed),
        )
    )


def test_a_worked_case_without_luck() -> None:
    # Interests (1/3 + 1) / 2 = 2/3; .15 + .4 (.2) + .2 (1/3) = .2967 for both.
    conversation = converse(luck=0.0)
    for side, person in ((conversation.first, 1), (conversation.second, 2)):
        assert side.person == person
        assert side.outcome is Outcome.POSITIVE
        assert side.mood == pytest.approx(0.3 * (0.15 + 0.08 + 0.2 / 3.0))
        assert side.company == 0.3


def test_nothing_is_said_and_the_terms_are_the_reason() -> None:
    conversation = converse()
    assert conversation.utterances == ()
    assert conversation.source is DecisionSource.RULE
    assert conversation.topic in {"museums", "work", "meal"}
    assert conversation.reason.startswith("affinity 0.60 and 0.60, interests 0.67, luck ")


def test_the_two_may_see_it_differently() -> None:
    found = [converse(seed=seed) for seed in range(60)]
    assert any(one.first.outcome is not one.second.outcome for one in found)


@pytest.mark.parametrize("seed", range(30))
def test_the_mood_rises_with_good_outcomes_and_falls_with_bad_ones(seed: int) -> None:
    for side in converse(affinity=0.3, seed=seed)[:2]:
        assert (side.outcome is not Outcome.POSITIVE) or side.mood > 0.0
        assert (side.outcome is not Outcome.NEGATIVE) or side.mood < 0.0
        assert -0.3 <= side.mood <= 0.3


def test_who_likes_the_other_better_enjoys_it_more_often() -> None:
    good = [
        sum(
            converse(affinity=affinity, seed=seed).first.outcome is Outcome.POSITIVE
            for seed in range(200)
        )
        for affinity in (0.2, 0.9)
    ]
    assert good[1] > 1.5 * good[0]


def test_a_good_mood_makes_it_better() -> None:
    assert converse(mood=0.8, luck=0.0).first.mood > converse(mood=-0.8, luck=0.0).first.mood
    assert converse(mood=0.8).second == converse(mood=-0.8).second


def test_both_sides_learn_from_it() -> None:
    conversation = converse(luck=0.0)
    hers, his = Ties(), Ties()
    hers.relate([2], Relation.COLLEAGUE)
    hers.meet(conversation.second.person, conversation.first.outcome, at_min=740)
    his.meet(conversation.first.person, conversation.second.outcome, at_min=740)
    assert hers.tie(2, at_min=740).affinity == pytest.approx(0.4665)
    assert his.tie(1, at_min=740).relation is Relation.ACQUAINTANCE


def test_it_keeps_the_promises_of_a_component() -> None:
    two = (speaker(aya()), speaker(ben()))

    async def one(part: Conversing, rng: np.random.Generator) -> Conversation:
        return await part.converse(*two, rng=rng)

    check_component(Conversing, one, inputs=two)
