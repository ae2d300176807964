"""Reaching: the places that a person may go to now, found for all who look for some at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from mesa_llm_city.citizen.person import Person
from mesa_llm_city.citizen.situation import Situation
from mesa_llm_city.citizen.world import World
from mesa_llm_city.core.asking import together
from mesa_llm_city.core.place_slots import NO_PLACE
from mesa_llm_city.core.stages import Stage
from mesa_llm_city.core.values import Activity, ChoiceSet, Float, Int, Purpose
from mesa_llm_city.mobility import least_stay_min
from mesa_llm_city.mobility.reach import radii_m, reach_code
from mesa_llm_city.parameters import CityParameters

__all__ = ["Reached", "places_in_reach"]


class Reached(NamedTuple):
    """The places for an activity that are in reach and open all the while.

    Attributes
    ----------
    places : ChoiceSet
        The places; there may be none.
    radius_m : float
        How far away they may lie, in metres.
    """

    places: ChoiceSet
    radius_m: float


async def places_in_reach(
    person: Person, block: Activity, situation: Situation, *, unless_closed: bool = True
) -> Reached:
    """Return where a person may go for an activity (a thought).

    Parameters
    ----------
    person : Person
        The person.
    block : Activity
        What, from when to when, the way there included.
    situation : Situation
        What can be seen now, and the city.
    unless_closed : bool, default True
        Whether places that are closed for a time (see `World.closures`) are left out.
    """
    purpose, familiarity = block.purpose or Purpose.LEISURE, person.components.familiarity
    stay_min = least_stay_min(purpose, person.parameters)
    alike = _Alike(situation.world, purpose, unless_closed, person.parameters)
    sought = _Sought(
        block.minutes,
        person.persona.age,
        person.persona.has_car and person.persona.has_licence,
        situation.seen.weather.is_wet,
        person.place,
        block.start_min,
        # Someone under way for a part of the block must not find the door closed.
        max(block.end_min, block.start_min + stay_min),
        None if familiarity is None else familiarity.places,
    )
    return await together(_reached, (alike, sought), stage=Stage.REACH)


class _Alike(NamedTuple):
    """What people must have in common to be found places for at once."""

    world: World
    purpose: str
    unless_closed: bool
    parameters: CityParameters


class _Sought(NamedTuple):
    """What else one of them is found places by."""

    available_min: int
    age: int
    has_car: bool
    wet: bool
    origin: int
    start_min: int
    end_min: int
    known: Int | None


def _reached(asked: Sequence[tuple[_Alike, _Sought]]) -> list[Reached]:
    """Return the places of several persons; those of none depend on another."""
    # Worlds are told apart by what they are, not by what is in them.
    groups: dict[tuple[int, str, bool, CityParameters], list[int]] = {}
    for row, (alike, _) in enumerate(asked):
        groups.setdefault((id(alike.world), *alike[1:]), []).append(row)
    found: dict[int, Reached] = {}
    for rows in groups.values():
        sought = [asked[row][1] for row in rows]
        found |= zip(rows, _of_alike(asked[rows[0]][0], sought), strict=True)
    return [found[row] for row in range(len(asked))]


def _of_alike(alike: _Alike, sought: Sequence[_Sought]) -> list[Reached]:
    available_min, age, has_car, wet, origin, start_min, end_min = (
        np.array(column) for column in zip(*(one[:-1] for one in sought), strict=True)
    )
    radius: Float = radii_m(
        np.full(len(sought), reach_code(alike.purpose, alike.parameters)),
        available_min,
        age=age,
        has_car=has_car,
        wet=wet,
        parameters=alike.parameters,
    )
    choices = alike.world.choices(
        origin,
        alike.purpose,
        radius_m=radius,
        start_min=start_min,
        end_min=end_min,
        known=_padded([one.known for one in sought]),
        unless_closed=alike.unless_closed,
    )
    sets = alike.world.choice_sets(choices, len(sought))
    return [Reached(*one) for one in zip(sets, radius.tolist(), strict=True)]


def _padded(known: Sequence[Int | None]) -> Int | None:
    """Return the places that each knows as rows of a table; None if nobody counts visits."""
    counted = [() if one is None else one for one in known]
    if all(one is None for one in known):
        return None
    table = np.full((len(known), max(map(len, counted))), NO_PLACE, dtype=np.int64)
    for row, some in enumerate(counted):
        table[row, : len(some)] = some
    return table
