"""Effects of columns on a decision, reasons of single decisions, and destinations.

Import from `mesa_llm_city.migration`; the files of this folder may change.
"""

from __future__ import annotations

__all__: list[str] = []
