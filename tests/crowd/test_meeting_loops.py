"""Loops over rows let the same rows meet as columns do, to the last bit."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city import City, CityParameters, Clock, Population
from mesa_llm_city.citizen.world import World
from mesa_llm_city.core import kernels
from mesa_llm_city.core.column_streams import ColumnStreams
from mesa_llm_city.core.kernels import compiled
from mesa_llm_city.core.shares import coded_shares
from mesa_llm_city.core.streams import Reseeding, word_of
from mesa_llm_city.core.values import Int
from mesa_llm_city.crowd.acquainted import APART, Acquainted, row_order
from mesa_llm_city.crowd.codes import codes_of
from mesa_llm_city.crowd.company_loops import Gatherings, Spots, fill_spots, gather, take_company
from mesa_llm_city.crowd.due import Due
from mesa_llm_city.crowd.meeting import Meetings
from mesa_llm_city.crowd.meeting_arrays import homes_of
from mesa_llm_city.crowd.state import NOT_TRAVELLING, CrowdState
from mesa_llm_city.crowd.state_arrays import arrays_of
from mesa_llm_city.population.people_columns import PeopleColumns
from mesa_llm_city.social.company import company_sample
from mesa_llm_city.social.similarity import Interests, SimilarityTraits
from mesa_llm_city.social.tie_slots import NOBODY
from tests.loops import FORMS, loops

TREE = CityParameters()
# Some fade, few are noticed or remembered, and many are lonely.
FORGETFUL = (
    TREE.with_("social.ties.fade_per_day", 0.3)
    .with_("social.ties.slots", 9)
    .with_("social.ties.acquaintances", 2)
    .with_("social.contact.company", 3)
    .with_("social.contact.online_below", 0.7)
)
STEPS, PERSONS = 14, 60


@pytest.fixture(scope="module")
def town() -> City:
    return City.synthetic(rng=2, places=200)


@pytest.fixture(scope="module")
def persons(town: City) -> Population:
    return Population.synthesize(PERSONS, city=town, rng=2)


class Life:
    """Rows that are put somewhere by chance, and meet."""

    def __init__(self, town: City, people: Population, tree: CityParameters) -> None:
        order = np.random.default_rng(1).permutation(len(people)) if tree is FORGETFUL else None
        own = list(people) if order is None else [people[int(one)] for one in order]
        columns = PeopleColumns.of(own)
        later = (Reseeding(9, 700, 0),) if tree is FORGETFUL else ()
        self.streams, self.tree = ColumnStreams(3, columns.ids, later), tree
        self.state = CrowdState.begin(columns, np.zeros(len(own)), tree)
        self.known = Acquainted.begin(
            columns,
            education=SimilarityTraits.of(own).education,
            interests=Interests.of(own),
            places=len(town.places),
            seed=3,
            parameters=tree,
        )
        self.meetings = Meetings(self.state, self.known, self.streams, tree)
        self.world, self.drawn = World(town, Clock()), np.random.default_rng(4)

    def live(self) -> None:
        """Let some decide again and again, and meet."""
        every = np.arange(len(self.state))
        self.decide(every, 590)
        for step in range(STEPS):
            minute = 600 + 40 * step + (3 * 1440 if step > STEPS // 2 else 0)
            for turn in range(2):
                self.decide(every[self.drawn.random(len(every)) < 0.7], minute + turn)
            self.meetings.meet(minute + 4)

    def decide(self, rows: Int, minute: int) -> None:
        """Let rows do anything anywhere."""
        state, drawn, count = self.state, self.drawn, len(rows)
        due = Due(
            rows,
            minute + drawn.integers(0, 2, count),
            self.streams,
            self.world,
            self.world.weather(minute),
        )
        mood = self.meetings.moods(due)
        home = state.people.home[rows]
        state.place[rows] = np.where(drawn.random(count) < 0.4, home, drawn.integers(0, 3, count))
        under = drawn.random(count) < 0.15
        state.trip.destination[rows] = np.where(under, 5, NOT_TRAVELLING)
        state.doing.purpose[rows] = drawn.integers(0, len(self.tree.purposes), count)
        state.doing.end[rows] = minute + drawn.integers(-5, 60, count)
        state.doing.fixed[rows] = drawn.random(count) < 0.3
        code = state.needs.level_code
        code[rows] = coded_shares(drawn.random((count, code.shape[1])))
        state.needs.since[rows] = minute - 3
        state.needs.purpose[rows] = state.doing.purpose[rows]
        state.mood.feel(rows, drawn.uniform(-0.3, 0.3, count), due.minute)
        self.meetings.wish(due, mood)
        self.meetings.update_spots(rows)

    def told(self) -> dict[str, list[object]]:
        """Return all that has come out of it."""
        found = {name: one.tolist() for name, one in arrays_of(self.state)}
        found |= {f"known {name}": one.tolist() for name, one in arrays_of(self.known)}
        return {**found, "spot": self.known.spot.tolist(), "talks": [self.meetings.talks]}


@pytest.mark.parametrize("tree", [TREE, FORGETFUL], ids=["usual", "forgetful"])
@pytest.mark.parametrize("compiles", FORMS)
def test_rows_meet_as_by_columns(
    town: City, persons: Population, tree: CityParameters, *, compiles: bool
) -> None:
    with kernels.use(wanted=False):
        columns = Life(town, persons, tree)
        columns.live()
    with loops(compiles=compiles):
        rows = Life(town, persons, tree)
        rows.live()
    assert rows.told() == columns.told()
    assert rows.meetings.talks > 50
    # What is noted of rows on the way is taken back.
    assert not rows.meetings._turns.any()
    assert not rows.meetings._talking.is_busy.any()


def test_without_a_social_need_rows_meet_as_by_columns(town: City, persons: Population) -> None:
    needs = {name: one for name, one in TREE.needs.items() if name != "social"}
    tree = TREE.model_copy(update={"needs": needs})
    with kernels.use(wanted=False):
        columns = Life(town, persons, tree)
        columns.live()
    with loops(compiles=False):
        rows = Life(town, persons, tree)
        rows.live()
    assert rows.told() == columns.told()


@pytest.mark.parametrize("compiles", FORMS)
def test_who_is_gathered_is_noticed_as_by_columns(*, compiles: bool) -> None:
    drawn = np.random.default_rng(8)
    spot = drawn.integers(-1, 6, 200).astype(np.int32)
    ids, most = drawn.permutation(200) * 3, 5
    order = np.argsort(ids)
    there = spot >= 0
    by_place = np.lexsort((ids[there], spot[there]))
    expected = company_sample(
        spot[there][by_place],
        ids[there][by_place],
        at=np.full(200, 2),
        observers=ids,
        draw=ColumnStreams(1, ids).at("company", step=7, n=1)[:, 0],
        most=most,
    )
    with loops(compiles=compiles):
        put, take = compiled(gather), compiled(take_company)
        assert put is not None
        assert take is not None
        found = Gatherings.empty(4, len(spot), ids.dtype)
        put(spot, ids, order, found)
        low, high = found.first[2], found.first[2] + found.size[2]
        assert found.size.tolist() == [np.sum(spot == at) for at in range(4)]
        for row in range(200):
            seen = np.full(most, NOBODY)
            word = np.uint64(word_of("company"))
            take(found.people, low, high, ids[row], np.uint64(1), 7, word, seen)
            assert seen.tolist() == expected[row].tolist()


@pytest.mark.parametrize("compiles", FORMS)
@pytest.mark.parametrize("in_order", [True, False])
def test_who_is_where_is_kept_as_it_would_be_found_anew(*, in_order: bool, compiles: bool) -> None:
    drawn, count, places = np.random.default_rng(5), 90, 7
    ids = 2 * (np.arange(count) if in_order else drawn.permutation(count))
    house = (places + np.arange(count) // 3).astype(np.int32)
    spots = Spots(
        np.zeros(count, dtype=np.int32),
        np.full(count, NOT_TRAVELLING, dtype=np.int32),
        np.zeros(count, dtype=np.int8),
        np.full(count, places),
        house,
        np.full(count, APART, dtype=np.int32),
        np.array([False, True]),
    )
    order = row_order(ids)
    kept, anew = (Gatherings.empty(places, count, ids.dtype) for _ in range(2))
    with loops(compiles=compiles):
        fill, put = compiled(fill_spots), compiled(gather)
        assert fill is not None
        assert put is not None
        for turn in range(40):
            rows = np.flatnonzero(drawn.random(count) < 0.4)
            # Everybody at few places, so that there is not room for all of them where they were.
            spots.place[rows] = drawn.integers(0, places + 1 if turn % 3 else 2, len(rows))
            spots.purpose[rows] = drawn.random(len(rows)) < 0.2
            fill(spots, ids, order, kept, rows, APART)
            put(spots.spot, ids, order, anew)
            assert _people(kept) == _people(anew)
            assert kept.end[0] <= len(kept.people)


def _people(there: Gatherings) -> list[list[int]]:
    spans = zip(there.first.tolist(), there.size.tolist(), strict=True)
    return [there.people[low : low + size].tolist() for low, size in spans]


def test_who_has_left_a_crowd_is_met_nowhere(town: City, persons: Population) -> None:
    life = Life(town, persons, TREE)
    with loops(compiles=False):
        life.decide(np.arange(PERSONS), 600)
        there = life.meetings._gathered()
        assert there.size.sum() > 0
        life.known.spot[:] = APART
        life.meetings.gather_anew()
        assert life.meetings._gathered().size.sum() == 0


def test_members_of_a_household_stand_together_by_rising_id() -> None:
    house, ids = np.array([11, 10, 11, 12], dtype=np.int32), np.array([8, 3, 2, 5])
    homes = homes_of(house, ids, row_order(ids))
    assert homes.members.tolist() == [1, 2, 0, 3]
    assert homes.first.tolist() == [0, 1, 3, 4]
    assert homes.order.tolist() == [2, 1, 3, 0]
    assert (homes.most, homes.places) == (2, 10)
    assert not len(homes_of(house, np.arange(4), row_order(np.arange(4))).order)


def test_who_sleeps_or_is_under_way_can_be_met_nowhere(town: City, persons: Population) -> None:
    life = Life(town, persons, TREE)
    life.state.doing.purpose[:] = codes_of(TREE).rest
    life.state.doing.purpose[0] = codes_of(TREE).sleep
    life.state.trip.destination[1] = 4
    life.state.place[2] = 1
    with loops(compiles=False):
        life.meetings.update_spots(np.arange(4))
    assert life.known.spot[:4].tolist() == [APART, APART, 1, life.known.house[3]]


@pytest.mark.parametrize("uses_loops", [False, True])
@pytest.mark.parametrize("stranger", [PERSONS + 4, 10**6])
def test_nobody_talks_to_somebody_who_is_no_row(
    town: City, persons: Population, stranger: int, *, uses_loops: bool
) -> None:
    tree = TREE.with_("social.contact.online_below", 1.0).with_("social.contact.constant", 50.0)
    life = Life(town, persons, tree)
    life.known.ties.other[:] = NOBODY
    life.known.ties.other[:, 0] = stranger
    life.state.doing.purpose[:] = codes_of(tree).rest
    life.state.doing.end[:], life.state.place[:] = 900, np.arange(PERSONS)
    rows = np.arange(PERSONS)
    life.known.spot[:] = rows
    with kernels.use(uses_loops, compiles=False), np.errstate(over="ignore"):
        due = Due(rows, np.full(PERSONS, 600), life.streams, life.world, life.world.weather(600))
        life.meetings.wish(due, np.zeros(PERSONS))
        life.meetings.meet(604)
    assert life.meetings.talks == 0
