"""The grid of a sweep: every combination of values with every seed, in a fixed order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any, NamedTuple

import mesa

from mesa_llm_city.experiments.sweeping.preparation import Prepare

__all__ = ["Grid", "Run"]


class Run(NamedTuple):
    """One run of a grid.

    Attributes
    ----------
    number : int
        Its place in the grid, 0 for the first.
    seed : int
        Its seed.
    values : dict of str to object
        Arguments of the model.
    """

    number: int
    seed: int
    values: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """All runs of a sweep, numbered seed by seed, the last value changing fastest.

    This is the order of ``mesa.batch_run``.

    Parameters
    ----------
    model : type
        The model.
    values : mapping of str to sequence
        Values to try of each argument; none of them is empty.
    seeds : sequence of int
        Seeds.
    max_steps : int
        Steps after which a model is stopped.
    period : int
        Steps from one row of a run to its next; -1 for the last step only.
    prepare : mapping of str to callable, optional
        What workers make once (see `Preparations`).

    Examples
    --------
    >>> import mesa
    >>> values = {"fare": [1, 2], "days": [3]}
    >>> grid = Grid(model=mesa.Model, values=values, seeds=[7, 8], max_steps=9, period=-1)
    >>> len(grid), grid.run(3)
    (4, Run(number=3, seed=8, values={'fare': 2, 'days': 3}))
    """

    model: type[mesa.Model]
    values: Mapping[str, Sequence[object]]
    seeds: Sequence[int]
    max_steps: int
    period: int
    prepare: Prepare = field(default_factory=dict)

    def __len__(self) -> int:
        """Return the number of runs."""
        return len(self.seeds) * self._combinations

    def run(self, number: int) -> Run:
        """Return the run at a place of the grid."""
        at, left = divmod(number, self._combinations)
        chosen = dict[str, Any]()
        for name, several in reversed([*self.values.items()]):
            left, place = divmod(left, len(several))
            chosen[name] = several[place]
        values = {name: chosen[name] for name in self.values}
        return Run(number, self.seeds[at], values)

    @property
    def _combinations(self) -> int:
        return prod(map(len, self.values.values()))
