"""Removing: people leave the city for good, or places close for good."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from mesa_llm_city.core.values import Int
from mesa_llm_city.simulation.crowd.row_query import chosen_of_both
from mesa_llm_city.simulation.interventions.base import Applied, Span
from mesa_llm_city.simulation.interventions.close import Close
from mesa_llm_city.simulation.interventions.query_field import query_defects, query_text
from mesa_llm_city.simulation.interventions.targets import PlaceTarget
from mesa_llm_city.simulation.query import Query

if TYPE_CHECKING:
    from mesa_llm_city.simulation.agent import CityAgent
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["Remove"]


@dataclass(frozen=True, kw_only=True)
class Remove(PlaceTarget, Span):
    """Have people leave the city for good, or close places for good.

    Give either people or a target of places. Ids of places stay what they are, since tables
    name them; those who are inside leave as from any closed place (see `Close`).

    Parameters
    ----------
    at : str, int or datetime, optional
        When, see `times.as_minute`.
    agents : Query, optional
        Who leaves, see `query.chosen`; rows of a crowd as well.
    alone : bool, default False
        Whether they leave without the others of their households.
    """

    kind: ClassVar[str] = "remove"
    time_name: ClassVar[str] = "at"

    at: object = None
    agents: Query = None
    alone: bool = False

    def own_defects(self, model: CityModel) -> Iterator[str]:
        """Yield what is wrong with people or places."""
        for name in ("start", "end", "minutes"):
            if getattr(self, name) is not None:
                yield f"{name} does not belong to what is for good; give at"
        if self.agents is None:
            yield from self.target_defects(model.city)
            if self.alone:
                yield "alone belongs to agents; leave it out"
            return
        yield from query_defects(model, "agents", self.agents)
        if not isinstance(self.alone, bool):
            yield f"alone must be true or false, got {self.alone!r}"
        if any(getattr(self, name) is not None for name in self.target_names):
            yield "give either agents or places; two interventions remove both"

    def apply(self, model: CityModel, number: int, minute: int) -> Applied:
        """Let them leave, or close the places."""
        if self.agents is None:
            return self._closing().apply(model, number, minute)
        leaving, rows = chosen_of_both(model, self.agents)
        if not self.alone:
            leaving = _households(model, leaving)
        people = model.move_out(leaving, self.text)
        if len(rows):
            rows = rows if self.alone else _rows_of_households(model, rows)
            model.crowd.remove_rows(rows)
        return Applied(query_text(self.agents), self.text, len(people) + len(rows))

    def undo(
        self, model: CityModel, number: int, minute: int, memo: Mapping[str, Any]
    ) -> Applied | None:
        """Do nothing, since it is for good."""
        del model, number, minute, memo
        return None

    def resume(self, model: CityModel, number: int, memo: Mapping[str, Any]) -> None:
        """Keep places closed in a model that was saved after it."""
        if memo:
            self._closing().resume(model, number, memo)

    def _closing(self) -> Close:
        places = {name: getattr(self, name) for name in self.target_names}
        return Close(**places, text=self.text)


def _rows_of_households(model: CityModel, rows: Int) -> Int:
    crowd = model.crowd
    household, present = crowd.people.household, crowd.rows
    found: Int = present[np.isin(household[present], household[rows])]
    return found


def _households(model: CityModel, agents: list[CityAgent]) -> list[CityAgent]:
    found = {agent.person: agent for agent in agents}
    for agent in agents:
        found |= {one.person: one for one in model.residents.household_of(agent)}
    return [found[person] for person in sorted(found)]
