"""Charts of a city: counts by time of day, drawn with Matplotlib."""

from __future__ import annotations

__all__: list[str] = []
