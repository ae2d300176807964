"""The order of the runs of a grid."""

from __future__ import annotations

from itertools import product

import mesa
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.experiments.sweeping.grid import Grid

SIZES = st.lists(st.integers(1, 4), max_size=4)


@given(sizes=SIZES, seeds=st.lists(st.integers(), min_size=1, max_size=3, unique=True))
def test_runs_are_all_combinations_seed_by_seed_the_last_value_changing_fastest(
    sizes: list[int], seeds: list[int]
) -> None:
    values = {f"p{at}": list(range(size)) for at, size in enumerate(sizes)}
    grid = Grid(model=mesa.Model, values=values, seeds=seeds, max_steps=1, period=-1)
    runs = [grid.run(number) for number in range(len(grid))]
    expected = [
        (seed, dict(zip(values, chosen, strict=True)))
        for seed in seeds
        for chosen in product(*values.values())
    ]
    assert [(run.seed, run.values) for run in runs] == expected
    assert [run.number for run in runs] == list(range(len(expected)))
