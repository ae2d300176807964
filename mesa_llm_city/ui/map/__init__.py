"""The map of the city: widget, component and still pictures."""

from __future__ import annotations

__all__: list[str] = []
