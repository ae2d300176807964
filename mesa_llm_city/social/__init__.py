"""Social life: ties to other people, contacts with them, and conversations.

Numbers are in `CityParameters.social`; replace a component or its prompt form to change a rule.
"""

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
from mesa_llm_city.social.pairing import Pair, Wish, pair
from mesa_llm_city.social.similarity import (
    demographic_similarity,
    gower_similarity,
    overlap,
    shared_interests,
)
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
    "DIMENSIONS",
    "Channel",
    "Contact",
    "ContactChoice",
    "ContactOpportunity",
    "ContactPrompt",
    "Conversation",
    "ConversationEffect",
    "ConversationPrompt",
    "ConversationRule",
    "Outcome",
    "Pair",
    "Relation",
    "Speaker",
    "Tie",
    "Ties",
    "Utterance",
    "Wish",
    "belief_score",
    "channel_of",
    "common_topics",
    "contact_probability",
    "conversation_quality",
    "demographic_similarity",
    "draw_topic",
    "faded_familiarity",
    "gower_similarity",
    "initial_tie",
    "outcome_code",
    "overlap",
    "pair",
    "partner_probabilities",
    "shared_interests",
    "source_trust",
    "trust_by_name",
    "updated_tie",
]
