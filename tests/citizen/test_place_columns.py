"""Places chosen by many persons at once: row by row those that citizens choose."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from mesa_llm_city import City
from mesa_llm_city.citizen.citizen import Citizen
from mesa_llm_city.citizen.closures import Closure
from mesa_llm_city.citizen.draft import Draft
from mesa_llm_city.citizen.place_columns import Outings, choose_places
from mesa_llm_city.citizen.situation import Situation
from mesa_llm_city.citizen.travel import _go_out
from mesa_llm_city.citizen.world import World
from mesa_llm_city.city import Event
from mesa_llm_city.core.asking import run
from mesa_llm_city.core.clock import Clock
from mesa_llm_city.core.column_streams import ColumnStreams
from mesa_llm_city.core.inverse_draws import normal_of
from mesa_llm_city.core.values import Activity, Observation
from mesa_llm_city.mind import BeliefSlots
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import Population

SEED = 11
PURPOSES = ("meal", "shopping", "leisure", "sport", "errand")
DEFAULT = CityParameters(mobility={"candidates": {"number": 30}})
CURIOUS = DEFAULT.with_("mobility.gravity.curiosity", 0.3).with_("mobility.gravity.areas", 3)


@cache
def town() -> City:
    return City.synthetic(rng=2, places=900, parameters=DEFAULT)


@cache
def people() -> Population:
    return Population.synthesize(60, city=town(), rng=3)


def world(parameters: CityParameters) -> World:
    return World(town().with_parameters(parameters), Clock())


def citizens(parameters: CityParameters) -> tuple[list[Citizen], BeliefSlots]:
    """Return people who have been to some places, and what they believe in columns."""
    rng, city = np.random.default_rng(4), town()
    offered = np.unique(np.concatenate([city.places.offering(one) for one in PURPOSES]))
    found, slots = [], []
    for persona in people():
        one = Citizen(persona, seed=SEED, parameters=parameters)
        beliefs, familiarity = one.components.beliefs, one.components.familiarity
        assert beliefs is not None
        assert familiarity is not None
        for visit, place in enumerate(rng.choice(offered, rng.integers(0, 25)).tolist()):
            kind = int(city.places.category[place])
            beliefs.update(place, rng.random(4), category=kind, at_min=400 * visit)
            familiarity.visited(place)
        found.append(one)
        slots.append(beliefs.slots())
    joined = BeliefSlots.empty(len(found), parameters.mind.beliefs.slots)
    for row, own in enumerate(slots):
        joined.put(np.array([row]), own)
    return found, joined


def outings(parameters: CityParameters) -> Outings:
    rng, count, names = np.random.default_rng(5), len(people()), list(parameters.purposes)
    start = rng.choice([9, 13, 19, 23], count) * 60 + 8 * 1440 + rng.integers(0, 3, count) * 1440
    return Outings(
        purpose=np.array([names.index(one) for one in rng.choice(PURPOSES, count)]),
        origin=np.array([one.home for one in people()]),
        minute=start,
        start_min=start,
        end_min=start + rng.integers(20, 240, count),
        age=np.array([one.age for one in people()]),
        has_car=np.array([one.has_car and one.has_licence for one in people()]),
        wet=np.zeros(count, dtype=np.bool_),
        curiosity=normal_of(streams().trait("exploration", n=1)[:, 0]),
    )


def streams() -> ColumnStreams:
    return ColumnStreams(SEED, np.array([one.id for one in people()]))


def place_of(citizen: Citizen, row: int, going: Outings, city: World) -> int:
    """Return where a citizen chooses to go by itself, -1 for nowhere."""
    minute = int(going.minute[row])
    seen = Observation(minute=minute, place=citizen.persona.home)
    situation = Situation(seen, city, Draft([], 0, None, resting=False))
    purpose = list(citizen.parameters.purposes)[int(going.purpose[row])]
    block = Activity(
        purpose=purpose, start_min=int(going.start_min[row]), end_min=int(going.end_min[row])
    )
    run(_go_out(citizen, block, situation))
    chosen = [one.choice for one in situation.draft.decisions if one.component == "place_choice"]
    return -1 if chosen[0] == "none" else int(chosen[0])


def check_equal(parameters: CityParameters, city: World) -> np.ndarray:
    """Check that rows and citizens choose the same places, and return these."""
    alone, beliefs = citizens(parameters)
    going = outings(parameters)
    places = choose_places(city, going, beliefs, streams=streams(), parameters=parameters)
    expected = [place_of(one, row, going, city) for row, one in enumerate(alone)]
    assert places.tolist() == expected
    return places


@pytest.mark.parametrize("parameters", [DEFAULT, CURIOUS])
def test_rows_choose_the_places_that_citizens_choose(parameters: CityParameters) -> None:
    places = check_equal(parameters, world(parameters))
    assert len(np.unique(places)) > 20
    assert (places < 0).any()


def test_closed_places_and_events_count_for_both() -> None:
    usual = check_equal(DEFAULT, world(DEFAULT))
    gone_to = np.unique(usual[usual >= 0])
    city = world(DEFAULT)
    city.closures.close(0, Closure(places=tuple(gone_to[::3].tolist())))
    city.events.append(Event(name="fair", place=int(gone_to[1]), start_min=0, end_min=10**6))
    places = check_equal(DEFAULT, city)
    assert not np.isin(places, gone_to[::3]).any()
    stays = ~np.isin(usual, gone_to[::3]) & (usual >= 0)
    assert (places[stays] == usual[stays]).sum() > 0.8 * stays.sum()


def test_who_else_chooses_and_in_which_order_does_not_matter() -> None:
    _, beliefs = citizens(DEFAULT)
    going, city = outings(DEFAULT), world(DEFAULT)
    together = choose_places(city, going, beliefs, streams=streams(), parameters=DEFAULT)
    rows = np.random.default_rng(1).permutation(len(together))[:40]
    some = choose_places(
        city,
        going.take(rows),
        beliefs.take(rows),
        streams=streams().take(rows),
        parameters=DEFAULT,
    )
    assert (some == together[rows]).all()


def test_nobody_goes_nowhere() -> None:
    _, beliefs = citizens(DEFAULT)
    nobody = np.empty(0, dtype=np.int64)
    places = choose_places(
        world(DEFAULT),
        outings(DEFAULT).take(nobody),
        beliefs.take(nobody),
        streams=streams().take(nobody),
        parameters=DEFAULT,
    )
    assert places.tolist() == []


def test_without_a_purpose_people_go_out_for_leisure() -> None:
    _, beliefs = citizens(DEFAULT)
    going = outings(DEFAULT)
    leisure = np.full(len(going), list(DEFAULT.purposes).index("leisure"))
    found = [
        choose_places(
            world(DEFAULT),
            replace(going, purpose=purpose),
            beliefs,
            streams=streams(),
            parameters=DEFAULT,
        )
        for purpose in (leisure, np.full(len(going), -1))
    ]
    assert (found[0] == found[1]).all()
