"""Who lives in a model: where each citizen is, what each does, and when each has to think."""

from __future__ import annotations

from array import array
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.citizen.intention import Intention, Step
from mesa_llm_city.core.values import UNAWARE, Int
from mesa_llm_city.social.company import AllBut

if TYPE_CHECKING:
    # Agents use what is in this file; only annotations close the circle.
    from mesa_llm_city.population import Persona
    from mesa_llm_city.simulation.agent import CityAgent

__all__ = ["Residents"]


class Residents:
    """The citizens of a model, found by id, by place and by the minute at which they are due.

    Attributes
    ----------
    agents : list of CityAgent
        All citizens. The last one takes the position of one who is removed.
    by_id : dict of int to CityAgent
        The same by id of the person.
    doing : Counter of str
        How many people are doing what, by purpose.
    now : int
        Minute from which newcomers live.
    changes : int
        How often somebody has come or gone, so that a reader knows whether `agents` are the same.
    """

    def __init__(self) -> None:
        self.changes = 0
        self.agents: list[CityAgent] = []
        self.by_id: dict[int, CityAgent] = {}
        self.doing: Counter[str] = Counter()
        self.now = 0
        self._due = array("q")
        self._present: dict[int, dict[int, CityAgent]] = {}
        # Ids of those who are awake at a place and live elsewhere, rising.
        self._visitors: dict[int, list[int]] = {}
        self._households: dict[int, list[CityAgent]] = {}

    def add(self, agent: CityAgent) -> None:
        """Add a citizen, who is at a place and due at ``agent.citizen.now.next_due``."""
        agent.row = len(self.agents)
        self.agents.append(agent)
        self.by_id[agent.person] = agent
        self._join_household(agent)
        self._due.append(agent.citizen.now.next_due)
        self.doing[agent.purpose] += 1
        self.arrive(agent)
        self.changes += 1

    def remove(self, agent: CityAgent) -> None:
        """Remove a citizen from everywhere; nobody else is touched."""
        self.leave(agent)
        self.doing[agent.purpose] -= 1
        del self.by_id[agent.person]
        self._leave_household(agent)
        last, due = self.agents.pop(), self._due.pop()
        if last is not agent:
            self.agents[agent.row], self._due[agent.row], last.row = last, due, agent.row
        self.changes += 1

    def update(self, agent: CityAgent, intention: Intention, before: str) -> None:
        """Keep all this true after a citizen has acted.

        Parameters
        ----------
        agent : CityAgent
            The citizen.
        intention : Intention
            What has been done.
        before : str
            Purpose of the activity until then.
        """
        self._due[agent.row] = agent.citizen.now.next_due
        self.doing[before] -= 1
        self.doing[agent.purpose] += 1
        if intention.step is Step.GO and intention.trip is not None:
            self.leave(agent)
        elif intention.step is not Step.STAY:
            self.arrive(agent)

    def change(self, agent: CityAgent, persona: Persona) -> None:
        """Let a citizen be somebody a little different: older, of another household or home.

        Parameters
        ----------
        agent : CityAgent
            The citizen, who keeps the id, stays where it is, and thinks anew if it has thought
            in this round.
        persona : Persona
            The same person as it is from now on.
        """
        self._leave_household(agent)
        self._hide(agent)
        agent.citizen.become(persona)
        self._join_household(agent)
        self._show(agent)
        agent.has_changed = True

    def wake(self, agent: CityAgent, minute: int) -> bool:
        """Have a citizen think at `minute`, if it would do so later; return whether it will.

        Somebody under way thinks on arrival.
        """
        now = agent.citizen.now
        if now.trip is not None or now.next_due <= minute:
            return False
        now.next_due = self._due[agent.row] = minute
        return True

    def reschedule(self, agent: CityAgent) -> None:
        """Take over when a citizen has to think again, which something else has changed."""
        self._due[agent.row] = agent.citizen.now.next_due

    def arrive(self, agent: CityAgent) -> None:
        """Let others meet a citizen at its place."""
        place = agent.place
        if agent.present_at == place:
            self._hide(agent)
        else:
            self.leave(agent)
            self._present.setdefault(place, {})[agent.person] = agent
            agent.present_at = place
        self._show(agent)

    def leave(self, agent: CityAgent) -> None:
        """Take a citizen away from where others can meet it, if it is anywhere."""
        if (place := agent.present_at) is None:
            return
        self._hide(agent)
        here = self._present[place]
        del here[agent.person]
        if not here:
            del self._present[place]
        agent.present_at = None

    def restore(self, agents: Sequence[CityAgent], *, now: int) -> None:
        """Take over citizens as they are, in place of all there are.

        Parameters
        ----------
        agents : sequence of CityAgent
            The citizens, in the order they get; each is present where its `present_at` says.
        now : int
            Minute from which newcomers live.
        """
        self.now = now
        present = {agent: agent.present_at for agent in agents}
        for kept in (self.agents, self.by_id, self.doing, self._present, self._visitors):
            kept.clear()
        self._households.clear()
        self._due = array("q")
        for agent in sorted(agents, key=lambda one: one.unique_id):
            self.by_id[agent.person] = agent
            self._households.setdefault(agent.persona.household.id, []).append(agent)
        for row, agent in enumerate(agents):
            agent.row, agent.present_at = row, None
            self.agents.append(agent)
            self._due.append(agent.citizen.now.next_due)
            self.doing[agent.purpose] += 1
            if present[agent] is not None:
                self.arrive(agent)
        self.changes += 1

    @property
    def next_due(self) -> Int:
        """Minute at which each of `agents` has to think next, shape (n,); a copy."""
        return np.array(self._due, dtype=np.int64)

    def due_before(self, minute: int) -> list[CityAgent]:
        """Return the citizens who have to think before `minute`, in the order of `agents`."""
        rows = np.flatnonzero(np.frombuffer(self._due, dtype=np.int64) < minute)
        return [self.agents[row] for row in rows.tolist()]

    def household_of(self, agent: CityAgent) -> list[CityAgent]:
        """Return the other citizens of the same household."""
        members = self._households.get(agent.persona.household.id, [])
        return [one for one in members if one is not agent]

    def household(self, household: int) -> list[CityAgent]:
        """Return the citizens of a household, by rising id; nobody if it has none here."""
        members = self._households.get(household, [])
        return sorted(members, key=lambda agent: agent.person)

    @property
    def households(self) -> list[int]:
        """Ids of the households that live here, rising."""
        return sorted(self._households)

    def at(self, place: int) -> list[CityAgent]:
        """Return the citizens at a place, by rising id."""
        here = self._present.get(place, {})
        return [here[person] for person in sorted(here)]

    def company_of(self, agent: CityAgent, place: int) -> tuple[int, ...]:
        """Return the ids of those whom a citizen could talk to at a place, rising.

        At home these are the members of the household, elsewhere all who do not live there.

        Parameters
        ----------
        agent : CityAgent
            The citizen; without ties nobody is company.
        place : int
            Id of the place where the citizen is, or is about to be.
        """
        return tuple(self.others_at(agent, place))

    def others_at(self, agent: CityAgent, place: int) -> Sequence[int]:
        """Return what `company_of` returns, to be read before anybody comes or goes.

        Those who are at the place are not copied, so it takes no longer where they are many.
        """
        if agent.citizen.components.ties is None or place not in self._present:
            return ()
        persona = agent.persona
        if place == persona.home:
            members = self._households.get(persona.household.id, ())
            return tuple(
                sorted(
                    one.person
                    for one in members
                    if one.present_at == place and one is not agent and one.purpose not in UNAWARE
                )
            )
        visitors = self._visitors.get(place, ())
        row = _row_of(persona.id, visitors)
        return visitors if row is None else AllBut(visitors, row)

    def _join_household(self, agent: CityAgent) -> None:
        self._households.setdefault(agent.persona.household.id, []).append(agent)

    def _leave_household(self, agent: CityAgent) -> None:
        household = agent.persona.household.id
        self._households[household].remove(agent)
        if not self._households[household]:
            del self._households[household]

    def _show(self, agent: CityAgent) -> None:
        """Count a citizen among the visitors of its place, if it is awake and lives elsewhere."""
        place, persona = agent.present_at, agent.persona
        if place is not None and place != persona.home and agent.purpose not in UNAWARE:
            insort(self._visitors.setdefault(place, []), persona.id)

    def _hide(self, agent: CityAgent) -> None:
        """Count a citizen among the visitors of its place no more."""
        place = agent.present_at
        if place is None or (visitors := self._visitors.get(place)) is None:
            return
        if (row := _row_of(agent.persona.id, visitors)) is not None:
            del visitors[row]
            if not visitors:
                del self._visitors[place]


def _row_of(person: int, rising: Sequence[int]) -> int | None:
    """Return the position of an id among rising ones, None if it is not there."""
    row = bisect_left(rising, person)
    return row if row < len(rising) and rising[row] == person else None
