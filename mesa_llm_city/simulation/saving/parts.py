"""The parts of a saved model: each has a name, and functions that read it out and put it back.

A part of the package that changes over a run adds a row to `PARTS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from mesa_llm_city.simulation.reporters import LLM_TOTALS
from mesa_llm_city.simulation.saving.agents import agents_state, restore_agents
from mesa_llm_city.simulation.saving.own_state import own_state, restore_own
from mesa_llm_city.simulation.saving.values import Tree

if TYPE_CHECKING:
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["PARTS", "Part"]


class Part(NamedTuple):
    """A part of a model that a save holds.

    Attributes
    ----------
    name : str
        Name of the part, and of its files.
    state : callable
        Returns the part of a model: JSON-able values, in which NumPy arrays and Arrow tables
        may stand; None if there is nothing to keep.
    restore : callable
        Puts what `state` returned into another model, which has the same city, parameters and
        agents. It is not called if there was nothing.
    """

    name: str
    state: Callable[[CityModel], Tree]
    restore: Callable[[CityModel, Tree], None]


def _residents(model: CityModel) -> Tree:
    return {"order": [agent.unique_id for agent in model.citizens], "now": model.residents.now}


def _restore_residents(model: CityModel, state: Mapping[str, Any]) -> None:
    agents = {agent.unique_id: agent for agent in model.citizens}
    order = [agents[number] for number in state["order"]]
    model.residents.restore(order, now=state["now"])
    model.registration.is_open = True


def _world(model: CityModel) -> Tree:
    names, gone = model.world.names, model.world.gone
    return {"ids": list(names), "names": list(names.values()), "gone": sorted(gone)}


def _restore_world(model: CityModel, state: Mapping[str, Any]) -> None:
    model.world.names.clear()
    model.world.names.update(zip(state["ids"], state["names"], strict=True))
    model.world.gone.clear()
    model.world.gone.update(state["gone"])


def _llm_use(model: CityModel) -> Tree:
    return dict(model.llm_use.totals)


def _restore_llm_use(model: CityModel, state: Mapping[str, float]) -> None:
    model.llm_use.totals.update({name: float(state[name]) for name in LLM_TOTALS})


def _records(model: CityModel) -> Tree:
    names = (name for name in model.records.__slots__ if name != "needs")
    tables = {name: getattr(model.records, name).to_arrow() for name in names}
    return {"tables": tables, "needs": model.records.needs.state()}


def _restore_records(model: CityModel, state: Mapping[str, Any]) -> None:
    for name, table in state["tables"].items():
        getattr(model.records, name).restore(table)
    model.records.needs.restore(state["needs"])


def _collected(model: CityModel) -> Tree:
    return model.datacollector.state()


def _restore_collected(model: CityModel, state: Mapping[str, Any]) -> None:
    llm = [f"llm_{name}" for name in LLM_TOTALS] if model.llm is None else []
    model.datacollector.restore(state, may_lack=llm)


def _own(model: CityModel) -> Tree:
    own = own_state(model, model.usual_attributes)
    return own if any(own.values()) else None


def _mesa(model: CityModel) -> Tree:
    version, numbers, gauss = model.random.getstate()
    return {
        "minute": model.minute,
        "step_end": model.step_end,
        "running": model.running,
        "steps": model.steps,
        "time": float(getattr(model, "time", model.steps)),
        "random": [version, list(numbers), gauss],
        "rng": _plain(model.rng.bit_generator.state),
    }


def _restore_mesa(model: CityModel, state: Mapping[str, Any]) -> None:
    model.count_steps(state["steps"])
    late = state["time"] - float(getattr(model, "time", state["time"]))
    if late > 0.0:
        # A part of a step, which only the lines of Mesa from 3.5 on have.
        model.run_for(late)
    version, numbers, gauss = state["random"]
    model.random.setstate((version, tuple(numbers), gauss))
    model.rng.bit_generator.state = state["rng"]
    model.minute, model.step_end = state["minute"], state["step_end"]
    model.running = state["running"]


def _plain(value: Any) -> Any:  # noqa: ANN401 - the state of a generator of NumPy
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    return value.tolist() if hasattr(value, "tolist") else value


PARTS: tuple[Part, ...] = (
    Part("agents", agents_state, restore_agents),
    Part("residents", _residents, _restore_residents),
    Part("world", _world, _restore_world),
    Part("llm_use", _llm_use, _restore_llm_use),
    Part("records", _records, _restore_records),
    Part("collected", _collected, _restore_collected),
    Part("own", _own, restore_own),
    Part("mesa", _mesa, _restore_mesa),
)
"""In the order in which they are put back."""
