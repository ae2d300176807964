"""One citizen of a live model as a view."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from mesa_llm_city.citizen.presets import DECISION_NAMES
from mesa_llm_city.citizen.remembering import words_of
from mesa_llm_city.core.clock import DAY_MIN, Clock
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import DecisionSource, Purpose
from mesa_llm_city.simulation.records import PersonRows, with_dates
from mesa_llm_city.social import Ties
from mesa_llm_city.ui.views.mind_frames import belief_frame, tie_frame
from mesa_llm_city.ui.views.protocols import InsightRow, MemoryRow, PersonView, PlanRow

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city.simulation.agent import CityAgent
    from mesa_llm_city.simulation.crowd.row_person import RowPerson
    from mesa_llm_city.simulation.model import CityModel

    Known = CityAgent | RowPerson

__all__ = [
    "OwnTables",
    "beliefs_of",
    "see_person",
    "tied",
    "ties_now",
    "ties_of",
]

_FREE = "free time"
_NOWHERE = -1


class OwnTables:
    """What the tables of one model hold of the citizen who was looked at last.

    Tables are long, and a person has few rows: only what is new is read again.
    """

    def __init__(self) -> None:
        self._rows: dict[str, PersonRows] = {}
        self._done: _Done | None = None
        self._decided: _Decided | None = None

    def frame(self, model: CityModel, name: str, person: int) -> pd.DataFrame:
        """Return the rows of a person in a table, ordered by time; times are minutes.

        Parameters
        ----------
        model : CityModel
            The same at every call.
        name : str
            Name of the table, such as ``trips``.
        person : int
            Id of the person.
        """
        table = model.records.needs.table if name == "needs" else model.records.tables[name]
        return self._rows.setdefault(name, PersonRows()).frame(table, person)

    def done(self, model: CityModel, person: int) -> list[_Spell]:
        """Return the activities of a person that are over, by time."""
        frame, last = self.frame(model, "activities", person), self._done
        if last is None or last.frame is not frame:
            columns = (
                frame["start"].tolist(),
                frame["end"].tolist(),
                frame["purpose"].astype(str).tolist(),
                frame["place"].fillna(_NOWHERE).tolist(),
            )
            last = self._done = _Done(frame, [_Spell(*one) for one in zip(*columns, strict=True)])
        return last.spells

    def decisions(
        self, model: CityModel, person: int, calls: Callable[[], pd.DataFrame]
    ) -> pd.DataFrame:
        """Return the decisions, the latest first, with the prompt where one was asked.

        Parameters
        ----------
        model : CityModel
            The same at every call.
        person : int
            Id of the person.
        calls : callable
            See `see_person`.
        """
        frame, last = self.frame(model, "decisions", person), self._decided
        if last is None or last.frame is not frame:
            shown = _decisions(model.clock, frame, lambda: _prompts(calls(), person))
            last = self._decided = _Decided(frame, shown)
        return last.shown


class _Spell(NamedTuple):
    """An activity that is over."""

    start: int
    end: int
    purpose: str
    place: int


class _Done(NamedTuple):
    """Activities, and the rows they were made from."""

    frame: pd.DataFrame
    spells: list[_Spell]


class _Decided(NamedTuple):
    """Decisions as they are shown, and the rows they were made from."""

    frame: pd.DataFrame
    shown: pd.DataFrame


def see_person(
    model: CityModel, person: int, calls: Callable[[], pd.DataFrame], tables: OwnTables
) -> PersonView:
    """Return one citizen at the present minute.

    Parameters
    ----------
    model : CityModel
        The model in which the citizen lives.
    person : int
        Id of the citizen.
    calls : callable
        Returns the calls to the language model, which name the prompts of decisions.
    tables : OwnTables
        What was read of the tables of this model so far.

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
        plan=tuple(_plan(agent, tables)),
        memories=tuple(_memories(agent)),
        insights=tuple(_insights(agent)),
        goals=()
        if components.goals is None
        else tuple(goal.text for goal in components.goals.goals),
        beliefs=beliefs_of(agent),
        ties=ties_now(agent),
        decisions=tables.decisions(model, person, calls),
        travels=citizen.now.trip is not None,
    )


def _agent(model: CityModel, person: int) -> CityAgent:
    agent = model.residents.by_id.get(person)
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
    return "home" if place == agent.citizen.persona.home else agent.model.city.places.label(place)


def _plan(agent: CityAgent, tables: OwnTables) -> Iterator[PlanRow]:
    """Yield the blocks of the day: done since midnight, now, and next."""
    model, citizen = agent.model, agent.citizen
    midnight = max(model.minute - 1, 0) // DAY_MIN * DAY_MIN
    for start, end, purpose, place in tables.done(model, agent.person):
        if end > midnight:
            where = None if purpose == Purpose.TRAVEL else place
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


def _decisions(
    clock: Clock, rows: pd.DataFrame, prompts: Callable[[], Mapping[tuple[int, str], str]]
) -> pd.DataFrame:
    frame = rows[::-1].reset_index(drop=True)
    asked = (frame["source"] == str(DecisionSource.PROMPT)).to_numpy()
    known = prompts() if asked.any() else {}
    decided = zip(frame["time"], frame["component"], asked, strict=True)
    frame["prompt"] = [known.get((at, part), "") if one else "" for at, part, one in decided]
    columns = ["time", "component", "source", "choice", "reason", "prompt"]
    return with_dates(frame, clock)[columns]


def _prompts(calls: pd.DataFrame, person: int) -> dict[tuple[int, str], str]:
    """Return the prompts a person's components used, by minute and component."""
    mine = calls[calls["sample"] == str(person)]
    used = zip(mine["minute"], mine["purpose"], mine["prompt"], strict=True)
    return {
        (minute, DECISION_NAMES[purpose]): name
        for minute, purpose, name in used
        if purpose in DECISION_NAMES
    }
