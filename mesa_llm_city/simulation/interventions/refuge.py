"""Refuge: where the people of a closed home stay, a household together.

A household first looks for friends and relatives whose home is open, for a hotel or for a
public shelter; which of these is drawn with the shares of `mobility.closing`. If there is
none, the next of these is taken, then the nearest home that is open, and at last a gate at the
edge of the map.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

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


def find_refuges(model: CityModel, agents: Iterable[CityAgent], minute: int) -> int:
    """Let people whose home is closed know where they stay meanwhile.

    Parameters
    ----------
    model : CityModel
        The model.
    agents : iterable of CityAgent
        People, such as all citizens; those whose home is open are left out.
    minute : int
        The time.

    Returns
    -------
    int
        Number of people who have got a refuge, or another one.
    """
    found = 0
    for members in _households(model, agents, minute):
        place = _refuge_of(model, members, minute)
        for agent in members:
            agent.citizen.now.refuge = place
        found += len(members) if place is not None else 0
    return found


def send_home(model: CityModel, minute: int) -> None:
    """Have people at a refuge go home whose home has opened, a household together.

    Each household goes at its own minute of ``mobility.closing.return_min``. If all of them
    sleep, they go in the morning.
    """
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


def _households(
    model: CityModel, agents: Iterable[CityAgent], minute: int
) -> list[list[CityAgent]]:
    """Return those who need a refuge by household, both by rising id."""
    closures = model.world.closures
    homeless = [
        agent
        for agent in agents
        if agent.persona.outsider is None
        and closures.is_closed(agent.persona.home, minute)
        and not _has_refuge(model, agent, minute)
    ]
    by_household: dict[tuple[int, int], list[CityAgent]] = {}
    for agent in sorted(homeless, key=lambda one: one.person):
        key = agent.persona.household.id, agent.persona.home
        by_household.setdefault(key, []).append(agent)
    return list(by_household.values())


def _has_refuge(model: CityModel, agent: CityAgent, minute: int) -> bool:
    refuge = agent.citizen.now.refuge
    return refuge is not None and not model.world.closures.is_closed(refuge, minute)


def _refuge_of(model: CityModel, members: Sequence[CityAgent], minute: int) -> int | None:
    numbers = model.parameters.mobility.closing
    drawn = float(streams.rng(model.run_seed, members[0].person, "refuge", minute).random())
    first = numbers.to_friends, numbers.to_friends + numbers.to_hotel

    def friends() -> int | None:
        return _home_of_friends(model, members, minute)

    def nearest_of(kinds: Sequence[str]) -> int | None:
        return _nearest(model, members[0], _of_kinds(model.city, kinds), minute)

    looks: list[Callable[[], int | None]] = [
        friends,
        partial(nearest_of, numbers.hotel_kinds),
        partial(nearest_of, numbers.shelter_kinds),
    ]
    looks.insert(0, looks.pop(int(np.searchsorted(first, drawn, side="right"))))
    looks.append(lambda: _nearest(model, members[0], _residences(model.city), minute))
    looks.append(partial(nearest_of, (GATE,)))
    return next((place for look in looks if (place := look()) is not None), None)


def _home_of_friends(model: CityModel, members: Sequence[CityAgent], minute: int) -> int | None:
    """Return the home of whoever is closest to a member among those whose home is open."""
    best: tuple[float, int, int] | None = None
    for agent in members:
        for other, belief in _friends(agent, minute):
            host = model.residents.by_id.get(other)
            if host is None or host.persona.outsider is not None or host in members:
                continue
            home = host.persona.home
            if home == agent.persona.home or model.world.closures.is_closed(home, minute):
                continue
            if best is None or (belief, -other) > best[:2]:
                best = belief, -other, home
    return None if best is None else best[2]


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


def _nearest(model: CityModel, agent: CityAgent, places: Int, minute: int) -> int | None:
    """Return the nearest of some places that are not closed; of equal ones the first."""
    usable = places[model.world.closures.is_open(places, minute)]
    if not len(usable):
        return None
    x, y = model.city.position(agent.persona.home)
    columns = model.city.places
    away = np.hypot(columns.x[usable] - x, columns.y[usable] - y)
    return int(usable[int(np.argmin(away))])
