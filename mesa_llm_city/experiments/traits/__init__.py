"""Personality and behaviour: whether a trait set high or low changes what people do.

`check_traits` lets the same people live with a trait low and high, by rules or by prompts, and says
which published signs are there; `with_trait` changes a trait and all that follows from it.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from mesa_llm_city.core.lazy import lazily as _lazily

if TYPE_CHECKING:
    from mesa_llm_city.experiments.traits.retraited import with_trait
    from mesa_llm_city.experiments.traits.signs import BEHAVIOURS, SIGNS, PublishedSign
    from mesa_llm_city.experiments.traits.trait_check import TraitCheck, check_traits

__all__ = ["BEHAVIOURS", "SIGNS", "PublishedSign", "TraitCheck", "check_traits", "with_trait"]

_HOME = MappingProxyType(
    {
        "BEHAVIOURS": "signs",
        "SIGNS": "signs",
        "PublishedSign": "signs",
        "TraitCheck": "trait_check",
        "check_traits": "trait_check",
        "with_trait": "retraited",
    }
)

__getattr__, __dir__ = _lazily(__name__, _HOME)
