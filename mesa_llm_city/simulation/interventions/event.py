"""Events: something at a place that draws people for a time."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING, Any, ClassVar

from mesa_llm_city.citizen.closures import UNTIL_OPENED
from mesa_llm_city.city.environment import Event
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.simulation.interventions.base import Applied, Span
from mesa_llm_city.simulation.place_query import place_ids

if TYPE_CHECKING:
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["HoldEvent"]


@dataclass(frozen=True, kw_only=True)
class HoldEvent(Span):
    """Hold an event that draws people (see `city.environment.Event`).

    Parameters
    ----------
    name : str
        Its name, as people hear it.
    place : int or str, or several
        Ids or names of the places.
    boost : float, optional
        Factor on the weight of the places; ``city.events.boost`` by default.
    """

    kind: ClassVar[str] = "event"

    name: str = ""
    place: object = None
    boost: float | None = None

    def own_defects(self, model: CityModel) -> Iterator[str]:
        """Yield what is wrong with name, place and boost."""
        name: object = self.name
        if not isinstance(name, str) or not name:
            yield f"name must be a text, got {self.name!r}"
        if self.place is None:
            yield "place is missing; give the id or name of a place"
            return
        try:
            if not len(place_ids(model.city, self.place)):
                yield f"place: give at least one place, got {self.place!r}"
        except ConfigError as error:
            yield f"place: {error.message}"
        if self.boost is not None and not _is_factor(self.boost):
            yield f"boost must be a number of at least 0, and finite, got {self.boost!r}"

    def apply(self, model: CityModel, number: int, minute: int) -> Applied:
        """Begin it."""
        del number
        until = self.until_min(minute, model.clock)
        places = place_ids(model.city, self.place).tolist()
        memo = {"places": places, "from": minute, "until": until or UNTIL_OPENED}
        model.world.events += self._events(memo)
        target = ", ".join(model.world.described(place) for place in places)
        return Applied(target, self.name, 0, memo)

    def undo(
        self,
        model: CityModel,
        number: int,
        minute: int,
        memo: Mapping[str, Any],
    ) -> Applied | None:
        """Return nothing; it is over by itself, and those who were there remember its name."""

    def resume(self, model: CityModel, number: int, memo: Mapping[str, Any]) -> None:
        """Let it go on, unless the world knows of it already."""
        del number
        known = model.world.events
        known += [one for one in self._events(memo) if one not in known]

    def _events(self, memo: Mapping[str, Any]) -> list[Event]:
        begin, end = int(memo["from"]), int(memo["until"])
        return [
            Event(name=self.name, place=place, start_min=begin, end_min=end, boost=self.boost)
            for place in memo["places"]
        ]


def _is_factor(boost: object) -> bool:
    if not isinstance(boost, Real) or isinstance(boost, bool):
        return False
    return 0.0 <= float(boost) < math.inf
