"""The world of a saved model: names, closures, weather, news and interventions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from mesa_llm_city.city.saved_weather import events_of, events_state
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.simulation.interventions.acts import acts_of
from mesa_llm_city.simulation.interventions.registry import read_interventions
from mesa_llm_city.simulation.saving.values import Tree

if TYPE_CHECKING:
    from mesa_llm_city.simulation.interventions.base import Intervention
    from mesa_llm_city.simulation.model import CityModel

__all__ = [
    "intervention_defects",
    "interventions_state",
    "news_state",
    "restore_interventions",
    "restore_news",
    "restore_world",
    "world_state",
]


def world_state(model: CityModel) -> Tree:
    """Return what the world has come to in the course of the run."""
    world = model.world
    return {
        "ids": list(world.names),
        "names": list(world.names.values()),
        "gone": sorted(world.gone),
        "closures": world.closures.state(),
        "events": events_state(world.events),
        "weather_now": dict(world.weather_now),
    }


def restore_world(model: CityModel, state: Mapping[str, Any]) -> None:
    """Take over what `world_state` returned."""
    world = model.world
    world.names.clear()
    world.names.update(zip(state["ids"], state["names"], strict=True))
    world.gone.clear()
    world.gone.update(state["gone"])
    world.closures.restore(state["closures"])
    world.events[:] = events_of(state["events"])
    world.weather_now.clear()
    world.weather_now.update(state["weather_now"])


def news_state(model: CityModel) -> Tree:
    """Return the messages that are being passed on; None if nobody was ever told anything."""
    state = model.news.state()
    return state if any(state.values()) else None


def restore_news(model: CityModel, state: Mapping[str, Any]) -> None:
    """Take over what `news_state` returned."""
    model.news.restore(state)


def interventions_state(model: CityModel) -> Tree:
    """Return all interventions, and what has become of them; None if there is none."""
    schedule = model.intervention_schedule
    if not len(schedule) and not model.acts:
        return None
    acts = {"acts": [one._asdict() for one in model.acts]} if model.acts else {}
    items = [_written(one) for one in schedule.items]
    return {"items": items, "state": schedule.state(), **acts}


def restore_interventions(model: CityModel, state: Mapping[str, Any]) -> None:
    """Take over what `interventions_state` returned; what lasts holds without a word to people."""
    model.intervention_schedule.items[:] = read_interventions(state["items"])
    model.intervention_schedule.restore(model, state["state"])
    model.acts[:] = acts_of(state.get("acts", ()))


def intervention_defects(model: CityModel) -> Iterator[str]:
    """Yield the interventions to come, or under way, that cannot be written down."""
    state = model.intervention_schedule.state()
    ahead = {number for _, _, number in state["due"]}
    ahead |= {number for kept in ("waiting", "lasting") for number, _ in state[kept]}
    for number in sorted(ahead):
        one = model.intervention_schedule.items[number]
        try:
            one.to_dict()
        except ConfigError as error:
            yield f"intervention {number + 1} ({one.kind}): {error.message}"


def _written(one: Intervention) -> dict[str, Any]:
    try:
        return one.to_dict()
    except ConfigError:
        # It is over, or the model would not have been saved; only its number still counts.
        return {"kind": one.kind, "text": one.text}
