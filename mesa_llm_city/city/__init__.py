"""Cities: places, zones, stations, streets, weather and events, from files or from a seed."""

from __future__ import annotations

from mesa_llm_city.city.areas import Areas
from mesa_llm_city.city.categories import Categories, Category
from mesa_llm_city.city.city import City
from mesa_llm_city.city.environment import Environment, Event
from mesa_llm_city.city.network import Network
from mesa_llm_city.city.places import Place, Places
from mesa_llm_city.city.skims import Skims
from mesa_llm_city.city.stations import Stations
from mesa_llm_city.city.weather import SyntheticWeather, WeatherSource, WeatherTable
from mesa_llm_city.city.zones import Zones

__all__ = [
    "Areas",
    "Categories",
    "Category",
    "City",
    "Environment",
    "Event",
    "Network",
    "Place",
    "Places",
    "Skims",
    "Stations",
    "SyntheticWeather",
    "WeatherSource",
    "WeatherTable",
    "Zones",
]
