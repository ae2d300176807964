"""One row of a crowd, to be looked at as an agent is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mesa_llm_city.population import Persona

if TYPE_CHECKING:
    # A row is one of a crowd; only this annotation closes the circle.
    from mesa_llm_city.simulation.crowd.crowd_agent import CrowdAgent

__all__ = ["CrowdRow"]


class CrowdRow(NamedTuple):
    """One row of a crowd: a view that reads the columns, and keeps nothing.

    Needs are attributes by name, as of a `CityAgent`. A row becomes one by
    `CityModel.promote`.

    Attributes
    ----------
    crowd : CrowdAgent
        The crowd.
    row : int
        Position in it.

    Examples
    --------
    >>> from mesa_llm_city import City, CityModel, Crowd
    >>> model = CityModel(City.synthetic(places=300), [], rng=7, crowd=Crowd(20))
    >>> model.step()
    >>> model.crowd[3].purpose
    'sleep'
    """

    crowd: CrowdAgent
    row: int

    @property
    def person(self) -> int:
        """Id of the person."""
        return int(self.crowd.people.ids[self.row])

    @property
    def persona(self) -> Persona:
        """Who the person is, in words too."""
        return self.crowd.persona(self.row)

    @property
    def age(self) -> int:
        """Age in years."""
        return int(self.crowd.people.age[self.row])

    @property
    def place(self) -> int:
        """Id of the place where the person is, or has set out from."""
        return int(self.crowd.state.place[self.row])

    @property
    def purpose(self) -> str:
        """What the person does."""
        return str(self._value("purpose"))

    @property
    def mood(self) -> float:
        """How good the person feels, from -1 to 1."""
        return float(self._value("mood"))

    @property
    def goals(self) -> tuple[str, ...]:
        """What the person wants to reach, in words; empty before the first goals are set."""
        told = str(self._value("goals"))
        return tuple(told.split("; ")) if told else ()

    @property
    def pos(self) -> tuple[float, float]:
        """Where the person is, in metres; on the way along a straight line."""
        return float(self._value("x")), float(self._value("y"))

    def __getattr__(self, name: str) -> float:
        """Return the level of a need by its name."""
        if not name.startswith("_") and name in self.crowd.model.parameters.needs:
            return float(self._value(name))
        message = f"{type(self).__name__!r} object has no attribute {name!r}"
        raise AttributeError(message)

    def _value(self, name: str) -> float | str:
        value: float | str = self.crowd.values(name, np.array([self.row]))[0]
        return value
