"""A migrant: a row of a survey that grows older, earns, and moves with the family."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mesa.discrete_space import CellAgent
from mesa_llm_city.models.return_migration.places import Place

if TYPE_CHECKING:
    from mesa_llm_city.models.return_migration.model import ReturnMigration

__all__ = ["Migrant"]

RETIRED_AGE = 60.0  # the survey's oldest; nothing is known of the decisions of older people


class Migrant(CellAgent):
    """Somebody who left a village for a city, and may be back.

    Parameters
    ----------
    model : ReturnMigration
        The country.
    person, household : int
        Who, and with whom she decides and moves.
    profile : dict of str to object
        The columns of the survey.
    village, city : Place
        Home, and where work is.
    is_home : bool
        In which of the two she lives at first.
    """

    model: ReturnMigration

    def __init__(
        self,
        model: ReturnMigration,
        *,
        person: int,
        household: int,
        profile: dict[str, Any],
        village: Place,
        city: Place,
        is_home: bool,
    ) -> None:
        super().__init__(model)
        self.person, self.household, self.profile = person, household, profile
        self.village, self.city = village, city
        self.was_home = is_home
        self.cell: Any = village if is_home else city

    @property
    def is_home(self) -> bool:
        """Whether she lives in the village."""
        return self.cell is self.village

    @property
    def place(self) -> str:
        """Name of the place where she lives."""
        name: str = self.cell.name
        return name

    @property
    def decides(self) -> bool:
        """Whether she is young enough to have a say; older members move along."""
        # An unknown age is not above anything, so it does not silence anybody.
        return not self.profile["age"] > RETIRED_AGE

    @property
    def is_barred(self) -> bool:
        """Whether she lives in a city without its hukou."""
        return not self.is_home and self.profile["hukou"] == 1.0

    def grow_older(self) -> None:
        """Live through a year: age, and earn as the place does."""
        self.profile["age"] += 1.0
        self._earn(self.cell.growth)

    def take_hukou(self) -> None:
        """Become a citizen of the city."""
        self.profile["hukou"] = 0.0

    def move_on(self) -> None:
        """Move home, or back to the city, and earn what is earned there."""
        there = self.city if self.is_home else self.village
        self._earn(there.wage / self.cell.wage)
        self.move_to(there)

    def _earn(self, ratio: float) -> None:
        for name in ("wage", "total_income"):
            self.profile[name] *= ratio
