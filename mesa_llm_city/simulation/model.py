"""A city as a Mesa model: perceive, think, act, for those who are due."""

from __future__ import annotations

import secrets
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from importlib import import_module
from numbers import Integral
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from mesa_llm_city.citizen.components import ComponentOption
from mesa_llm_city.citizen.intention import Intention, Outcome, Step
from mesa_llm_city.citizen.presets import choose_components, resolve_prompts
from mesa_llm_city.citizen.world import World
from mesa_llm_city.city import City
from mesa_llm_city.core.asking import Backend, Thought, run_all
from mesa_llm_city.core.clock import HOUR_MIN, Clock
from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.values import DecisionSource, Int, Observation, Purpose, ReactionKind
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import Persona, Population
from mesa_llm_city.simulation import tables
from mesa_llm_city.simulation.acquaintances import acquaint, circles
from mesa_llm_city.simulation.agent import CityAgent
from mesa_llm_city.simulation.cost_estimate import CostEstimate, forecast
from mesa_llm_city.simulation.encounters import Meeting, answers, converse, meetings
from mesa_llm_city.simulation.notebook_card import card
from mesa_llm_city.simulation.pause import Gate
from mesa_llm_city.simulation.records import Records
from mesa_llm_city.simulation.resumable_model import ResumableModel
from mesa_llm_city.social import Channel, Conversation

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

__all__ = ["CityModel"]

_WINDOW_MIN = 5


class CityModel(ResumableModel):
    """People living in a city, five minutes a step.

    Each step has three phases, `perceive`, `think` and `act`; a subclass may
    override any of them. Only citizens who are due take part. Agents of any
    other class live beside them: their ``step`` is called once a step.

    Parameters
    ----------
    city : City, optional
        The map, also found as ``model.space``; a synthetic town by default.
    people : Population, iterable of Persona or int, default 500
        Who lives there; a number of people is synthesised.
    rng : int, optional
        Seed of everything; one is drawn (and kept as `run_seed`) by default.
    clock : Clock, optional
        Start date and length of a step.
    components : mapping of str to ComponentOption, optional
        Components that replace the defaults in everybody, by name.
    agent_class : type, default CityAgent
        Class of the citizens.
    llm : Backend, optional
        Who answers when thoughts ask, such as an `LLM`; by rules nothing is asked.
    prompts : iterable of str or str, optional
        What is asked about instead of being decided by rule: some of `minds.PROMPTS`,
        or of `minds.PRESETS` such as ``"full"``.
    without : iterable of str, optional
        What everybody goes without: some of `citizen.presets.ABLATIONS`.
    parameters : CityParameters, optional
        Every number that shapes behaviour, and the kinds of activity, mode and need.

    Attributes
    ----------
    minute : int
        Simulated minutes since midnight of the first day.
    records : Records
        What has happened.
    gate : Gate
        Where it can be held up between two citizens.
    datacollector : mesa.DataCollector
        At each step, how many people are doing what.

    Raises
    ------
    ConfigError
        If an option is outside its range, or there are prompts and nobody to ask.
    DataError
        If two people share an id, or somebody's home or work is not in the city.

    Examples
    --------
    >>> from mesa_llm_city import City, CityModel
    >>> model = CityModel(City.synthetic(rng=1, places=400), 20, rng=7)
    >>> model.step()
    >>> model.minute, model.doing[Purpose.SLEEP] > 0
    (5, True)
    """

    def __init__(
        self,
        city: City | None = None,
        people: Population | Iterable[Persona] | int = 500,
        *,
        rng: int | None = None,
        clock: Clock | None = None,
        components: Mapping[str, ComponentOption] | None = None,
        agent_class: type[CityAgent] = CityAgent,
        llm: Backend | None = None,
        prompts: Iterable[str] | str = (),
        without: Iterable[str] = (),
        parameters: CityParameters | None = None,
    ) -> None:
        self.prompts = resolve_prompts(prompts)
        self.without = tuple(without)
        self.parameters = CityParameters() if parameters is None else parameters
        _check_asked(self.prompts, llm)
        self.run_seed = _seed(rng)
        super().__init__(rng=self.run_seed)
        self.city = City.synthetic(rng=self.run_seed) if city is None else city
        self.clock = clock or Clock()
        self.world = World(self.city, self.clock, {})
        self.space = self.city
        self.llm = llm
        self.gate = Gate()
        self.minute = 0
        self.records = Records(tuple(self.parameters.needs))
        self.doing: Counter[Purpose] = Counter()
        self.citizens: list[CityAgent] = []
        self._by_id: dict[int, CityAgent] = {}
        self._due = array("q")
        self._present: dict[int, dict[int, CityAgent]] = {}
        self.population = _population(people, self.city, self.run_seed)
        _check_people(self.population, self.city)
        for persona in self.population:
            self.welcome(persona, agent_class=agent_class, components=components)
        self._acquaint()
        self.datacollector = mesa.DataCollector(model_reporters=_reporters(llm))

    def welcome(
        self,
        persona: Persona,
        *,
        agent_class: type[CityAgent] = CityAgent,
        components: Mapping[str, ComponentOption] | None = None,
    ) -> CityAgent:
        """Add a citizen, who starts the day at home or on duty."""
        chosen = choose_components(
            self.prompts, parameters=self.parameters, without=self.without, given=components
        )
        lived = persona.anybody() if "persona" in self.without else persona
        agent = agent_class(self, lived, chosen)
        agent.citizen.next_due = self.minute
        agent.row = len(self.citizens)
        self.citizens.append(agent)
        self._by_id[agent.person] = agent
        self.world.names[agent.person] = persona.name
        self._due.append(self.minute)
        self.doing[agent.purpose] += 1
        self._enter(agent)
        return agent

    # The phases of a step.

    def step(self) -> None:
        """Let the minutes of a step pass, five by default."""
        end = self.minute + self.clock.step_min
        if self.minute % HOUR_MIN < self.clock.step_min:
            self.log_needs()
        # People meet within five minutes, so that longer steps lead to the same life.
        for close in range(min(self.minute + _WINDOW_MIN, end), end + _WINDOW_MIN, _WINDOW_MIN):
            intended: dict[CityAgent, Intention] = {}
            while due := self.due_before(min(close, end)):
                intentions = self.think(due, self.perceive(due))
                self.act(due, intentions)
                intended |= zip(due, intentions, strict=True)
            self.meet(intended, at_min=min(close, end) - 1)
        self.minute = end
        self.step_others()
        self.datacollector.collect(self)

    def due_before(self, minute: int) -> list[CityAgent]:
        """Return the citizens who have to think before `minute`, in the order of arrival."""
        rows = np.flatnonzero(np.frombuffer(self._due, dtype=np.int64) < minute)
        return [self.citizens[row] for row in rows.tolist()]

    @property
    def next_dues(self) -> Int:
        """Minute at which each of `citizens` has to think again; it changes whenever one acts."""
        return np.array(self._due, dtype=np.int64)

    def perceive(self, due: Sequence[CityAgent]) -> list[Observation]:
        """Return what each of `due` sees at the minute that is due."""
        return [agent.observe(agent.citizen.next_due) for agent in due]

    def think(self, due: Sequence[CityAgent], seen: Sequence[Observation]) -> list[Intention]:
        """Return what each of `due` means to do; nothing changes yet."""
        thoughts = [
            Thought(agent.decide(one), person=agent.person, minute=one.minute)
            for agent, one in zip(due, seen, strict=True)
        ]
        return run_all(thoughts, backend=self.llm)

    def act(self, due: Sequence[CityAgent], intentions: Sequence[Intention]) -> None:
        """Let everybody act, one after another in seeded order."""
        acting = list(zip(due, intentions, strict=True))
        self.random.shuffle(acting)
        for agent, intention in acting:
            self.gate.pass_through()
            agent.act(intention)

    def meet(self, intended: Mapping[CityAgent, Intention], *, at_min: int) -> None:
        """Let those who wish to talk find each other, talk, and take it to heart."""
        met = meetings(intended, self._by_id, minute=at_min)
        if not met:
            return
        silent = self._unanswered(met)
        for one, talk in converse([one for one in met if one not in silent], backend=self.llm):
            first, second = one.first.citizen, one.second.citizen
            first.talked(talk.first, second.persona, talk.topic, at_min=at_min)
            second.talked(talk.second, first.persona, talk.topic, at_min=at_min)
            self.record_talk(one, talk)

    def _unanswered(self, met: Sequence[Meeting]) -> list[Meeting]:
        """Return the meetings that do not come about, since a message stays unanswered."""
        silent = []
        for one, reaction in answers(met, backend=self.llm):
            if reaction.source is DecisionSource.PROMPT:
                told = (reaction.source, str(reaction.kind), reaction.reason)
                self.records.decisions.add((one.second.person, one.minute, "perception", *told))
            if reaction.kind is not ReactionKind.REPLY:
                silent.append(one)
        return silent

    def step_others(self) -> None:
        """Step the agents that are no citizens."""
        for kind, agents in list(self.agents_by_type.items()):
            if not issubclass(kind, CityAgent):
                agents.shuffle_do("step")

    def run_days(self, days: int = 1) -> None:
        """Run whole days of 24 hours.

        Raises
        ------
        ConfigError
            If `days` is below 1.
        """
        if days < 1:
            message = f"days must be at least 1, got {days}"
            raise ConfigError(message)
        for _ in range(days * self.clock.steps_per_day):
            self.step()

    # What citizens leave behind.

    def record(self, agent: CityAgent, intention: Intention, outcome: Outcome) -> None:
        """Keep what a commit of `agent` brought to its end."""
        records, person, minute = self.records, agent.person, intention.minute
        for decision in intention.decisions:
            records.decisions.add((person, minute, *decision))
        for one in intention.insights:
            evidence = " ".join(
                [*map(str, one.evidence), *(f"t{number}" for number in one.earlier)]
            )
            thought = (one.kind, one.subject, one.text, one.strength, one.liking, evidence)
            records.insights.add((person, minute, *thought))
        if (stay := outcome.activity) is not None:
            row = (person, stay.start_min, stay.end_min, stay.purpose, stay.place)
            records.activities.add(row)
            if agent.citizen.is_visit(stay):
                rated = (None,) * 4 if outcome.ratings is None else outcome.ratings[:4]
                times_and_place = (stay.start_min, stay.end_min, stay.place)
                records.visits.add((person, *times_and_place, stay.purpose, *rated))
        if (trip := outcome.trip) is not None:
            way = trip.option
            times = (trip.start_min, trip.end_min)
            records.activities.add((person, *times, Purpose.TRAVEL, None))
            numbers = (way.distance_m, way.minutes, way.access_min, way.cost)
            ends = (trip.origin, trip.destination)
            records.trips.add((person, *times, *ends, trip.purpose, way.mode, *numbers))

    def record_talk(self, met: Meeting, talk: Conversation) -> None:
        """Keep what a conversation was."""
        here = met.first.place if met.channel is Channel.FACE else None
        said = "\n".join(f"{self.world.names[one.person]}: {one.text}" for one in talk.utterances)
        about = (met.channel, here, talk.topic, talk.first.outcome, talk.second.outcome)
        ids = (met.first.person, met.minute, met.second.person)
        self.records.conversations.add((*ids, *about, talk.source, talk.reason, said))

    def moved(self, agent: CityAgent, intention: Intention, before: Purpose) -> None:
        """Keep counts and presence true after a commit of `agent`."""
        self._due[agent.row] = agent.citizen.next_due
        self.doing[before] -= 1
        self.doing[agent.purpose] += 1
        if intention.step is Step.GO and intention.trip is not None:
            self._leave(agent)
        elif intention.step is not Step.STAY:
            self._enter(agent)

    def dismiss(self, agent: CityAgent) -> None:
        """Let a citizen leave the city for good; `CityAgent.remove` calls it."""
        if (stay := agent.citizen.so_far(self.minute)) is not None:
            self.records.activities.add((agent.person, *stay))
        self._leave(agent)
        self.doing[agent.purpose] -= 1
        del self._by_id[agent.person]
        last, due = self.citizens.pop(), self._due.pop()
        if last is not agent:
            self.citizens[agent.row], self._due[agent.row], last.row = last, due, agent.row

    def log_needs(self) -> None:
        """Write down the needs of everybody."""
        felt = [
            (agent.person, *needs.trajectory)
            for agent in self.citizens
            if (needs := agent.citizen.components.needs) is not None
        ]
        if not felt:
            return
        persons, levels, rates, since = (np.array(column) for column in zip(*felt, strict=True))
        self.records.needs.add(self.minute, persons, levels, rates, since)

    # Reading out.

    def people_at(self, place: int) -> list[CityAgent]:
        """Return the citizens at a place, in the order of their ids."""
        return sorted(self._present.get(place, {}).values(), key=lambda agent: agent.person)

    def company_of(self, agent: CityAgent, place: int | None = None) -> tuple[int, ...]:
        """Return the ids of those whom a citizen could talk to at a place, rising.

        At home these are her household and its guests, not everybody in the house.

        Parameters
        ----------
        agent : CityAgent
            Who.
        place : int, optional
            Where she is about to be; by default where she is.
        """
        at = agent.place if place is None else place
        here = self._present.get(at, {})
        if agent.citizen.components.ties is None or not here:
            return ()
        mine = agent.citizen.persona.household.id
        return tuple(
            sorted(
                person
                for person, other in here.items()
                if other is not agent
                and other.purpose != Purpose.SLEEP
                and (
                    at not in {agent.citizen.persona.home, other.citizen.persona.home}
                    or other.citizen.persona.household.id == mine
                )
            )
        )

    def position(self, agent: CityAgent) -> tuple[float, float]:
        """Return where a citizen is, in metres; under way, on the line between the places."""
        citizen, city = agent.citizen, self.city
        start = city.position(citizen.place)
        if citizen.trip is None:
            return start
        end = city.position(citizen.trip.destination)
        length = citizen.trip.end_min - citizen.trip.start_min
        gone = min(max((self.minute - citizen.trip.start_min) / length, 0.0), 1.0)
        return (start[0] + gone * (end[0] - start[0]), start[1] + gone * (end[1] - start[1]))

    def activities(self) -> pd.DataFrame:
        """Return who did what when and where; what is going on ends now (see `tables`)."""
        return tables.activities(self)

    def trips(self) -> gpd.GeoDataFrame:
        """Return the trips that have ended, as lines from origin to destination."""
        return tables.trips(self)

    def visits(self) -> pd.DataFrame:
        """Return the stays that have ended, elsewhere than at home, work or school."""
        return tables.visits(self)

    def conversations(self) -> pd.DataFrame:
        """Return who talked with whom, when, how, about what, and what came of it."""
        return tables.conversations(self)

    def insights(self) -> pd.DataFrame:
        """Return what people have come to think about themselves, and on what evidence."""
        return tables.insights(self)

    def decisions(self) -> pd.DataFrame:
        """Return who decided what, when and why, and by which mind."""
        return tables.decisions(self)

    def needs(self) -> pd.DataFrame:
        """Return the needs of everybody, hour by hour."""
        return tables.needs(self)

    def people(self) -> gpd.GeoDataFrame:
        """Return who is where now, doing what, as points."""
        return tables.people(self)

    def calls(self) -> pd.DataFrame:
        """Return who asked what of which language model, at what price (see `Ledger`)."""
        return tables.calls(self)

    def forecast(self, days: int = 1) -> CostEstimate:
        """Return how much days from now would be asked, and at what price (see `forecast`)."""
        return forecast(self, days=days)

    def show(self, *components: Any) -> Any:  # noqa: ANN401 - Solara's, an extra
        """Return map, charts and people to be shown below a notebook's cell (extra ``viz``).

        Parameters
        ----------
        *components : callable
            Some of those in `mesa_llm_city.ui`; the whole page by default.
        """
        # By name, since the page is built on the model and not the model on it.
        return import_module("mesa_llm_city.ui.notebook").show(self, *components)

    def _repr_html_(self) -> str:
        """Return a small card for notebooks."""
        return card(self)

    def digest(self) -> str:
        """Return a fingerprint of all tables (32 hexadecimal digits)."""
        return tables.fingerprint(self)

    def _acquaint(self) -> None:
        """Begin the ties of those who have any."""
        people = tuple(self.population)
        if not any(agent.citizen.components.ties is not None for agent in self.citizens):
            return
        for agent, known in zip(self.citizens, circles(people, seed=self.run_seed), strict=True):
            if (ties := agent.citizen.components.ties) is not None:
                acquaint(ties, agent.citizen.persona, known, people)

    def _enter(self, agent: CityAgent) -> None:
        self._leave(agent)
        self._present.setdefault(agent.place, {})[agent.person] = agent
        agent.present_at = agent.place

    def _leave(self, agent: CityAgent) -> None:
        if agent.present_at is None:
            return
        here = self._present[agent.present_at]
        here.pop(agent.person, None)
        if not here:
            del self._present[agent.present_at]
        agent.present_at = None


def _seed(rng: int | None) -> int:
    if rng is None:
        return secrets.randbits(32)
    if not isinstance(rng, Integral) or isinstance(rng, bool) or int(rng) < 0:
        message = f"rng must be a non-negative whole number or None, got {rng!r}"
        raise ConfigError(message)
    return int(rng)


def _population(
    people: Population | Iterable[Persona] | int, city: City, seed: int
) -> Sequence[Persona]:
    if isinstance(people, int):
        return Population.synthesize(people, city=city, rng=seed)
    return people if isinstance(people, Population) else tuple(people)


def _check_people(people: Sequence[Persona], city: City) -> None:
    places, seen = len(city.places), Counter(persona.id for persona in people)
    defects = [f"id {one} is borne by {count} people" for one, count in seen.items() if count > 1]
    for persona in people:
        for name in ("home", "work"):
            anchor = getattr(persona, name)
            if anchor is not None and not 0 <= anchor < places:
                told = f"{name} {anchor} is none of the city's {places} places"
                defects.append(f"person {persona.id}: {told}")
    if defects:
        source = "the population"
        raise DataError.listing(source, defects)


def _check_asked(prompts: frozenset[str], llm: Backend | None) -> None:
    if prompts and llm is None:
        message = (
            f"prompts {', '.join(sorted(prompts))} ask a language model, but there is none; "
            "give llm=LLM(...), or leave the prompts out and have rules decide"
        )
        raise ConfigError(message)


def _reporters(llm: Backend | None) -> dict[str, Any]:
    doing = {f"doing_{purpose}": partial(_count, purpose=purpose) for purpose in Purpose}
    spent = {} if llm is None else {f"llm_{name}": partial(_spent, name=name) for name in _SPENT}
    return {"minute": "minute", "trips": _trips, **doing, **spent}


_SPENT = ("calls", "sent", "prompt_tokens", "completion_tokens", "usd", "invalid")


def _spent(model: CityModel, *, name: str) -> float | None:
    """Return a total of the language model, None if it keeps no ledger."""
    totals = getattr(model.llm, "totals", None)
    return None if totals is None else float(getattr(totals(), name))


def _count(model: CityModel, *, purpose: Purpose) -> int:
    return model.doing[purpose]


def _trips(model: CityModel) -> int:
    return len(model.records.trips)
