"""Cities from files: tables, maps, OpenStreetMap extracts, grids and timetables."""

from __future__ import annotations

from mesa_llm_city.city.load.assemble import load_city
from mesa_llm_city.city.load.audit import Audit, Report
from mesa_llm_city.city.load.options import LoadOptions
from mesa_llm_city.city.load.weather import read_weather

__all__ = ["Audit", "LoadOptions", "Report", "load_city", "read_weather"]
