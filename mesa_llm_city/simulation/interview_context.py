"""Interview context: what one person could tell at a moment, as lines of text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.citizen.opinion_words import opinion_lines
from mesa_llm_city.citizen.remembering import words_of
from mesa_llm_city.core.clock import Clock, clock_time
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.simulation.phrases import (
    belief_line,
    block_line,
    date_and_time,
    out_of_ten,
    tie_line,
    words,
)

if TYPE_CHECKING:
    from mesa_llm_city.simulation.agent import CityAgent
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["InterviewContext", "context_of"]

# Sizes of what an interview shows; nothing in the simulation depends on them.
_MOST_MEMORIES = 8
_MOST_INSIGHTS = 6
_MOST_PLACES = 6
_MOST_PEOPLE = 6
_MOST_BLOCKS = 8
_RECENCY_WEIGHT = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class InterviewContext:
    """What a person could tell; all lines are plain text.

    Parameters
    ----------
    person, minute : int
        Id of the person, and minutes since the start of the run.
    name, described : str
        Name, and a description of the person in two sentences.
    time, doing : str
        Date and time, and what the person does where.
    plan : tuple of str
        The next activities.
    needs : dict of str to float
        Levels in [0, 1].
    mood, thought : str
        The mood in a word, and the present thought.
    goals, memories, insights, beliefs, people : tuple of str
        Goals, memories, insights and views on topics, beliefs about places, and ties to others.
    unknown : tuple of str
        Names of fields that are empty because they are not known, such as those which a
        finished run does not hold.
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

    def facts(self) -> dict[str, object]:
        """Return all of it but the name, as facts of a prompt."""
        return {
            "person": self.described,
            "time": self.time,
            "doing": self.doing,
            "plan": list(self.plan),
            "needs": out_of_ten(self.needs),
            "mood": self.mood,
            "thought": self.thought,
            "goals": list(self.goals),
            "memories": list(self.memories),
            "insights": list(self.insights),
            "beliefs": list(self.beliefs),
            "people": list(self.people),
        }


def context_of(model: CityModel, person: int, about: str = "") -> InterviewContext:
    """Return what a person could tell now; what fits the question comes first.

    Nothing is changed.

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
    >>> context_of(model, model.citizens[0].person).time
    'Monday 1 April 2024, 00:00'
    """
    agent = _agent(model, person)
    components, now = agent.citizen.components, model.minute
    return InterviewContext(
        person=person,
        minute=now,
        name=agent.citizen.persona.name,
        described=agent.citizen.persona.describe(),
        time=date_and_time(model.clock, now),
        doing=_doing(model, agent),
        plan=_plan(model, agent),
        needs=agent.citizen.needs_at(now),
        mood="even" if components.mood is None else components.mood.word(at_min=now),
        thought=agent.citizen.thoughts_at(now),
        goals=()
        if components.goals is None
        else tuple(goal.text for goal in components.goals.goals),
        memories=_memories(model, agent, about),
        insights=(*_insights(agent, now, about), *opinion_lines(agent.citizen, at_min=now)),
        beliefs=_beliefs(model, agent, about),
        people=_people(model, agent, about),
    )


def _agent(model: CityModel, person: int) -> CityAgent:
    agent = model.residents.by_id.get(person)
    if agent is None:
        message = f"nobody with id {person} lives here now; choose one of model.citizens"
        raise ConfigError(message)
    return agent


def _doing(model: CityModel, agent: CityAgent) -> str:
    citizen = agent.citizen
    if citizen.now.trip is not None:
        there = _place(model, agent, citizen.now.trip.destination)
        way = citizen.now.trip.option.mode
        arrives = clock_time(citizen.now.trip.end_min)
        return f"under way by {way} to {there}, to be there at {arrives}"
    return f"{agent.purpose} at {_place(model, agent, agent.place)}"


def _plan(model: CityModel, agent: CityAgent) -> tuple[str, ...]:
    blocks = [block for block in agent.citizen.now.plan if block.end_min > model.minute]
    lines = []
    for block in blocks[:_MOST_BLOCKS]:
        where = "" if block.place is None else f" at {_place(model, agent, block.place)}"
        lines.append(block_line(block.start_min, block.end_min, block.purpose, where))
    return tuple(lines)


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
    words = words_of(agent.citizen, model.world)
    numbers = memory.recall_numbers(
        at_min=model.minute,
        query=about or None,
        count=_MOST_MEMORIES,
        window_min=model.minute + 1,
        recency_weight=_RECENCY_WEIGHT,
        words=words,
    )
    recalled = [one for number in sorted(numbers) if (one := memory.entry(number)) is not None]
    return tuple(f"{_when(model.clock, one.minute)} {words(one)}" for one in recalled)


def _when(clock: Clock, minute: int) -> str:
    return f"{clock.at(minute):%A} {clock_time(minute)}"


def _insights(agent: CityAgent, now: int, about: str) -> tuple[str, ...]:
    insights = agent.citizen.components.insights
    if insights is None:
        return ()
    held = {one.number: one for one in insights.held(at_min=now)}
    numbers = insights.recall_numbers(at_min=now, query=about or None, count=_MOST_INSIGHTS)
    return tuple(
        f"{held[number].insight.text} (sure: {round(10.0 * held[number].strength)} of 10)"
        for number in numbers
    )


def _beliefs(model: CityModel, agent: CityAgent, about: str) -> tuple[str, ...]:
    """Return beliefs about the places in the question, then about those with the strongest ones."""
    beliefs = agent.citizen.components.beliefs
    if beliefs is None or not len(beliefs.places):
        return ()
    means = beliefs.faded(model.minute)
    names = [_named(model, place) for place in beliefs.places.tolist()]
    first = _first(names, about, strength=np.abs(means.mean(axis=1) - 0.5), count=_MOST_PLACES)
    return tuple(belief_line(names[row], means[row].tolist()) for row in first.tolist())


def _people(model: CityModel, agent: CityAgent, about: str) -> tuple[str, ...]:
    """Return ties to the people in the question, then the closest ones."""
    ties = agent.citizen.components.ties
    if ties is None or not len(ties):
        return ()
    others = ties.others
    names = [model.world.names.get(other, f"person {other}") for other in others.tolist()]
    score = ties.belief(others, at_min=model.minute)
    first = _first(names, about, strength=score, count=_MOST_PEOPLE)
    return tuple(
        tie_line(names[row], ties.tie(int(others[row]), at_min=model.minute))
        for row in first.tolist()
    )


def _first(names: list[str], about: str, *, strength: Float, count: int) -> Int:
    """Return the rows whose names are in the question, then the strongest."""
    asked = words(about)
    named = np.array([len(words(name) & asked) for name in names], dtype=np.float64)
    rows: Int = np.lexsort((-strength, -named))[:count].astype(np.int64)
    return rows
