"""Cities from files: tables, maps, OpenStreetMap extracts, grids and timetables."""

from __future__ import annotations

from mesa_llm_city.city.loading.assemble import load_city
from mesa_llm_city.city.loading.audit import Audit, Report
from mesa_llm_city.city.loading.options import LoadOptions
from mesa_llm_city.city.loading.weather import read_weather

__all__ = ["Audit", "LoadOptions", "Report", "load_city", "read_weather"]
