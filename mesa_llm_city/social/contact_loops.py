"""Contacts of one person after another, in a form that is compiled (see `kernels`).

The functions do what those of `contact_columns` do in NumPy, in the same order of operations.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

from mesa_llm_city.core.values import Float
from mesa_llm_city.parameters.social import ContactParameters
from mesa_llm_city.social.tie_slots import NEVER

__all__ = ["ContactNumbers", "chance_to_talk", "contact_numbers", "drawn_partner", "may_talk"]


class ContactNumbers(NamedTuple):
    """What `ContactParameters` holds."""

    gap_min: int
    company: int
    online_below: float
    online_free_min: int
    constant: float
    need: float
    extraversion: float
    belief: float
    time: float
    ample_min: int
    mood: float


@lru_cache(maxsize=64)
def contact_numbers(parameters: ContactParameters) -> ContactNumbers:
    """Return the parameters as loops take them."""
    return ContactNumbers(*(getattr(parameters, name) for name in ContactNumbers._fields))


def may_talk(talked_min: int, minute: int, gap_min: int) -> bool:
    """Tell whether the last contact is long enough ago (see `may_talk_again`)."""
    return talked_min == NEVER or minute >= talked_min + gap_min


def chance_to_talk(  # noqa: PLR0917 - compiled functions take no keywords
    numbers: ContactNumbers,
    social: float,
    extraversion: int,
    belief: float,
    free_min: int,
    mood: float,
) -> float:
    """Return how likely a person is to talk to the partner drawn (see `contact_probability`)."""
    shortage = min(free_min / numbers.ample_min, 1.0) - 1.0
    utility = (
        numbers.constant
        + numbers.need * (1.0 - social)
        + numbers.extraversion * (extraversion - 2.0)
        + numbers.belief * (belief - 0.5)
        + numbers.time * shortage
        + numbers.mood * mood
    )
    return 1.0 / (1.0 + math.exp(-utility))


def drawn_partner(belief: Float, count: int, draw: float) -> int:
    """Return the position of one of some people, drawn by belief; -1 if all scores are 0.

    Parameters
    ----------
    belief : ndarray of float64
        Scores of the ties to them.
    count : int
        How many of these are read.
    draw : float
        A uniform number in [0, 1).
    """
    total = 0.0
    for one in range(count):
        total += belief[one]
    upper, last = 0.0, -1
    if total > 0.0:
        for one in range(count):
            upper += belief[one]
            # Rounding must not lead beyond the last one with a score.
            if upper > draw * total or upper >= total:
                last = one
                break
    return last
