"""Mobility: plans of days, and the choice of place and mode."""

from mesa_llm_city.mobility.choice import draw, gravity_probabilities, logit_probabilities
from mesa_llm_city.mobility.free_time import FREE_TIME, Filled
from mesa_llm_city.mobility.mode_choice import (
    LogitModeChoice,
    ModeChosen,
    ModeConfig,
    mode_utilities,
)
from mesa_llm_city.mobility.place_choice import (
    GravityChoice,
    GravityConfig,
    PlaceChosen,
    PlaceOpinions,
)
from mesa_llm_city.mobility.planner_config import PlannerConfig
from mesa_llm_city.mobility.planning import Planned, Planner
from mesa_llm_city.mobility.reach import least_stay_min, radius_m
from mesa_llm_city.mobility.schedule import BLOCK_MIN, fit, overlay, round_to_block, split
from mesa_llm_city.mobility.vehicles import Vehicles

__all__ = [
    "BLOCK_MIN",
    "FREE_TIME",
    "Filled",
    "GravityChoice",
    "GravityConfig",
    "LogitModeChoice",
    "ModeChosen",
    "ModeConfig",
    "PlaceChosen",
    "PlaceOpinions",
    "Planned",
    "Planner",
    "PlannerConfig",
    "Vehicles",
    "draw",
    "fit",
    "gravity_probabilities",
    "least_stay_min",
    "logit_probabilities",
    "mode_utilities",
    "overlay",
    "radius_m",
    "round_to_block",
    "split",
]
