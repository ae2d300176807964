"""Closing: places, streets or modes of travel cannot be used for a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from numbers import Integral
from typing import TYPE_CHECKING, Any, ClassVar

from mesa_llm_city.citizen.closures import UNTIL_OPENED, Closure
from mesa_llm_city.core import streams
from mesa_llm_city.core.values import OUTSIDE
from mesa_llm_city.mind import MemoryEntry
from mesa_llm_city.simulation.agent import CityAgent
from mesa_llm_city.simulation.interventions.base import Applied, Span
from mesa_llm_city.simulation.interventions.detours import use_open_streets
from mesa_llm_city.simulation.interventions.targets import Target, TargetFound
from mesa_llm_city.simulation.interventions.times import LAST_MIN
from mesa_llm_city.simulation.refuge import find_refuges, send_home

if TYPE_CHECKING:
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["Close"]


@dataclass(frozen=True, kw_only=True)
class Close(Target, Span):
    """Close places, streets or modes, for whatever is done there: visits, work, school, home.

    People inside are told, remember it and leave within the grace time. Those under way find
    it closed and turn to something else. Work is done at home by those who can, pupils and
    others have free time, and people whose home is closed sleep at a refuge.

    Parameters
    ----------
    grace_min : int, optional
        Time within which everybody leaves; ``mobility.closing.grace_min`` by default.
    """

    kind: ClassVar[str] = "close"

    grace_min: int | None = None

    def own_defects(self, model: CityModel) -> Iterator[str]:
        """Yield what is wrong with the target and the grace time."""
        wrong = list(self.target_defects(model.city))
        yield from wrong
        if not wrong and self.link is not None and _are_all_streets(model, self.found(model.city)):
            yield "link: no street would be left; close fewer"
        grace = self.grace_min
        is_whole = isinstance(grace, Integral) and not isinstance(grace, bool)
        if grace is not None and (not is_whole or not 0 <= grace <= LAST_MIN):
            yield f"grace_min must be a whole number from 0 to {LAST_MIN}, got {grace!r}"

    def apply(self, model: CityModel, number: int, minute: int) -> Applied:
        """Close it, and tell those inside to leave."""
        until = self.until_min(minute, model.clock)
        found = self.found(model.city)
        target = self.target_text(model.city)
        memo = {
            "places": list(found.places),
            "modes": list(found.modes),
            "links": list(found.links),
            "until": UNTIL_OPENED if until is None else until,
            "text": self.text or f"{target} is closed",
        }
        self.resume(model, number, memo)
        find_refuges(model, model.citizens, minute)
        concerned = self._send_away(model, found, minute, str(memo["text"]))
        return Applied(target, self.text, concerned, memo)

    def undo(
        self, model: CityModel, number: int, minute: int, memo: Mapping[str, Any]
    ) -> Applied | None:
        """Open what is left of it; nothing is written if it has been opened before."""
        del memo
        closed = model.world.closures.open(number)
        use_open_streets(model)
        send_home(model, minute)
        if closed is None:
            return None
        return Applied(self.target_text(model.city), "open again")

    def resume(self, model: CityModel, number: int, memo: Mapping[str, Any]) -> None:
        """Close it."""
        closure = Closure(
            places=tuple(memo["places"]),
            modes=tuple(memo["modes"]),
            links=tuple(memo["links"]),
            until_min=int(memo["until"]),
            text=str(memo["text"]),
        )
        if not closure.is_empty:
            model.world.closures.close(number, closure)
        use_open_streets(model)

    def _send_away(self, model: CityModel, found: TargetFound, minute: int, text: str) -> int:
        """Have those inside leave within the grace time; return how many are inside or coming."""
        closed = frozenset(found.places)
        inside = [one for one in model.citizens if _is_inside(one, closed)]
        coming = [one for one in model.citizens if _is_coming(one, closed)]
        for agent in inside:
            _remember(agent, minute, text)
            model.residents.wake(agent, minute + self._delay(model, agent, minute))
        rows = 0
        if model.crowd_or_none is not None:
            rows = model.crowd.send_away(found.places, minute, self._grace_min(model))
        return len(inside) + len(coming) + rows

    def _grace_min(self, model: CityModel) -> int:
        usual = model.parameters.mobility.closing.grace_min
        return usual if self.grace_min is None else int(self.grace_min)

    def _delay(self, model: CityModel, agent: CityAgent, minute: int) -> int:
        """Return after how many minutes a person leaves, each of the grace time alike."""
        drawn = streams.rng(model.run_seed, agent.person, "leaving", minute)
        return int(drawn.random() * (self._grace_min(model) + 1))


def _are_all_streets(model: CityModel, found: TargetFound) -> bool:
    network = model.city.network
    return network is not None and len(found.links) == len(network)


def _is_inside(agent: CityAgent, places: frozenset[int]) -> bool:
    now = agent.citizen.now
    return now.trip is None and now.place in places and agent.purpose != OUTSIDE


def _is_coming(agent: CityAgent, places: frozenset[int]) -> bool:
    trip = agent.citizen.now.trip
    return trip is not None and trip.destination in places


def _remember(agent: CityAgent, minute: int, text: str) -> None:
    memory = agent.citizen.components.memory
    if memory is not None:
        memory.add(MemoryEntry(minute, agent.place, "event", f"told to leave: {text}"))
