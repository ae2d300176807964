"""Cities of agents that plan, choose, remember and talk, for Mesa.

Names are imported when they are first used, so that ``import mesa_llm_city``
costs next to nothing and loads none of the heavy libraries below it.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from mesa_llm_city.core.lazy import lazily as _lazily

if TYPE_CHECKING:
    from mesa_llm_city.citizen.citizen import Citizen
    from mesa_llm_city.city import City
    from mesa_llm_city.core.asking import Thinking, ask
    from mesa_llm_city.core.clock import Clock
    from mesa_llm_city.core.errors import (
        ChoiceError,
        CityError,
        ConfigError,
        DataError,
        ThinkingError,
    )
    from mesa_llm_city.core.sampled_clock import SampledClock
    from mesa_llm_city.mind import Memory, Needs, PlaceBeliefs
    from mesa_llm_city.parameters import CityParameters
    from mesa_llm_city.population import Outsiders, Persona, Population
    from mesa_llm_city.simulation.agent import CityAgent
    from mesa_llm_city.simulation.crowd.crowd import Crowd
    from mesa_llm_city.simulation.model import CityModel

__version__ = "0.1.0"

__all__ = [
    "ChoiceError",
    "Citizen",
    "City",
    "CityAgent",
    "CityError",
    "CityModel",
    "CityParameters",
    "Clock",
    "ConfigError",
    "Crowd",
    "DataError",
    "Memory",
    "Needs",
    "Outsiders",
    "Persona",
    "PlaceBeliefs",
    "Population",
    "SampledClock",
    "Thinking",
    "ThinkingError",
    "ask",
]

_HOME = MappingProxyType(
    {
        "ChoiceError": "core.errors",
        "Citizen": "citizen.citizen",
        "City": "city",
        "CityAgent": "simulation.agent",
        "CityError": "core.errors",
        "CityModel": "simulation.model",
        "CityParameters": "parameters",
        "Clock": "core.clock",
        "ConfigError": "core.errors",
        "Crowd": "simulation.crowd.crowd",
        "DataError": "core.errors",
        "Memory": "mind",
        "Needs": "mind",
        "Outsiders": "population",
        "Persona": "population",
        "PlaceBeliefs": "mind",
        "Population": "population",
        "SampledClock": "core.sampled_clock",
        "Thinking": "core.asking",
        "ThinkingError": "core.errors",
        "ask": "core.asking",
    }
)

__getattr__, __dir__ = _lazily(__name__, _HOME)
