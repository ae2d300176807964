"""Workers of Ray, on this machine or on a cluster."""

from __future__ import annotations

import os
from socket import gethostname
from typing import Any

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.sweeping.budgets import check_machines
from mesa_llm_city.experiments.sweeping.grid import Grid
from mesa_llm_city.experiments.sweeping.pools.base import (
    Finished,
    live_in_worker,
    missing_library,
    packed,
)

__all__ = ["RayWorkers"]


class RayWorkers:
    """A pool of tasks of Ray.

    Its servers listen on all addresses of the machine, with a token for whoever connects.

    Parameters
    ----------
    grid : Grid
        The grid.
    workers : int
        Number of runs at a time on this machine, unless an address is given.
    address : str, optional
        Address of a Ray cluster, such as ``"auto"``, all of whose cores are used.

    Raises
    ------
    ConfigError
        If Ray is not installed, the grid cannot be sent, or workers on other machines would have
        to share the store of a language model.
    """

    def __init__(self, grid: Grid, workers: int, *, address: str | None = None) -> None:
        # Asked before Ray is loaded: it reports how it is used unless this says no.
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        try:
            import ray
            from ray import cloudpickle
        except ModuleNotFoundError as error:
            raise missing_library(error, engine="ray", extra="ray") from error
        sent = packed(grid, cloudpickle.dumps)
        self._ray = ray
        self._is_ours = not ray.is_initialized()
        if self._is_ours:
            here = {} if address else {"num_cpus": workers, "include_dashboard": False}
            ray.init(address=address, log_to_driver=False, **here)
        nodes = {node["NodeManagerHostname"] for node in ray.nodes() if node["Alive"]}
        try:
            check_machines(grid.values, gethostname(), nodes)
        except ConfigError:
            if self._is_ours:
                ray.shutdown()
            raise
        self._grid = ray.put(sent)
        self._live = ray.remote(max_retries=0)(live_in_worker)
        self._under_way: dict[Any, int] = {}

    def room(self) -> int:
        """Return the number of cores."""
        return max(1, int(self._ray.cluster_resources().get("CPU", 1)))

    def submit(self, number: int) -> None:
        """Begin a run."""
        self._under_way[self._live.remote(self._grid, number)] = number

    def wait(self) -> list[Finished]:
        """Wait for the first run to end."""
        done, _ = self._ray.wait(list(self._under_way), num_returns=1)
        return [self._finished(one) for one in done]

    def close(self) -> None:
        """Take back what is under way; end Ray if it was started here."""
        for one in self._under_way:
            self._ray.cancel(one, force=True)
        self._under_way.clear()
        if self._is_ours:
            self._ray.shutdown()

    def _finished(self, done: Any) -> Finished:  # noqa: ANN401 - a reference of Ray
        number = self._under_way.pop(done)
        try:
            return Finished(number, self._ray.get(done))
        except self._ray.exceptions.RayError as error:
            return Finished(number, f"{type(error).__name__}: a worker was lost")
