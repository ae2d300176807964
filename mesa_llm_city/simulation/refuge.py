"""Refuge: where people stay whose home is closed or in danger, a household together.

A household first looks for friends and relatives whose home is open, for a hotel or for a
public shelter; which of these is drawn with the shares of `mobility.closing`. If there is
none, the next of these is taken, then the nearest home that is open, and at last a gate at the
edge of the map.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.citizen.closing import is_back
from mesa_llm_city.city import City
from mesa_llm_city.city.gates import GATE
from mesa_llm_city.city.kind_names import named_by
from mesa_llm_city.core import streams
from mesa_llm_city.core.values import UNAWARE, Int
from mesa_llm_city.simulation.agent import CityAgent
from mesa_llm_city.social import Relation

if TYPE_CHECKING:
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["find_refuges", "send_home"]

_CLOSE = frozenset({Relation.HOUSEHOLD, Relation.FRIEND})


def find_refuges(
    model: CityModel,
    agents: Iterable[CityAgent],
    minute: int,
    *,
    in_danger: NDArray[np.bool_] | None = None,
) -> list[CityAgent]:
    """Let people whose home is closed or in danger know where they stay meanwhile.

    Parameters
    ----------
    model : CityModel
        The model.
    agents : iterable of CityAgent
        People, such as all citizens; those whose home is open and safe are left out.
    minute : int
        The time.
    in_danger : ndarray of bool, shape (n,), optional
        Which of all places are in danger; none by default.

    Returns
    -------
    list of CityAgent
        Those who have got a refuge, or another one.
    """
    search = _Search(model, minute, in_danger)
    found: list[CityAgent] = []
    for members in search.households(agents):
        place = search.refuge_of_others(members[0])
        place = search.refuge_of(members) if place is None else place
        for agent in members:
            agent.citizen.now.refuge = place
        found += members if place is not None else []
    return found


def send_home(model: CityModel, minute: int) -> None:
    """Have people at a refuge go home whose home has opened, a household together.

    Each household goes at its own minute of ``mobility.closing.return_min``. If all of them
    sleep, they go in the morning. Those who had found no refuge leave for what has opened.
    """
    for agent in find_refuges(model, model.citizens, minute):
        model.residents.wake(agent, minute)
    longest = model.parameters.mobility.closing.return_min
    for members in _back(model, minute):
        if all(agent.purpose in UNAWARE for agent in members):
            continue
        drawn = streams.rng(model.run_seed, members[0].person, "return", minute)
        at = minute + int(drawn.integers(longest + 1))
        for agent in members:
            model.residents.wake(agent, at)


def _back(model: CityModel, minute: int) -> list[list[CityAgent]]:
    """Return those at a refuge whose home is open, by household."""
    by_household: dict[int, list[CityAgent]] = {}
    for agent in sorted(model.citizens, key=lambda one: one.person):
        if is_back(agent.citizen, model.world, minute):
            by_household.setdefault(agent.persona.household.id, []).append(agent)
    return list(by_household.values())


@dataclass(frozen=True, slots=True)
class _Search:
    """A search for places that are open and safe at a minute."""

    model: CityModel
    minute: int
    in_danger: NDArray[np.bool_] | None

    def is_usable(self, places: Int) -> NDArray[np.bool_]:
        usable = self.model.world.closures.is_open(places, self.minute)
        return usable if self.in_danger is None else usable & ~self.in_danger[places]

    def is_home(self, place: int | None) -> bool:
        """Tell whether somebody can stay at a place that may be none."""
        return place is not None and bool(self.is_usable(np.array([place]))[0])

    def households(self, agents: Iterable[CityAgent]) -> list[list[CityAgent]]:
        """Return those who need a refuge by household, both by rising id."""
        homeless = [
            agent
            for agent in agents
            if agent.persona.outsider is None
            and not self.is_home(agent.persona.home)
            and not self.is_home(agent.citizen.now.refuge)
        ]
        by_household: dict[tuple[int, int], list[CityAgent]] = {}
        for agent in sorted(homeless, key=lambda one: one.person):
            key = agent.persona.household.id, agent.persona.home
            by_household.setdefault(key, []).append(agent)
        return list(by_household.values())

    def refuge_of_others(self, agent: CityAgent) -> int | None:
        """Return where others of the same home stay already, which somebody has come to."""
        home = agent.persona.home
        for other in self.model.residents.household_of(agent):
            refuge = other.citizen.now.refuge
            if other.persona.home == home and self.is_home(refuge):
                return refuge
        return None

    def refuge_of(self, members: Sequence[CityAgent]) -> int | None:
        """Return where a household finds shelter; None if there is nothing."""
        city, numbers = self.model.city, self.model.parameters.mobility.closing
        first, seed = members[0], self.model.run_seed
        drawn = float(streams.rng(seed, first.person, "refuge", self.minute).random())
        ends = numbers.to_friends, numbers.to_friends + numbers.to_hotel

        def nearest_of(kinds: Sequence[str]) -> int | None:
            return self._nearest(first, _of_kinds(city, kinds))

        looks: list[Callable[[], int | None]] = [
            lambda: self._home_of_friends(members),
            partial(nearest_of, numbers.hotel_kinds),
            partial(nearest_of, numbers.shelter_kinds),
        ]
        looks.insert(0, looks.pop(int(np.searchsorted(ends, drawn, side="right"))))
        looks.append(lambda: self._nearest(first, _residences(city)))
        looks.append(partial(nearest_of, (GATE,)))
        return next((place for look in looks if (place := look()) is not None), None)

    def _home_of_friends(self, members: Sequence[CityAgent]) -> int | None:
        """Return the home of whoever is closest to a member among those who can stay at home."""
        best: tuple[float, int, int] | None = None
        for agent in members:
            for other, belief in _friends(agent, self.minute):
                host = self.model.residents.by_id.get(other)
                if host is None or host.persona.outsider is not None or host in members:
                    continue
                home = host.persona.home
                if home == agent.persona.home or not self.is_home(home):
                    continue
                if best is None or (belief, -other) > best[:2]:
                    best = belief, -other, home
        return None if best is None else best[2]

    def _nearest(self, agent: CityAgent, places: Int) -> int | None:
        """Return the nearest of some places that can be used; of equal ones the first."""
        usable = places[self.is_usable(places)]
        if not len(usable):
            return None
        x, y = self.model.city.position(agent.persona.home)
        columns = self.model.city.places
        away = np.hypot(columns.x[usable] - x, columns.y[usable] - y)
        return int(usable[int(np.argmin(away))])


def _friends(agent: CityAgent, minute: int) -> list[tuple[int, float]]:
    """Return relatives and friends whom a person knows, and how close they are."""
    ties = agent.citizen.components.ties
    others = None if ties is None else getattr(ties, "others", None)
    if ties is None or others is None:
        return []
    known: list[int] = others.tolist()
    close = [one for one in known if ties.tie(one, at_min=minute).relation in _CLOSE]
    if not close:
        return []
    return list(zip(close, ties.belief(close, at_min=minute).tolist(), strict=True))


def _of_kinds(city: City, kinds: Sequence[str]) -> Int:
    rows = [row for row, one in enumerate(city.places.category_names) if named_by(one, kinds)]
    return np.flatnonzero(np.isin(city.places.category, rows))


def _residences(city: City) -> Int:
    return np.flatnonzero(city.places.is_residence)
