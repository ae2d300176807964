"""Synthetic populations: marginals, fitting, households, homes, work and schools.

Columns go in and out; `Population.synthesize` is the way in.
"""

from __future__ import annotations

__all__: list[str] = []
