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
from mesa_llm_city.experiments.sweeping.single_run import RunOutcome, told

__all__ = ["Processes"]

# A process that has nothing to do for so long ends; the one that had started it may be dead.
_IDLE_S = 60.0


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
        self._under_way: dict[Future[RunOutcome], int] = {}

    def room(self) -> int:
        """Return the number of processes, so that no run waits in one that may die."""
        return self._workers

    def submit(self, number: int) -> None:
        """Begin a run, in new processes if the former ones have died."""
        from joblib.externals.loky import ProcessPoolExecutor

        if self._executor is None:
            self._executor = ProcessPoolExecutor(self._workers, timeout=_IDLE_S)
        with warnings.catch_warnings():
            # Said where a worker has grown and makes way for a fresh one, which is no harm.
            warnings.filterwarnings("ignore", "A worker stopped while some jobs")
            future = self._executor.submit(live_in_worker, self._sent, number)
        self._under_way[future] = number

    def wait(self) -> list[Finished]:
        """Wait for the first run to end."""
        done, _ = wait(self._under_way, return_when=FIRST_COMPLETED)
        if any(isinstance(one.exception(), BrokenProcessPool) for one in done):
            # One process has died, so loky ends the others too; fresh ones begin with `submit`.
            done = set(self._under_way)
            finished = [self._finished(future) for future in done]
            self.close()
            return finished
        return [self._finished(future) for future in done]

    def close(self) -> None:
        """End all processes, at once if runs are under way."""
        if self._executor is not None:
            self._executor.shutdown(wait=True, kill_workers=bool(self._under_way))
            self._executor = None
        self._under_way.clear()

    def _finished(self, future: Future[RunOutcome]) -> Finished:
        number, error = self._under_way.pop(future), future.exception()
        if error is None:
            return Finished(number, future.result())
        if isinstance(error, BrokenProcessPool):
            return Finished(number, f"{type(error).__name__}: a worker process has died")
        return Finished(number, told(error))
