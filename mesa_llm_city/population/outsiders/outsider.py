"""What makes a person an outsider: the role, and when they enter."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mesa_llm_city.core.clock import Clock
from mesa_llm_city.population.outsiders.entries import Entries

__all__ = ["RESIDENT", "Outsider", "OutsiderRole"]

RESIDENT = "resident"
"""Role of everybody else in tables."""


class OutsiderRole(StrEnum):
    """Why a person enters the district."""

    COMMUTER = "commuter"
    VISITOR = "visitor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outsider:
    """A person's part as an outsider; the home of the person is then a gate.

    Parameters
    ----------
    role : OutsiderRole
        Why the person enters.
    number : int
        Number among those of the role at the gate.
    entries : Entries
        When they enter; shared by all of the group.
    """

    role: OutsiderRole
    number: int
    entries: Entries

    def hour_on(self, day: int, *, clock: Clock, seed: int) -> int | None:
        """Return the hour at which the person enters on a day; None if they do not."""
        return self.entries.hour_of(self.number, day, clock=clock, seed=seed)
