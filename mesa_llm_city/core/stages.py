"""In which order decisions of different kinds are made that many thoughts wait for at once."""

from __future__ import annotations

from enum import IntEnum

__all__ = ["Stage"]


class Stage(IntEnum):
    """Kinds of decisions, in the order in which they follow each other in a step of a citizen.

    Of all that thoughts wait for together, what is of the earliest stage is computed first (see
    `asking.together`). So those who begin with an appraisal catch up with those who begin with a
    place, and more of them wait for the same. Values do not depend on it.
    """

    ANY = 0
    APPRAISAL = 1
    PLAN = 2
    FREE_TIME = 3
    REACH = 4
    PLACE = 5
    MODE = 6
    CONTACT = 7
