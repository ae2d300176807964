"""Households that move into a model and out of it, as one, and those who may come."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from numbers import Integral
from typing import Any, TypeAlias

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.population import Persona, Population
from mesa_llm_city.simulation.agent import CityAgent
from mesa_llm_city.simulation.demography.lives import Lives
from mesa_llm_city.simulation.registration import MOST_HOUSEHOLDS, check_people

__all__ = ["ComingAndGoing", "Whom"]

Whom: TypeAlias = int | CityAgent | Iterable[CityAgent]
"""A household by its id, a citizen, or several."""


class ComingAndGoing(Lives):
    """Arrivals and departures."""

    def move_in(self, personas: Iterable[Persona], *, reason: str = "") -> list[CityAgent]:
        """Let people, such as a household, live in the model from now on.

        They are at home at first. They know their household at once, and some of those who
        live in the same building or work or learn in the same place. Whoever has the id of a
        household that lives there joins it.

        Parameters
        ----------
        personas : iterable of Persona
            The people; homes and workplaces are places of the city, and nobody there has one of
            the ids. `newcomers` makes some.
        reason : str, optional
            Why they come, in words, for the table of events.

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
        model = self.model
        check_people(people, len(model.city.places))
        for one in people:
            model.registration.check(one)
        outside = {one.household.id: self.outside(one.household.id) for one in people}
        with model.registration.telling(arriving=("arrival", reason)):
            agents = [model.agent_class(model, one) for one in people]
        for household, others in outside.items():
            if others is not None:
                self.reshape(household, outside=others)
        self.begin_ties(agents)
        self.find_refuges(agents)
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
            Why they leave, in words, for the table of events.

        Returns
        -------
        list of Persona
            Those who have left, by rising id; `move_in` lets them come back.

        Raises
        ------
        DataError
            If no such household lives there.
        ConfigError
            If it is neither an id, an agent nor agents.
        """
        leaving = self.agents_of(whom)
        people = [agent.persona for agent in leaving]
        outside = {one.household.id: self.outside(one.household.id) for one in people}
        with self.model.registration.telling(leaving=("departure", reason)):
            for agent in leaving:
                agent.remove()
        for household, others in outside.items():
            self.reshape(household, outside=others or 0)
        return people

    def newcomers(
        self, households: int = 1, *, address: int = 0, zones: Collection[int] = ()
    ) -> list[Persona]:
        """Return households that could move in: made as the first people, with homes where room is.

        Parameters
        ----------
        households : int, default 1
            How many.
        address : int, default 0
            Number that tells calls of the same minute apart, such as the id of a person.
        zones : collection of int, optional
            Rows of the zones in which they find homes; all by default.

        Returns
        -------
        list of Persona
            Household by household, with ids that nobody has.

        Raises
        ------
        ConfigError
            If there is to be less than one.
        """
        if not isinstance(households, Integral) or not 1 <= households <= MOST_HOUSEHOLDS:
            message = (
                f"households must be a whole number from 1 to {MOST_HOUSEHOLDS}, got {households!r}"
            )
            raise ConfigError(message)
        pool = self._pool(max(self.parameters.candidates, 4 * households), address, zones)
        ids = list(dict.fromkeys(one.household.id for one in pool))
        order = self.rng(address, "which newcomers").permutation(len(ids))[:households]
        found: list[Persona] = []
        for row in order.tolist():
            found += self._named(
                [one for one in pool if one.household.id == ids[row]], address, row
            )
        return found

    def agents_of(self, whom: Whom) -> list[CityAgent]:
        """Return the citizens of a household, or those given, by rising id.

        Raises
        ------
        DataError
            If no such household lives there.
        """
        if isinstance(whom, Integral):
            agents = self._household(int(whom))
        else:
            agents = [whom] if isinstance(whom, CityAgent) else _citizens(whom)
        found = {agent.person: agent for agent in agents if not agent.is_removed}
        return [found[person] for person in sorted(found)]

    def _household(self, household: int) -> list[CityAgent]:
        members = self.model.residents.household(household)
        if not members:
            message = f"no household {household} lives in the model; see model.spells()"
            raise DataError(message)
        return members

    def _pool(self, count: int, address: int, zones: Collection[int]) -> Population:
        model = self.model
        return Population.synthesize(
            count,
            city=self.room(zones),
            rng=self.seed_at(address, "newcomers"),
            marginals=self.marginals,
            parameters=model.parameters,
        )

    def _named(self, members: list[Persona], address: int, number: int) -> list[Persona]:
        """Return the members of a household with ids that nobody has."""
        draws = f"id {number}"
        household = self.free_id(address, f"household {draws}")
        return [
            replace(
                one,
                id=self.free_id(address, f"person {row} {draws}"),
                household=replace(one.household, id=household),
            )
            for row, one in enumerate(members)
        ]


def _citizens(given: object) -> list[CityAgent]:
    listed: list[Any] = [*given] if isinstance(given, Iterable) else [given]
    for one in listed:
        if not isinstance(one, CityAgent):
            message = f"the id of a household, a citizen or several are wanted, got {one!r:.80}"
            raise ConfigError(message)
    return listed


def _persons(personas: object) -> list[Persona]:
    people: list[Any] = [*personas] if isinstance(personas, Iterable) else [personas]
    for one in people:
        if not isinstance(one, Persona):
            message = (
                f"personas must be persons, such as those of model.demography.newcomers(3), "
                f"got {one!r}"
            )
            raise ConfigError(message)
    return people
