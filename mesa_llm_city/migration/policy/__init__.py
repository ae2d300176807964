"""Policies on the people of a survey: what changes for them, and what models expect of it.

Import from `mesa_llm_city.migration`; the files of this folder may change.
"""

from __future__ import annotations

__all__: list[str] = []
