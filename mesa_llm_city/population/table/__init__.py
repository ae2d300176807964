"""Tables of people: reading, checks, and imputation of what a table leaves open.

Use it through `Population.from_table`.
"""

from __future__ import annotations

__all__: list[str] = []
