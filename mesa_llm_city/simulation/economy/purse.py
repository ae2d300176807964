"""What the economy of a city keeps of each person beside the account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

__all__ = ["Purse"]


@dataclass(slots=True)
class Purse:
    """A person's month; money in cents, hours a week.

    Attributes
    ----------
    hours : float
        Hours of work now.
    usual_hours : float
        Hours of work without transfers; 0 for people who do not work for a wage.
    usual_minutes : int
        Minutes of a usual day of work.
    usual_days : int
        Days of work as seven bits, Monday the lowest.
    set_minutes : int
        Minutes of a day of work as the economy has last set them.
    budget : int
        What the person means to spend this month.
    usual_budget : int
        What the person meant to spend in the first month.
    spent : int
        What has been spent of it.
    income : int
        What the month has brought, after taxes, transfers included.
    rent : int
        Rent of the month.
    """

    hours: float = 0.0
    usual_hours: float = 0.0
    usual_minutes: int = 0
    usual_days: int = 0
    set_minutes: int = 0
    budget: int = 0
    usual_budget: int = 0
    spent: int = 0
    income: int = 0
    rent: int = 0

    def state(self) -> dict[str, Any]:
        """Return all of it as plain values."""
        return asdict(self)

    @classmethod
    def of(cls, state: Mapping[str, Any]) -> Purse:
        """Return the one that `state` returned."""
        return cls(**state)
