"""One run of a sweep: its rows, or the error that it ended with."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, NamedTuple

from mesa_llm_city.core.errors import CityError
from mesa_llm_city.core.secrets import redact
from mesa_llm_city.experiments.sweeping.batch import batch_rows, is_plain, tidy_row
from mesa_llm_city.experiments.sweeping.grid import Grid, Run
from mesa_llm_city.experiments.sweeping.preparation import Preparations

__all__ = ["RunOutcome", "Runner", "failed", "told"]

_LONGEST = 500


class RunOutcome(NamedTuple):
    """What came of a run.

    Attributes
    ----------
    number : int
        Its place in the grid.
    rows : list of dict
        Its rows; if it failed, one with its seed and values.
    error : str or None
        Type and first line of the error that it ended with; None if it went well.
    cpu_s : float
        CPU time of its process meanwhile, in seconds; 0 if the process was lost.
    """

    number: int
    rows: list[dict[str, Any]]
    error: str | None
    cpu_s: float


class Runner:
    """Carries out runs of a grid, one after another, in one process.

    Parameters
    ----------
    grid : Grid
        The grid.

    Attributes
    ----------
    grid : Grid
        The grid.
    """

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self._prepared = Preparations(grid.prepare)

    def outcome(self, number: int) -> RunOutcome:
        """Carry out a run; an error of it is an outcome as well."""
        run, began_s = self.grid.run(number), time.process_time()
        try:
            rows = self._rows(run)
        # A failed run is a row of the sweep, whatever its model has raised.
        except Exception as error:  # noqa: BLE001
            return failed(run, error, cpu_s=time.process_time() - began_s)
        return RunOutcome(number, rows, None, time.process_time() - began_s)

    def _rows(self, run: Run) -> list[dict[str, Any]]:
        prepared = self._prepared.of(run.values, seed=run.seed)
        given = {**run.values, **prepared}
        found = batch_rows(
            self.grid.model,
            {name: [one] for name, one in given.items()},
            [run.seed],
            max_steps=self.grid.max_steps,
            period=self.grid.period,
        )
        rows = [tidy_row(row, given) for row in found]
        return [{name: one for name, one in row.items() if name != "RunId"} for row in rows]


def failed(run: Run, error: BaseException | str, *, cpu_s: float = 0.0) -> RunOutcome:
    """Return the outcome of a run that ended with an error.

    Parameters
    ----------
    run : Run
        The run.
    error : exception or str
        What happened.
    cpu_s : float, default 0
        CPU time, in seconds.

    Examples
    --------
    >>> failed(Run(0, 7, {"fare": -1}), ValueError("fare must be positive")).rows
    [{'seed': 7, 'fare': -1}]
    """
    text = error if isinstance(error, str) else told(error)
    return RunOutcome(run.number, [{"seed": run.seed, **_plain(run.values)}], text, cpu_s)


def told(error: BaseException) -> str:
    """Return the type and the message of an error, as one line without secrets.

    Of an error of the package, the whole message; of others, which may go on for pages, the first
    line.

    Parameters
    ----------
    error : exception
        The error.

    Examples
    --------
    >>> told(ValueError("no such place"))
    'ValueError: no such place'
    """
    text = str(error)
    message = text if isinstance(error, CityError) else text.partition("\n")[0]
    return redact(" ".join(f"{type(error).__name__}: {message}".split()))[:_LONGEST]


def _plain(values: Mapping[str, object]) -> dict[str, object]:
    return {name: one for name, one in values.items() if is_plain(one)}
