"""The charts of a city as specifications and numbers, drawn in the browser."""

from __future__ import annotations

__all__: list[str] = []
