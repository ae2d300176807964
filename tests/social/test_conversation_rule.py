"""Conversations by rule: an effect on each of two people, and the terms as the reason."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.core.asking import Thought, run, run_all
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.social import (
    Conversation,
    ConversationRule,
    Outcome,
    Relation,
    Ties,
)
from mesa_llm_city.testing import check_component
from tests.social.people import aya, ben, cora, speaker


def converse(
    *, affinity: float = 0.6, mood: float = 0.0, noise: float = 0.3, seed: int = 1
) -> Conversation:
    rule = ConversationRule(CityParameters().with_("social.conversation.noise", noise))
    return run(
        rule.converse(
            speaker(aya(), affinity=affinity, mood=mood),
            speaker(ben()),
            activity="meal",
            rng=np.random.default_rng(seed),
        )
    )


def test_a_case_without_noise_worked_by_hand() -> None:
    # Interests (1/3 + 1) / 2 = 2/3; .15 + .4 (.2) + .2 (1/3) = .2967 for both.
    conversation = converse(noise=0.0)
    for effect, person in ((conversation.first, 1), (conversation.second, 2)):
        assert effect.person == person
        assert effect.outcome is Outcome.POSITIVE
        assert effect.mood == pytest.approx(0.3 * (0.15 + 0.08 + 0.2 / 3.0))
        assert effect.company == 0.3


def test_nothing_is_said_and_the_reason_gives_the_terms() -> None:
    conversation = converse()
    assert conversation.utterances == ()
    assert conversation.source is DecisionSource.RULE
    assert conversation.topic in {"museums", "work", "meal"}
    assert conversation.reason.startswith("affinity 0.60 and 0.60, interests 0.67, luck ")


def test_the_outcome_may_differ_between_the_two() -> None:
    found = [converse(seed=seed) for seed in range(60)]
    assert any(one.first.outcome is not one.second.outcome for one in found)


@pytest.mark.parametrize("seed", range(30))
def test_a_good_outcome_raises_the_mood_and_a_bad_one_lowers_it(seed: int) -> None:
    for effect in converse(affinity=0.3, seed=seed)[:2]:
        assert (effect.outcome is not Outcome.POSITIVE) or effect.mood > 0.0
        assert (effect.outcome is not Outcome.NEGATIVE) or effect.mood < 0.0
        assert -0.3 <= effect.mood <= 0.3


@pytest.mark.slow
def test_more_affinity_makes_a_positive_outcome_more_frequent() -> None:
    good = [
        sum(
            converse(affinity=affinity, seed=seed).first.outcome is Outcome.POSITIVE
            for seed in range(200)
        )
        for affinity in (0.2, 0.9)
    ]
    assert good[1] > 1.5 * good[0]


def test_a_good_mood_makes_a_conversation_better_for_that_person_only() -> None:
    assert converse(mood=0.8, noise=0.0).first.mood > converse(mood=-0.8, noise=0.0).first.mood
    assert converse(mood=0.8).second == converse(mood=-0.8).second


def test_both_ties_are_updated_by_the_outcomes() -> None:
    conversation = converse(noise=0.0)
    ties, ties_of_other = Ties(), Ties()
    ties.relate([2], Relation.COLLEAGUE)
    ties.meet(conversation.second.person, conversation.first.outcome, at_min=740)
    ties_of_other.meet(conversation.first.person, conversation.second.outcome, at_min=740)
    assert ties.tie(2, at_min=740).affinity == pytest.approx(0.4665)
    assert ties_of_other.tie(1, at_min=740).relation is Relation.ACQUAINTANCE


def test_it_is_a_valid_component() -> None:
    two = (speaker(aya()), speaker(ben()))

    async def talk(rule: ConversationRule, rng: np.random.Generator) -> Conversation:
        return await rule.converse(*two, rng=rng)

    check_component(ConversationRule, talk, inputs=two)


def test_conversations_side_by_side_are_those_of_each_pair_alone() -> None:
    rule = ConversationRule()
    pairs = [(aya(), ben(), "meal"), (cora(), aya(), None), (ben(), cora(), "work")]
    talks = [
        (rule, speaker(one, mood=0.2), speaker(other, affinity=0.3), activity, seed)
        for seed, (one, other, activity) in enumerate(pairs)
    ]
    alone, together = (
        [
            rule.converse(one, other, activity=activity, rng=np.random.default_rng(seed))
            for rule, one, other, activity, seed in talks
        ]
        for _ in range(2)
    )
    assert run_all([Thought(one) for one in together]) == [run(one) for one in alone]
