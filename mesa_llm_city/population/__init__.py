"""People: who they are, read from a table or synthesised from marginals."""

from __future__ import annotations

from mesa_llm_city.population.big_five import BigFive
from mesa_llm_city.population.categories import (
    AGE_GROUPS,
    EMPLOYED,
    AgeGroup,
    Education,
    Gender,
    LifeStage,
    Occupation,
    Role,
)
from mesa_llm_city.population.fit_report import FitReport, FitRow
from mesa_llm_city.population.persona import Household, Persona
from mesa_llm_city.population.place_supply import MappedSupply, PlaceSupply
from mesa_llm_city.population.population import Population
from mesa_llm_city.population.profiles import PROFILES, profile
from mesa_llm_city.population.schedules.free_time import HOBBIES
from mesa_llm_city.population.schedules.habits import Habits, Preferences
from mesa_llm_city.population.synthesis.anchors import Commuting
from mesa_llm_city.population.synthesis.fitting import (
    iterative_proportional_fitting,
    systematic_sample,
)
from mesa_llm_city.population.synthesis.marginals import Marginals
from mesa_llm_city.population.synthesis.spatial_interaction import deterrence, doubly_constrained

__all__ = [
    "AGE_GROUPS",
    "EMPLOYED",
    "HOBBIES",
    "PROFILES",
    "AgeGroup",
    "BigFive",
    "Commuting",
    "Education",
    "FitReport",
    "FitRow",
    "Gender",
    "Habits",
    "Household",
    "LifeStage",
    "MappedSupply",
    "Marginals",
    "Occupation",
    "Persona",
    "PlaceSupply",
    "Population",
    "Preferences",
    "Role",
    "deterrence",
    "doubly_constrained",
    "iterative_proportional_fitting",
    "profile",
    "systematic_sample",
]
