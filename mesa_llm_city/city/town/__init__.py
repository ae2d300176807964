"""The synthetic town: streets, zones, stations and places drawn from a seed."""

from __future__ import annotations

from mesa_llm_city.city.town.town import (
    synthetic_city,
    town_land,
    town_land_state,
    town_maker,
    town_maker_state,
)

__all__ = [
    "synthetic_city",
    "town_land",
    "town_land_state",
    "town_maker",
    "town_maker_state",
]
