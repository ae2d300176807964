"""The people of a saved model, who come back to live in a new one as the agents they were."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import mesa

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.population import Persona, Population
from mesa_llm_city.simulation.agent import CityAgent
from mesa_llm_city.simulation.saving.own_state import name_of

if TYPE_CHECKING:
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["AgentMakers", "Returning", "SavedAgent", "makers_of"]

AgentMakers: TypeAlias = Iterable[type[mesa.Agent]] | Mapping[str, Callable[..., mesa.Agent]]
"""Classes of agents; or what makes one, by the name of its class."""


class SavedAgent(NamedTuple):
    """An agent as a save has it.

    Attributes
    ----------
    unique_id : int
        Its number in Mesa.
    kind : str
        Name of its class.
    persona : Persona or None
        The person, of a citizen.
    """

    unique_id: int
    kind: str
    persona: Persona | None


@dataclass(frozen=True, slots=True, eq=False)
class Returning(Population):
    """People who come to live in a model as the agents that they were in a saved one.

    All agents get the numbers they had in Mesa: those of removed ones are skipped.

    Parameters
    ----------
    agents : tuple of SavedAgent
        All agents of the saved model.
    last_id : int
        The greatest number that Mesa had given.
    makers : mapping of str to callable
        What makes agents of a class, by its name.
    """

    agents: tuple[SavedAgent, ...] = ()
    last_id: int = 0
    makers: Mapping[str, Callable[..., mesa.Agent]] = field(default_factory=dict)

    def settle(self, model: CityModel) -> None:
        """Make those who lived in the model from the first minute on."""
        first = len(self.people)
        self._make(model, [one for one in self.agents if one.unique_id <= first], last_id=first)

    def complete(self, model: CityModel) -> None:
        """Make all others that the model has not made by itself, and remove those who have left.

        Raises
        ------
        DataError
            If the class of an agent is not known, or the model has made one of another class.
        """
        made = {agent.unique_id: agent for agent in model.agents}
        wanted = {one.unique_id: one for one in self.agents}
        for number, agent in made.items():
            self._check_same(agent, wanted.get(number))
            if number not in wanted:
                agent.remove()
        rest = [one for one in self.agents if one.unique_id not in made]
        self._make(model, rest, last_id=self.last_id)

    def _make(self, model: CityModel, agents: Sequence[SavedAgent], *, last_id: int) -> None:
        makers = {**_usual_makers(model), **self.makers}
        self._check_known(agents, makers)
        for one in agents:
            _skip(model, one.unique_id - 1)
            arguments = () if one.persona is None else (one.persona,)
            makers[one.kind](model, *arguments)
        _skip(model, last_id)

    def _check_known(self, agents: Sequence[SavedAgent], makers: Mapping[str, Any]) -> None:
        unknown = Counter(one.kind for one in agents if one.kind not in makers)
        citizens = {one.kind for one in agents if one.persona is not None}
        if unknown:
            source = "what was given to load the save with"
            defects = [
                f"{count} agents are of class {kind}, which is not known; give "
                + (f"agent_class={kind}, or " if kind in citizens else "")
                + f"agents=[{kind}]"
                for kind, count in unknown.items()
            ]
            raise DataError.listing(source, defects)

    def _check_same(self, agent: mesa.Agent, saved: SavedAgent | None) -> None:
        kind = name_of(type(agent))
        if saved is not None and saved.kind != kind:
            message = (
                f"the constructor of the model makes the agent {agent.unique_id} of class {kind}, "
                f"but it was of class {saved.kind}; load it with the classes and options it had"
            )
            raise DataError(message)


def makers_of(given: AgentMakers) -> dict[str, Callable[..., mesa.Agent]]:
    """Return what makes agents, by the name of their class."""
    if isinstance(given, Mapping):
        return dict(given)
    return {name_of(kind): kind for kind in given}


def _usual_makers(model: CityModel) -> dict[str, Callable[..., mesa.Agent]]:
    return {name_of(kind): kind for kind in (CityAgent, model.agent_class)}


def _skip(model: CityModel, last: int) -> None:
    """Let Mesa give numbers up to `last` to agents who leave at once."""
    while model.last_unique_id < last:
        mesa.Agent(model).remove()
