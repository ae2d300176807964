"""Acting on a running city from its page: close, tell, change, add, ask, and go on in two ways."""

from __future__ import annotations

__all__: list[str] = []
