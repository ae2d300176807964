"""Two runs that are compared, both at the same minute as far as both have come."""

from __future__ import annotations

from dataclasses import dataclass

from mesa_llm_city.ui.views.protocols import CityView

__all__ = ["MOST_LAG_MIN", "Pair"]

MOST_LAG_MIN = 15
"""One run may be so far behind the other while both are stepped; what both had shown stays."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pair:
    """Two runs that are compared.

    Differences are those of the other run from the one that is shown: other minus shown.

    Parameters
    ----------
    shown : CityView
        The run that the page shows.
    other : CityView
        The run that it is compared with, at the same minute; earlier while it catches up, and at
        its last minute when it has ended before.
    names : (str, str)
        Names of both, the shown one first.
    parted : int
        Minute at which they have parted, in minutes since the start of the run; 0 for runs that
        were not forked from one another.
    """

    shown: CityView
    other: CityView
    names: tuple[str, str]
    parted: int = 0

    @property
    def minute(self) -> int:
        """Minute up to which both are known."""
        return min(self.shown.minute, self.other.minute)

    @property
    def is_level(self) -> bool:
        """Whether both show the same minute."""
        return self.shown.minute == self.other.minute

    @property
    def is_apart(self) -> bool:
        """Whether they show minutes so different that what is so now cannot be compared."""
        return abs(self.shown.minute - self.other.minute) > MOST_LAG_MIN
