"""A citizen as an agent of a Mesa model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import mesa

from mesa_llm_city.citizen.components import ComponentOption
from mesa_llm_city.citizen.intention import Completed, Intention
from mesa_llm_city.core.values import OUTSIDE, Observation, Purpose
from mesa_llm_city.population import Persona
from mesa_llm_city.simulation.journal import write_completed
from mesa_llm_city.simulation.notebook_card import agent_card
from mesa_llm_city.social.company import sampled_company

if TYPE_CHECKING:
    from shapely import Point

    # An agent and its model know each other; only this annotation closes the circle.
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["CityAgent"]


class CityAgent(mesa.Agent):
    """A citizen of a city model.

    Making one is enough: the person then lives in the model, at home at first, with the
    components, prompts and household ties that everybody there has. Subclass it and override
    `decide` to think differently, `act` to change more in the world, or `step` to do something
    once a step; pass the subclass to `CityModel` as ``agent_class``.

    Parameters
    ----------
    model : CityModel
        The model.
    persona : Persona
        The person; home and work are places of the model's city, and nobody else there
        has the same id.
    components : mapping of str to ComponentOption, optional
        Components that replace those of the model, by name.

    Attributes
    ----------
    citizen : Citizen
        The person's components and state.
    row : int
        Position among the model's citizens.
    present_at : int or None
        Place where others can meet the person; None on the way, and once removed.
    is_removed : bool
        Whether the person has left the model.
    has_changed : bool
        Whether the person's life has changed since it last perceived, so that what it thought
        then is out of date.

    Raises
    ------
    DataError
        If the id is taken, or home or work is no place of the city.

    Notes
    -----
    The level of each need can be read by its name, such as ``agent.hunger``, in [0, 1].

    Examples
    --------
    >>> from dataclasses import replace
    >>> from mesa_llm_city import City, CityModel
    >>> model = CityModel(City.synthetic(rng=1, places=400), 20, rng=7)
    >>> visitor = CityAgent(model, replace(model.population[0], id=99))
    >>> len(model.citizens), visitor.purpose, visitor.hunger
    (21, <Purpose.SLEEP: 'sleep'>, 1.0)
    >>> visitor.remove()
    >>> len(model.citizens)
    20
    """

    model: CityModel

    def __init__(
        self,
        model: CityModel,
        persona: Persona,
        components: Mapping[str, ComponentOption] | None = None,
    ) -> None:
        # Checked before Mesa knows the agent, so that one who cannot live here leaves no trace.
        model.registration.check(persona)
        super().__init__(model)
        self.is_removed = self.has_changed = False
        self.row = -1
        self.present_at: int | None = None
        self.citizen = model.registration.make_citizen(persona, components)
        model.registration.settle(self)
        model.find_shelter(self)

    @property
    def persona(self) -> Persona:
        """The person."""
        return self.citizen.persona

    @property
    def person(self) -> int:
        """Id of the person, the same in all tables."""
        return self.citizen.persona.id

    @property
    def age(self) -> int:
        """Age in years."""
        return self.citizen.persona.age

    @property
    def place(self) -> int:
        """Id of the place, or of the origin of the trip under way."""
        return self.citizen.place

    @property
    def purpose(self) -> str:
        """Purpose of the activity under way."""
        if self.citizen.now.trip is not None:
            return Purpose.TRAVEL
        activity = self.citizen.now.activity
        if activity is None:
            return Purpose.SLEEP if self.persona.outsider is None else OUTSIDE
        return activity.purpose or Purpose.REST

    @property
    def mood(self) -> float:
        """How good the person feels, from -1 to 1."""
        return self.citizen.mood_at(self.model.minute)

    @property
    def pos(self) -> tuple[float, float]:
        """Position in metres; on the straight line between the places while under way."""
        citizen, city = self.citizen, self.model.city
        start = city.position(citizen.place)
        if citizen.now.trip is None:
            return start
        end = city.position(citizen.now.trip.destination)
        length = citizen.now.trip.end_min - citizen.now.trip.start_min
        gone = min(max((self.model.minute - citizen.now.trip.start_min) / length, 0.0), 1.0)
        return (start[0] + gone * (end[0] - start[0]), start[1] + gone * (end[1] - start[1]))

    @pos.setter
    def pos(self, value: object) -> None:
        # Mesa sets `pos` to None at birth; where a citizen is follows from what it does.
        if value is not None:
            message = "the position of a citizen follows from its activity and cannot be set"
            raise AttributeError(message)

    @property
    def geometry(self) -> Point:
        """Position as a point in the projection of the city."""
        from shapely import Point

        return Point(self.pos)

    def __getattr__(self, name: str) -> float:
        """Return the level of a need by its name, in [0, 1]."""
        # Asked for before there is a citizen, as copying does, nothing has a name yet.
        if not name.startswith("_") and "citizen" in self.__dict__:
            levels = self.citizen.needs_at(self.model.minute)
            if name in levels:
                return levels[name]
        message = f"{type(self).__name__!r} object has no attribute {name!r}"
        raise AttributeError(message)

    def _repr_html_(self) -> str:
        """Return a small card for notebooks."""
        return agent_card(self.model, self.citizen, self.purpose)

    def observe(self, minute: int) -> Observation:
        """Return what can be seen at `minute` from here, or from the end of the trip."""
        trip = self.citizen.now.trip
        place = self.place if trip is None else trip.destination
        return Observation(
            minute=minute,
            place=place,
            weather=self.model.world.weather(minute),
            people=self._noticed(self._company(place), minute),
        )

    def _company(self, place: int) -> Sequence[int]:
        """Return the ids of those who could be talked to, rows of a crowd among them, rising."""
        here = self.model.residents.others_at(self, place)
        company = self.model.rounds.company
        if company is None or self.citizen.components.ties is None or place == self.persona.home:
            return here
        others = company.at(place)
        return tuple(sorted((*here, *others))) if others else here

    def _noticed(self, here: Sequence[int], minute: int) -> tuple[int, ...]:
        """Return of whom the person takes notice, of all who are awake at the same place."""
        most = self.citizen.parameters.social.contact.company
        if len(here) > most:
            draw = self.citizen.streams.uniform("company", step=minute)
            noticed = sampled_company(here, draw, most)
        else:
            noticed = tuple(here)
        if self.model.rounds.company is not None:
            self.model.rounds.company.name(noticed)
        return noticed

    async def decide(self, seen: Observation) -> Intention:
        """Think about what to do (a thought: asks, changes nothing)."""
        return await self.citizen.think(seen, self.model.world)

    def act(self, intention: Intention) -> Completed:
        """Do it (a commit: changes the person and the world); nothing once removed."""
        if self.is_removed:
            return Completed()
        before = self.purpose
        completed = self.citizen.commit(intention, self.model.world)
        write_completed(self.model.records, self, intention, completed)
        if (economy := self.model.economy_or_none) is not None:
            economy.daily_payments.pay_completed(self, completed, intention.minute)
        self.model.residents.update(self, intention, before)
        if self.model.media_or_none is not None:
            self.model.media.note(self, intention)
        if intention.heard:
            self.model.news.pass_on(self, intention.heard, at_min=intention.minute)
        return completed

    def step(self) -> None:
        """Live through what is due in the step under way, alone; called once a step.

        `CityModel.step` lets all who are due think at the same time before it calls this, so
        there is nothing left to do then. ``model.agents.do("step")`` lets everybody who is
        due live, one after another, without conversations.
        """
        self.model.rounds.live_alone(self, self.model.step_end)

    def remove(self) -> None:
        """Leave the model for good; what the person did stays in the tables. Safe to repeat."""
        if self.is_removed:
            return
        self.model.registration.discard(self)
        self.is_removed = True
        super().remove()
