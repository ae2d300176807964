"""Runnable models: below this package once installed, in the top folder ``models/`` in a clone."""

from __future__ import annotations

from pathlib import Path

__all__: list[str] = []

_ROOT = Path(__file__).parents[2]

# Asking for pyproject.toml keeps a stranger's site-packages/models out of the way.
if (_ROOT / "pyproject.toml").is_file():
    __path__.append(str(_ROOT / "models"))
