"""One citizen of a live model as a view."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from mesa_llm_city.citizen.presets import DECISION_NAMES
from mesa_llm_city.citizen.remembering import words_of
from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import DecisionSource, Purpose
from mesa_llm_city.simulation.records import with_dates
from mesa_llm_city.social import Ties
from mesa_llm_city.ui.views.mind_frames import belief_frame, tie_frame
from mesa_llm_city.ui.views.protocols import InsightRow, MemoryRow, PersonView, PlanRow

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city.city import City
    from mesa_llm_city.simulation.agent import CityAgent
    from mesa_llm_city.simulation.crowd.row_person import RowPerson
    from mesa_llm_city.simulation.model import CityModel

    Known = CityAgent | RowPerson

__all__ = ["beliefs_of", "place_name", "see_person", "tied", "ties_now", "ties_of"]

_FREE = "free time"


def place_name(city: City, place: int) -> str:
    """Return the name of a place, or its kind and number if it has none."""
    places = city.places
    kind = str(places.category_names[int(places.category[place])]).replace("_", " ")
    return places.name[place] or f"{kind} {place}"


def see_person(model: CityModel, person: int, calls: Callable[[], pd.DataFrame]) -> PersonView:
    """Return one citizen at the present minute.

    Parameters
    ----------
    model : CityModel
        The model in which the citizen lives.
    person : int
        Id of the citizen.
    calls : callable
        Returns the calls to the language model, which name the prompts of decisions.

    Raises
    ------
    ConfigError
        If nobody has this id.
    """
    agent = _agent(model, person)
    citizen, minute = agent.citizen, model.minute
    components, at = (
        citizen.components,
        citizen.place if citizen.now.trip is None else citizen.now.trip.destination,
    )
    return PersonView(
        id=person,
        name=model.world.names[person],
        described=citizen.persona.describe(),
        doing=_label(agent),
        place=_called(agent, at),
        needs=citizen.needs_at(minute),
        mood="" if components.mood is None else components.mood.word(at_min=minute),
        thought=citizen.thoughts_at(minute),
        plan=tuple(_plan(agent)),
        memories=tuple(_memories(agent)),
        insights=tuple(_insights(agent)),
        goals=()
        if components.goals is None
        else tuple(goal.text for goal in components.goals.goals),
        beliefs=beliefs_of(agent),
        ties=ties_now(agent),
        decisions=_decisions(model, person, calls),
        travels=citizen.now.trip is not None,
    )


def _agent(model: CityModel, person: int) -> CityAgent:
    agent = next((one for one in model.citizens if one.person == person), None)
    if agent is None:
        message = f"no person has the id {person}; choose one of the {len(model.citizens)} citizens"
        raise ConfigError(message)
    return agent


def _label(agent: CityAgent) -> str:
    spec = agent.model.parameters.purposes.get(agent.purpose)
    return str(agent.purpose) if spec is None else spec.label


def _called(agent: Known, place: int | None) -> str:
    """Return what a person calls a place; empty where it is not settled."""
    if place is None:
        return ""
    return "home" if place == agent.citizen.persona.home else place_name(agent.model.city, place)


def _plan(agent: CityAgent) -> Iterator[PlanRow]:
    """Yield the blocks of the day: done since midnight, now, and next."""
    model, citizen = agent.model, agent.citizen
    midnight = max(model.minute - 1, 0) // DAY_MIN * DAY_MIN
    done = model.records.activities.to_frame(person=agent.person)
    today = done[done["end"] > midnight].astype({"start": int, "end": int, "purpose": str})
    for start, end, purpose, place in today[["start", "end", "purpose", "place"]].to_numpy():
        where = None if purpose == Purpose.TRAVEL else int(place)
        yield PlanRow(start, end, purpose, _called(agent, where), "done")
    activity, trip = citizen.now.activity, citizen.now.trip
    if trip is not None:
        there = _called(agent, trip.destination)
        yield PlanRow(trip.start_min, trip.end_min, str(Purpose.TRAVEL), there, "now")
    for block in (activity, *citizen.now.plan):
        if block is not None:
            purpose = _FREE if block.purpose is None else str(block.purpose)
            start = trip.end_min if trip is not None and block is activity else block.start_min
            status = "now" if trip is None and block is activity else "next"
            yield PlanRow(start, block.end_min, purpose, _called(agent, block.place), status)


def _memories(agent: CityAgent) -> list[MemoryRow]:
    memory = agent.citizen.components.memory
    if memory is None:
        return []
    numbers, words = memory.columns().number.tolist(), words_of(agent.citizen, agent.model.world)
    rows = [
        MemoryRow(
            number, one.minute, _called(agent, one.place), one.key, words.observed(one), one.score
        )
        for number, one in zip(numbers, memory, strict=True)
    ]
    return rows[::-1]


def _insights(agent: CityAgent) -> list[InsightRow]:
    thoughts, minute = agent.citizen.components.insights, agent.model.minute
    if thoughts is None:
        return []
    rows = [
        InsightRow(
            number,
            one.minute,
            str(one.kind),
            one.subject,
            one.text,
            strength,
            one.liking,
            one.evidence,
            one.earlier,
        )
        for number, one, strength in thoughts.held(at_min=minute)
    ]
    return sorted(rows, key=lambda row: (-row.minute, -row.number))


def beliefs_of(agent: Known) -> pd.DataFrame:
    """Return the beliefs about known places, the best liked first."""
    places = agent.model.city.places
    return belief_frame(
        agent.citizen.components.beliefs,
        agent.model.minute,
        lambda place: _called(agent, place),
        lambda place: str(places.category_names[places.category[place]]),
    )


def ties_now(agent: Known) -> pd.DataFrame:
    """Return the ties to other people, the closest first."""
    ties, model = agent.citizen.components.ties or Ties(), agent.model
    names = model.world.names
    return tie_frame(ties, model.minute, lambda one: names.get(one, f"person {one}"))


def tied(model: CityModel, person: int) -> Ties:
    """Return the ties of a citizen, none for one without.

    Raises
    ------
    ConfigError
        If nobody has this id.
    """
    return _agent(model, person).citizen.components.ties or Ties()


def ties_of(model: CityModel, person: int) -> pd.DataFrame:
    """Return whom a citizen knows now (see `PersonView.ties`).

    Raises
    ------
    ConfigError
        If nobody has this id.
    """
    return ties_now(_agent(model, person))


def _decisions(model: CityModel, person: int, calls: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    """Return the decisions, the latest first, with the prompt where one was asked."""
    frame = model.records.decisions.to_frame(person=person)[::-1].reset_index(drop=True)
    asked = (frame["source"] == str(DecisionSource.PROMPT)).to_numpy()
    prompts = _prompts(calls(), person) if asked.any() else {}
    decided = zip(frame["time"], frame["component"], asked, strict=True)
    frame["prompt"] = [prompts.get((at, part), "") if one else "" for at, part, one in decided]
    columns = ["time", "component", "source", "choice", "reason", "prompt"]
    return with_dates(frame, model.clock)[columns]


def _prompts(calls: pd.DataFrame, person: int) -> dict[tuple[int, str], str]:
    """Return the prompts a person's components used, by minute and component."""
    mine = calls[calls["sample"] == str(person)]
    used = zip(mine["minute"], mine["purpose"], mine["prompt"], strict=True)
    return {
        (minute, DECISION_NAMES[purpose]): name
        for minute, purpose, name in used
        if purpose in DECISION_NAMES
    }
