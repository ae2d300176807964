"""Fitting a city to observed tables: time use, departures, modes, popularity of places.

`calibrate_city` is the way of a calibration; `fit` the order of its runs; `table_step`,
`mode_step` and `knobs` are what is changed.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from mesa_llm_city.core.lazy import lazily as _lazily

if TYPE_CHECKING:
    from mesa_llm_city.experiments.calibration.calibrate_city import calibrate
    from mesa_llm_city.experiments.calibration.result import Calibration

__all__ = ["Calibration", "calibrate"]

_HOME = MappingProxyType({"Calibration": "result", "calibrate": "calibrate_city"})

__getattr__, __dir__ = _lazily(__name__, _HOME)
