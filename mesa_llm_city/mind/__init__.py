"""The components of a person's mind; each works alone in any Mesa agent.

A component decides by rule; its prompt form is a class in the file of the same name with
``_prompt``. Change their numbers through `CityParameters`.
"""

from mesa_llm_city.mind.appraisal import (
    Ratings,
    Visit,
    appraise_by_rule,
    mean_rating,
    mood_lift,
    rate_visits,
)
from mesa_llm_city.mind.appraisal_prompt import AppraisalPrompt
from mesa_llm_city.mind.belief_slots import BeliefSlots, decay_to_neutral, kalman_update
from mesa_llm_city.mind.beliefs import ASPECTS, PlaceBeliefs
from mesa_llm_city.mind.goal import Goal, GoalFacts, Horizon, Revision, favoured
from mesa_llm_city.mind.goal_columns import (
    GoalColumns,
    expected_contacts,
    financial_stress,
    interests,
    isolated,
    living_expenses,
)
from mesa_llm_city.mind.goals import Goals
from mesa_llm_city.mind.goals_prompt import GoalsPrompt
from mesa_llm_city.mind.heed_prompt import HeedPrompt
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
from mesa_llm_city.mind.insight_memory import Held, InsightMemory
from mesa_llm_city.mind.leanings import habit_place, leanings, place_opinions, usual_times
from mesa_llm_city.mind.memory import Memory
from mesa_llm_city.mind.memory_entry import (
    COMPANY,
    WEATHERS,
    Circumstances,
    MemoryColumns,
    MemoryEntry,
    recency,
    salience,
)
from mesa_llm_city.mind.memory_words import HOME, MemoryWords, aspects_in_words
from mesa_llm_city.mind.mood import Mood, MoodTrajectory, baseline, relaxed, word_for
from mesa_llm_city.mind.need_levels import Assessment, Crossing, Needs, NeedTrajectory
from mesa_llm_city.mind.needs import (
    decay,
    dominant,
    hours_to_threshold,
    need_fulfilment,
    pressing_hours,
    unmet_hours,
)
from mesa_llm_city.mind.needs_prompt import NeedsPrompt
from mesa_llm_city.mind.opinions import Opinions, doubt_by_kind, expected_by_kind
from mesa_llm_city.mind.perception import Perception
from mesa_llm_city.mind.perception_prompt import AnswerPrompt, ReactPrompt
from mesa_llm_city.mind.question_selection import ReflectionQuestion, select_questions
from mesa_llm_city.mind.react_policy import ReactPolicy
from mesa_llm_city.mind.reflection import Reflected, Reflection
from mesa_llm_city.mind.reflection_prompt import ReflectPrompt
from mesa_llm_city.mind.regularities import evidence_weight, recurring_hours
from mesa_llm_city.mind.text_vectors import TextVectors, shared_vectors
from mesa_llm_city.mind.warning import (
    Risk,
    action_probability,
    belief_probability,
    preparation_min,
)

__all__ = [
    "ASPECTS",
    "COMPANY",
    "HOME",
    "MYSELF",
    "WEATHERS",
    "AnswerPrompt",
    "AppraisalPrompt",
    "Assessment",
    "BeliefSlots",
    "Circumstances",
    "Crossing",
    "Goal",
    "GoalColumns",
    "GoalFacts",
    "Goals",
    "GoalsPrompt",
    "HeedPrompt",
    "Held",
    "Horizon",
    "Insight",
    "InsightKind",
    "InsightMemory",
    "Memory",
    "MemoryColumns",
    "MemoryEntry",
    "MemoryWords",
    "Mood",
    "MoodTrajectory",
    "NeedTrajectory",
    "Needs",
    "NeedsPrompt",
    "Opinions",
    "Perception",
    "PlaceBeliefs",
    "Ratings",
    "ReactPolicy",
    "ReactPrompt",
    "ReflectPrompt",
    "Reflected",
    "Reflection",
    "ReflectionQuestion",
    "Revision",
    "Risk",
    "TextVectors",
    "Visit",
    "action_probability",
    "appraise_by_rule",
    "aspects_in_words",
    "baseline",
    "belief_probability",
    "decay",
    "decay_to_neutral",
    "dominant",
    "doubt_by_kind",
    "evidence_weight",
    "expected_by_kind",
    "expected_contacts",
    "faded_strength",
    "favoured",
    "financial_stress",
    "habit_place",
    "hours_to_threshold",
    "interests",
    "is_about_the_same",
    "isolated",
    "kalman_update",
    "leanings",
    "living_expenses",
    "mean_rating",
    "mood_lift",
    "need_fulfilment",
    "place_opinions",
    "place_subject",
    "preparation_min",
    "pressing_hours",
    "rate_visits",
    "recency",
    "recurring_hours",
    "relaxed",
    "salience",
    "select_questions",
    "shared_vectors",
    "subject_place",
    "succession",
    "unmet_hours",
    "usual_times",
    "word_for",
]
