"""What a pool of workers is, and what a worker does."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from functools import lru_cache
from threading import Lock
from typing import Any, NamedTuple, Protocol

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.sweeping.grid import Grid
from mesa_llm_city.experiments.sweeping.single_run import Runner, RunOutcome, failed

__all__ = ["Finished", "Pool", "live_in_worker", "missing_library", "packed"]

_ONE_AT_A_TIME = Lock()


class Finished(NamedTuple):
    """A run that is no longer under way.

    Attributes
    ----------
    number : int
        Its place in the grid.
    outcome : RunOutcome or str
        What came of it; if its worker was lost, why, as far as is known.
    """

    number: int
    outcome: RunOutcome | str


class Pool(Protocol):
    """Workers that carry out runs."""

    def room(self) -> int:
        """Return how many runs may be under way at a time; at least 1."""
        ...

    def submit(self, number: int) -> None:
        """Begin a run."""
        ...

    def wait(self) -> list[Finished]:
        """Wait until at least one run under way has ended, and return all that have."""
        ...

    def close(self) -> None:
        """End the workers that this pool has started, and what is still under way."""
        ...


def packed(grid: Grid, dumps: Callable[[Any], bytes]) -> bytes:
    """Return a grid as bytes for workers.

    Parameters
    ----------
    grid : Grid
        The grid.
    dumps : callable
        As `pickle.dumps`; that of cloudpickle sends functions and classes of a script too.

    Raises
    ------
    ConfigError
        If something in it cannot be sent.
    """
    try:
        return dumps(grid)
    except (TypeError, AttributeError, ValueError, pickle.PicklingError) as error:
        message = (
            f"this sweep cannot be sent to workers ({error}); give values that can be pickled, or "
            "a function that makes them there by prepare={...}"
        )
        raise ConfigError(message) from error


def live_in_worker(sent: bytes, number: int) -> RunOutcome:
    """Carry out a run in a worker.

    What the worker has prepared stays for its next runs. Threads of one worker take turns, since
    they share it.

    Parameters
    ----------
    sent : bytes
        The grid, `packed`.
    number : int
        Place of the run in it.
    """
    with _ONE_AT_A_TIME:
        runner = _runner(sent)
        outcome = runner.outcome(number)
        try:
            pickle.dumps(outcome)
        # Whatever it is that a model has reported.
        except Exception as error:  # noqa: BLE001
            return failed(runner.grid.run(number), error, cpu_s=outcome.cpu_s)
        return outcome


@lru_cache(maxsize=1)
def _runner(sent: bytes) -> Runner:
    return Runner(pickle.loads(sent))  # noqa: S301 - what the caller of the sweep has sent


def missing_library(error: ModuleNotFoundError, *, engine: str, extra: str) -> ConfigError:
    """Return the error that the library of an engine is not installed.

    Parameters
    ----------
    error : ModuleNotFoundError
        What Python says.
    engine : str
        Name of the engine.
    extra : str
        The extra that brings it.
    """
    return ConfigError(
        f"engine {engine!r} needs {error.name}, which is not installed; run: pip install "
        f"'mesa-llm-city[{extra}]', or use another engine"
    )
