"""Two runs of a page side by side: their maps, what differs, and for whom."""

from __future__ import annotations

__all__: list[str] = []
