"""One person on the page: card, plan, memories, ties and interview."""

from __future__ import annotations

__all__: list[str] = []
