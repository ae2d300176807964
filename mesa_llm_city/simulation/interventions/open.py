"""Opening: what is closed opens before its time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from mesa_llm_city.citizen.closures import Closure
from mesa_llm_city.simulation.interventions.base import Applied, Moment
from mesa_llm_city.simulation.interventions.detours import use_open_streets
from mesa_llm_city.simulation.interventions.targets import Target
from mesa_llm_city.simulation.refuge import send_home

if TYPE_CHECKING:
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["Open"]


@dataclass(frozen=True, kw_only=True)
class Open(Target, Moment):
    """Open places, streets or modes that are closed; without a target all that is.

    It says nothing about opening hours, and nothing about what closes later.
    """

    kind: ClassVar[str] = "open"

    def own_defects(self, model: CityModel) -> Iterator[str]:
        """Yield what is wrong with the target, if there is one."""
        if self._has_target:
            yield from self.target_defects(model.city)

    def apply(self, model: CityModel, number: int, minute: int) -> Applied:
        """Take it out of all closures."""
        del number
        closures, found = model.world.closures, self.found(model.city)
        for one, closure in closures:
            left = closure.without(found.places, found.modes, found.links)
            if not self._has_target:
                left = Closure()
            if left.is_empty:
                closures.open(one)
            elif left != closure:
                closures.close(one, left)
            parts = {"places": left.places, "modes": left.modes, "links": left.links}
            model.intervention_schedule.revise(
                one, {name: list(part) for name, part in parts.items()}
            )
        use_open_streets(model)
        send_home(model, minute)
        target = self.target_text(model.city) if self._has_target else "all that is closed"
        return Applied(target, self.text)

    @property
    def _has_target(self) -> bool:
        return any(getattr(self, name) is not None for name in self.target_names)
