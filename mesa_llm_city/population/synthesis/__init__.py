"""Synthetic populations: marginals, fitting, households, homes, places of work and schools.

The functions take and return columns; use them through `Population.synthesize`.
"""

from __future__ import annotations

__all__: list[str] = []
