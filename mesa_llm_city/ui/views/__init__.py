"""Views: one protocol for a live model and a finished run, which components read.

Reads only; never changes a model.
"""

from __future__ import annotations

__all__: list[str] = []
