"""Runs and what they leave behind: tables, manifest, picture; sweeps, futures, validation, fits.

`simulation_run` is the way of a run from its options to its folder. Names are imported when
they are first used, so that the help of the command line loads nothing heavy.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from mesa_llm_city.core.lazy import lazily as _lazily

if TYPE_CHECKING:
    from mesa_llm_city.experiments.calibration.calibrate_city import calibrate
    from mesa_llm_city.experiments.catalogue import ModelEntry, list_models, load_model
    from mesa_llm_city.experiments.demo import demo_options
    from mesa_llm_city.experiments.futures import Futures, fork
    from mesa_llm_city.experiments.garbage_collection import settled
    from mesa_llm_city.experiments.options import OptionsError, RunOptions
    from mesa_llm_city.experiments.paper.conduct import run_experiment
    from mesa_llm_city.experiments.parameter_sweep import sweep
    from mesa_llm_city.experiments.progress import Progress, progress_on
    from mesa_llm_city.experiments.simulation_run import run
    from mesa_llm_city.experiments.sweeping.table import read_sweep
    from mesa_llm_city.experiments.validation.validate_run import validate
    from mesa_llm_city.experiments.write import PICTURE

__all__ = [
    "PICTURE",
    "Futures",
    "ModelEntry",
    "OptionsError",
    "Progress",
    "RunOptions",
    "calibrate",
    "demo_options",
    "fork",
    "list_models",
    "load_model",
    "progress_on",
    "read_sweep",
    "run",
    "run_experiment",
    "settled",
    "sweep",
    "validate",
]

_HOME = MappingProxyType(
    {
        "PICTURE": "write",
        "Futures": "futures.result",
        "ModelEntry": "catalogue",
        "OptionsError": "options",
        "Progress": "progress",
        "RunOptions": "options",
        "calibrate": "calibration.calibrate_city",
        "demo_options": "demo",
        "fork": "futures.forking",
        "list_models": "catalogue",
        "load_model": "catalogue",
        "progress_on": "progress",
        "read_sweep": "sweeping.table",
        "run": "simulation_run",
        "run_experiment": "paper.conduct",
        "settled": "garbage_collection",
        "sweep": "parameter_sweep",
        "validate": "validation.validate_run",
    }
)

__getattr__, __dir__ = _lazily(__name__, _HOME)
