"""Judges of human-likeness: blind items of runs, compared in pairs or rated, by models or people.

The harness of CitySim [1]_: routines in pairs by naturalness, coherence and plausibility
(sec. 4.2), and ratings from 1 to 5 of daily activities, dialogue, mobility choices and reactions
(appendix C.2). Each pair is judged in both orders; nothing is claimed without a real judge.

References
----------
.. [1] Bougie and Watanabe (2025), CitySim: modeling urban behaviors and city dynamics with
   large-scale LLM-driven agent simulation.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from mesa_llm_city.core.lazy import lazily as _lazily

if TYPE_CHECKING:
    from mesa_llm_city.experiments.judges.item import JudgeItem
    from mesa_llm_city.experiments.judges.item_set import ItemSet, draw_items
    from mesa_llm_city.experiments.judges.source import ItemSource
    from mesa_llm_city.experiments.judges.strengths import Strengths, bradley_terry
    from mesa_llm_city.experiments.judges.wilson import Share, wilson_interval

__all__ = [
    "ItemSet",
    "ItemSource",
    "JudgeItem",
    "Share",
    "Strengths",
    "bradley_terry",
    "draw_items",
    "wilson_interval",
]

_HOME = MappingProxyType(
    {
        "ItemSet": "item_set",
        "ItemSource": "source",
        "JudgeItem": "item",
        "Share": "wilson",
        "Strengths": "strengths",
        "bradley_terry": "strengths",
        "draw_items": "item_set",
        "wilson_interval": "wilson",
    }
)

__getattr__, __dir__ = _lazily(__name__, _HOME)
