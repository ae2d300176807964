"""Where a number comes from: the source of its field, or one of its own."""

from __future__ import annotations

from collections.abc import Mapping

from mesa_llm_city.parameters.modes import MODE_SOURCES, MODES
from mesa_llm_city.parameters.needs import NEED_SOURCES, NEEDS
from mesa_llm_city.parameters.purposes import PURPOSE_SOURCES, PURPOSES

__all__ = ["source_of"]

_OF_ROWS: Mapping[str, tuple[Mapping[str, object], Mapping[str, str]]] = {
    "purposes": (PURPOSES, PURPOSE_SOURCES),
    "modes": (MODES, MODE_SOURCES),
    "needs": (NEEDS, NEED_SOURCES),
}


def source_of(name: str, usual: str) -> str:
    """Return the source of a parameter by its dotted name; that of its field unless told.

    Examples
    --------
    >>> source_of("needs.hunger.threshold", "assumption")
    'CitySim, appendix A'
    >>> source_of("needs.esteem.threshold", "assumption")
    'assumption'
    """
    branch, _, rest = name.partition(".")
    row, _, field = rest.partition(".")
    built_in, sources = _OF_ROWS.get(branch, ({}, {}))
    if row not in built_in:
        return usual
    return sources.get(rest) or sources.get(field) or sources.get(field.split(".")[0]) or usual
