"""Survey data: schema, table, splits, leakage report, encoding as numbers and as text.

Import from `mesa_llm_city.migration`; the files of this folder may change.
"""

from __future__ import annotations

__all__: list[str] = []
