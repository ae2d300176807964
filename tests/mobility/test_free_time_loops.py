"""Bounds of random numbers choose what the numbers themselves do."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.core.inverse_draws import gumbel_of
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.mobility.free_time_columns import free_time_table
from mesa_llm_city.mobility.free_time_loops import (
    FreeTimeNumbers,
    best_activity,
    fill_values,
    only_activity,
)
from mesa_llm_city.parameters import CityParameters

AT_HOME = np.array([True, False, False, False, False])
LAST = 1.0 - 2.0**-53
DAYS = 400


def numbers_with(whim: float, candidates: int) -> FreeTimeNumbers:
    numbers = free_time_table(CityParameters()).numbers
    return numbers._replace(whim=whim, candidates=candidates)


def by_all_numbers(
    numbers: FreeTimeNumbers, liked: Float, value: Float, draws: Float, due: Int
) -> int:
    """Return the best of the first to come to mind, of which all numbers are worked out."""
    certain = AT_HOME | (due >= 0)
    weight = np.where(certain, numbers.certain_weight, liked + numbers.least_weight)
    time = np.where(value > -np.inf, np.log(1.0 - draws[1::2]) / -weight, np.inf)
    first = np.sort(time)[numbers.candidates - 1]
    whim = gumbel_of(draws[2::2]) * numbers.whim
    return int(np.where(time <= first, value + whim, -np.inf).argmax())


@pytest.mark.parametrize("whim", [0.0, 0.1, 2.0])
@pytest.mark.parametrize("candidates", [1, 3])
def test_the_best_is_found_whether_or_not_bounds_tell_it(whim: float, candidates: int) -> None:
    drawn, numbers = np.random.default_rng(3), numbers_with(whim, candidates)
    chosen = set()
    for _ in range(DAYS):
        liked, value = drawn.random(5), drawn.uniform(-1.0, 1.5, 5)
        value[1:][drawn.random(4) < 0.3] = -np.inf
        due = np.where(drawn.random(5) < 0.3, 60, -1)
        draws = drawn.choice([0.0, LAST, *drawn.random(9)], 11)
        best = best_activity(True, AT_HOME, numbers, liked, value, draws, due, np.empty(5))  # noqa: FBT003 - no keywords
        assert best == by_all_numbers(numbers, liked, value, draws, due)
        chosen.add(best)
    assert len(chosen) > 1


def test_a_value_is_liking_less_the_cost_of_going_out_and_more_for_what_is_due() -> None:
    table = free_time_table(CityParameters())
    count, value = len(table.codes), np.empty(len(table.codes))
    due = np.full(count, -1)
    due[2] = 60
    begins = np.ones((1440, count), dtype=np.bool_)
    begins[:, 3] = False
    half = np.full(count, 0.5)
    numbers = table.numbers
    fill_values(
        table.suits,
        1,
        begins,
        700,
        0.25,
        True,  # noqa: FBT003 - no keywords
        table.at_home,
        table.wished,
        numbers,
        half,
        half,
        due,
        value,
    )
    # 0.5 liked, 0.5 x 0.5 for relief; away 0.25 less, and 1.2 more if due, else 0.7 less.
    assert value.tolist() == pytest.approx([0.75, -0.2, 1.7, -np.inf, -0.2])


def test_only_rest_is_left_for_a_short_block_or_when_all_is_closed() -> None:
    table = free_time_table(CityParameters())
    begins = np.ones((1440, len(table.codes)), dtype=np.bool_)
    begins[0] = False
    rest = table.numbers.rest
    assert only_activity(table.suits, 0, begins, 700, table.numbers) == rest
    assert only_activity(table.suits, 1, begins, 0, table.numbers) == rest
    assert only_activity(table.suits, -1, begins, 700, table.numbers) == rest
    assert only_activity(table.suits, 1, begins, 700, table.numbers) == -1
