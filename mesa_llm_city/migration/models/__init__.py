"""Models of the migration decision: rule, tabular, RMS-Agent, SFT and zero-shot.

All have `fit`, `predict_proba`, `save` and `load` (see `base`).
"""

from __future__ import annotations

__all__: list[str] = []
