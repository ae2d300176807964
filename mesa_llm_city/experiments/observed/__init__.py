"""Observed tables that runs are compared with: time use, departures, modes, popularity, counts."""

from mesa_llm_city.experiments.observed.folder import Observed

__all__ = ["Observed"]
