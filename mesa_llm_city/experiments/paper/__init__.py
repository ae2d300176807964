"""The experiments of the CitySim paper, each repeated by one command."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from mesa_llm_city.core.lazy import lazily as _lazily

if TYPE_CHECKING:
    from mesa_llm_city.experiments.paper.conduct import run_experiment
    from mesa_llm_city.experiments.paper.report import Report
    from mesa_llm_city.experiments.paper.specification import EXPERIMENTS, Experiment

__all__ = ["EXPERIMENTS", "Experiment", "Report", "run_experiment"]

_HOME = MappingProxyType(
    {
        "EXPERIMENTS": "specification",
        "Experiment": "specification",
        "Report": "report",
        "run_experiment": "conduct",
    }
)

__getattr__, __dir__ = _lazily(__name__, _HOME)
