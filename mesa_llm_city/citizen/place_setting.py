"""What the loop over persons who go out takes: their columns, the city, and numbers."""

from __future__ import annotations

from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from mesa_llm_city.citizen.place_loops import Events, Setting, Town
from mesa_llm_city.citizen.world import World
from mesa_llm_city.city import City
from mesa_llm_city.city.candidate_loops import Lists
from mesa_llm_city.city.candidates import Candidates
from mesa_llm_city.city.choice_loops import Facts, Reach, place_table
from mesa_llm_city.core.values import Float, Int, Purpose, Whole
from mesa_llm_city.mind import BeliefSlots
from mesa_llm_city.mind.opinion_loops import guessing_by, said_of_each_other
from mesa_llm_city.mobility.place_weight_loops import Weighing, weighing_by
from mesa_llm_city.mobility.place_weights import raised
from mesa_llm_city.mobility.reach import Reaching, reaching_by
from mesa_llm_city.parameters import CityParameters

__all__ = ["events_of", "lists_of", "prepare_choices", "setting_of"]


class _Kept(NamedTuple):
    """What stays the same as long as a city and its parameters do."""

    parameters: CityParameters
    weighing: Weighing
    reaching: Reaching
    town: Town
    table: tuple[Float, Facts]
    alike: Float


def setting_of(
    world: World,
    beliefs: BeliefSlots,
    parameters: CityParameters,
    *,
    origin: Int,
    purpose: Int,
    latest_min: int,
    span_min: tuple[int, int],
) -> Setting:
    """Return what persons choose by.

    Parameters
    ----------
    world : World
        The city and its events.
    beliefs : BeliefSlots
        What they believe, and where they have been.
    parameters : CityParameters
        Reads `mobility` and `mind.beliefs`.
    origin, purpose : ndarray of int64, shape (m,)
        Where they are, and what they go out for: positions in ``tuple(parameters.purposes)``;
        -1 is as for leisure.
    latest_min : int
        The latest minute at which one of them decides.
    span_min : tuple of 2 int
        The first and the last minute from which one of them is away.
    """
    city = world.detours or world.city
    kept = _kept_for(world, parameters)
    lists = lists_of(world, parameters, origin=origin, purpose=purpose)
    return Setting(
        guessing_by(parameters.mind.beliefs, kept.alike, latest_min),
        kept.weighing,
        kept.reaching,
        kept.town,
        Reach(*kept.table, city.skims.detour, lists),
        beliefs.columns,
        events_of(world, *span_min),
    )


def lists_of(world: World, parameters: CityParameters, *, origin: Whole, purpose: Int) -> Lists:
    """Return candidates of places, among them those that persons need.

    Parameters
    ----------
    world : World
        The city.
    parameters : CityParameters
        Reads `mobility`, `mind.beliefs` and the purposes.
    origin, purpose : ndarray of int, shape (m,)
        As of `setting_of`.
    """
    candidates = (world.detours or world.city).candidates
    return candidates.lists(origin, _kept_for(world, parameters).town.code[purpose])


def prepare_choices(world: World, parameters: CityParameters, *, persons: int) -> None:
    """Work out now what the first choices of places and ways would have to work out.

    Parameters
    ----------
    world : World
        The city.
    parameters : CityParameters
        Reads `mobility`, `mind.beliefs` and the purposes.
    persons : int
        How many there are. Few go out from a few parts of the city alone, whose candidates are
        worked out when they are asked for.
    """
    city = world.detours or world.city
    _, _ = _kept_for(world, parameters), city.roads
    candidates = city.candidates
    if persons >= candidates.squares:
        for name, spec in parameters.purposes.items():
            if not (spec.at_home or spec.is_duty) and len(city.places.offering(name)):
                candidates.prepare(name)


def _kept_for(world: World, parameters: CityParameters) -> _Kept:
    candidates = (world.detours or world.city).candidates
    kept = _KEPT.get(candidates)
    if kept is None or (kept.parameters is not parameters and kept.parameters != parameters):
        kept = _KEPT[candidates] = _kept(world.city, candidates, parameters)
    return kept


def _kept(city: City, candidates: Candidates, parameters: CityParameters) -> _Kept:
    exponent, names = parameters.mobility.gravity.attraction, tuple(parameters.purposes)
    codes = [candidates.code_of(name) for name in (*names, Purpose.LEISURE.value)]
    town = Town(
        np.array(codes, dtype=np.int64),
        names.index(Purpose.LEISURE.value),
        len(city.areas.names),
    )
    places = city.places
    table = place_table(
        places.x,
        places.y,
        zone=places.zone,
        hours=places.hours,
        kind=places.category,
        area=city.areas.of_place,
        attraction=raised(city.pull, exponent) if exponent else np.ones(len(places)),
    )
    alike = said_of_each_other(city.kind_likeness, parameters.mind.beliefs)
    numbers = parameters, weighing_by(parameters), reaching_by(parameters)
    return _Kept(*numbers, town, table, alike)


_KEPT: WeakKeyDictionary[Candidates, _Kept] = WeakKeyDictionary()
"""What has been made of cities, as long as these are there."""


def events_of(world: World, first: int, last: int) -> Events:
    """Return the events that are on at some of the minutes from `first` to `last`."""
    some = world.events_between(first, last)
    if not some:
        return _NO_EVENTS
    place, start, end = (
        np.array([getattr(one, name) for one in some], dtype=np.int64)
        for name in ("place", "start_min", "end_min")
    )
    factor = np.array([world.city.environment.boost_of(one) for one in some], dtype=np.float64)
    return Events(place, start, end, factor)


_NOTHING = np.empty(0, dtype=np.int64)
_NO_EVENTS = Events(_NOTHING, _NOTHING, _NOTHING, np.empty(0))
