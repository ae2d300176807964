"""Households that live elsewhere and may come to the city, or come back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from mesa_llm_city.population import Persona

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ELSEWHERE", "AwayHousehold", "AwayRegister"]

ELSEWHERE = "elsewhere"
"""Where households without a known hometown go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AwayHousehold:
    """A household that lives elsewhere.

    Parameters
    ----------
    people : tuple of Persona
        Its members, as they were when it was entered.
    since : datetime.date
        When that was.
    place : str
        Name of the hometown where it lives.
    reason : str, default ""
        Why it has left the city; empty for one that has not lived there.
    """

    people: tuple[Persona, ...]
    since: date
    place: str
    reason: str = ""

    @property
    def id(self) -> int:
        """Number of the household."""
        return self.people[0].household.id

    def aged(self, today: date) -> tuple[Persona, ...]:
        """Return the members with the ages they have on a later day."""
        passed = today.year - self.since.year
        years = passed - ((today.month, today.day) < (self.since.month, self.since.day))
        return tuple(replace(one, age=one.age + years) for one in self.people)


class AwayRegister:
    """All households away, by number of the household.

    Parameters
    ----------
    households : iterable of AwayHousehold
        Those away at first.

    Examples
    --------
    >>> len(AwayRegister())
    0
    """

    def __init__(self, households: Iterable[AwayHousehold] = ()) -> None:
        self._households = {one.id: one for one in households}

    def __len__(self) -> int:
        """Return the number of households."""
        return len(self._households)

    def __iter__(self) -> Iterator[AwayHousehold]:
        """Iterate over households, by rising number."""
        yield from (self._households[one] for one in sorted(self._households))

    def __contains__(self, household: int) -> bool:
        """Return whether a household is away."""
        return household in self._households

    def __getitem__(self, household: int) -> AwayHousehold:
        """Return a household by its number."""
        return self._households[household]

    def enter(
        self, people: Sequence[Persona], *, since: date, place: str, reason: str = ""
    ) -> None:
        """Enter a household; members of one that is away already join it."""
        one = AwayHousehold(people=tuple(people), since=since, place=place, reason=reason)
        if one.id in self._households:
            before = self._households[one.id]
            one = replace(one, people=(*before.aged(since), *one.people), place=before.place)
        self._households[one.id] = one

    def strike(self, household: int) -> AwayHousehold:
        """Take a household out and return it."""
        return self._households.pop(household)

    @property
    def people(self) -> int:
        """Number of people away."""
        return sum(len(one.people) for one in self)

    def to_frame(self) -> pd.DataFrame:
        """Return one row per person: household, person, since, place, reason."""
        import pandas as pd

        rows = [
            (one.id, person.id, one.since, one.place, one.reason)
            for one in self
            for person in one.people
        ]
        names = ["household", "person", "since", "place", "reason"]
        frame = pd.DataFrame(rows, columns=names)
        return frame.assign(since=pd.to_datetime(frame["since"]))
