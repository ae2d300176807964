"""How well migration models do: metrics, calibration, protocols and comparisons.

Reads predictions and labels; trains nothing but calibrations.
"""

from __future__ import annotations

__all__: list[str] = []
