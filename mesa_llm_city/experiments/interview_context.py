"""What one person could tell at a moment, as lines of text: the facts of an interview."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.core.clock import Clock, clock_time
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.experiments.phrases import belief_line, block_line, spoken_time, tie_line, words

if TYPE_CHECKING:
    from mesa_llm_city.simulation.agent import CityAgent
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["InterviewContext", "informant_of"]

_MEMORIES = 8
_INSIGHTS = 6
_PLACES = 6
_PEOPLE = 6
_BLOCKS = 8
_RECENCY = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class InterviewContext:
    """What a person could tell; all lines are plain text.

    Parameters
    ----------
    person, minute : int
        Who, and when, in minutes since the start of the run.
    name, described : str
        Name, and the person in two sentences.
    time, doing : str
        The moment, and what the person does where.
    plan : tuple of str
        What comes next.
    needs : dict of str to float
        Levels in [0, 1].
    mood, thought : str
        The feeling in a word, and what is on the person's mind.
    goals, memories, insights, beliefs, people : tuple of str
        What the person is after, remembers, has concluded, and thinks of places and others.
    unknown : tuple of str
        Names of those fields that nobody can tell, as those which a finished run does not
        hold; they are empty.
    """

    person: int
    minute: int
    name: str
    described: str
    time: str
    doing: str
    plan: tuple[str, ...] = ()
    needs: dict[str, float] = field(default_factory=dict)
    mood: str = ""
    thought: str = ""
    goals: tuple[str, ...] = ()
    memories: tuple[str, ...] = ()
    insights: tuple[str, ...] = ()
    beliefs: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def informant_of(model: CityModel, person: int, about: str = "") -> InterviewContext:
    """Return what a person could tell now, what fits a question first.

    Everything is read, nothing is changed.

    Parameters
    ----------
    model : CityModel
        The city.
    person : int
        Id of the person.
    about : str, optional
        The question.

    Raises
    ------
    ConfigError
        If nobody of that id lives in the city.

    Examples
    --------
    >>> from mesa_llm_city import City, CityModel
    >>> model = CityModel(City.synthetic(rng=1, places=400), 5, rng=7)
    >>> informant_of(model, model.citizens[0].person).time
    'Monday 1 April 2024, 00:00'
    """
    agent = _agent(model, person)
    components, now = agent.citizen.components, model.minute
    return InterviewContext(
        person=person,
        minute=now,
        name=agent.citizen.persona.name,
        described=agent.citizen.persona.describe(),
        time=spoken_time(model.clock, now),
        doing=_doing(model, agent),
        plan=_plan(model, agent),
        needs=agent.citizen.needs_at(now),
        mood="even" if components.mood is None else components.mood.word(at_min=now),
        thought=agent.citizen.on_mind(now),
        goals=()
        if components.goals is None
        else tuple(goal.text for goal in components.goals.goals),
        memories=_memories(model, agent, about),
        insights=_insights(agent, now, about),
        beliefs=_beliefs(model, agent, about),
        people=_people(model, agent, about),
    )


def _agent(model: CityModel, person: int) -> CityAgent:
    for agent in model.citizens:
        if agent.person == person:
            return agent
    message = f"nobody with id {person} lives here now; choose one of model.citizens"
    raise ConfigError(message)


def _doing(model: CityModel, agent: CityAgent) -> str:
    citizen = agent.citizen
    if citizen.trip is not None:
        there = _place(model, agent, citizen.trip.destination)
        way = citizen.trip.option.mode
        arrives = clock_time(citizen.trip.end_min)
        return f"under way by {way} to {there}, to be there at {arrives}"
    return f"{agent.purpose} at {_place(model, agent, agent.place)}"


def _plan(model: CityModel, agent: CityAgent) -> tuple[str, ...]:
    blocks = [block for block in agent.citizen.plan if block.end_min > model.minute]
    told = []
    for block in blocks[:_BLOCKS]:
        where = "" if block.place is None else f" at {_place(model, agent, block.place)}"
        told.append(block_line(block.start_min, block.end_min, block.purpose, where))
    return tuple(told)


def _place(model: CityModel, agent: CityAgent, place: int) -> str:
    return "home" if place == agent.citizen.persona.home else _named(model, place)


def _named(model: CityModel, place: int) -> str:
    """Return the name of a place and its kind in a word."""
    places = model.city.places
    kind = str(places.category_names[int(places.category[place])])
    word = kind.rpartition("=")[2].replace("_", " ")
    return f"{places.name[place]}, {word}" if places.name[place] else word


def _memories(model: CityModel, agent: CityAgent, about: str) -> tuple[str, ...]:
    """Return the memories most like the question, or the latest, in the order of time."""
    memory = agent.citizen.components.memory
    if memory is None:
        return ()
    numbers = memory.recall_numbers(
        at_min=model.minute,
        query=about or None,
        count=_MEMORIES,
        window_min=model.minute + 1,
        recency_weight=_RECENCY,
    )
    recalled = [one for number in sorted(numbers) if (one := memory.entry(number)) is not None]
    return tuple(
        f"{_when(model.clock, one.minute)} {one.key} at {_place(model, agent, one.place)}: "
        f"{one.observation}"
        for one in recalled
    )


def _when(clock: Clock, minute: int) -> str:
    return f"{clock.at(minute):%A} {clock_time(minute)}"


def _insights(agent: CityAgent, now: int, about: str) -> tuple[str, ...]:
    insights = agent.citizen.components.insights
    if insights is None:
        return ()
    held = {one.number: one for one in insights.held(at_min=now)}
    numbers = insights.recall_numbers(at_min=now, query=about or None, count=_INSIGHTS)
    return tuple(
        f"{held[number].insight.text} (sure: {round(10.0 * held[number].strength)} of 10)"
        for number in numbers
    )


def _beliefs(model: CityModel, agent: CityAgent, about: str) -> tuple[str, ...]:
    """Return what is believed of the places asked about, and of those thought most of."""
    beliefs = agent.citizen.components.beliefs
    if beliefs is None or not len(beliefs.places):
        return ()
    means = beliefs.faded(model.minute)
    names = [_named(model, place) for place in beliefs.places.tolist()]
    first = _first(names, about, strength=np.abs(means.mean(axis=1) - 0.5), count=_PLACES)
    return tuple(belief_line(names[row], means[row].tolist()) for row in first.tolist())


def _people(model: CityModel, agent: CityAgent, about: str) -> tuple[str, ...]:
    """Return what is believed of the people asked about, and of those who are closest."""
    ties = agent.citizen.components.ties
    if ties is None or not len(ties):
        return ()
    others = ties.others
    names = [model.world.names.get(other, f"person {other}") for other in others.tolist()]
    score = ties.belief(others, at_min=model.minute)
    first = _first(names, about, strength=score, count=_PEOPLE)
    return tuple(
        tie_line(names[row], ties.tie(int(others[row]), at_min=model.minute))
        for row in first.tolist()
    )


def _first(names: list[str], about: str, *, strength: Float, count: int) -> Int:
    """Return the rows whose names are spoken of, then the strongest."""
    asked = words(about)
    spoken = np.array([len(words(name) & asked) for name in names], dtype=np.float64)
    rows: Int = np.lexsort((-strength, -spoken))[:count].astype(np.int64)
    return rows
