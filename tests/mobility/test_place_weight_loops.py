"""How likely places are for one person, worked out one at a time, is that of columns."""

from __future__ import annotations

import math

import numpy as np
import pytest

from mesa_llm_city.mobility import exploration_probability, place_probabilities, radii_m
from mesa_llm_city.mobility.place_weight_loops import (
    Alternatives,
    Ranking,
    exploration_at,
    radius_at,
    weigh,
    weighing_by,
)
from mesa_llm_city.mobility.place_weights import raised
from mesa_llm_city.mobility.reach import reaching_by
from mesa_llm_city.parameters import CityParameters

AREAS, MOST = 15, 70


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"gravity": {"unit_m": 700.0, "areas": 3, "reversed_sign": True}},
        {"gravity": {"attraction": 0.5, "gamma": -1.0}, "exploration": {"liking": 2.0}},
        {"gravity": {"attraction": 0.0, "areas": 1}},
    ],
)
def test_weights_are_in_proportion_to_probabilities(changes: dict[str, object]) -> None:
    tree, rng = CityParameters(mobility=changes), np.random.default_rng(7)
    numbers, gravity = weighing_by(tree), tree.mobility.gravity
    near = np.empty(MOST, dtype=np.float32)
    whole, real = np.empty((3, MOST), dtype=np.int64), np.empty((7, MOST))
    told = np.zeros(AREAS, dtype=np.int64)
    ranking = Ranking(
        near,
        near.view(np.int32),
        whole[0],
        real[6],
        np.empty(gravity.areas),
        whole[1],
        np.empty(AREAS, dtype=np.int64),
        told,
    )
    for person in range(1, 60):
        size = int(rng.integers(1, MOST))
        liked, explores = rng.random(size), float(rng.random())
        distance = rng.gamma(2.0, 900.0, size).round(int(rng.choice([-2, 6])))
        correction = rng.choice([1.0, 1.0, 3.0, 20.0], size)
        attraction = rng.pareto(2.0, size) * (rng.random(size) < rng.choice([0.0, 0.9]))
        boost, area = rng.choice([1.0, 4.0], size), rng.integers(0, AREAS, size)
        visits = rng.integers(0, 4, size) * (rng.random(size) < rng.choice([0.0, 0.2, 1.0]))
        expected = place_probabilities(
            liked,
            distance,
            correction=correction,
            attraction=attraction,
            boost=boost,
            area=area,
            visits=visits,
            explores=explores,
            parameters=tree,
        )
        draws = raised(attraction, gravity.attraction) if gravity.attraction else np.ones(size)
        weight = real[5]
        places = Alternatives(
            liked,
            np.array([math.log(one + gravity.epsilon) for one in liked]),
            draws,
            boost,
            visits.astype(np.float64),
            area,
            weight,
        )
        weigh(size, distance, correction, explores, person, places, numbers, ranking)
        total = 0.0
        for one in weight[:size].tolist():
            total += one
        assert (weight[:size] / total).tolist() == expected.tolist()


def test_reach_and_exploration_of_one_person_are_those_of_columns() -> None:
    tree, rng, count = CityParameters(), np.random.default_rng(3), 200
    purpose = rng.integers(0, len(tree.purposes), count)
    spare, age = rng.integers(0, 400, count), rng.integers(0, 95, count)
    has_car, wet = rng.random((2, count)) < 0.5
    expected = radii_m(purpose, spare, age=age, has_car=has_car, wet=wet, parameters=tree)
    numbers = reaching_by(tree)
    found = [
        radius_at(
            int(purpose[one]), float(spare[one]), int(age[one]), has_car[one], wet[one], numbers
        )
        for one in range(count)
    ]
    assert found == expected.tolist()
    known, curiosity = rng.integers(0, 30, count), rng.normal(size=count)
    exploration = tree.mobility.exploration
    rho = exploration.rho + exploration.rho_sd * curiosity
    explores = [
        exploration_at(*one, weighing_by(tree))
        for one in zip(known.tolist(), curiosity.tolist(), strict=True)
    ]
    assert explores == exploration_probability(known, rho, exploration.gamma).tolist()
