"""Social life: ties, contacts and conversations, and what is felt and thought about topics.

Numbers are in `CityParameters.social`; replace a component or its prompt form to change a rule.
"""

from mesa_llm_city.social.audience import Audience, SharedColumns
from mesa_llm_city.social.awareness import Awareness, Belief, Consolidated, Known
from mesa_llm_city.social.awareness_prompt import BelievePrompt, ConsolidatePrompt
from mesa_llm_city.social.contact import Contact, ContactChoice
from mesa_llm_city.social.contact_formulas import contact_probability
from mesa_llm_city.social.contact_opportunity import Channel, ContactOpportunity
from mesa_llm_city.social.contact_prompt import ContactPrompt
from mesa_llm_city.social.conversation import (
    Conversation,
    ConversationEffect,
    Speaker,
    Utterance,
)
from mesa_llm_city.social.conversation_formulas import conversation_quality, outcome_code
from mesa_llm_city.social.conversation_prompt import ConversationPrompt
from mesa_llm_city.social.conversation_rule import ConversationRule
from mesa_llm_city.social.emotion import (
    Emotion,
    EmotionLevel,
    Felt,
    emotion_code,
    emotional_density,
)
from mesa_llm_city.social.emotion_prompt import EmotionPrompt
from mesa_llm_city.social.news_memory import HeardItem, Remembered
from mesa_llm_city.social.pairing import Pair, Wish, pair
from mesa_llm_city.social.post import NOBODY, Post, PostKind
from mesa_llm_city.social.sharing import ANY_READER, SHARED_KINDS, Reader, Shared, Sharing
from mesa_llm_city.social.sharing_formulas import (
    activity_of,
    after_waking,
    base_probability,
    broadcasters,
    share_delay_min,
    share_probability,
)
from mesa_llm_city.social.sharing_policy import SharingPolicy
from mesa_llm_city.social.sharing_prompt import SharingPrompt
from mesa_llm_city.social.similarity import (
    demographic_similarity,
    gower_similarity,
    overlap,
    shared_interests,
)
from mesa_llm_city.social.stance import Considered, Stance, stance_side, stance_word
from mesa_llm_city.social.stance_prompt import StancePrompt
from mesa_llm_city.social.stance_rules import STANCE_RULES, StanceRule, changed_stance
from mesa_llm_city.social.tie import DIMENSIONS, Outcome, Relation, Tie
from mesa_llm_city.social.tie_formulas import (
    belief_score,
    faded_familiarity,
    initial_tie,
    partner_probabilities,
    updated_tie,
)
from mesa_llm_city.social.ties import Ties
from mesa_llm_city.social.topics import common_topics, draw_topic
from mesa_llm_city.social.trust import channel_of, source_trust, trust_by_name

__all__ = [
    "ANY_READER",
    "DIMENSIONS",
    "NOBODY",
    "SHARED_KINDS",
    "STANCE_RULES",
    "Audience",
    "Awareness",
    "Belief",
    "BelievePrompt",
    "Channel",
    "Considered",
    "ConsolidatePrompt",
    "Consolidated",
    "Contact",
    "ContactChoice",
    "ContactOpportunity",
    "ContactPrompt",
    "Conversation",
    "ConversationEffect",
    "ConversationPrompt",
    "ConversationRule",
    "Emotion",
    "EmotionLevel",
    "EmotionPrompt",
    "Felt",
    "HeardItem",
    "Known",
    "Outcome",
    "Pair",
    "Post",
    "PostKind",
    "Reader",
    "Relation",
    "Remembered",
    "Shared",
    "SharedColumns",
    "Sharing",
    "SharingPolicy",
    "SharingPrompt",
    "Speaker",
    "Stance",
    "StancePrompt",
    "StanceRule",
    "Tie",
    "Ties",
    "Utterance",
    "Wish",
    "activity_of",
    "after_waking",
    "base_probability",
    "belief_score",
    "broadcasters",
    "changed_stance",
    "channel_of",
    "common_topics",
    "contact_probability",
    "conversation_quality",
    "demographic_similarity",
    "draw_topic",
    "emotion_code",
    "emotional_density",
    "faded_familiarity",
    "gower_similarity",
    "initial_tie",
    "outcome_code",
    "overlap",
    "pair",
    "partner_probabilities",
    "share_delay_min",
    "share_probability",
    "shared_interests",
    "source_trust",
    "stance_side",
    "stance_word",
    "trust_by_name",
    "updated_tie",
]
