"""Conversations by rule: two people talk, and nothing is put into words."""

from __future__ import annotations

import numpy as np

from mesa_llm_city.core.component import Stateless
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.social.contact_opportunity import Channel
from mesa_llm_city.social.conversation import Conversation, ConversationEffect, Speaker
from mesa_llm_city.social.conversation_columns import converse_rows
from mesa_llm_city.social.prompt_facts import activity_text
from mesa_llm_city.social.similarity import shared_interests
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
        interests = shared_interests(first.persona, second.persona, parameters=self.similarity)
        rows = converse_rows(
            [[first.tie.affinity, second.tie.affinity]],
            [interests],
            [[first.mood, second.mood]],
            rng.random((1, 2)),
            parameters=self.parameters,
        )
        # After the draws of the outcome, so that a conversation without words needs none for it.
        topic = self._topic(first, second, activity, rng)
        one, other = (
            ConversationEffect(
                speaker.persona.id,
                _OUTCOMES[rows.outcome[0, side]],
                float(rows.mood[0, side]),
                float(rows.company[0, side]),
            )
            for side, speaker in enumerate((first, second))
        )
        affinities = f"affinity {first.tie.affinity:.2f} and {second.tie.affinity:.2f}"
        draws = f"luck {rows.noise[0, 0]:+.2f} and {rows.noise[0, 1]:+.2f}"
        reason = f"{affinities}, interests {interests:.2f}, {draws}"
        return Conversation(one, other, topic, (), DecisionSource.RULE, reason)

    def _topic(
        self, first: Speaker, second: Speaker, activity: str | None, rng: np.random.Generator
    ) -> str:
        return draw_topic(
            first.persona,
            second.persona,
            relation=first.tie.relation,
            activity=activity_text(activity, self.purposes),
            parameters=self.parameters.topics,
            rng=rng,
        )
