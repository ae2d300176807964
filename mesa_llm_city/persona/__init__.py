"""People: who they are, read from a table or synthesised from marginals."""

from __future__ import annotations

from mesa_llm_city.persona.anchors import Commuting
from mesa_llm_city.persona.bigfive import BigFive
from mesa_llm_city.persona.categories import (
    AGE_GROUPS,
    EMPLOYED,
    AgeGroup,
    Education,
    Gender,
    LifeStage,
    Occupation,
    Role,
)
from mesa_llm_city.persona.free_time import HOBBIES
from mesa_llm_city.persona.gravity import deterrence, doubly_constrained
from mesa_llm_city.persona.habits import Habits, Preferences
from mesa_llm_city.persona.ipf import iterative_proportional_fitting, systematic_sample
from mesa_llm_city.persona.marginals import Marginals
from mesa_llm_city.persona.persona import Household, Persona
from mesa_llm_city.persona.population import Population
from mesa_llm_city.persona.profiles import PROFILES, profile
from mesa_llm_city.persona.report import FitReport, FitRow
from mesa_llm_city.persona.supply import MappedSupply, PlaceSupply

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
