"""How people come to live in a model, and how they leave it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from mesa_llm_city.citizen.citizen import Citizen
from mesa_llm_city.citizen.components import ComponentOption
from mesa_llm_city.citizen.presets import Decider
from mesa_llm_city.citizen.world import World
from mesa_llm_city.city import City
from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN
from mesa_llm_city.core.errors import DataError
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import Persona
from mesa_llm_city.simulation.acquaintances import acquaint, circles
from mesa_llm_city.simulation.agent import CityAgent
from mesa_llm_city.simulation.demography.history import History
from mesa_llm_city.simulation.journal import write_departure
from mesa_llm_city.simulation.records import Records
from mesa_llm_city.simulation.residents import Residents
from mesa_llm_city.social import Relation, demographic_similarity

__all__ = ["MOST_HOUSEHOLDS", "Registration", "Setup", "check_people"]

MOST_HOUSEHOLDS = 1_000_000
"""Greatest number of households that may come at once: more would fill the memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What all citizens of a model have in common.

    Parameters
    ----------
    seed : int
        Seed of the run.
    parameters : CityParameters
        Every number that shapes behaviour.
    prompts : frozenset of str
        What a language model is asked about.
    without : tuple of str
        What everybody goes without.
    components : mapping of str to ComponentOption
        Components that replace the defaults.
    policies : mapping of str to Policy, optional
        What a policy decides, by the prompt for which it stands.
    """

    seed: int
    parameters: CityParameters
    prompts: frozenset[str]
    without: tuple[str, ...]
    components: Mapping[str, ComponentOption]
    policies: Mapping[str, Decider] = field(default_factory=dict)


class Registration:
    """Makes people citizens of a model, and lets them leave.

    Parameters
    ----------
    setup : Setup
        What all citizens have in common.
    world : World
        The city and the names of its people.
    residents : Residents
        Those who live there.
    records : Records
        Where the last stay of those who leave is written down.

    Attributes
    ----------
    is_open : bool
        Whether newcomers get to know their households at once; a model that is being made
        begins all ties together, when everybody is there.
    history : History
        Who has lived there, from when until when, and what happened to them.
    """

    def __init__(
        self, setup: Setup, *, world: World, residents: Residents, records: Records
    ) -> None:
        self.setup = setup
        self.is_open = False
        self.history = History(records.events)
        self._world, self._residents, self._records = world, residents, records
        self._arriving, self._leaving = _ARRIVAL, _DEPARTURE

    @property
    def city(self) -> City:
        """The city in which they live."""
        return self._world.city

    @property
    def known_ids(self) -> set[int]:
        """Ids of all who live or have lived here, and of the households of those who do."""
        return {*self._world.names, *self._residents.households}

    def check(self, persona: Persona) -> None:
        """Raise a DataError unless a person can live in the model."""
        defects = list(_outside(persona, len(self._world.city.places)))
        if persona.id in self._residents.by_id:
            defects.insert(0, f"id {persona.id} belongs to a citizen who lives there already")
        if defects:
            source = f"the newcomer {persona.name or persona.id}"
            raise DataError.listing(source, defects)

    def make_citizen(
        self, persona: Persona, components: Mapping[str, ComponentOption] | None = None
    ) -> Citizen:
        """Return a person with the components that everybody in the model has.

        Parameters
        ----------
        persona : Persona
            The person.
        components : mapping of str to ComponentOption, optional
            Components that replace those of the model.
        """
        setup = self.setup
        return Citizen(
            self._known(persona),
            seed=setup.seed,
            parameters=setup.parameters,
            prompts=setup.prompts,
            without=setup.without,
            components={**setup.components, **(components or {})},
            policies=setup.policies,
        )

    def settle(self, agent: CityAgent) -> None:
        """Let a citizen live in the model from now on."""
        now = self._residents.now
        agent.citizen.now.next_due = now
        # A newcomer has not lived, and so not planned, the days before.
        agent.citizen.now.day = now // DAY_MIN - 2
        if now and (begin := getattr(agent.citizen.components.needs, "begin", None)) is not None:
            begin(at=now / HOUR_MIN)
        self._world.names[agent.person] = agent.persona.name
        self._world.gone.discard(agent.person)
        self._residents.add(agent)
        if self.is_open:
            self.begin_household_ties(agent)
            self.history.begin(agent.persona, *self._arriving, at_min=now)
            self._enlarge(agent.persona.household.id)

    def discard(self, agent: CityAgent) -> None:
        """Take a citizen out of the model; what it did stays in the tables."""
        now = self._residents.now
        write_departure(self._records, agent, now)
        self._residents.remove(agent)
        self._world.gone.add(agent.person)
        self.history.end(agent.persona, *self._leaving, at_min=now)

    def change(self, agent: CityAgent, persona: Persona) -> None:
        """Let a citizen be older, of another household, home or work from now on.

        Components keep their state. Nothing happens if nothing of the person changes.

        Parameters
        ----------
        agent : CityAgent
            The citizen.
        persona : Persona
            The same person, by id, as it is from now on.

        Raises
        ------
        DataError
            If it is another person, or home or work is no place of the city.
        """
        before, after = agent.persona, self._known(persona)
        defects = list(_outside(after, len(self._world.city.places)))
        if after.id != before.id:
            defects.insert(0, f"its id is {after.id}, which must stay {before.id}")
        if defects:
            source = f"what has changed about person {before.id}"
            raise DataError.listing(source, defects)
        if after == before:
            return
        self.history.change(before, at_min=self._residents.now)
        self._residents.change(agent, after)
        self._world.names[agent.person] = after.name

    @contextmanager
    def telling(
        self, *, arriving: tuple[str, str] | None = None, leaving: tuple[str, str] | None = None
    ) -> Iterator[None]:
        """Call arrivals and departures inside the block something else in the table of events.

        Parameters
        ----------
        arriving, leaving : tuple of str, optional
            Name of the event, and details.
        """
        before = self._arriving, self._leaving
        self._arriving, self._leaving = arriving or before[0], leaving or before[1]
        try:
            yield
        finally:
            self._arriving, self._leaving = before

    def begin_ties(self) -> None:
        """Let those who are there know each other, and newcomers their households."""
        agents = self._residents.agents
        people = tuple(agent.persona for agent in agents)
        numbers = self.setup.parameters.social
        if any(agent.citizen.components.ties is not None for agent in agents):
            known = circles(people, seed=self.setup.seed, parameters=numbers.acquaintances)
            for agent, own in zip(agents, known, strict=True):
                if (ties := agent.citizen.components.ties) is not None:
                    acquaint(ties, agent.persona, own, people, parameters=numbers.similarity)
        self.is_open = True

    def begin_household_ties(self, agent: CityAgent) -> None:
        """Let a citizen and the household it has come into know each other."""
        numbers = self.setup.parameters.social.similarity
        for other in self._residents.household_of(agent):
            for one, whom in ((agent, other.persona), (other, agent.persona)):
                if (ties := one.citizen.components.ties) is not None:
                    alike = demographic_similarity(one.persona, [whom], parameters=numbers)
                    ties.relate([whom.id], Relation.HOUSEHOLD, similarity=alike)

    def _enlarge(self, household: int) -> None:
        """Make a household as large as it has members, if it was smaller until now."""
        members = self._residents.household(household)
        for agent in members:
            known = agent.persona.household
            if known.size < len(members):
                larger = replace(known, size=len(members))
                self.change(agent, replace(agent.persona, household=larger))

    def _known(self, persona: Persona) -> Persona:
        """Return a person as it lives in the model: without individuality where it runs so."""
        generic = "persona" in self.setup.without
        return persona.generic(self.setup.parameters) if generic else persona


_ARRIVAL, _DEPARTURE = ("arrival", ""), ("departure", "")


def check_people(people: Sequence[Persona], places: int) -> None:
    """Raise a DataError that lists all who cannot live together in a city of `places` places."""
    counts = Counter(persona.id for persona in people)
    defects = [f"id {one} is borne by {count} people" for one, count in counts.items() if count > 1]
    defects += [
        f"person {persona.id}: {defect}"
        for persona in people
        for defect in _outside(persona, places)
    ]
    if defects:
        source = "the population"
        raise DataError.listing(source, defects)


def _outside(persona: Persona, places: int) -> Iterator[str]:
    """Yield what is wrong with where a person lives and works."""
    for name in ("home", "work"):
        place = getattr(persona, name)
        if place is not None and not 0 <= place < places:
            yield f"{name} {place} is none of the city's {places} places"
