"""Expected against found signs of effects, and warnings in words."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

import numpy as np

from mesa_llm_city.migration.effects.resampling import Estimate
from mesa_llm_city.migration.survey.column import Column

__all__ = ["found_sign", "sign_warnings"]

_WORDS = MappingProxyType({-1: "negative", 1: "positive"})


def found_sign(change: Estimate) -> int:
    """Return the sign of a change; 0 if its interval includes 0, or it is unknown.

    Without an interval, the sign is that of the estimate.

    Examples
    --------
    >>> found_sign(Estimate(np.array([0.1]), np.array([0.02]), np.array([0.2])))
    1
    """
    value, low, high = (float(one[0]) for one in change)
    if np.isnan(value):
        return 0
    if np.isnan(low):
        return int(np.sign(value))
    return int(low > 0.0) - int(high < 0.0)


def sign_warnings(column: Column, found: int, change: Estimate) -> Iterator[str]:
    """Yield what is wrong with the sign of an effect, in words.

    Parameters
    ----------
    column : Column
        The column, with the expected sign, and whether a policy may change it.
    found : int
        The sign that was found (see `found_sign`).
    change : Estimate
        Change of the probability.
    """
    value, low, high = (float(one[0]) for one in change)
    interval = "" if np.isnan(low) else f" ({low:+.3f} to {high:+.3f})"
    expected = column.expected
    if column.lever and not expected:
        yield (
            f"{column.name} is a policy lever without an expected sign; add expected = 1 or -1 to "
            "the schema, so that the response can be judged"
        )
    if expected and found == -expected:
        start = f"{column.name} is a policy lever, and the model responds to it"
        end = (
            ". In a simulation, a policy that changes it has the opposite effect: do not report "
            "this policy by this model"
        )
        yield (
            f"{start if column.lever else f'the model responds to {column.name}'} with the wrong "
            f"sign: {_WORDS[expected]} is expected, {value:+.3f}{interval} was found"
            f"{end if column.lever else ''}"
        )
    if expected and not found and not np.isnan(value):
        yield (
            f"{column.name} is expected to have a {_WORDS[expected]} effect, and {value:+.3f}"
            f"{interval} cannot be told from 0"
        )
