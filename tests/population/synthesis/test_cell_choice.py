"""Choice among very many places, drawn cell by cell."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.core.values import Float, Int, Supply
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import Population
from mesa_llm_city.population.synthesis.cell_choice import choose_by_cells
from tests.population.fake_town import SIDE_M, FakeTown

WORK = FakeTown().supply("work")


def _draws(rows: Int, number: int) -> Float:
    return uniforms(5, rows, "choice", number, 3)


def _chosen(x: Float, y: Float, beta: float, supply: Supply = WORK) -> Int:
    return choose_by_cells(x, y, supply, beta_per_km=beta, draws=_draws)


@pytest.mark.parametrize("beta", [0.0, 0.2, 1.5, 30.0])
def test_the_choice_follows_weight_and_distance(beta: float) -> None:
    n, at = 40_000, (3100.0, 2900.0)
    rows = _chosen(np.full(n, at[0]), np.full(n, at[1]), beta)
    km = np.hypot(WORK.x - at[0], WORK.y - at[1]) / 1000
    chance = WORK.weight * np.exp(-beta * (km - km.min()))
    chance /= chance.sum()
    often = chance * n > 5
    square = ((np.bincount(rows, minlength=len(km)) - n * chance) ** 2 / (n * chance))[often]
    # The sum is chi-squared, whose mean is the number of places and variance twice that.
    assert square.sum() < often.sum() + 4 * np.sqrt(2 * often.sum())
    assert rows.shape == (n,)


def test_the_choice_of_a_person_does_not_depend_on_others() -> None:
    x, y = np.random.default_rng(2).uniform(0, SIDE_M, (2, 300))
    among = _chosen(x, y, 0.7)[:40]
    assert _chosen(x[:40], y[:40], 0.7).tolist() == among.tolist()


def test_the_only_place_is_taken() -> None:
    one = WORK.only(np.arange(len(WORK.places)) == 3)
    assert _chosen(np.array([0.0, 9e6]), np.array([0.0, -9e6]), 2.0, one).tolist() == [0, 0]
    assert _chosen(np.empty(0), np.empty(0), 2.0).tolist() == []


def test_people_of_a_table_find_work_among_many_places() -> None:
    cells = CityParameters.from_dotted({"population.commuting.by_cells_from": 1})
    table = pd.DataFrame({
        "id": range(60), "age": [40] * 40 + [9] * 20, "gender": ["male"] * 60,
        "occupation": ["office_worker"] * 40 + ["pupil"] * 20,
    })  # fmt: skip
    town = FakeTown()
    people = Population.from_table(table, city=town, rng=1, parameters=cells)
    fewer = Population.from_table(table[20:], city=town, rng=1, parameters=cells)
    assert [one.work for one in people[20:]] == [one.work for one in fewer]
    schools = set(town.supply("school").places.tolist())
    assert all((one.work in schools) for one in people[40:])
    assert all(one.work in WORK.places for one in people[:40])
