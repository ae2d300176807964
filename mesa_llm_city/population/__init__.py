"""People: who they are, read from a table or synthesised from marginals.

Start with `Population` and `Persona`, or with `PopulationColumns` for a million people. All
behavioural numbers are in the branch `population` of the parameters; names and default
marginals are data files here.
"""

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
from mesa_llm_city.population.columns.population_columns import PopulationColumns
from mesa_llm_city.population.cultures import Culture, culture_of
from mesa_llm_city.population.fit_report import FitReport, FitRow
from mesa_llm_city.population.outsiders import Outsider, OutsiderRole, Outsiders
from mesa_llm_city.population.persona import Household, Persona
from mesa_llm_city.population.place_supply import MappedSupply, PlaceSupply
from mesa_llm_city.population.population import Population
from mesa_llm_city.population.profiles import PROFILES, profile
from mesa_llm_city.population.schedules.habits import Habits, Preferences
from mesa_llm_city.population.schedules.usual_night import sleep_need, sleep_needs
from mesa_llm_city.population.synthesis.fitting import (
    iterative_proportional_fitting,
    systematic_sample,
)
from mesa_llm_city.population.synthesis.marginals import Marginals
from mesa_llm_city.population.synthesis.spatial_interaction import deterrence, doubly_constrained
from mesa_llm_city.population.time_use import (
    DayBounds,
    DayDraw,
    DayDraws,
    DayTraits,
    TimeUseTable,
    draw_bounds,
    draw_day,
    draw_days,
    time_use_table,
)

__all__ = [
    "AGE_GROUPS",
    "EMPLOYED",
    "PROFILES",
    "AgeGroup",
    "BigFive",
    "Culture",
    "DayBounds",
    "DayDraw",
    "DayDraws",
    "DayTraits",
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
    "Outsider",
    "OutsiderRole",
    "Outsiders",
    "Persona",
    "PlaceSupply",
    "Population",
    "PopulationColumns",
    "Preferences",
    "Role",
    "TimeUseTable",
    "culture_of",
    "deterrence",
    "doubly_constrained",
    "draw_bounds",
    "draw_day",
    "draw_days",
    "iterative_proportional_fitting",
    "profile",
    "sleep_need",
    "sleep_needs",
    "systematic_sample",
    "time_use_table",
]
