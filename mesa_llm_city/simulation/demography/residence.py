"""Moving house inside the city: a household as one, or some who found one of their own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from numbers import Integral

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.population import Persona
from mesa_llm_city.simulation.agent import CityAgent
from mesa_llm_city.simulation.demography.coming_and_going import ComingAndGoing, Whom
from mesa_llm_city.simulation.demography.relocation import vacate
from mesa_llm_city.simulation.demography.room import draw_home

__all__ = ["Residence"]


class Residence(ComingAndGoing):
    """Moves from home to home."""

    def move_house(self, whom: Whom, home: int | None = None) -> int:
        """Let a household move to another home, as one.

        Who is at the old home sets out at once, who is on the way there goes to the new one, and
        the others come there when they come home. Work and school stay, but for those who work
        at home. Everybody gets to know some of the new neighbours.

        Parameters
        ----------
        whom : int, CityAgent or iterable of CityAgent
            A household by its id, or by its members. Of several households each moves to the
            same home.
        home : int, optional
            Place id of the new home; drawn as the first homes are, where there is room, if not
            given.

        Returns
        -------
        int
            Place id of the new home.

        Raises
        ------
        DataError
            If they are nobody, the home is no place of the city, or there is no other residence.
        """
        agents = self._households_of(self.agents_of(whom))
        to = self.new_home(agents, home)
        self.relocate(agents, to)
        for agent in agents:
            self.change(agent, self._at(agent, to), "move", f"to place {to}")
        self.begin_ties(agents)
        self.find_refuges(agents)
        self.tell(agents, "moved to a new home", "residence")
        return to

    def found_household(self, agents: Iterable[CityAgent], home: int | None = None) -> int:
        """Let some people leave their household and found one of their own, at another home.

        Parameters
        ----------
        agents : iterable of CityAgent
            Who leaves. What they keep is all but the car.
        home : int, optional
            Place id of the new home; drawn where there is room if not given.

        Returns
        -------
        int
            Id of the new household.

        Raises
        ------
        DataError
            As `move_house`.
        """
        leaving = self.agents_of(agents)
        to = self.new_home(leaving, home)
        household = self.free_id(leaving[0].person, "household")
        self.relocate(leaving, to)
        for agent in leaving:
            self.change(agent, replace(self._at(agent, to), has_car=False))
        self.regroup(leaving, household, to)
        for agent in leaving:
            self.change(agent, agent.persona, "move", f"to place {to}, on their own")
        self.begin_ties(leaving)
        self.find_refuges(leaving)
        self.tell(leaving, "moved to a home of their own", "residence")
        return household

    def new_home(self, agents: Sequence[CityAgent], home: int | None = None) -> int:
        """Return another home for people: the one given, or one drawn where there is room.

        Raises
        ------
        DataError
            If they are nobody, the home is no place of the city, or there is no other residence.
        """
        if not agents:
            message = "nobody moves house, since none of them lives in the model"
            raise DataError(message)
        first = min(agents, key=lambda agent: agent.person)
        places = len(self.model.city.places)
        if home is None:
            draws = self.rng(first.person, "home")
            home = draw_home(self.room(), draws, but=first.persona.home)
        if not isinstance(home, Integral) or not 0 <= home < places:
            message = (
                f"the new home must be one of the city's {places} places, got {home!r:.80}; "
                "add residences to the city"
            )
            raise DataError(message)
        return home

    def relocate(self, agents: Iterable[CityAgent], home: int) -> None:
        """Let people go to a new home, while the old one is still what it was to them."""
        for agent in agents:
            if agent.persona.home != home:
                vacate(agent, agent.persona.home, home, takes_along=True)

    @staticmethod
    def _at(agent: CityAgent, home: int) -> Persona:
        persona = agent.persona
        work = home if persona.work == persona.home else persona.work
        return replace(persona, home=home, work=work)

    def _households_of(self, agents: Iterable[CityAgent]) -> list[CityAgent]:
        """Return the citizens with all members of their households, by rising id."""
        found = {
            one.person: one
            for household in {agent.persona.household.id: None for agent in agents}
            for one in self.model.residents.household(household)
        }
        return [found[person] for person in sorted(found)]
