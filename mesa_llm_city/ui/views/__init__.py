"""What components look at: a live model or a finished run, as one protocol.

Reads only; never changes a model.
"""

from __future__ import annotations

__all__: list[str] = []
