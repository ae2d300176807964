"""Workers that are processes of this machine, by loky, which joblib brings."""

from __future__ import annotations

import warnings
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from mesa_llm_city.experiments.sweeping.grid import Grid
from mesa_llm_city.experiments.sweeping.pools.base import (
    Finished,
    live_in_worker,
    missing_library,
    packed,
)
from mesa_llm_city.experiments.sweeping.single_run import Outcome

__all__ = ["Processes"]


class Processes:
    """A pool of processes; one that dies takes all runs under way with it.

    Parameters
    ----------
    grid : Grid
        The grid.
    workers : int
        Number of processes.

    Raises
    ------
    ConfigError
        If joblib is not installed, or the grid cannot be sent.
    """

    def __init__(self, grid: Grid, workers: int) -> None:
        try:
            import cloudpickle
            import joblib  # noqa: F401 - to see that it is there
        except ModuleNotFoundError as error:
            raise missing_library(error, engine="processes", extra="sweep") from error
        self._sent = packed(grid, cloudpickle.dumps)
        self._workers = workers
        self._executor: Any = None
        self._under_way: dict[Future[Outcome], int] = {}

    def room(self) -> int:
        """Return the number of processes, so that no run waits in one that may die."""
        return self._workers

    def submit(self, number: int) -> None:
        """Begin a run, in new processes if the former ones have died."""
        from joblib.externals.loky import ProcessPoolExecutor

        if self._executor is None:
            self._executor = ProcessPoolExecutor(self._workers)
        with warnings.catch_warnings():
            # Said where a worker has grown and makes way for a fresh one, which is no harm.
            warnings.filterwarnings("ignore", "A worker stopped while some jobs")
            future = self._executor.submit(live_in_worker, self._sent, number)
        self._under_way[future] = number

    def wait(self) -> list[Finished]:
        """Wait for the first run to end."""
        done, _ = wait(self._under_way, return_when=FIRST_COMPLETED)
        finished = [self._finished(future) for future in done]
        if any(isinstance(one.outcome, str) for one in finished):
            # One process has died, so loky ends the others too.
            finished += [self._finished(future) for future in list(self._under_way)]
            self.close()
        return finished

    def close(self) -> None:
        """End all processes."""
        if self._executor is not None:
            self._executor.shutdown(wait=True, kill_workers=True)
            self._executor = None

    def _finished(self, future: Future[Outcome]) -> Finished:
        number = self._under_way.pop(future)
        try:
            return Finished(number, future.result())
        except BrokenProcessPool as error:
            return Finished(number, f"{type(error).__name__}: a worker process has died")
