"""One place on the page: a card that tells who is there and what people think of it."""

from __future__ import annotations

__all__: list[str] = []
