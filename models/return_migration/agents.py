"""A migrant: a person of a survey who ages, earns, and moves with the household."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mesa.discrete_space import CellAgent
from mesa_llm_city.models.return_migration.places import Place

if TYPE_CHECKING:  # the model makes the agents, so at run time it imports this file
    from mesa_llm_city.models.return_migration.model import ReturnMigration

__all__ = ["Migrant"]

RETIRED_AGE = 60.0  # years; the survey has no older people, so nothing is known of them


class Migrant(CellAgent):
    """A person who left a village for a city, and may have returned.

    Parameters
    ----------
    model : ReturnMigration
        The model.
    person, household : int
        Number of the person, and of the household that decides and moves together.
    profile : dict of str to object
        Values of the survey columns by name.
    village, city : Place
        Place of origin, and place of work.
    is_home : bool
        Whether the person lives in the village at first.
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
        """Whether the person lives in the village."""
        return self.cell is self.village

    @property
    def place(self) -> str:
        """Name of the place where the person lives."""
        name: str = self.cell.name
        return name

    @property
    def decides(self) -> bool:
        """Whether the person takes part in decisions; retired members move with the others."""
        # A person of unknown age decides: a comparison with NaN is false.
        return not self.profile["age"] > RETIRED_AGE

    @property
    def is_barred(self) -> bool:
        """Whether the person lives in a city without its hukou."""
        return not self.is_home and self.profile["hukou"] == 1.0

    def grow_older(self) -> None:
        """Add a year of age, and let incomes grow with the wage of the place."""
        self.profile["age"] += 1.0
        self._earn(self.cell.growth)

    def take_hukou(self) -> None:
        """Receive the hukou of the city."""
        self.profile["hukou"] = 0.0

    def move_on(self) -> None:
        """Move to the other place; incomes change by the ratio of the wages."""
        there = self.city if self.is_home else self.village
        self._earn(there.wage / self.cell.wage)
        self.move_to(there)

    def _earn(self, ratio: float) -> None:
        for name in ("wage", "total_income"):
            self.profile[name] *= ratio
