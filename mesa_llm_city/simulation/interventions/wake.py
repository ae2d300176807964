"""Waking: people think at once, whatever they are doing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from mesa_llm_city.simulation.crowd.row_query import chosen_of_both
from mesa_llm_city.simulation.interventions.base import Applied, Moment
from mesa_llm_city.simulation.interventions.query_field import query_defects, query_text
from mesa_llm_city.simulation.query import Query

if TYPE_CHECKING:
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["Wake"]


@dataclass(frozen=True, kw_only=True)
class Wake(Moment):
    """Have people think at once; those who sleep wake up, those under way think on arrival.

    Parameters
    ----------
    agents : Query, optional
        Whom, see `query.chosen`; everybody by default.
    """

    kind: ClassVar[str] = "wake"

    agents: Query = None

    def own_defects(self, model: CityModel) -> Iterator[str]:
        """Yield what is wrong with the query."""
        yield from query_defects(model, "agents", self.agents)

    def apply(self, model: CityModel, number: int, minute: int) -> Applied:
        """Make them due at this minute."""
        del number
        woken, rows = chosen_of_both(model, self.agents)
        model.news.wake(woken, at_min=minute)
        if model.crowd_or_none is not None:
            model.crowd.life.wake(rows, minute)
        return Applied(query_text(self.agents), self.text, len(woken) + len(rows))
