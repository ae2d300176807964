"""How like people the people of a run are: measures with naive predictions beside them."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from mesa_llm_city.core.lazy import lazily as _lazily

if TYPE_CHECKING:
    from mesa_llm_city.experiments.validation.measure import Family, Measure, Reference
    from mesa_llm_city.experiments.validation.result import Validation
    from mesa_llm_city.experiments.validation.validate_run import validate

__all__ = ["Family", "Measure", "Reference", "Validation", "validate"]

_HOME = MappingProxyType(
    {
        "Family": "measure",
        "Measure": "measure",
        "Reference": "measure",
        "Validation": "result",
        "validate": "validate_run",
    }
)

__getattr__, __dir__ = _lazily(__name__, _HOME)
