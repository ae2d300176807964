"""Probabilities of places for many persons at once, each as for the person alone."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.core.ragged import Ragged
from mesa_llm_city.core.values import ChoiceSet
from mesa_llm_city.mobility import GravityChoice, place_probabilities
from mesa_llm_city.mobility.place_weights import in_likely_areas, median_distance_m
from mesa_llm_city.parameters import CityParameters

PERSONS = 60


def columns(seed: int) -> dict[str, np.ndarray]:
    """Return random places of many persons."""
    rng = np.random.default_rng(seed)
    size = rng.integers(1, 70, PERSONS)
    n = int(size.sum())
    return {
        "row": np.repeat(np.arange(PERSONS), size),
        "belief": rng.uniform(-0.2, 1.2, n),
        "distance_m": rng.gamma(2.0, 900.0, n).round(rng.choice([0, 6])),
        "correction": rng.choice([1.0, 1.0, 3.0, 20.0], n),
        "attraction": rng.pareto(2.0, n) * (rng.random(n) < 0.9),
        "boost": rng.choice([1.0, 1.0, 4.0], n),
        "area": rng.integers(0, 15, n),
        "visits": rng.integers(0, 4, n) * (rng.random(n) < 0.2),
        "explores": rng.random(PERSONS),
    }


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"gravity": {"unit_m": 700.0, "areas": 3, "reversed_sign": True}},
        {"gravity": {"attraction": 0.5, "gamma": -1.0}, "exploration": {"liking": 2.0}},
    ],
)
def test_rows_together_are_each_row_alone_to_the_last_digit(changes: dict[str, object]) -> None:
    tree = CityParameters(mobility=changes)
    for seed in range(4):
        given = columns(seed)
        row, explores = given.pop("row"), given.pop("explores")
        together = place_probabilities(
            **given, persons=Ragged.of(row), explores=explores, parameters=tree
        )
        for person in range(PERSONS):
            own = row == person
            mine = {name: one[own] for name, one in given.items()}
            alone = place_probabilities(**mine, explores=explores[person], parameters=tree)
            assert (alone == together[own]).all()
            assert alone.sum() == pytest.approx(1.0)


def test_a_place_that_stands_for_three_weighs_three_times() -> None:
    likely = place_probabilities(
        np.full(2, 0.5),
        np.full(2, 400.0),
        correction=np.array([3.0, 1.0]),
        parameters=CityParameters(),
    )
    assert likely.tolist() == pytest.approx([0.75, 0.25])


def test_the_choice_of_one_person_takes_the_correction_too() -> None:
    places = ChoiceSet(
        places=np.array([4, 9]),
        distance_m=np.full(2, 400.0),
        category=np.zeros(2, dtype=np.int64),
        boost=np.ones(2),
        correction=np.array([1.0, 4.0]),
    )
    assert GravityChoice().probabilities(places, None).tolist() == pytest.approx([0.2, 0.8])
    assert places.only(np.array([False, True])).correction == np.array([4.0])


def test_the_median_is_that_of_all_places_that_are_stood_for() -> None:
    rng = np.random.default_rng(2)
    for size in (1, 2, 5, 8, 31):
        distance = rng.integers(1, 3000, size).astype(np.float64)
        count = rng.integers(1, 5, size).astype(np.float64)
        everything = np.repeat(distance, count.astype(np.int64))
        assert median_distance_m(distance, count, Ragged.one(size))[0] == np.median(everything)
        assert median_distance_m(distance, None, Ragged.one(size))[0] == np.median(distance)


def test_areas_that_weigh_as_much_as_the_last_one_are_kept() -> None:
    weight, area = np.array([5.0, 2.0, 2.0, 1.0]), np.array([3, 1, 2, 0])
    assert in_likely_areas(weight, area, 2, Ragged.one(4)).tolist() == [5.0, 2.0, 2.0, 0.0]
