"""Free time of many people at once is that of each alone."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple, Self

import numpy as np
import pytest

from mesa_llm_city.core.asking import run
from mesa_llm_city.core.clock import DAY_MIN, Clock
from mesa_llm_city.core.streams import rng as stream
from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.core.values import Activity, Float, Int, Weather
from mesa_llm_city.mobility import FreeTimeChoice
from mesa_llm_city.mobility.free_time_columns import (
    FreeTimeRows,
    choose_free_time,
    feasible_rows,
    free_end_min,
    free_purposes,
    free_time_draws,
    likings,
    outing_factor,
)
from mesa_llm_city.mobility.wishes import Wish
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import Habits, Persona, Preferences
from mesa_llm_city.population.people_columns import PeopleColumns
from tests.mobility.new_kinds import with_new_kinds
from tests.mobility.people import clerk, pensioner, pupil

ROWS, SEED, CLOCK = 400, 11, Clock(holidays=["2024-04-03"])
PARAMETERS = with_new_kinds()
NAMES = free_purposes(PARAMETERS)
CODES = {name: code for code, name in enumerate(PARAMETERS.purposes)}
WET = Weather(rain_mm_h=2.0)


class Wishes(NamedTuple):
    """Columns of wishes; the third outing of a row is none if two are meant."""

    purpose: Int
    minutes: Int
    from_min: Int
    until_min: Int
    size: Int

    def take(self, rows: Int) -> Self:
        return type(self)(*(column[rows] for column in self))

    def of(self, row: int) -> tuple[Wish, ...] | None:
        if self.size[row] < 0:
            return None
        return tuple(
            Wish(
                tuple(PARAMETERS.purposes)[self.purpose[row, slot]],
                int(self.minutes[row, slot]),
                int(self.from_min[row, slot]),
                int(self.until_min[row, slot]),
            )
            for slot in range(self.size[row])
        )


class Town(NamedTuple):
    """People with free blocks of many lengths, at many minutes of a week."""

    people: list[Persona]
    start_min: Int
    end_min: Int
    relief: Float
    leanings: Float
    wishes: Wishes

    def choose(self, rows: Int) -> FreeTimeRows:
        people = PeopleColumns.of([self.people[row] for row in rows.tolist()])
        return choose_free_time(
            self.start_min[rows],
            self.end_min[rows],
            age=people.age,
            is_outsider=np.zeros(len(rows), dtype=np.bool_),
            likings=likings(people, self.leanings[rows], PARAMETERS),
            relief=self.relief[rows],
            weather=WET,
            draws=uniforms(SEED, people.ids, "fill", 5, free_time_draws(PARAMETERS)),
            wishes=self.wishes.take(rows),
            clock=CLOCK,
            parameters=PARAMETERS,
        )


def town() -> Town:
    rng = np.random.default_rng(3)
    kinds = (clerk(), pensioner(), pupil(), replace(pupil(), age=4))
    people = []
    for row in range(ROWS):
        names = rng.permutation(NAMES)[: rng.integers(len(NAMES))].tolist()
        liked = Preferences({name: rng.random() for name in names})
        people.append(replace(kinds[row % 4], id=row, habits=Habits(preferences=liked)))
    start = rng.integers(7 * DAY_MIN, size=ROWS)
    size = rng.integers(-1, 4, size=ROWS)
    outings = [CODES[name] for name in ("social", "sport", "worship", "errand", "leisure")]
    begin = start[:, np.newaxis] + rng.integers(-60, 90, size=(ROWS, 3))
    wishes = Wishes(
        rng.choice(outings, size=(ROWS, 3)),
        5 * rng.integers(1, 40, size=(ROWS, 3)),
        begin,
        begin + rng.integers(0, 120, size=(ROWS, 3)),
        size,
    )
    leanings = rng.choice([0.0, -0.7, 1.0], size=(ROWS, len(CODES)))
    relief = rng.random((ROWS, len(NAMES)))
    return Town(people, start, start + rng.integers(10, 400, size=ROWS), relief, leanings, wishes)


def test_many_rows_equal_each_row_alone_in_any_order() -> None:
    given = town()
    together = given.choose(np.arange(ROWS))
    order = np.random.default_rng(4).permutation(ROWS)
    shuffled = given.choose(order)
    for name in together._fields:
        np.testing.assert_array_equal(getattr(together, name)[order], getattr(shuffled, name))
    for row in range(0, ROWS, 9):
        alone = given.choose(np.array([row]))
        for name in together._fields:
            np.testing.assert_array_equal(getattr(together, name)[[row]], getattr(alone, name))


def test_the_component_of_a_person_chooses_what_the_row_does() -> None:
    given = town()
    rows = given.choose(np.arange(ROWS))
    names = tuple(PARAMETERS.purposes)
    for row in range(ROWS):
        start, end = int(given.start_min[row]), int(given.end_min[row])
        chosen = run(
            FreeTimeChoice(PARAMETERS).choose(
                Activity(purpose=None, start_min=start, end_min=end),
                given.people[row],
                relief=dict(zip(NAMES, given.relief[row].tolist(), strict=True)),
                weather=WET,
                rng=stream(SEED, row, "fill", 5),
                clock=CLOCK,
                leanings=dict(zip(names, given.leanings[row].tolist(), strict=True)),
                wishes=given.wishes.of(row),
            )
        )
        assert chosen.activity.purpose == names[rows.purpose[row]]
        assert chosen.activity.end_min == rows.end_min[row]
        assert (chosen.activity.place is not None) == rows.at_home[row]
        best = f"{chosen.activity.purpose} {rows.values[row, rows.column[row]]:.2f}"
        assert chosen.reason.split(" > ")[0] == best


def test_as_many_come_to_mind_as_there_are_candidates_or_feasible_purposes() -> None:
    given = town()
    feasible = feasible_rows(
        given.start_min,
        given.end_min,
        age=[one.age for one in given.people],
        is_outsider=False,
        clock=CLOCK,
        parameters=PARAMETERS,
    )
    comes = ~np.isnan(given.choose(np.arange(ROWS)).values)
    assert not (comes & ~feasible).any()
    np.testing.assert_array_equal(comes.sum(axis=1), np.minimum(feasible.sum(axis=1), 3))


def test_what_comes_to_mind_first_is_drawn_by_liking() -> None:
    numbers = {"mobility.free_time.candidates": 1, "mobility.free_time.outing_min": 0}
    parameters = CityParameters().with_(numbers)
    names = free_purposes(parameters)
    liked = np.array([0.1, 0.4, 0.2, 0.2, 0.1])
    rows = np.arange(20_000)
    chosen = choose_free_time(
        np.full(len(rows), 840),
        np.full(len(rows), 1080),
        age=40,
        is_outsider=False,
        likings=np.broadcast_to(liked, (len(rows), len(names))),
        relief=None,
        weather=Weather(),
        draws=uniforms(SEED, rows, "fill", 5, free_time_draws(parameters)),
        wishes=None,
        clock=CLOCK,
        parameters=parameters,
    )
    shares = np.bincount(chosen.column, minlength=len(names)) / len(rows)
    np.testing.assert_allclose(shares, liked, atol=0.012)


def _choice_at(minute: int, wishes: Wishes | None, *, parameters: CityParameters) -> FreeTimeRows:
    names = free_purposes(parameters)
    return choose_free_time(
        [minute],
        [minute + 240],
        age=40,
        is_outsider=False,
        likings=np.full((1, len(names)), 0.2),
        relief=None,
        weather=Weather(),
        draws=np.full((1, free_time_draws(parameters)), 0.5),
        wishes=wishes,
        clock=CLOCK,
        parameters=parameters,
    )


def _one_wish(begin: int) -> Wishes:
    sport = np.array([[CODES["sport"]]])
    first, last = np.array([[begin]]), np.array([[begin + 30]])
    return Wishes(sport, np.array([[95]]), first, last, np.array([1]))


CALM = PARAMETERS.with_({"mobility.free_time.whim": 0.0, "mobility.free_time.candidates": 9})
SPORT = NAMES.index("sport")


def test_an_outing_whose_time_has_come_is_worth_more_and_takes_as_long_as_wished() -> None:
    # 0.2 liked, 1.2 for the wish and 0.25 for the way; others lose 0.7 besides.
    chosen = _choice_at(840, _one_wish(850), parameters=CALM)
    assert chosen.values[0, SPORT] == pytest.approx(1.15)
    assert chosen.values[0, NAMES.index("leisure")] == pytest.approx(-0.75)
    assert chosen.values[0, NAMES.index("rest")] == pytest.approx(0.2)
    assert (NAMES[chosen.column[0]], chosen.end_min[0]) == ("sport", 935)


def test_what_is_done_meanwhile_ends_when_an_outing_is_due() -> None:
    chosen = _choice_at(840, _one_wish(880), parameters=CALM)
    assert (NAMES[chosen.column[0]], chosen.end_min[0]) == ("rest", 880)


def test_a_day_without_outings_differs_from_a_day_of_which_nothing_is_said() -> None:
    empty = np.zeros((1, 0), dtype=np.int64)
    none = Wishes(empty, empty, empty, empty, np.array([0]))
    assert _choice_at(840, none, parameters=CALM).values[0, SPORT] == pytest.approx(-0.75)
    assert _choice_at(840, None, parameters=CALM).values[0, SPORT] == pytest.approx(-0.05)


def test_an_activity_fills_what_would_be_too_short_to_use() -> None:
    numbers = PARAMETERS.mobility.free_time
    ends = free_end_min([0, 0, 0, 0], [240, 100, 60, 10], [90, 90, 90, 5], numbers)
    assert ends.tolist() == [90, 100, 60, 10]
    assert free_end_min(0, 240, 5, numbers) == 15


def test_going_out_costs_more_in_rain_and_most_in_a_storm() -> None:
    factors = [
        outing_factor(one, PARAMETERS)
        for one in (Weather(), WET, Weather(wind_km_h=60.0), Weather(warning=3))
    ]
    assert factors == [1.0, 2.0, 6.0, 6.0]


def test_rest_has_a_column_of_its_own_where_it_is_no_free_time() -> None:
    restless = CityParameters().with_("purposes.rest.free_time", value=False)
    assert free_purposes(restless)[-1] == "rest"
    young = feasible_rows(
        np.array([840, 840]),
        np.array([1080, 1080]),
        age=[4, 40],
        is_outsider=False,
        clock=CLOCK,
        parameters=restless,
    )
    assert young[:, -1].tolist() == [True, False]
