"""A made-up run of migration whose numbers can be worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mesa_llm_city.migration.decision import MigrationDecision
from mesa_llm_city.migration.survey.synthetic import synthetic_survey
from mesa_llm_city.migration.survey.table import SurveyTable
from mesa_llm_city.ui.migration.course import EVERYBODY
from mesa_llm_city.ui.migration.story import Considered, Drivers, Moved, Region

__all__ = ["MadeUp", "moved"]


def moved(year: int, origin: str, destination: str, people: int = 1) -> Moved:
    """Return a move; a place whose name begins with ``v`` is a home."""
    return Moved(year, origin, destination, people, destination.startswith("v"))


class MadeUp:
    """Ten people of a village, of whom one returns a year, and one more with a subsidy.

    Parameters
    ----------
    seed : int, default 1
        People who are at home at first.
    rural_subsidy : float, default 0.0
        The lever.
    """

    def __init__(self, seed: int = 1, rural_subsidy: float = 0.0) -> None:
        self.rural_subsidy, self.home, self.year, self.years = rural_subsidy, seed, 0, 3
        self.last = 0
        self.decision = MigrationDecision()

    @property
    def rows(self) -> SurveyTable:
        """Rows of a made-up survey."""
        return synthetic_survey(40, seed=1)

    def step(self) -> None:
        """Let a year pass."""
        self.last = 1 + (self.rural_subsidy > 0.0)
        self.home, self.year = self.home + self.last, self.year + 1

    def set_lever(self, name: str, value: float) -> None:
        """Set the lever."""
        setattr(self, name, value)

    def regions(self) -> Sequence[Region]:
        """Return a city and a village."""
        return (
            Region("city <1>", "city", (0.0, 0.0)),
            Region("village", "village", (300.0, 100.0), {"wage": "1 RMB"}, belong=10),
        )

    def population(self) -> Mapping[str, int]:
        """Return who lives where."""
        return {"city <1>": 10 - self.home, "village": self.home}

    def moves(self) -> Sequence[Moved]:
        """Return who returned last year."""
        return (moved(self.year, "city <1>", "village", self.last),)

    def considered(self) -> Sequence[Considered]:
        """Return the decisions of two households."""
        place = "city <1>"
        return (
            Considered(4, (1, 2), place, False, 0.5, 0.2, True, "rule", "age & <b>"),  # noqa: FBT003
            Considered(5, (3,), place, False, 0.25, 0.1, False, "rule", ""),  # noqa: FBT003
        )

    def drivers(self, year: int, key: int) -> Drivers | None:
        """Return what drove the first household."""
        del year
        parts = (("age", 1.0), ("wage", -0.5), ("hukou", 0.001))
        return Drivers(-1.0, parts, 0.499, 0.0, "log odds") if key == 4 else None

    def shares(self) -> Mapping[str, Mapping[str, float]]:
        """Return the share at home."""
        share = self.home / 10
        return {EVERYBODY: {EVERYBODY: share}, "village": {"village": share}}

    def cost(self) -> float:
        """Return the subsidy that is paid."""
        return self.rural_subsidy * self.home
