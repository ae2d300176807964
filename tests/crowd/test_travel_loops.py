"""Loops over rows let people travel as the operations on columns do."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city import City, Clock, Population
from mesa_llm_city.citizen.world import World
from mesa_llm_city.core import kernels
from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.column_streams import ColumnStreams
from mesa_llm_city.core.errors import ChoiceError
from mesa_llm_city.core.streams import Reseeding
from mesa_llm_city.core.values import Activity, Int, Weather
from mesa_llm_city.crowd import planning
from mesa_llm_city.crowd.blocks import FREE, Blocks
from mesa_llm_city.crowd.codes import codes_of
from mesa_llm_city.crowd.due import Due
from mesa_llm_city.crowd.state import CrowdState
from mesa_llm_city.crowd.state_arrays import arrays_of
from mesa_llm_city.crowd.travel import Going, find_places, set_all_out
from mesa_llm_city.mobility.plan_blocks import PlanBlocks
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population.people_columns import PeopleColumns
from tests.loops import FORMS, loops

TREE = CityParameters()
CODES = codes_of(TREE)
ROWS = 120
CITY = City.synthetic(places=300, rng=3).with_opening_hours(
    np.arange(0, 300, 7), "Mo-Fr 09:00-12:00,14:00-18:00"
)
PEOPLE = PeopleColumns.of(Population.synthesize(ROWS, city=CITY, rng=5))
WEATHERS = [Weather(), Weather(rain_mm_h=3.0, wind_km_h=70.0, temperature_c=-8.0)]


def plan(drawn: np.random.Generator, home: int) -> tuple[Activity, ...]:
    purpose = None if drawn.random() < 0.6 else CODES.names[int(drawn.integers(5))]
    place = None if purpose is None else int(drawn.choice([home, 9]))
    length = int(drawn.integers(5, 90))
    return (Activity(purpose=purpose, start_min=400, end_min=400 + length, place=place),)


def crowd(drawn: np.random.Generator) -> CrowdState:
    """Return people who are anywhere, some of them with a refuge, a vehicle or a plan."""
    state, count = CrowdState.begin(PEOPLE, np.zeros(ROWS), TREE), len(CITY.places)
    state.place[:] = drawn.integers(0, count, ROWS)
    at_home, at_work = drawn.random((2, ROWS)) < 0.2
    state.place[at_home] = PEOPLE.home[at_home]
    works = at_work & (PEOPLE.work >= 0)
    state.place[works] = PEOPLE.work[works]
    fled = drawn.random(ROWS) < 0.2
    state.refuge[fled] = drawn.integers(0, count, fled.sum())
    along = drawn.random(state.parked.shape) < 0.4
    state.parked[along] = np.broadcast_to(state.place[:, None], along.shape)[along]
    planned = np.flatnonzero(drawn.random(ROWS) < 0.8)
    plans = [plan(drawn, int(PEOPLE.home[row])) for row in planned]
    state.plans.replace(planned, PlanBlocks.of(plans, TREE, most=4))
    return state


def blocks(drawn: np.random.Generator, state: CrowdState, rows: Int, minute: Int) -> Blocks:
    """Return what is done next: at home, at work, at a refuge, here or anywhere."""
    count = len(rows)
    anywhere = drawn.integers(0, len(CITY.places), count)
    kind, own = drawn.integers(0, 8, count), state.people
    known = own.home[rows], own.work[rows], state.refuge[rows], state.place[rows]
    place = np.choose(np.minimum(kind, 4), [*known, anywhere]).astype(np.int64)
    place = np.where(place < 0, anywhere, place)
    purpose = drawn.choice([FREE, CODES.rest, CODES.meal, CODES.leisure, CODES.sleep], count)
    end = minute + drawn.integers(5, 200, count)
    return Blocks(minute.copy(), end, purpose, place, drawn.random(count) < 0.3)


def due(drawn: np.random.Generator, weather: Weather, tree: CityParameters) -> Due:
    """Return rows that are due on four days, with another seed from the second on."""
    rows = np.flatnonzero(drawn.random(ROWS) < 0.9)
    minute = 480 + drawn.integers(0, 700, len(rows)) + DAY_MIN * drawn.integers(0, 4, len(rows))
    minute[0] = 500
    streams = ColumnStreams(7, PEOPLE.ids, (Reseeding(9, DAY_MIN, 1),))
    return Due(rows, minute, streams, World(CITY.with_parameters(tree), Clock()), weather)


def settled_on(state: CrowdState, now: Due, block: Blocks, tree: CityParameters) -> Going:
    """Let rows choose where to go, and set out."""
    going = find_places(state, now, block, tree)
    set_all_out(state, now, going, tree)
    return going


def settled(seed: int, weather: Weather) -> list[object]:
    """Let people set out, and return what has been decided and what is left of the plans."""
    drawn = np.random.default_rng(seed)
    state, now = crowd(drawn), due(drawn, weather, TREE)
    going = settled_on(state, now, blocks(drawn, state, now.rows, now.minute), TREE)
    return [
        *(one.tolist() for one in going.block.columns),
        *(one.tolist() for one in going.trips),
        *(one.tolist() for _, one in arrays_of(state)),
    ]


@pytest.mark.parametrize("compiles", FORMS)
@pytest.mark.parametrize("weather", WEATHERS)
def test_rows_set_out_and_stay_in_as_by_columns(weather: Weather, *, compiles: bool) -> None:
    for seed in (1, 2):
        with kernels.use(wanted=False):
            expected = settled(seed, weather)
        with loops(compiles=compiles):
            assert settled(seed, weather) == expected


@pytest.mark.parametrize("compiles", FORMS)
def test_commutes_are_expected_as_by_columns(*, compiles: bool) -> None:
    drawn = np.random.default_rng(3)
    state, now = crowd(drawn), due(drawn, Weather(), TREE)
    with kernels.use(wanted=False):
        expected = planning._commute_min(state, now, TREE)
    with loops(compiles=compiles):
        found = planning._commute_min(state, now, TREE)
    assert found.tolist() == expected.tolist()
    assert np.count_nonzero(found) > 20


@pytest.mark.parametrize("compiles", FORMS)
def test_a_trip_that_no_mode_can_make_is_named(*, compiles: bool) -> None:
    tree = TREE
    for name in TREE.modes:
        tree = tree.with_(f"modes.{name}.least_age", 130)
    drawn = np.random.default_rng(4)
    state, now = crowd(drawn), due(drawn, Weather(), tree)
    going = blocks(drawn, state, now.rows, now.minute)
    with loops(compiles=compiles):
        with pytest.raises(ChoiceError, match="no way to make the trip"):
            settled_on(state, now, going, tree)
        with pytest.raises(ChoiceError, match="no way to make the trip"):
            planning._commute_min(state, now, tree)
