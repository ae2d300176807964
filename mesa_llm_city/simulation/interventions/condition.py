"""Conditions of interventions: a function of the model, or a reporter and a threshold."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.suggestions import did_you_mean

if TYPE_CHECKING:
    # Interventions change the model; only annotations close the circle.
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["Condition", "Threshold", "as_threshold", "holds", "reporter_of"]

Condition: TypeAlias = "Callable[[CityModel], bool] | str"
"""A function of the model, or a text such as ``"doing_travel > 50"``."""

_SIGNS = MappingProxyType(
    {">=": operator.ge, "<=": operator.le, "==": operator.eq, ">": operator.gt, "<": operator.lt}
)
_FORM = re.compile(r"\s*([A-Za-z_][\w.]*)\s*(>=|<=|==|>|<)\s*([-+]?\d+(?:\.\d*)?(?:e[-+]?\d+)?)\s*")


class Threshold(NamedTuple):
    """A comparison of a reporter of the model with a number.

    Attributes
    ----------
    reporter : str
        Name of a model reporter, or of a purpose, which counts those who do it.
    sign : str
        One of ``>``, ``>=``, ``<``, ``<=`` and ``==``.
    value : float
        The number.
    """

    reporter: str
    sign: str
    value: float


def as_threshold(text: str) -> Threshold:
    """Read a comparison.

    Raises
    ------
    ConfigError
        If it is none.

    Examples
    --------
    >>> as_threshold("travel > 50")
    Threshold(reporter='travel', sign='>', value=50.0)
    """
    found = _FORM.fullmatch(text)
    if found is None:
        message = f"must be a reporter and a threshold, such as 'travel > 50', got {text!r}"
        raise ConfigError(message)
    value = float(found[3])
    if math.isinf(value):
        message = f"must compare with a finite number, got {text!r}"
        raise ConfigError(message)
    return Threshold(found[1], found[2], value)


def reporter_of(model: CityModel, name: str) -> str:
    """Return the name of the reporter that a condition means.

    Raises
    ------
    ConfigError
        If the model has none of this name.
    """
    known = model.datacollector.model_reporters
    for one in (name, f"doing_{name}"):
        if one in known:
            return one
    hint = did_you_mean(name, known)
    message = f"the model has no reporter {name!r}; it has {', '.join(known)}{hint}"
    raise ConfigError(message)


def holds(model: CityModel, condition: Condition) -> bool:
    """Tell whether a condition holds now.

    A threshold compares what was collected last; before the first step nothing was.
    """
    if callable(condition):
        return bool(condition(model))
    threshold = as_threshold(condition)
    values = model.datacollector.model_vars[reporter_of(model, threshold.reporter)]
    if not values or values[-1] is None:
        return False
    return bool(_SIGNS[threshold.sign](float(values[-1]), threshold.value))
