"""A crowd in the middle of a day at random, for tests of what rows do then."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np

from mesa_llm_city import City, Clock, Population
from mesa_llm_city.citizen.world import World
from mesa_llm_city.core.column_streams import ColumnStreams
from mesa_llm_city.core.shares import coded_shares
from mesa_llm_city.core.streams import Reseeding
from mesa_llm_city.core.values import Activity, Float, Int, Whole
from mesa_llm_city.crowd.blocks import FREE, NOWHERE, Blocks
from mesa_llm_city.crowd.due import Due
from mesa_llm_city.crowd.hearing import Heeded
from mesa_llm_city.crowd.life import CrowdLife
from mesa_llm_city.crowd.news import CrowdNews
from mesa_llm_city.crowd.state import NO_REFUGE, NOT_BEGUN, NOT_TRAVELLING, CrowdState
from mesa_llm_city.crowd.state_arrays import arrays_of
from mesa_llm_city.crowd.travel import Going
from mesa_llm_city.mind.mood_loops import FEELING_CODES
from mesa_llm_city.mobility.plan_blocks import BLOCKS, PlanBlocks
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population.people_columns import PeopleColumns

ROWS, NOON = 60, 720


class Notes:
    """A journal that keeps what it is told."""

    has_tables = True

    def __init__(self) -> None:
        self.told: list[object] = []

    def stays(self, rows: Int, start: Whole, end: Whole, purpose: Whole, place: Whole) -> None:
        self.told.append([one.tolist() for one in (rows, start, end, purpose, place)])

    def trips(self, rows: Int, origin: Whole, state: CrowdState) -> None:
        to = state.place[rows]
        self.told.append([one.tolist() for one in (rows, origin, to)])

    def visits(  # noqa: PLR0917 - as of a journal
        self, rows: Int, start: Whole, end: Whole, purpose: Whole, place: Whole, ratings: Float
    ) -> None:
        columns = rows, start, end, purpose, place, ratings
        self.told.append([one.tolist() for one in columns])

    def heard(self, heeded: Heeded, news: CrowdNews) -> None:
        raise NotImplementedError  # nobody is told anything here


class Midday(NamedTuple):
    """A crowd, and who is due."""

    life: CrowdLife
    due: Due
    notes: Notes
    parameters: CityParameters

    def columns(self) -> dict[str, list[object]]:
        """Return all columns of the crowd."""
        return {name: one.tolist() for name, one in arrays_of(self.life.state)}


@cache
def city() -> City:
    return City.synthetic(places=300, rng=3)


@cache
def people() -> PeopleColumns:
    return PeopleColumns.of(Population.synthesize(ROWS, city=city(), rng=5))


def midday(seed: int, *, reseeded: bool = False, **given: object) -> Midday:
    """Return the same crowd for the same seed; `given` are parameters."""
    tree, drawn = CityParameters(**given), np.random.default_rng(seed)
    state = CrowdState.begin(people(), np.zeros(ROWS), tree)
    minute = NOON + drawn.integers(0, 5, ROWS)
    _put_doing(state, drawn, tree)
    _put_plans(state, drawn, tree)
    levels = drawn.random(state.needs.level_code.shape)
    levels[::3] *= 0.3
    state.needs.level_code[:] = coded_shares(levels)
    state.needs.since[:] = drawn.integers(600, NOON, ROWS)
    state.mood.level_code[:] = drawn.integers(-FEELING_CODES, FEELING_CODES + 1, ROWS)
    state.wishes.size[:] = drawn.integers(-1, 2, ROWS)
    every, known = np.arange(ROWS), drawn.integers(0, 8, (20, ROWS))
    for visit, place in enumerate(known):
        state.beliefs.learn(every, place, drawn.random(ROWS), 30 * visit + every, tree.mind.beliefs)
    later = (Reseeding(9, NOON + 2, 0),) if reseeded else ()
    streams = ColumnStreams(7, people().ids, later)
    notes, world = Notes(), World(city(), Clock())
    life = CrowdLife(state, streams, world, tree, notes)
    life.news.waiting[:] = drawn.random(ROWS) < 0.1
    return Midday(life, Due(every, minute, streams, world, world.weather(NOON)), notes, tree)


def random_going(midday: Midday, seed: int) -> Going:
    """Return what rows go on to at random: more of the same, something else, or a trip."""
    drawn, state, minute = np.random.default_rng(seed), midday.life.state, midday.due.minute
    block = state.doing.blocks(midday.due.rows)
    block.start[:], block.end[:] = minute, minute + drawn.integers(5, 90, ROWS)
    other = drawn.random(ROWS) < 0.6
    block.purpose[other] = drawn.integers(0, len(midday.parameters.purposes), ROWS)[other]
    block.place[other] = drawn.integers(0, 50, ROWS)[other]
    block.fixed[:] = drawn.random(ROWS) < 0.3
    going = Going.nowhere(block)
    travels = drawn.random(ROWS) < 0.4
    going.destination[travels] = block.place[travels]
    going.purpose[:], going.mode[:] = block.purpose, drawn.integers(0, 3, ROWS)
    going.arrival[:], going.minutes[:] = minute + 12, 60.0 * drawn.random(ROWS)
    going.distance_m[:], going.cost[:] = 5000.0 * drawn.random(ROWS), drawn.random(ROWS)
    going.access_min[:] = drawn.random(ROWS)
    return going


def random_blocks(midday: Midday, seed: int) -> Blocks:
    """Return what begins in each row at random."""
    drawn, minute = np.random.default_rng(seed), midday.due.minute
    purpose = drawn.integers(FREE, len(midday.parameters.purposes), ROWS)
    place = np.where(purpose == FREE, NOWHERE, drawn.integers(0, 50, ROWS))
    fixed = (purpose != FREE) & (drawn.random(ROWS) < 0.4)
    return Blocks(minute.copy(), minute + drawn.integers(1, 200, ROWS), purpose, place, fixed)


def _put_doing(state: CrowdState, drawn: np.random.Generator, tree: CityParameters) -> None:
    doing, trip, home, work = state.doing, state.trip, state.people.home, state.people.work
    doing.purpose[:] = drawn.integers(0, len(tree.purposes), ROWS)
    doing.purpose[:3] = NOT_BEGUN
    out = drawn.integers(0, 50, ROWS)
    place = np.select([drawn.random(ROWS) < 0.4, work >= 0], [home, work], out)
    doing.place[:] = np.where(drawn.random(ROWS) < 0.4, out, place)
    state.place[:] = doing.place
    doing.start[:] = drawn.integers(600, NOON, ROWS)
    doing.end[:] = NOON + drawn.integers(-3, 240, ROWS)
    doing.end[drawn.random(ROWS) < 0.2] = NOON
    doing.fixed[:] = drawn.random(ROWS) < 0.4
    under = drawn.random(ROWS) < 0.25
    trip.destination[:] = np.where(under, drawn.integers(0, 50, ROWS), NOT_TRAVELLING)
    trip.mode[:] = drawn.integers(0, len(tree.modes), ROWS)
    trip.start[:], trip.end[:] = NOON - 20, NOON
    trip.minutes[:] = 60.0 * drawn.random(ROWS)
    state.came_min[:] = 60.0 * drawn.random(ROWS)
    refuge = np.where(drawn.random(ROWS) < 0.3, out, NO_REFUGE)
    state.refuge[:] = refuge
    state.resting[:] = drawn.random(ROWS) < 0.3


def _put_plans(state: CrowdState, drawn: np.random.Generator, tree: CityParameters) -> None:
    names = tuple(tree.purposes)
    plans = []
    for _ in range(ROWS):
        bounds = NOON + 5 * np.cumsum(drawn.integers(1, 40, 8))
        free = drawn.random(7) < 0.4
        plan = [
            Activity(
                purpose=None if free[at] else names[int(drawn.integers(len(names)))],
                start_min=int(bounds[at]),
                end_min=int(bounds[at + 1]),
                place=None if free[at] else 7,
                fixed=bool(not free[at] and drawn.random() < 0.2),
            )
            for at in range(int(drawn.integers(1, 7)))
        ]
        plans.append(tuple(plan))
    state.plans.replace(np.arange(ROWS), PlanBlocks.of(plans, tree, most=BLOCKS))
