"""Households that move into a model and out of it, as one; the part of a model that does it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from numbers import Integral
from typing import TypeAlias

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.population import Persona
from mesa_llm_city.simulation.agent import CityAgent
from mesa_llm_city.simulation.demography.households import reshaped
from mesa_llm_city.simulation.demography.newcomer_ties import begin_ties
from mesa_llm_city.simulation.registration import Registration, check_people
from mesa_llm_city.simulation.residents import Residents

__all__ = ["ModelDemography", "Whom"]

Whom: TypeAlias = int | CityAgent | Iterable[CityAgent]
"""A household by its id, a citizen, or several."""


class ModelDemography:
    """The part of a city model by which people come and go.

    Attributes
    ----------
    registration : Registration
        How people come to live there, and leave.
    residents : Residents
        The citizens.
    population : sequence of Persona
        Those who lived there at first.
    agent_class : type
        Class of the citizens.
    """

    agent_class: type[CityAgent]
    population: Sequence[Persona]
    registration: Registration
    residents: Residents

    @property
    def everybody(self) -> Sequence[Persona]:
        """All who ever lived in the model, as they are now or were at last.

        Those of `population` first, then the others in the order in which they came.
        """
        present = (agent.persona for agent in self.residents.agents)
        return self.registration.history.everybody(self.population, present)

    def move_in(self, personas: Iterable[Persona], *, reason: str = "") -> list[CityAgent]:
        """Let people, such as a household, live in the model from now on.

        They are at home at first. They know their household at once, and some of those who
        live in the same building or work or learn in the same place. Whoever has the id of a
        household that lives there joins it.

        Parameters
        ----------
        personas : iterable of Persona
            The people; homes and workplaces are places of the city, and nobody there has one of
            the ids. `Demography.newcomers` makes some.
        reason : str, optional
            Why they come; told in the table of events.

        Returns
        -------
        list of CityAgent
            In the same order.

        Raises
        ------
        DataError
            Lists all who cannot live there; then nobody has moved in.
        """
        people = _persons(personas)
        check_people(people, len(self.registration.city.places))
        for one in people:
            self.registration.check(one)
        outside = {one.household.id: self._outside(one.household.id) for one in people}
        with self.registration.telling(arriving=("arrival", reason)):
            agents = [self.agent_class(self, one) for one in people]  # type: ignore[arg-type]
        for household, others in outside.items():
            if others is not None:
                self._reshape(household, outside=others)
        self._begin_ties(agents)
        return agents

    def move_out(self, whom: Whom, reason: str = "") -> list[Persona]:
        """Let a household, or some people, leave the model for good.

        What they did stays in the tables. Others keep what they think of them, but seek them
        out no more. Those of the household who stay are a smaller household.

        Parameters
        ----------
        whom : int, CityAgent or iterable of CityAgent
            Id of a household, all of whose members leave; or who leaves.
        reason : str, optional
            Why; told in the table of events.

        Returns
        -------
        list of Persona
            Those who have left, by rising id; `move_in` lets them come back.

        Raises
        ------
        DataError
            If no such household lives there.
        """
        leaving = self._leaving(whom)
        people = [agent.persona for agent in leaving]
        outside = {one.household.id: self._outside(one.household.id) for one in people}
        with self.registration.telling(leaving=("departure", reason)):
            for agent in leaving:
                agent.remove()
        for household, others in outside.items():
            self._reshape(household, outside=others or 0)
        return people

    def _leaving(self, whom: Whom) -> list[CityAgent]:
        if isinstance(whom, CityAgent):
            agents: Iterable[CityAgent] = [whom]
        elif isinstance(whom, Integral):
            agents = self.residents.household(int(whom))
            if not agents:
                message = f"no household {whom} lives in the model; see model.spells()"
                raise DataError(message)
        else:
            agents = whom
        found = {agent.person: agent for agent in agents if not agent.is_removed}
        return [found[person] for person in sorted(found)]

    def _outside(self, household: int) -> int | None:
        """Return how many members of a household are not in the model; None if none is in it."""
        members = self.residents.household(household)
        return max(members[0].persona.household.size - len(members), 0) if members else None

    def _reshape(self, household: int, *, outside: int) -> None:
        """Make size and positions in a household those of its members."""
        agents = self.residents.household(household)
        ages = self.registration.setup.parameters.population.ages
        low = ages.feasible["single"].low
        people = reshaped([one.persona for one in agents], outside=outside, adult_from=low)
        for agent, persona in zip(agents, people, strict=True):
            self.registration.change(agent, persona)

    def _begin_ties(self, agents: Sequence[CityAgent]) -> None:
        begin_ties(
            agents,
            self.residents.agents,
            setup=self.registration.setup,
            at_min=self.residents.now,
        )


def _persons(personas: Iterable[Persona]) -> list[Persona]:
    people = [personas] if isinstance(personas, Persona) else list(personas)
    for one in people:
        if not isinstance(one, Persona):
            message = f"personas must be an iterable of Persona, got {one!r}"
            raise ConfigError(message)
    return people
