"""Social life: ties to other people, contacts, and conversations."""

from mesa_llm_city.social.contact import Contact, ContactChoice
from mesa_llm_city.social.contact_config import ContactConfig, contact_probability
from mesa_llm_city.social.conversation import Conversing
from mesa_llm_city.social.encounter import GAP_MIN, Channel, ContactChance
from mesa_llm_city.social.pairing import Pair, Wish, pair
from mesa_llm_city.social.similarity import (
    gower_similarity,
    overlap,
    shared_interests,
    similarity,
)
from mesa_llm_city.social.talk import (
    Conversation,
    ConversationConfig,
    Side,
    Speaker,
    Utterance,
    conversation_quality,
    outcome_code,
)
from mesa_llm_city.social.tie import DIMENSIONS, Outcome, Relation, Tie, TieConfig
from mesa_llm_city.social.tie_formulas import (
    belief_score,
    faded_familiarity,
    initial_tie,
    moved_tie,
    partner_probabilities,
)
from mesa_llm_city.social.ties import Ties
from mesa_llm_city.social.topics import draw_topic, topics

__all__ = [
    "DIMENSIONS",
    "GAP_MIN",
    "Channel",
    "Contact",
    "ContactChance",
    "ContactChoice",
    "ContactConfig",
    "Conversation",
    "ConversationConfig",
    "Conversing",
    "Outcome",
    "Pair",
    "Relation",
    "Side",
    "Speaker",
    "Tie",
    "TieConfig",
    "Ties",
    "Utterance",
    "Wish",
    "belief_score",
    "contact_probability",
    "conversation_quality",
    "draw_topic",
    "faded_familiarity",
    "gower_similarity",
    "initial_tie",
    "moved_tie",
    "outcome_code",
    "overlap",
    "pair",
    "partner_probabilities",
    "shared_interests",
    "similarity",
    "topics",
]
