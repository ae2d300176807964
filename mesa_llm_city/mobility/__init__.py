"""Mobility: plans of days, use of free time, and the choice of place and mode.

Each choice has a file with its rule. The `*_prompt.py` files hold the prompt forms, and are
named after their prompts.
"""

from mesa_llm_city.mobility.choice import draw, gravity_probabilities, logit_probabilities
from mesa_llm_city.mobility.exploration import (
    PlaceHistory,
    exploration_probability,
    explore_or_return,
)
from mesa_llm_city.mobility.familiarity import Familiarity
from mesa_llm_city.mobility.free_time import FreeTimeChoice, FreeTimeChosen
from mesa_llm_city.mobility.habits import is_habit_day, postponed
from mesa_llm_city.mobility.leisure_policy import LeisurePolicy
from mesa_llm_city.mobility.leisure_prompt import LeisurePrompt
from mesa_llm_city.mobility.mode_choice import (
    LogitModeChoice,
    ModeChosen,
    in_service,
    mode_utilities,
)
from mesa_llm_city.mobility.mode_policy import ModePolicy
from mesa_llm_city.mobility.mode_prompt import ModePrompt
from mesa_llm_city.mobility.outsider_day import enters_on
from mesa_llm_city.mobility.place_choice import GravityChoice, PlaceChosen, PlaceOpinions
from mesa_llm_city.mobility.place_policy import PlacePolicy
from mesa_llm_city.mobility.place_prompt import PlacePrompt
from mesa_llm_city.mobility.place_weights import place_probabilities
from mesa_llm_city.mobility.plan_policy import PlanPolicy
from mesa_llm_city.mobility.plan_prompt import PlanPrompt
from mesa_llm_city.mobility.planner import Planned, Planner
from mesa_llm_city.mobility.reach import least_stay_min, least_stays_min, radii_m, radius_m
from mesa_llm_city.mobility.schedule import BLOCK_MIN, fit, overlay, round_to_block, split
from mesa_llm_city.mobility.vehicles import Vehicles
from mesa_llm_city.mobility.wishes import NO_RELIEF, Wish

__all__ = [
    "BLOCK_MIN",
    "NO_RELIEF",
    "Familiarity",
    "FreeTimeChoice",
    "FreeTimeChosen",
    "GravityChoice",
    "LeisurePolicy",
    "LeisurePrompt",
    "LogitModeChoice",
    "ModeChosen",
    "ModePolicy",
    "ModePrompt",
    "PlaceChosen",
    "PlaceHistory",
    "PlaceOpinions",
    "PlacePolicy",
    "PlacePrompt",
    "PlanPolicy",
    "PlanPrompt",
    "Planned",
    "Planner",
    "Vehicles",
    "Wish",
    "draw",
    "enters_on",
    "exploration_probability",
    "explore_or_return",
    "fit",
    "gravity_probabilities",
    "in_service",
    "is_habit_day",
    "least_stay_min",
    "least_stays_min",
    "logit_probabilities",
    "mode_utilities",
    "overlay",
    "place_probabilities",
    "postponed",
    "radii_m",
    "radius_m",
    "round_to_block",
    "split",
]
