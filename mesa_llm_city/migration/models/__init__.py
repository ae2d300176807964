"""Models of the migration decision: rule, tabular, RMS-Agent, SFT and zero-shot.

All have the interface `MigrationModel`. Import from `mesa_llm_city.migration`.
"""

from __future__ import annotations

__all__: list[str] = []
