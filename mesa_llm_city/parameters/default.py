"""The default parameters, made once and shared."""

from __future__ import annotations

from functools import cache

from mesa_llm_city.parameters.tree import CityParameters

__all__ = ["default_parameters"]


@cache
def default_parameters() -> CityParameters:
    """Return the default parameters, always the same object.

    A component that is given no parameters uses them; a million components then share one
    tree.
    """
    return CityParameters()
