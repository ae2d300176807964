"""The parts of a saved model: each has a name, and functions that read it out and put it back.

Whatever the package adds to a model that changes over a run adds a row to `PARTS`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from mesa_llm_city.simulation.saving import people_parts, run_parts, world_parts
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


def _own(model: CityModel) -> Tree:
    own = own_state(model, model.usual_attributes)
    return own if any(own.values()) else None


PARTS: tuple[Part, ...] = (
    # First, since parameters that an intervention has set are taken up by everybody.
    Part("interventions", world_parts.interventions_state, world_parts.restore_interventions),
    Part("agents", agents_state, restore_agents),
    Part("residents", people_parts.residents_state, people_parts.restore_residents),
    Part("history", people_parts.history_state, people_parts.restore_history),
    Part("world", world_parts.world_state, world_parts.restore_world),
    Part("news", world_parts.news_state, world_parts.restore_news),
    Part("rounds", run_parts.rounds_state, run_parts.restore_rounds),
    Part("migration", run_parts.migration_state, run_parts.restore_migration),
    Part("economy", run_parts.economy_state, run_parts.restore_economy),
    Part("media", run_parts.media_state, run_parts.restore_media),
    Part("crowd", run_parts.crowd_state, run_parts.restore_crowd),
    Part("surveys", run_parts.surveys_state, run_parts.restore_surveys),
    Part("records", run_parts.records_state, run_parts.restore_records),
    Part("collected", run_parts.collected_state, run_parts.restore_collected),
    Part("archetypes", run_parts.archetypes_state, run_parts.restore_archetypes),
    Part("own", _own, restore_own),
    Part("steps", run_parts.steps_state, run_parts.restore_steps),
)
"""In the order in which they are put back."""
