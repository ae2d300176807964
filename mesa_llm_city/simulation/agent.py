"""A citizen as an agent of a Mesa model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import mesa

from mesa_llm_city.citizen.citizen import Citizen
from mesa_llm_city.citizen.components import ComponentOption
from mesa_llm_city.citizen.intention import Intention, Outcome
from mesa_llm_city.core.values import Observation, Purpose
from mesa_llm_city.population import Persona

if TYPE_CHECKING:
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["CityAgent"]


class CityAgent(mesa.Agent):
    """Lives one citizen's life in a city model.

    Subclass it and override `decide` to think differently, or `act` to leave
    more traces in the world; pass the subclass to `CityModel`.

    Parameters
    ----------
    model : CityModel
        The model.
    persona : Persona
        Who.
    components : mapping of str to ComponentOption, optional
        Components that replace the defaults.

    Attributes
    ----------
    citizen : Citizen
        The person.
    row : int
        Position among the model's citizens.
    present_at : int or None
        Place where others can meet the person, None while under way.
    """

    model: CityModel

    def __init__(
        self,
        model: CityModel,
        persona: Persona,
        components: Mapping[str, ComponentOption] | None = None,
    ) -> None:
        super().__init__(model)
        self.citizen = Citizen(
            persona, seed=model.run_seed, parameters=model.parameters, components=components
        )
        self.row = -1
        self.present_at: int | None = None

    @property
    def person(self) -> int:
        """Id of the person, the same in all tables."""
        return self.citizen.persona.id

    @property
    def place(self) -> int:
        """Id of the place, or of the origin of the trip under way."""
        return self.citizen.place

    @property
    def purpose(self) -> Purpose:
        """What the person is doing now."""
        if self.citizen.trip is not None:
            return Purpose.TRAVEL
        activity = self.citizen.activity
        return Purpose.SLEEP if activity is None else activity.purpose or Purpose.REST

    @property
    def pos(self) -> tuple[float, float]:
        """Position in metres; on the straight line between the places while under way."""
        return self.model.position(self)

    @pos.setter
    def pos(self, value: object) -> None:
        # Mesa sets `pos` to None at birth; where a citizen is follows from what she does.
        if value is not None:
            message = "the position of a citizen follows from her activity and cannot be set"
            raise AttributeError(message)

    def observe(self, minute: int) -> Observation:
        """Return what can be seen at `minute` from here, or from where one arrives."""
        trip = self.citizen.trip
        place = self.place if trip is None else trip.destination
        return Observation(
            minute=minute,
            place=place,
            weather=self.model.world.weather(minute),
            people=self.model.company_of(self, place),
        )

    async def decide(self, seen: Observation) -> Intention:
        """Think about what to do (a thought: asks, changes nothing)."""
        return await self.citizen.think(seen, self.model.world)

    def act(self, intention: Intention) -> Outcome:
        """Do it (a commit: changes the person and the world)."""
        before = self.purpose
        outcome = self.citizen.commit(intention, self.model.world)
        self.model.record(self, intention, outcome)
        self.model.moved(self, intention, before)
        return outcome

    def remove(self) -> None:
        """Leave the model; what the person did stays in the tables."""
        self.model.dismiss(self)
        super().remove()
