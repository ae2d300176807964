"""The pool that an engine stands for."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.sweeping.grid import Grid
from mesa_llm_city.experiments.sweeping.pools.base import Pool
from mesa_llm_city.experiments.sweeping.pools.dask_workers import DaskWorkers
from mesa_llm_city.experiments.sweeping.pools.here import Here
from mesa_llm_city.experiments.sweeping.pools.processes import Processes
from mesa_llm_city.experiments.sweeping.pools.ray_workers import RayWorkers

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["EngineName", "check_engine", "pool_of", "usable_cores"]

EngineName: TypeAlias = Literal["serial", "processes", "dask", "ray"]
"""Who carries out the runs of a sweep."""

_ON_CLUSTERS = ("dask", "ray")


def pool_of(
    name: EngineName, grid: Grid, workers: int, *, address: str | None, client: Client | None
) -> Pool:
    """Start the workers of an engine.

    Parameters
    ----------
    name : str
        The engine.
    grid : Grid
        What they will carry out.
    workers : int
        Number of processes, where they are started here.
    address : str or None
        Address of a cluster.
    client : distributed.Client or None
        A client of Dask.

    Raises
    ------
    ConfigError
        If a library is missing, a cluster does not answer, or the grid cannot be sent.
    """
    if name == "processes":
        return Processes(grid, workers)
    if name == "dask":
        return DaskWorkers(grid, workers, address=address, client=client)
    if name == "ray":
        return RayWorkers(grid, workers, address=address)
    return Here(grid)


def usable_cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def check_engine(
    engine: str | None, workers: int | None, address: str | None, client: object
) -> None:
    """Refuse an engine that there is not, and options that it has no use for.

    Parameters
    ----------
    engine : str or None
        Name of the engine.
    workers : int or None
        Number of processes.
    address : str or None
        Address of a cluster.
    client : object
        A client of Dask, or None.

    Raises
    ------
    ConfigError
        If something does not fit.
    """
    known = get_args(EngineName)
    if engine is not None and engine not in known:
        message = f"engine must be one of {', '.join(known)}, got {engine!r}"
        raise ConfigError(message)
    if workers is not None and workers < 1:
        message = f"workers must be at least 1, got {workers}"
        raise ConfigError(message)
    if address is not None and engine not in _ON_CLUSTERS:
        message = f"address is that of a cluster; give engine='dask' or 'ray' too, got {engine!r}"
        raise ConfigError(message)
    if client is not None and (engine != "dask" or address is not None):
        message = "client is one of Dask; give engine='dask' and no address with it"
        raise ConfigError(message)
