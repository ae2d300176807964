"""The mind of a person, part by part; each works alone in any Mesa agent."""

from mesa_llm_city.mind.beliefs import (
    ASPECTS,
    BeliefConfig,
    Opinions,
    PlaceBeliefs,
    Ratings,
    Visit,
    decay_to_neutral,
    kalman_update,
)
from mesa_llm_city.mind.memory import Memory, MemoryConfig, Remembered
from mesa_llm_city.mind.needs import (
    NEEDS,
    Crossing,
    Needs,
    NeedsConfig,
    decay,
    dominant,
    hours_to_threshold,
)
from mesa_llm_city.mind.perception import Perception, PerceptionConfig

__all__ = [
    "ASPECTS",
    "NEEDS",
    "BeliefConfig",
    "Crossing",
    "Memory",
    "MemoryConfig",
    "Needs",
    "NeedsConfig",
    "Opinions",
    "Perception",
    "PerceptionConfig",
    "PlaceBeliefs",
    "Ratings",
    "Remembered",
    "Visit",
    "decay",
    "decay_to_neutral",
    "dominant",
    "hours_to_threshold",
    "kalman_update",
]
