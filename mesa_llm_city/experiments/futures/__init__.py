"""Futures of one past: a model is copied at a moment, and each copy lives on in its own way.

`forking`, `replicate` and `parallel` copy and run; `lived` is what is read of a future, of a model
or of anything else with its tables. `measures` counts, `difference` compares counts over
replicates, `first_differences` and `touched` say for whom days differ; `comparisons` and `result`
put them together as `Futures`, `over_seeds` keeps the counts alone.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from mesa_llm_city.core.lazy import lazily as _lazily

if TYPE_CHECKING:
    from mesa_llm_city.experiments.futures.forking import fork
    from mesa_llm_city.experiments.futures.result import Futures

__all__ = ["Futures", "fork"]

_HOME = MappingProxyType({"Futures": "result", "fork": "forking"})

__getattr__, __dir__ = _lazily(__name__, _HOME)
