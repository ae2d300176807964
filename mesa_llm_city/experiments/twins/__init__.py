"""Digital twins: answers of respondents predicted from what else is known of them.

`Respondents` are rows of a survey, `make_twins` predicts held-out answers by a language model and
by naive methods, and `Twins` says how well.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from mesa_llm_city.core.lazy import lazily as _lazily

if TYPE_CHECKING:
    from mesa_llm_city.experiments.twins.in_city import remember_answers
    from mesa_llm_city.experiments.twins.respondents import Respondents
    from mesa_llm_city.experiments.twins.twins import Twins, make_twins

__all__ = ["Respondents", "Twins", "make_twins", "remember_answers"]

_HOME = MappingProxyType(
    {
        "Respondents": "respondents",
        "Twins": "twins",
        "make_twins": "twins",
        "remember_answers": "in_city",
    }
)

__getattr__, __dir__ = _lazily(__name__, _HOME)
