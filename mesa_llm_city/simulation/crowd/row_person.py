"""A row of a crowd as a partner in talks with citizens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mesa_llm_city.citizen.citizen import Citizen
from mesa_llm_city.population import Persona
from mesa_llm_city.simulation.crowd.demotion import take_mind, take_ties
from mesa_llm_city.simulation.crowd.promotion import states_of

if TYPE_CHECKING:
    from mesa_llm_city.simulation.crowd.crowd_agent import CrowdAgent
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["RowPerson"]


class RowPerson:
    """A row that a citizen meets: it speaks, and learns from the talk, by the rules of citizens.

    What meetings read of a `CityAgent` it has too.

    Parameters
    ----------
    crowd : CrowdAgent
        The crowd.
    row : int
        The row.

    Attributes
    ----------
    citizen : Citizen
        The person with needs, mood and ties as they are now.
    """

    def __init__(self, crowd: CrowdAgent, row: int) -> None:
        self._crowd, self._row = crowd, row
        setup = crowd.model.registration.setup
        self.citizen = Citizen(
            crowd.persona(row),
            seed=setup.seed,
            parameters=setup.parameters,
            without=("memory",),
        )
        mine = dict(self.citizen.components)
        for name, state in states_of(crowd, row):
            if name in mine:
                mine[name].restore(state)

    @property
    def model(self) -> CityModel:
        """The model in which the row lives."""
        return self._crowd.model

    @property
    def person(self) -> int:
        """Id of the person."""
        return self.citizen.persona.id

    @property
    def persona(self) -> Persona:
        """Who the person is."""
        return self.citizen.persona

    @property
    def place(self) -> int:
        """Where the person is."""
        return int(self._crowd.state.place[self._row])

    @property
    def purpose(self) -> str:
        """What the person does."""
        return self._crowd[self._row].purpose

    def keep(self) -> None:
        """Let the row keep what the talk has changed."""
        crowd, row = self._crowd, self._row
        states = {
            name: one.state() for name, one in self.citizen.components if hasattr(one, "state")
        }
        take_mind(crowd.state, row, states, crowd.model.parameters)
        if crowd.meetings is not None and "ties" in states:
            take_ties(crowd.meetings.known, row, states["ties"])
