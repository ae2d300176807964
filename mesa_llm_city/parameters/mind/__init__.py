"""Parameters of the mind: beliefs, memory, insights, reflection, goals, mood and perception."""

from mesa_llm_city.parameters.base import Branch
from mesa_llm_city.parameters.mind.beliefs import BeliefParameters
from mesa_llm_city.parameters.mind.goals import GoalParameters, GoalSpec
from mesa_llm_city.parameters.mind.memory import (
    InsightParameters,
    MemoryParameters,
    ReflectionParameters,
)
from mesa_llm_city.parameters.mind.mood import MoodParameters, PerceptionParameters
from mesa_llm_city.parameters.mind.warnings import WarningParameters

__all__ = [
    "BeliefParameters",
    "GoalParameters",
    "GoalSpec",
    "InsightParameters",
    "MemoryParameters",
    "MindParameters",
    "MoodParameters",
    "PerceptionParameters",
    "ReflectionParameters",
    "WarningParameters",
]


class MindParameters(Branch):
    """What goes on in a person."""

    beliefs: BeliefParameters = BeliefParameters()
    memory: MemoryParameters = MemoryParameters()
    insights: InsightParameters = InsightParameters()
    reflection: ReflectionParameters = ReflectionParameters()
    goals: GoalParameters = GoalParameters()
    mood: MoodParameters = MoodParameters()
    perception: PerceptionParameters = PerceptionParameters()
    warnings: WarningParameters = WarningParameters()
