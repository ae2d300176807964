"""Figures of a run for papers: each by its name, at the width of a journal's column."""

from __future__ import annotations

__all__: list[str] = []
