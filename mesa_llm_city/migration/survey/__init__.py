"""Survey rows: schema, tables, splits, leakage, and their forms as numbers and text.

Nothing here learns from labels but what is fitted on training rows alone.
"""

from __future__ import annotations

__all__: list[str] = []
