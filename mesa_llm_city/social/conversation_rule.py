"""Conversations by rule: two people talk, and nothing is put into words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.asking import together
from mesa_llm_city.core.component import Stateless
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.parameters import CityParameters, PurposeSpec, default_parameters
from mesa_llm_city.parameters.social import ConversationParameters, SimilarityParameters
from mesa_llm_city.social.contact_opportunity import Channel
from mesa_llm_city.social.conversation import Conversation, ConversationEffect, Speaker
from mesa_llm_city.social.conversation_columns import converse_rows
from mesa_llm_city.social.prompt_facts import activity_text
from mesa_llm_city.social.similarity import Interests, shared_interests_rows
from mesa_llm_city.social.tie import Outcome
from mesa_llm_city.social.topics import draw_topic

__all__ = ["ConversationRule"]

_OUTCOMES = tuple(Outcome)


class ConversationRule(Stateless):
    """Decides by rule how a conversation is for each of two people.

    `ConversationPrompt` is the prompt form, in which both speak.

    Parameters
    ----------
    parameters : CityParameters, optional
        Reads ``social.conversation``, ``social.similarity`` and the labels of ``purposes``.
    """

    __slots__ = ("parameters", "purposes", "similarity")

    def __init__(self, parameters: CityParameters | None = None) -> None:
        tree = default_parameters() if parameters is None else parameters
        self.parameters, self.similarity = tree.social.conversation, tree.social.similarity
        self.purposes = tree.purposes

    async def converse(
        self,
        first: Speaker,
        second: Speaker,
        *,
        channel: Channel = Channel.FACE,  # noqa: ARG002 - for the prompt form
        activity: str | None = None,
        rng: np.random.Generator,
    ) -> Conversation:
        """Let two people talk.

        The outcome for each follows from affinity, common interests, mood and chance
        (see `conversation_quality`).

        Parameters
        ----------
        first, second : Speaker
            The person who begins, and the other.
        channel : Channel, default Channel.FACE
            How they talk; the prompt form uses it.
        activity : str, optional
            Purpose of what they are doing meanwhile; a possible topic.
        rng : numpy.random.Generator
            Source of random numbers, of the person who begins.
        """
        return await together(_conversations, _Asked(first, second, activity, rng, self._numbers))

    @property
    def _numbers(self) -> _Numbers:
        return _Numbers(self.parameters, self.similarity, self.purposes)


class _Numbers(NamedTuple):
    """What conversations must have in common to be held at once."""

    conversation: ConversationParameters
    similarity: SimilarityParameters
    purposes: Mapping[str, PurposeSpec]


class _Asked(NamedTuple):
    """A conversation that two people are about to have."""

    first: Speaker
    second: Speaker
    activity: str | None
    rng: np.random.Generator
    numbers: _Numbers


def _conversations(asked: Sequence[_Asked]) -> list[Conversation]:
    """Return the conversations of pairs; none depends on another."""
    groups: dict[tuple[ConversationParameters, SimilarityParameters], list[int]] = {}
    for row, one in enumerate(asked):
        groups.setdefault(one.numbers[:2], []).append(row)
    found: dict[int, Conversation] = {}
    for (conversation, similarity), rows in groups.items():
        some = [asked[row] for row in rows]
        found |= zip(rows, _by_rule(some, conversation, similarity), strict=True)
    return [found[row] for row in range(len(asked))]


def _by_rule(
    asked: Sequence[_Asked], numbers: ConversationParameters, similarity: SimilarityParameters
) -> list[Conversation]:
    pairs = [(one.first, one.second) for one in asked]
    liked = Interests.of([one.persona for pair in pairs for one in pair])
    interests = shared_interests_rows(
        liked.take(slice(0, None, 2)), liked.take(slice(1, None, 2)), parameters=similarity
    )
    rows = converse_rows(
        [[one.tie.affinity for one in pair] for pair in pairs],
        interests,
        [[one.mood for one in pair] for pair in pairs],
        np.array([one.rng.random(2) for one in asked]),
        parameters=numbers,
    )
    columns = (rows.outcome, rows.mood, rows.company, rows.noise, interests)
    each = zip(asked, *(one.tolist() for one in columns), strict=True)
    return [_conversation(one, _Terms(*row)) for one, *row in each]


class _Terms(NamedTuple):
    """How a conversation is for both, and how alike their interests are."""

    outcome: Sequence[int]
    mood: Sequence[float]
    company: Sequence[float]
    noise: Sequence[float]
    interests: float


def _conversation(asked: _Asked, terms: _Terms) -> Conversation:
    """Return a conversation, with the terms that decided."""
    first, second = asked.first, asked.second
    # After the draws of the outcome, so that a conversation without words needs none for it.
    topic = draw_topic(
        first.persona,
        second.persona,
        relation=first.tie.relation,
        activity=activity_text(asked.activity, asked.numbers.purposes),
        parameters=asked.numbers.conversation.topics,
        rng=asked.rng,
    )
    one, other = (
        ConversationEffect(
            speaker.persona.id,
            _OUTCOMES[terms.outcome[side]],
            terms.mood[side],
            terms.company[side],
        )
        for side, speaker in enumerate((first, second))
    )
    affinities = f"affinity {first.tie.affinity:.2f} and {second.tie.affinity:.2f}"
    draws = f"luck {terms.noise[0]:+.2f} and {terms.noise[1]:+.2f}"
    reason = f"{affinities}, interests {terms.interests:.2f}, {draws}"
    return Conversation(one, other, topic, (), DecisionSource.RULE, reason)
