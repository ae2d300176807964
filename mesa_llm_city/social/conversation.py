"""Conversation: what two people make of talking to each other.

Here stands the rule; `conversation_prompt` lets a language model speak for both.
"""

from __future__ import annotations

import numpy as np

from mesa_llm_city.core.component import Stateless
from mesa_llm_city.core.errors import LLMError
from mesa_llm_city.core.values import DecisionSource, Purpose
from mesa_llm_city.prompts import rules_after
from mesa_llm_city.social.conversation_prompt import TalkReply, talk_by_prompt
from mesa_llm_city.social.encounter import Channel
from mesa_llm_city.social.similarity import shared_interests
from mesa_llm_city.social.talk import (
    Conversation,
    ConversationConfig,
    Side,
    Speaker,
    conversation_quality,
    outcome_code,
)
from mesa_llm_city.social.tie import Outcome, Tie
from mesa_llm_city.social.tie_formulas import belief_score
from mesa_llm_city.social.topics import draw_topic

__all__ = ["Conversing"]

_OUTCOMES = tuple(Outcome)


class Conversing(Stateless):
    """Lets two people talk by rule, or a language model speak for each in turn.

    Parameters
    ----------
    config : ConversationConfig, optional
        Length and effect of conversations.
    source : DecisionSource, default DecisionSource.RULE
        Who speaks where the two are close enough (`ConversationConfig.words_above`,
        `ConversationConfig.words_share`).

    Notes
    -----
    A conversation is one thought of the one who begins it: questions of both
    speakers carry her id as their address, and name the one who speaks as the
    fact ``speaker``.
    """

    __slots__ = ("config", "source")

    def __init__(
        self,
        config: ConversationConfig | None = None,
        *,
        source: DecisionSource = DecisionSource.RULE,
    ) -> None:
        self.config = config or _DEFAULT
        self.source = source

    async def converse(
        self,
        first: Speaker,
        second: Speaker,
        *,
        channel: Channel = Channel.FACE,
        activity: Purpose | None = None,
        rng: np.random.Generator,
    ) -> Conversation:
        """Let two people talk.

        By rule each side's outcome follows from affinity, common interests, mood
        and luck (see `conversation_quality`), and nothing is said. By prompt the
        two speak in turn, `first` first, for at most `ConversationConfig.turns`
        utterances or until one says goodbye; with each a speaker tells how the
        conversation is for her, and the last word of each on it counts.

        Parameters
        ----------
        first, second : Speaker
            The one who begins, and the other.
        channel : Channel, default Channel.FACE
            How they talk.
        activity : Purpose, optional
            What they are doing meanwhile; a topic.
        rng : numpy.random.Generator
            RandomStreams of the one who begins.

        Raises
        ------
        LLMError
            If there is no reply, and the run is not configured to use rules then.
        """
        topic = draw_topic(
            first.persona,
            second.persona,
            relation=first.tie.relation,
            activity=activity,
            rng=rng,
        )
        by_rule = self._by_rule(first, second, topic, rng)
        if self.source is DecisionSource.RULE or not self._puts_into_words(first, second, rng):
            return by_rule
        try:
            talk = await talk_by_prompt(
                first, second, topic=topic, channel=channel, turns=self.config.turns
            )
        except LLMError as error:
            return by_rule._replace(reason=rules_after(error))
        one, other = talk.first, talk.second
        return Conversation(
            self._told(first, one),
            self._told(second, other),
            topic,
            talk.utterances,
            DecisionSource.PROMPT,
            f"{first.persona.name}: {one.reason}; {second.persona.name}: {other.reason}",
        )

    def _by_rule(
        self, first: Speaker, second: Speaker, topic: str, rng: np.random.Generator
    ) -> Conversation:
        interests = shared_interests(first.persona, second.persona)
        luck = rng.standard_normal(2)
        quality = conversation_quality(
            [first.tie.affinity, second.tie.affinity],
            interests,
            [first.mood, second.mood],
            luck,
            config=self.config,
        )
        codes = outcome_code(quality, config=self.config).tolist()
        sides = [
            self._side(one, _OUTCOMES[code], good)
            for one, code, good in zip((first, second), codes, quality.tolist(), strict=True)
        ]
        affinities = f"affinity {first.tie.affinity:.2f} and {second.tie.affinity:.2f}"
        reason = f"{affinities}, interests {interests:.2f}, luck {luck[0]:+.2f} and {luck[1]:+.2f}"
        return Conversation(sides[0], sides[1], topic, (), DecisionSource.RULE, reason)

    def _puts_into_words(self, first: Speaker, second: Speaker, rng: np.random.Generator) -> bool:
        closeness = 0.5 * (_score(first.tie) + _score(second.tie))
        drawn = bool(rng.random() < self.config.words_share)
        return drawn and closeness >= self.config.words_above

    def _told(self, speaker: Speaker, last: TalkReply) -> Side:
        return self._side(speaker, Outcome(last.outcome), last.valence / 5.0)

    def _side(self, speaker: Speaker, outcome: Outcome, quality: float) -> Side:
        company = self.config.company[_OUTCOMES.index(outcome)]
        return Side(speaker.persona.id, outcome, self.config.mood_weight * quality, company)


def _score(tie: Tie) -> float:
    return float(belief_score((tie.affinity, tie.trust, tie.familiarity)))


_DEFAULT = ConversationConfig()
