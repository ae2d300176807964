"""The mind of a person, part by part; each works alone in any Mesa agent."""

from mesa_llm_city.mind.appraisal import Ratings, Visit, appraised_by_rule
from mesa_llm_city.mind.belief_config import BeliefConfig
from mesa_llm_city.mind.beliefs import (
    ASPECTS,
    Opinions,
    PlaceBeliefs,
    decay_to_neutral,
    kalman_update,
)
from mesa_llm_city.mind.goals import (
    Goal,
    GoalConfig,
    GoalFacts,
    Goals,
    Horizon,
    Revision,
    financial_stress,
    interest,
    isolated,
    need_fulfilment,
)
from mesa_llm_city.mind.insight import (
    MYSELF,
    Insight,
    InsightKind,
    faded_strength,
    is_about_the_same,
    place_subject,
    subject_place,
    succession,
)
from mesa_llm_city.mind.insight_memory import InsightMemory, InsightMemoryConfig
from mesa_llm_city.mind.leanings import leanings, place_opinions, usual_times
from mesa_llm_city.mind.memory import Memory, MemoryConfig
from mesa_llm_city.mind.memory_entry import MemoryColumns, MemoryEntry, recency
from mesa_llm_city.mind.mood import Mood, MoodConfig, baseline, relaxed, word_for
from mesa_llm_city.mind.needs import (
    NEEDS,
    Assessment,
    Crossing,
    Needs,
    NeedsConfig,
    decay,
    dominant,
    hours_to_threshold,
    pressing_hours,
    unmet_hours,
)
from mesa_llm_city.mind.perception import Perception, PerceptionConfig
from mesa_llm_city.mind.question_selection import ReflectionQuestion, select_questions
from mesa_llm_city.mind.reflection import Reflected, Reflection, ReflectionConfig
from mesa_llm_city.mind.regularities import evidence_weight, recurring_hours
from mesa_llm_city.mind.text_vectors import TextVectors, shared_vectors

__all__ = [
    "ASPECTS",
    "MYSELF",
    "NEEDS",
    "Assessment",
    "BeliefConfig",
    "Crossing",
    "Goal",
    "GoalConfig",
    "GoalFacts",
    "Goals",
    "Horizon",
    "Insight",
    "InsightKind",
    "InsightMemory",
    "InsightMemoryConfig",
    "Memory",
    "MemoryColumns",
    "MemoryConfig",
    "MemoryEntry",
    "Mood",
    "MoodConfig",
    "Needs",
    "NeedsConfig",
    "Opinions",
    "Perception",
    "PerceptionConfig",
    "PlaceBeliefs",
    "Ratings",
    "Reflected",
    "Reflection",
    "ReflectionConfig",
    "ReflectionQuestion",
    "Revision",
    "TextVectors",
    "Visit",
    "appraised_by_rule",
    "baseline",
    "decay",
    "decay_to_neutral",
    "dominant",
    "evidence_weight",
    "faded_strength",
    "financial_stress",
    "hours_to_threshold",
    "interest",
    "is_about_the_same",
    "isolated",
    "kalman_update",
    "leanings",
    "need_fulfilment",
    "place_opinions",
    "place_subject",
    "pressing_hours",
    "recency",
    "recurring_hours",
    "relaxed",
    "select_questions",
    "shared_vectors",
    "subject_place",
    "succession",
    "unmet_hours",
    "usual_times",
    "word_for",
]
