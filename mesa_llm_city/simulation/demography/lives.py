"""What all changes in people's lives have in common: new personas, events, and who is told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.random import Generator

from mesa_llm_city.core import streams
from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.parameters.population import DemographyParameters
from mesa_llm_city.population import Persona, Population
from mesa_llm_city.population.synthesis.marginals import Marginals
from mesa_llm_city.simulation.agent import CityAgent
from mesa_llm_city.simulation.demography.households import reshaped
from mesa_llm_city.simulation.demography.newcomer_ties import begin_ties
from mesa_llm_city.simulation.demography.room import RoomSupply
from mesa_llm_city.simulation.refuge import find_refuges

if TYPE_CHECKING:
    # Lives change the model, which has them; only annotations close the circle.
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["Lives"]

_FIRST_ID, _LAST_ID = 10**8, 2 * 10**9


class Lives:
    """What all changes in people's lives have in common.

    Parameters
    ----------
    model : CityModel
        The model in which they live.
    """

    def __init__(self, model: CityModel) -> None:
        self.model = model
        self._drawn_at: int | None = None

    @property
    def parameters(self) -> DemographyParameters:
        """Rates, ages and the like."""
        return self.model.parameters.population.demography

    @property
    def now(self) -> int:
        """Minute of the run."""
        return self.model.residents.now

    @property
    def drawn_at(self) -> int:
        """Minute in the address of what is drawn: now, or the hour at which rates hold."""
        return self.now if self._drawn_at is None else self._drawn_at

    @cached_property
    def marginals(self) -> Marginals:
        """Shares from which newcomers, jobs and licences are drawn."""
        people = self.model.population
        known = people.marginals if isinstance(people, Population) else None
        return known or Marginals.default()

    def room(self, zones: Collection[int] = ()) -> RoomSupply:
        """Return homes, workplaces and schools, as far as they have room now.

        Parameters
        ----------
        zones : collection of int, optional
            Rows of the zones in which homes are offered; all by default.
        """
        people = (agent.persona for agent in self.model.residents.agents)
        closures, now = self.model.world.closures, self.now
        is_open = partial(closures.is_open, minute=now) if closures.active else None
        zone = self.model.city.places.zone
        may_live = (lambda places: np.isin(zone[places], list(zones))) if zones else None
        return RoomSupply(self.model.city, people, is_open=is_open, may_live=may_live)

    def find_refuges(self, agents: Iterable[CityAgent]) -> None:
        """Let people who have come to a home that is closed know where they stay meanwhile."""
        if self.model.world.closures.active:
            for agent in agents:
                agent.citizen.now.refuge = None
            find_refuges(self.model, agents, self.now)

    def seed_at(self, person: int, purpose: str) -> int:
        """Return a seed for what is drawn now about a person."""
        return int(self.rng(person, purpose).integers(2**63))

    def rng(self, person: int, purpose: str) -> Generator:
        """Return the random numbers for what is drawn now about a person."""
        return streams.rng(self.model.run_seed, person, f"demography.{purpose}", self.drawn_at)

    def free_id(self, person: int, purpose: str) -> int:
        """Return an id that nobody bears and no household has, drawn at the address of a person.

        So that it does not depend on how many others there are.
        """
        taken = self.model.registration.known_ids
        draws = self.rng(person, purpose)
        while (found := int(draws.integers(_FIRST_ID, _LAST_ID))) in taken:
            pass
        return found

    def change(
        self, agent: CityAgent, persona: Persona, event: str = "", details: str = ""
    ) -> None:
        """Let a person be as `persona` from now on, and write down what has happened, if given."""
        registration = self.model.registration
        registration.change(agent, persona)
        if event:
            registration.history.note(agent.persona, event, details, at_min=self.now)

    def tell(self, agents: Iterable[CityAgent], event: str, kind: str) -> None:
        """Let people remember and feel something that happened in their lives."""
        for agent in agents:
            mood = self.parameters.mood.get(kind, 0.0)
            agent.citizen.life_event(event, at_min=self.now, mood=mood)

    def begin_ties(self, agents: Sequence[CityAgent]) -> None:
        """Let people get to know some of those who live and work where they do."""
        model = self.model
        everybody = model.residents.agents
        begin_ties(agents, everybody, setup=model.registration.setup, at_min=self.drawn_at)

    def outside(self, household: int) -> int | None:
        """Return how many members of a household are not in the model; None if all are not."""
        members = self.model.residents.household(household)
        return max(members[0].persona.household.size - len(members), 0) if members else None

    def reshape(self, household: int, *, outside: int = 0) -> None:
        """Make size and positions in a household those of its members."""
        agents = self.model.residents.household(household)
        lowest = self.model.parameters.population.ages.feasible["single"].low
        people = [agent.persona for agent in agents]
        fitting = reshaped(people, outside=outside, adult_from=lowest)
        for agent, persona in zip(agents, fitting, strict=True):
            self.change(agent, persona)

    def regroup(self, agents: Sequence[CityAgent], household: int, home: int) -> None:
        """Let people be members of a household, new or not, at a home.

        Call `relocate` first for those who live elsewhere. Sizes and positions of the
        households that they leave, and of the one that they join, become true.
        """
        before = {agent.persona.household.id for agent in agents} | {household}
        outside = {one: self.outside(one) for one in sorted(before)}
        for agent in agents:
            joined = replace(agent.persona.household, id=household)
            self.change(agent, replace(agent.persona, household=joined, home=home))
        for one, others in outside.items():
            self.reshape(one, outside=others or 0)
        for agent in agents:
            self.model.registration.begin_household_ties(agent)

    def check_here(self, *agents: CityAgent) -> None:
        """Raise an error if somebody is no agent, or does not live in the model any more."""
        for agent in agents:
            if not isinstance(agent, CityAgent):
                message = f"a citizen of the model is wanted, got {agent!r:.80}"
                raise ConfigError(message)
            if agent.is_removed:
                message = f"person {agent.person} does not live in the model any more"
                raise DataError(message)
