"""Distinct places, visits to new ones, and ranks, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.experiments.validation.bootstrap import Bootstrap
from mesa_llm_city.experiments.validation.exploration import (
    distinct_places,
    exploration,
    is_new_place,
    log_log_slope,
    rank_frequencies,
    visit_numbers,
)
from mesa_llm_city.experiments.validation.places_in_order import exchanged
from tests.experiments.lives import HOME, PLACES, Stay, lives

NEW = "share of visits 20 to 39 to a new place"


def _visits(places: list[int]) -> list[Stay]:
    """Return two visits a day, at home in between."""
    rows: list[Stay] = []
    for number, place in enumerate(places):
        begin = 12.0 * number
        rows += [
            (0, begin, begin + 9.0, "rest", HOME),
            (0, begin + 9.0, begin + 12.0, "leisure", place),
        ]
    return rows


def _new_share(places: list[int]) -> float:
    many = [*PLACES, *((float(row), 5.0, "leisure") for row in range(50))]
    tables = lives(_visits(places), days=25, places=many)
    found = exploration(tables, Bootstrap(1, draws=2))
    return next(one.value for one in found.measures if one.name == NEW)


def test_who_always_goes_elsewhere_explores() -> None:
    assert _new_share(list(range(5, 55))) == 1.0


def test_who_has_seen_all_before_returns() -> None:
    assert _new_share([5, 6, 7, 8, 9] * 10) == 0.0


def test_only_visits_20_to_39_count() -> None:
    # New places at visits 1, 19, 20, 39 and 40; old ones in between.
    places = [5] * 50
    places[18], places[19], places[38], places[39] = 6, 7, 8, 9
    assert _new_share(places) == pytest.approx(2 / 20)


def test_a_short_run_has_no_such_visits() -> None:
    assert np.isnan(_new_share([5, 6, 7]))


def test_places_of_two_persons_are_counted_apart() -> None:
    person, place = np.array([0, 0, 1, 1]), np.array([3, 3, 3, 4])
    assert is_new_place(person, place).tolist() == [True, False, True, True]
    assert visit_numbers(person).tolist() == [1, 2, 1, 2]
    days = distinct_places(person, np.array([0, 1, 0, 1]), place, persons=2, days=2)
    assert days.tolist() == [[1.0, 1.0], [1.0, 2.0]]


def test_ranks_follow_a_law_of_1_2() -> None:
    counts = np.round(1e6 * np.arange(1, 11) ** -1.2).astype(int)
    place = np.repeat(np.arange(10)[::-1], counts)
    shares = rank_frequencies(np.zeros(len(place), dtype=np.int64), place, persons=1)[0]
    assert -log_log_slope(np.arange(1.0, 11.0), shares) == pytest.approx(1.2, abs=1e-3)


def test_an_exchange_keeps_the_visits_of_places_and_of_people() -> None:
    stays = lives(_visits([5, 6, 7, 8, 5, 6, 9, 10]), days=4, places=[*PLACES] * 3).activities
    flexible = stays.place >= 5
    place = exchanged(stays, flexible)
    assert sorted(place) == sorted(stays.place)
    assert (place[~flexible] == stays.place[~flexible]).all()
    assert (place != stays.place).any()
