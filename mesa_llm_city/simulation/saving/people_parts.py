"""The people of a saved model besides their agents: their order, and who lived there when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mesa_llm_city.population.saved_people import people_of, people_state
from mesa_llm_city.simulation.saving.values import Tree

if TYPE_CHECKING:
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["history_state", "residents_state", "restore_history", "restore_residents"]


def residents_state(model: CityModel) -> Tree:
    """Return the order of the citizens, and the minute from which newcomers live."""
    return {"order": [agent.unique_id for agent in model.citizens], "now": model.residents.now}


def restore_residents(model: CityModel, state: Mapping[str, Any]) -> None:
    """Put the citizens in their order, and where they are."""
    agents = {agent.unique_id: agent for agent in model.citizens}
    order = [agents[number] for number in state["order"]]
    model.residents.restore(order, now=state["now"])
    model.registration.is_open = True


def history_state(model: CityModel) -> Tree:
    """Return who has lived in the model, from when until when; None if nobody came or went."""
    since, ended = model.registration.history.state()
    if not since and not ended:
        return None
    people, entries = people_state([one.persona for one in ended])
    return {
        "since": [list(one) for one in since.items()],
        "ended": [[one.start_min, one.end_min] for one in ended],
        "people": people,
        "entries": entries,
    }


def restore_history(model: CityModel, state: Mapping[str, Any]) -> None:
    """Take over what `history_state` returned."""
    people = people_of(state["people"], state["entries"])
    spells = [(one, *times) for one, times in zip(people, state["ended"], strict=True)]
    model.registration.history.restore(dict(map(tuple, state["since"])), spells)
