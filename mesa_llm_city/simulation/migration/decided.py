"""The last decision of a household."""

from __future__ import annotations

from typing import NamedTuple

from mesa_llm_city.migration.household_move import HouseholdChoice, MigrantHousehold

__all__ = ["Decided"]


class Decided(NamedTuple):
    """The last decision of a household.

    Attributes
    ----------
    minute : int
        Midnight at which it was carried out.
    household : MigrantHousehold
        The household as it was then.
    choice : HouseholdChoice
        What it decided.
    """

    minute: int
    household: MigrantHousehold
    choice: HouseholdChoice
