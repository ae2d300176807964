"""Runs and what they leave behind: options, progress, tables, manifest, picture."""

from __future__ import annotations

from mesa_llm_city.experiments.catalogue import load_model, model_lines
from mesa_llm_city.experiments.demo import demo_options
from mesa_llm_city.experiments.garbage_collection import settled
from mesa_llm_city.experiments.needs_figure import draw_needs_of_profiles, live_profiles
from mesa_llm_city.experiments.options import RunOptions
from mesa_llm_city.experiments.progress import Progress, progress_on
from mesa_llm_city.experiments.simulation_run import PICTURE, run

__all__ = [
    "PICTURE",
    "Progress",
    "RunOptions",
    "demo_options",
    "draw_needs_of_profiles",
    "live_profiles",
    "load_model",
    "model_lines",
    "progress_on",
    "run",
    "settled",
]
