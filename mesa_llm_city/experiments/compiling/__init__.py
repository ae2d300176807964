"""Compiling: from a run by rules and a language model to a policy, and how like the model it is.

In order: `take_census` (which cells occur), `estimate_compile` (what it will cost),
`compile_policy` (ask, and smooth), `compare_policy` (on decisions held out) and
`policy_effects` (on time use and trips).
"""

from mesa_llm_city.experiments.compiling.census import Census, take_census
from mesa_llm_city.experiments.compiling.comparison import (
    Comparison,
    Mind,
    compare_answers,
    compare_archetypes,
    compare_policy,
)
from mesa_llm_city.experiments.compiling.compile_cost import CompileCost, estimate_compile
from mesa_llm_city.experiments.compiling.compiler import compile_policy, plan_questions
from mesa_llm_city.experiments.compiling.effects import Effects, policy_effects

__all__ = [
    "Census",
    "Comparison",
    "CompileCost",
    "Effects",
    "Mind",
    "compare_answers",
    "compare_archetypes",
    "compare_policy",
    "compile_policy",
    "estimate_compile",
    "plan_questions",
    "policy_effects",
    "take_census",
]
