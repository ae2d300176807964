"""Workers of Dask, on this machine or on a cluster."""

from __future__ import annotations

import logging
from concurrent.futures import CancelledError
from contextlib import ExitStack
from socket import gethostname
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.sweeping.budgets import check_machines
from mesa_llm_city.experiments.sweeping.grid import Grid
from mesa_llm_city.experiments.sweeping.pools.base import (
    Finished,
    live_in_worker,
    missing_library,
    packed,
)
from mesa_llm_city.experiments.sweeping.single_run import told

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["DaskWorkers"]

# While there are no workers yet, these tell a cluster that adapts how many are wanted.
_AHEAD = 32
_CONNECT_S = 30
_LOOPBACK = "127.0.0.1"
# How often a cluster of ours is looked at, and how often in a row it may be found without workers.
_LOOK_S, _PATIENCE = 5.0, 3
# How long a result may travel; one that is lost on the way is made again.
_GATHER_S = 20.0


class DaskWorkers:
    """A pool of the workers of a Dask scheduler.

    Each thread of a worker has one run at a time, so that one that dies takes nothing else along.

    Parameters
    ----------
    grid : Grid
        The grid.
    workers : int
        Number of workers of a cluster of this machine, which is made unless one is given.
    address : str, optional
        Address of a scheduler, such as ``"tcp://node1:8786"``.
    client : distributed.Client, optional
        A client of a scheduler, which stays open.

    Raises
    ------
    ConfigError
        If Dask is not installed, the scheduler does not answer, the grid cannot be sent, or workers
        on other machines would have to share the store of a language model.
    """

    def __init__(
        self, grid: Grid, workers: int, *, address: str | None = None, client: Client | None = None
    ) -> None:
        try:
            import cloudpickle
            import distributed  # noqa: F401 - to see that it is there
        except ModuleNotFoundError as error:
            raise missing_library(error, engine="dask", extra="dask") from error
        self._sent, self._values = packed(grid, cloudpickle.dumps), grid.values
        self._workers, self._address, self._given = workers, address, client
        self._under_way: dict[Any, int] = {}
        self._without_workers = 0
        self._open()

    def room(self) -> int:
        """Return the number of threads of the workers, those of this moment on a cluster."""
        if self._is_ours:
            return self._workers
        return sum(self._client.nthreads().values()) or _AHEAD

    def submit(self, number: int) -> None:
        """Begin a run."""
        future = self._client.submit(live_in_worker, self._grid, number, pure=False)
        self._under_way[future] = number

    def wait(self) -> list[Finished]:
        """Wait for the first run to end."""
        from distributed import wait

        finished = list[Finished]()
        while not finished:
            try:
                found = wait([*self._under_way], timeout=_LOOK_S, return_when="FIRST_COMPLETED")
                finished = [*filter(None, map(self._finished, found.done))]
            except TimeoutError:
                self._mend()
            except CancelledError as error:
                raise _lost() from error
        return finished

    def close(self) -> None:
        """Take back what is under way; end the cluster if it was made here."""
        if self._client.status == "running":
            self._client.cancel([*self._under_way, self._grid])
        self._under_way.clear()
        self._opened.close()

    def _open(self) -> None:
        self._opened = ExitStack()
        if self._given is not None:
            self._client = self._given
        elif self._address is not None:
            self._client = self._opened.enter_context(_connected(self._address))
        else:
            self._client = self._opened.enter_context(_local(self._workers, self._opened))
        if not self._is_ours:
            self._check_machines()
        # A task of its own: each worker gets the grid once, and one that is new gets it again.
        self._grid = self._client.submit(_same, self._sent, pure=False)

    def _check_machines(self) -> None:
        hosts = set(self._client.run(gethostname).values())
        try:
            # Where workers that are still to come will be is not known.
            check_machines(self._values, gethostname(), hosts or {"a cluster without workers yet"})
        except ConfigError:
            self._opened.close()
            raise

    def _mend(self) -> None:
        """Begin again with a new cluster of our own, if the old one has no workers left.

        One that dies while it starts is not started again by Dask.
        """
        is_empty = self._is_ours and not self._client.nthreads()
        self._without_workers = self._without_workers + 1 if is_empty else 0
        if self._without_workers >= _PATIENCE:
            numbers = list(self._under_way.values())
            self.close()
            self._open()
            self._without_workers = 0
            for number in numbers:
                self.submit(number)

    @property
    def _is_ours(self) -> bool:
        return self._given is None and self._address is None

    def _finished(self, future: Any) -> Finished | None:  # noqa: ANN401 - a future of Dask
        """Return what came of a run; None if its worker has died before it was told."""
        if future.status not in {"finished", "error"}:
            raise _lost()
        if future.status == "error":
            return Finished(self._under_way.pop(future), told(future.exception()))
        try:
            outcome = future.result(timeout=_GATHER_S)
        except TimeoutError:
            return None
        return Finished(self._under_way.pop(future), outcome)


def _same(sent: bytes) -> bytes:
    return sent


def _lost() -> ConfigError:
    return ConfigError(
        "the Dask scheduler has ended or has dropped what it was given; start it again, and "
        "repeat the sweep with the same out=FOLDER to go on"
    )


def _connected(address: str) -> Client:
    from distributed import Client

    try:
        return Client(address, timeout=_CONNECT_S)
    except (OSError, TimeoutError, ValueError) as error:
        message = (
            f"address: no Dask scheduler answers at {address} ({type(error).__name__}); start one "
            "with dask scheduler, or check the address that it prints"
        )
        raise ConfigError(message) from error


def _local(workers: int, opened: ExitStack) -> Client:
    """Return a client of a cluster of this machine, which nobody else can reach."""
    import dask
    from distributed import Client, LocalCluster

    folder = opened.enter_context(TemporaryDirectory(prefix="sweep-"))
    # Runs of a worker that has died are repeated one by one by the sweep itself.
    opened.enter_context(dask.config.set({"distributed.scheduler.allowed-failures": 0}))
    cluster = LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        host=_LOOPBACK,
        dashboard_address=f"{_LOOPBACK}:0",  # any free port; without one, it is always 8787
        local_directory=folder,
        silence_logs=logging.CRITICAL,
    )
    return Client(opened.enter_context(cluster))
