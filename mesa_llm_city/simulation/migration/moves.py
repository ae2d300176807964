"""What is written down of a household that moves."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

__all__ = ["Move"]


class Move(NamedTuple):
    """A household that has moved.

    Attributes
    ----------
    date : datetime.date
        Date of the decision.
    minute : int
        Simulated minute at which it moved.
    household, people : int
        Number of the household, and of its members.
    origin, destination : str
        Names of the places.
    p, risk : float
        Probability of being at home, and risk of moving in this year.
    source : str
        What decided, such as ``"rule"`` or ``"tabular"``.
    reason : str
        Why, of the oldest member who decided.
    """

    date: dt.date
    minute: int
    household: int
    people: int
    origin: str
    destination: str
    p: float
    risk: float
    source: str
    reason: str
