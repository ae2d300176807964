"""The agents of a model as a table: citizens and those of classes of your own, in their order."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import mesa
from pydantic import TypeAdapter

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.streams import RandomStreams
from mesa_llm_city.policies import MomentDecider
from mesa_llm_city.population import Persona
from mesa_llm_city.population.saved_people import people_state
from mesa_llm_city.prompts import Prompted
from mesa_llm_city.simulation.agent import CityAgent
from mesa_llm_city.simulation.crowd.crowd_agent import CrowdAgent
from mesa_llm_city.simulation.saving.own_state import defects_of, name_of, own_state, restore_own
from mesa_llm_city.simulation.saving.values import plain_text

if TYPE_CHECKING:
    from mesa_llm_city.citizen.citizen import Citizen
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["USUAL", "agent_defects", "agents_state", "restore_agents", "rows_of"]

USUAL = frozenset(
    {"model", "unique_id", "is_removed", "has_changed", "row", "present_at", "citizen"}
)
"""Attributes that every citizen has."""

_MESA = frozenset({"model", "unique_id"})


class _Kinds:
    """Things that many agents share, numbered."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self.known: list[Any] = []

    def number(self, thing: Any) -> int:  # noqa: ANN401 - JSON-able
        key = json.dumps(thing)
        if key not in self._numbers:
            self._numbers[key] = len(self.known)
            self.known.append(thing)
        return self._numbers[key]


def agent_defects(model: CityModel) -> Iterator[str]:
    """Yield what of the agents of a model cannot be saved, each once."""
    seen: dict[str, None] = {}
    for agent in model.agents:
        if isinstance(agent, CrowdAgent):
            continue  # a part of its own
        usual = USUAL if isinstance(agent, CityAgent) else _MESA
        seen |= dict.fromkeys(defects_of(agent, usual))
        if isinstance(agent, CityAgent):
            seen |= dict.fromkeys(_component_defects(agent.citizen))
    yield from seen


def agents_state(model: CityModel) -> dict[str, Any]:
    """Return all agents of a model, one row each, in the order in which Mesa has them.

    Everybody who lived there at first is among the personas, in that order.
    """
    import pyarrow as pa

    personas: dict[int, int] = {}
    people: list[Persona] = []
    for one in (*model.population, *(agent.persona for agent in model.citizens)):
        if personas.setdefault(id(one), len(people)) == len(people):
            people.append(one)
    kinds, signatures, streams = _Kinds(), _Kinds(), _Kinds()
    rows: list[dict[str, Any]] = []
    for agent in model.agents:
        row: dict[str, Any] = {"unique_id": agent.unique_id, "kind": kinds.number(_kind(agent))}
        if isinstance(agent, CityAgent):
            row |= _citizen_row(agent, personas, signatures, streams)
        elif not isinstance(agent, CrowdAgent):
            own = own_state(agent, _MESA)
            row["own"] = plain_text(own, f"the agent {agent.unique_id} ({_kind(agent)})")
        rows.append(row)
    described, entries = people_state(people)
    texts = [plain_text(one, "a persona") for one in described]
    return {
        "kinds": kinds.known,
        "signatures": signatures.known,
        "streams": streams.known,
        "entries": entries,
        "first": [personas[id(one)] for one in model.population],
        "personas": pa.table({"persona": pa.array(texts, type=pa.string())}),
        "agents": _table(rows),
    }


def restore_agents(model: CityModel, state: Mapping[str, Any]) -> None:
    """Give the agents of a model, which are there already, the states they had.

    Raises
    ------
    DataError
        If a citizen lacks a component, or has one of another class.
    """
    agents = {agent.unique_id: agent for agent in model.agents}
    streams = [_streams().validate_python(one) for one in state["streams"]]
    lacking: dict[str, None] = {}
    for row in rows_of(state["agents"]):
        agent = agents[row["unique_id"]]
        if isinstance(agent, CityAgent):
            signature = state["signatures"][row["signature"]]
            lacking |= dict.fromkeys(_lacking(agent.citizen, signature))
            if not lacking:
                _restore_citizen(agent, row, streams)
        if not isinstance(agent, CrowdAgent):
            restore_own(agent, json.loads(row["own"] or "{}"))
    if lacking:
        source = "what was given to load the save with"
        raise DataError.listing(source, lacking)


def rows_of(table: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - a table of Arrow
    """Iterate over the rows of a table, a thousand at a time."""
    for batch in table.to_batches(max_chunksize=1000):
        yield from batch.to_pylist()


def _kind(agent: mesa.Agent) -> str:
    return name_of(type(agent))


def _citizen_row(
    agent: CityAgent, personas: Mapping[int, int], signatures: _Kinds, streams: _Kinds
) -> dict[str, Any]:
    citizen, where = agent.citizen, f"person {agent.person}"
    plain = _streams().dump_python(citizen.streams, mode="json") | {"person": 0}
    own = own_state(agent, USUAL)
    states = citizen.state()
    return {
        "person": agent.person,
        "persona": personas[id(agent.persona)],
        "place": agent.present_at,
        "signature": signatures.number(_signature(citizen)),
        "streams": streams.number(plain),
        "own": plain_text(own, where) if any(own.values()) else None,
        "now": plain_text(states["now"], where),
        **{
            f"component {name}": plain_text(one, f"component {name!r} of {where}")
            for name, one in states["components"].items()
            if one != {}
        },
    }


def _restore_citizen(
    agent: CityAgent, row: Mapping[str, Any], streams: Sequence[RandomStreams]
) -> None:
    citizen = agent.citizen
    mine = dict(citizen.components)
    parts = {
        name: json.loads(row.get(f"component {name}") or "{}")
        for name, one in mine.items()
        if hasattr(one, "state")
    }
    citizen.restore({"now": json.loads(row["now"]), "components": parts})
    citizen.streams = replace(streams[row["streams"]], person=agent.person)
    agent.present_at = row["place"]


def _signature(citizen: Citizen) -> dict[str, str]:
    """Return the classes of the components of a person, by name, beneath prompts and policies."""
    return {name: name_of(type(_rule(one))) for name, one in citizen.components}


def _rule(component: object) -> object:
    while isinstance(component, Prompted | MomentDecider):
        component = component.rule
    return component


def _lacking(citizen: Citizen, signature: Mapping[str, str]) -> Iterator[str]:
    found = _signature(citizen)
    for name, kind in signature.items():
        if name not in found:
            yield f"component {name!r} of class {kind} is missing; give it in components="
        elif found[name] != kind:
            yield f"component {name!r} is a {found[name]}, but was a {kind}; give that class"
    for name in found.keys() - signature.keys():
        yield f"component {name!r} of class {found[name]} was not there; leave it out"


def _component_defects(citizen: Citizen) -> Iterator[str]:
    """Yield components that have one half of what saving takes."""
    for name, one in citizen.components:
        has = [hasattr(one, method) for method in ("state", "restore")]
        if any(has) and not all(has):
            yield (
                f"component {name!r} of class {name_of(type(_rule(one)))} has only one of the "
                "methods state() and restore(); add the other"
            )


def _table(rows: Iterable[Mapping[str, Any]]) -> Any:  # noqa: ANN401 - a table of Arrow
    """Return rows as a table; numbers as numbers, everything else as texts."""
    import pyarrow as pa

    listed = list(rows)
    names = dict.fromkeys([*_NUMBERS, *_TEXTS])
    for row in listed:
        names |= dict.fromkeys(row)
    types = dict.fromkeys(_NUMBERS, pa.int64())
    return pa.table(
        {
            name: pa.array([row.get(name) for row in listed], type=types.get(name, pa.string()))
            for name in names
        }
    )


_NUMBERS = ("unique_id", "kind", "person", "persona", "place", "signature", "streams")
_TEXTS = ("own", "now")


@cache
def _streams() -> TypeAdapter[RandomStreams]:
    return TypeAdapter(RandomStreams)
