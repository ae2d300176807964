"""What goes on in minds: a feed of all people, the day of one person, and who knows whom."""

from __future__ import annotations

__all__: list[str] = []
