"""Which run is begun when: the pool is kept busy, and what a lost worker had is repeated."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

from mesa_llm_city.experiments.sweeping.grid import Grid
from mesa_llm_city.experiments.sweeping.pools.base import Pool
from mesa_llm_city.experiments.sweeping.single_run import RunOutcome, failed

__all__ = ["outcomes"]


def outcomes(pool: Pool, grid: Grid, numbers: Iterable[int]) -> Iterator[RunOutcome]:
    """Carry out runs, and yield what came of them as it comes.

    A worker that dies may take several runs with it, of which one is to blame. So they are
    repeated in the end, each alone; one whose worker dies again has failed.

    Parameters
    ----------
    pool : Pool
        Who carries them out.
    grid : Grid
        The grid.
    numbers : iterable of int
        Places of the runs in it.
    """
    waiting, suspects, under_way = deque(numbers), list[int](), 0
    while waiting or under_way:
        room = pool.room()
        while waiting and under_way < room:
            pool.submit(waiting.popleft())
            under_way += 1
        for number, outcome in pool.wait():
            under_way -= 1
            if isinstance(outcome, str):
                suspects.append(number)
            else:
                yield outcome
    for number in sorted(suspects):
        yield _alone(pool, grid, number)


def _alone(pool: Pool, grid: Grid, number: int) -> RunOutcome:
    pool.submit(number)
    [(_, outcome)] = pool.wait()
    return failed(grid.run(number), outcome) if isinstance(outcome, str) else outcome
