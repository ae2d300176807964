"""From a survey to yearly flows: horizons, calibration to observed rates, drift, hazards.

Import from `mesa_llm_city.migration`; the files of this folder may change.
"""

from __future__ import annotations

__all__: list[str] = []
