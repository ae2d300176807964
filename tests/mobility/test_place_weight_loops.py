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
    pick,
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
def test_places_are_picked_by_their_probabilities(changes: dict[str, object]) -> None:
    tree, rng = CityParameters(mobility=changes), np.random.default_rng(7)
    numbers, gravity = weighing_by(tree), tree.mobility.gravity
    near = np.empty(MOST, dtype=np.float32)
    whole, real = np.empty((2, MOST), dtype=np.int64), np.empty((3, MOST))
    told = np.zeros(AREAS, dtype=np.int64)
    ranking = Ranking(
        near,
        near.view(np.int32),
        whole[0],
        real[0],
        np.empty(gravity.areas),
        whole[1],
        told,
    )
    turn, boosted = 0, True
    for _ in range(60):
        size = int(rng.integers(1, MOST))
        liked, explores = rng.random(size), float(rng.random())
        distance = rng.gamma(2.0, 900.0, size).round(int(rng.choice([-2, 6])))
        correction = rng.choice([1.0, 1.0, 3.0, 20.0], size)
        attraction = rng.pareto(2.0, size) * (rng.random(size) < rng.choice([0.0, 0.9]))
        boost, area = rng.choice([1.0, 4.0], size), rng.integers(0, AREAS, size)
        # Places that are known come last.
        visits = rng.integers(0, 4, size) * (rng.random(size) < rng.choice([0.0, 0.2, 1.0]))
        visits.sort()
        new, alike = int((visits == 0).sum()), bool(rng.random() < 0.5)
        if alike:
            liked[:new] = liked[0]
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
        places = Alternatives(
            liked,
            np.array([math.log(one + gravity.epsilon) for one in liked]),
            draws,
            boost,
            visits.astype(np.float64),
            area,
            real[1],
            real[2],
        )
        weigh(new, size, alike, distance, correction, explores, places, numbers, ranking)
        upto, weight = np.cumsum(expected), real[1][:size].copy()
        likely = np.flatnonzero(expected > 1e-9)
        for at in likely[[0, len(likely) // 2, -1]].tolist():
            for share in (1e-6, 1.0 - 1e-6):
                uniform = (upto[at] - (1.0 - share) * expected[at]) / upto[-1]
                turn += 1
                real[1][:size] = weight
                assert pick(size, uniform, turn, boosted, places, ranking) == at


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
