"""Migration in the browser: regions, flows, decisions and what drove them, policy and control."""

from __future__ import annotations

__all__: list[str] = []
