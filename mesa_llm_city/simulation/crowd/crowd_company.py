"""Rows of a crowd that citizens can meet: who is where, and who talks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.crowd.acquainted import APART
from mesa_llm_city.population.columns.own_words import names_of
from mesa_llm_city.simulation.crowd.row_person import RowPerson

if TYPE_CHECKING:
    from mesa_llm_city.simulation.agent import CityAgent
    from mesa_llm_city.simulation.crowd.crowd_agent import CrowdAgent

__all__ = ["CrowdCompany", "Everybody"]


class CrowdCompany:
    """Rows of a crowd that citizens can meet.

    Parameters
    ----------
    crowd : CrowdAgent
        The crowd.
    """

    def __init__(self, crowd: CrowdAgent) -> None:
        self._crowd = crowd
        self._seen_at = -1
        self._here: dict[int, tuple[int, ...]] = {}

    def at(self, place: int) -> tuple[int, ...]:
        """Return the ids of rows awake at a place that is not their home, rising."""
        crowd = self._crowd
        if crowd.meetings is None:
            return ()
        if self._seen_at != crowd.lived_until:
            self._seen_at, self._here = crowd.lived_until, {}
        if place not in self._here:
            rows = np.flatnonzero(crowd.meetings.known.spot == place)
            self._here[place] = tuple(np.sort(crowd.people.ids[rows]).tolist())
        return self._here[place]

    def name(self, people: tuple[int, ...]) -> None:
        """Let citizens know the names of rows, by their ids; others among the ids are left out."""
        crowd, names = self._crowd, self._crowd.model.world.names
        new = [one for one in people if one not in names]
        rows = [row for row in map(crowd.find, new) if row is not None]
        if rows:
            chosen = crowd.people.take(rows)
            names.update(zip(chosen.ids.tolist(), names_of(chosen), strict=True))

    def person(self, known: int) -> RowPerson | None:
        """Return a person who can be talked to, or None if nobody of the crowd has the id."""
        crowd = self._crowd
        if crowd.meetings is None:
            return None
        row = crowd.find(known)
        if row is None or crowd.meetings.known.spot[row] == APART:
            return None
        return RowPerson(crowd, row)


class Everybody(Mapping[int, "CityAgent"]):
    """Citizens by id, and rows of a crowd, each made a person when it is first asked for.

    Parameters
    ----------
    citizens : mapping of int to CityAgent
        The citizens.
    company : CrowdCompany
        The rows.
    """

    def __init__(self, citizens: Mapping[int, CityAgent], company: CrowdCompany) -> None:
        self._citizens, self._company = citizens, company
        self.rows: dict[int, RowPerson] = {}

    def __getitem__(self, person: int) -> CityAgent:
        """Return who has an id; a row has what meetings read of a citizen."""
        if person in self._citizens:
            return self._citizens[person]
        if person not in self.rows:
            found = self._company.person(person)
            if found is None:
                raise KeyError(person)
            self.rows[person] = found
        return self.rows[person]  # type: ignore[return-value]

    def __iter__(self) -> Iterator[int]:
        """Go through the ids of citizens."""
        return iter(self._citizens)

    def __len__(self) -> int:
        """Return the number of citizens."""
        return len(self._citizens)
