"""Cities of agents that plan, choose, remember and talk, for Mesa.

Names are imported when they are first used, so that ``import mesa_llm_city``
costs next to nothing and loads none of the heavy libraries below it.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from mesa_llm_city.lazy import lazily as _lazily

if TYPE_CHECKING:
    from mesa_llm_city.agent import CityAgent
    from mesa_llm_city.citizen import Citizen
    from mesa_llm_city.city import City
    from mesa_llm_city.clock import Clock
    from mesa_llm_city.errors import (
        ChoiceError,
        CityError,
        ConfigError,
        DataError,
        ThinkingError,
    )
    from mesa_llm_city.mind import Memory, Needs, PlaceBeliefs
    from mesa_llm_city.model import CityModel
    from mesa_llm_city.persona import Persona, Population
    from mesa_llm_city.thinking import Thinking, ask

__version__ = "0.1.0"

__all__ = [
    "ChoiceError",
    "Citizen",
    "City",
    "CityAgent",
    "CityError",
    "CityModel",
    "Clock",
    "ConfigError",
    "DataError",
    "Memory",
    "Needs",
    "Persona",
    "PlaceBeliefs",
    "Population",
    "Thinking",
    "ThinkingError",
    "ask",
]

_HOME = MappingProxyType(
    {
        "ChoiceError": "errors",
        "Citizen": "citizen",
        "City": "city",
        "CityAgent": "agent",
        "CityError": "errors",
        "CityModel": "model",
        "Clock": "clock",
        "ConfigError": "errors",
        "DataError": "errors",
        "Memory": "mind",
        "Needs": "mind",
        "Persona": "persona",
        "PlaceBeliefs": "mind",
        "Population": "persona",
        "Thinking": "thinking",
        "ThinkingError": "errors",
        "ask": "thinking",
    }
)

__getattr__, __dir__ = _lazily(__name__, _HOME)
