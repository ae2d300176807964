"""A crowd in a Mesa model: a million rows that live beside the citizens of a `CityModel`."""

from __future__ import annotations

from mesa_llm_city.simulation.crowd.crowd import Crowd
from mesa_llm_city.simulation.crowd.crowd_agent import CrowdAgent
from mesa_llm_city.simulation.crowd.crowd_row import CrowdRow

__all__ = ["Crowd", "CrowdAgent", "CrowdRow"]
