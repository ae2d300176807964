"""The page as a whole: layout, run controls, sources and server."""

from __future__ import annotations

__all__: list[str] = []
