"""Purposes as numbers: the code of a purpose is its position in those of the parameters."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.values import Bool, Purpose
from mesa_llm_city.parameters import CityParameters

__all__ = ["FREE", "PurposeCodes", "purpose_codes"]

_BUILTIN: Mapping[str, str] = MappingProxyType({str(one): one for one in Purpose})

FREE = -1
"""Code of an empty block, which has no purpose."""


class PurposeCodes(NamedTuple):
    """The codes of purposes.

    Attributes
    ----------
    names : tuple of str
        The purposes in the order of their codes, built-in ones as `Purpose`.
    of : mapping of str to int
        Codes by name.
    is_duty : ndarray of bool, shape (purposes,)
        Whose hours bind.
    """

    names: tuple[str, ...]
    of: Mapping[str, int]
    is_duty: Bool


@lru_cache(maxsize=16)
def purpose_codes(parameters: CityParameters) -> PurposeCodes:
    """Return the codes of the purposes of some parameters.

    Examples
    --------
    >>> from mesa_llm_city.parameters import default_parameters
    >>> purpose_codes(default_parameters()).of["sleep"]
    0
    """
    names = tuple(_BUILTIN.get(name, name) for name in parameters.purposes)
    codes = {name: code for code, name in enumerate(names)}
    is_duty = np.array([parameters.purposes[name].is_duty for name in names])
    return PurposeCodes(names, MappingProxyType(codes), is_duty)
