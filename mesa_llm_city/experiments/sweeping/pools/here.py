"""No workers at all: runs one after another in this process."""

from __future__ import annotations

from mesa_llm_city.experiments.sweeping.grid import Grid
from mesa_llm_city.experiments.sweeping.pools.base import Finished
from mesa_llm_city.experiments.sweeping.single_run import Runner

__all__ = ["Here"]


class Here:
    """A pool of this process alone.

    Parameters
    ----------
    grid : Grid
        The grid.
    """

    def __init__(self, grid: Grid) -> None:
        self._runner = Runner(grid)
        self._numbers: list[int] = []

    def room(self) -> int:
        """Return 1."""
        return 1

    def submit(self, number: int) -> None:
        """Note a run, which `wait` carries out."""
        self._numbers.append(number)

    def wait(self) -> list[Finished]:
        """Carry out the runs that were noted."""
        numbers, self._numbers = self._numbers, []
        return [Finished(number, self._runner.outcome(number)) for number in numbers]

    def close(self) -> None:
        """Do nothing, since nothing was started."""
