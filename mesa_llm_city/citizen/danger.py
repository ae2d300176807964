"""Danger: which places a person keeps away from, and where the person goes instead."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.citizen.person import Person
from mesa_llm_city.citizen.situation import Situation
from mesa_llm_city.citizen.world import World
from mesa_llm_city.city import City
from mesa_llm_city.core import streams
from mesa_llm_city.core.clock import HOUR_MIN
from mesa_llm_city.core.message import Heard, Message
from mesa_llm_city.core.values import Activity, ChoiceSet, Int, Purpose
from mesa_llm_city.parameters import PurposeSpec

__all__ = [
    "ends_at",
    "in_area",
    "is_endangered",
    "is_home_in_danger",
    "known_dangers",
    "out_of_danger",
    "refuge_of",
    "safe_places",
    "without_danger",
]

_UNKNOWN = PurposeSpec()
_KEPT = frozenset({Purpose.SLEEP, Purpose.MEAL})


def in_area(message: Message, places: Int, city: City, *, near_m: float = 0.0) -> NDArray[np.bool_]:
    """Return which places lie in the area in danger of a message, shape (n,).

    Parameters
    ----------
    message : Message
        The message; if its danger is everywhere, no place lies in an area.
    places : ndarray of int64, shape (n,)
        Ids of places.
    city : City
        The map.
    near_m : float, default 0
        How far around the place and its radius people feel concerned, in metres.
    """
    inside = np.zeros(len(places), dtype=np.bool_)
    if message.zones:
        inside |= np.isin(city.places.zone[places], message.zones)
    if message.place is not None:
        inside |= places == message.place
        if message.radius_m is not None:
            x, y = city.position(message.place)
            gap_m = np.hypot(city.places.x[places] - x, city.places.y[places] - y)
            inside |= gap_m <= message.radius_m + near_m
    return inside


def ends_at(message: Message, lasts_h: float) -> int:
    """Return the minute at which a danger ends, told or not."""
    if message.until_min is not None:
        return message.until_min
    return message.minute + round(HOUR_MIN * lasts_h)


def known_dangers(heard: Iterable[Heard], minute: int, lasts_h: float) -> tuple[Message, ...]:
    """Return the dangers that a person keeps away from at a minute."""
    return tuple(
        one.message for one in heard if one.avoids and minute < ends_at(one.message, lasts_h)
    )


def is_endangered(person: Person, place: int, dangers: Sequence[Message], world: World) -> bool:
    """Return whether a place is in one of the dangers, as the person sees it.

    In a danger that is everywhere outdoors, the home and the place where the person is are safe.
    """
    return not safe_places(person, np.array([place]), dangers, world)[0]


def is_home_in_danger(person: Person, world: World, minute: int) -> bool:
    """Return whether the home lies in a danger that the person keeps away from."""
    if not person.now.heard:
        return False
    lasts_h = person.parameters.mind.warnings.lasts_h
    dangers = known_dangers(person.now.heard, minute, lasts_h)
    return bool(dangers) and is_endangered(person, person.persona.home, dangers, world)


def safe_places(
    person: Person, places: Int, dangers: Sequence[Message], world: World
) -> NDArray[np.bool_]:
    """Return which places are in none of the dangers, shape (n,)."""
    safe = np.ones(len(places), dtype=np.bool_)
    for one in dangers:
        if one.is_everywhere:
            safe &= np.isin(places, [person.persona.home, person.place])
        else:
            safe &= ~in_area(one, places, world.city)
    return safe


def without_danger(person: Person, places: ChoiceSet, situation: Situation) -> ChoiceSet:
    """Return the places of a choice that are in no danger the person knows of."""
    dangers = situation.draft.dangers
    if not dangers or not len(places):
        return places
    return places.only(safe_places(person, places.places, dangers, situation.world))


def out_of_danger(person: Person, block: Activity, situation: Situation) -> Activity:
    """Return a block with its place moved to a refuge if that is in danger.

    What is done at home is done there, anything else gives way to rest. Who gets ready to leave
    for the refuge does so where they are.
    """
    dangers, place = situation.draft.dangers, block.place
    if not dangers or place is None:
        return block
    if not is_endangered(person, place, dangers, situation.world):
        return block
    spec = person.parameters.purposes.get(block.purpose or Purpose.REST, _UNKNOWN)
    keeps = spec.at_home or block.purpose in _KEPT
    purpose = block.purpose if keeps else Purpose.REST
    refuge = refuge_of(person, dangers, situation.world)
    follows = next(iter(situation.draft.plan), None)
    if follows is not None and block.fixed and follows.fixed and follows.place == refuge:
        return block
    situation.draft.note("place_choice", str(refuge), f"{block.purpose} there would be in danger")
    return replace(block, purpose=purpose, place=refuge)


def refuge_of(person: Person, dangers: Sequence[Message], world: World) -> int:
    """Return where a person is out of danger: at home, or at a refuge.

    In a model the refuge is known by now, with friends, in a hotel or a shelter (see
    `simulation.refuge`). A person without a model knows no homes of others: all members of a
    household find the same home, drawn from those outside the danger that are nearest to theirs
    (``mind.warnings.refuges``). Outsiders go back to their gate.
    """
    home = person.persona.home
    # A storm is sat out at a refuge as well as at home, but not at a home that may be flooded.
    areas = [one for one in dangers if not one.is_everywhere]
    if person.persona.outsider is not None or not is_endangered(person, home, areas, world):
        return home
    found = person.now.refuge
    if found is not None and not is_endangered(person, found, areas, world):
        return found
    supply = world.city.supply(Purpose.SLEEP)
    safe = supply.only(safe_places(person, supply.places, areas, world))
    if not len(safe.places):
        return home
    x, y = world.city.position(home)
    order = np.argsort(np.hypot(safe.x - x, safe.y - y), kind="stable")
    near = safe.places[order[: person.parameters.mind.warnings.refuges]]
    household = person.persona.household.id
    draw = streams.rng(person.streams.seed, household, "refuge", 0).random()
    return int(near[int(draw * len(near))])
