"""A sweep from its grid to its table, with a folder or without."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from mesa_llm_city.experiments.csv_text import csv_text
from mesa_llm_city.experiments.progress import RUN, Progress
from mesa_llm_city.experiments.run_lock import locked
from mesa_llm_city.experiments.sweeping.folder import SweepFolder, outcomes_in
from mesa_llm_city.experiments.sweeping.grid import Grid
from mesa_llm_city.experiments.sweeping.pools.base import Pool
from mesa_llm_city.experiments.sweeping.scheduling import outcomes
from mesa_llm_city.experiments.sweeping.single_run import RunOutcome
from mesa_llm_city.experiments.sweeping.table import table_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MakePool", "lived", "lived_into"]

MakePool: TypeAlias = Callable[[], Pool]
"""Starts the workers."""


def lived(make_pool: MakePool, grid: Grid, progress: Progress) -> pd.DataFrame:
    """Carry out all runs of a grid, and return their table.

    Parameters
    ----------
    make_pool : callable
        Starts the workers.
    grid : Grid
        The grid.
    progress : Progress
        Is told of each run.
    """
    found = list[RunOutcome]()
    _carry_out(make_pool, grid, range(len(grid)), found.append, progress)
    return table_of(found)


def lived_into(folder: Path, make_pool: MakePool, grid: Grid, progress: Progress) -> pd.DataFrame:
    """Carry out the runs of a grid that a folder lacks, and return the table of all.

    Parameters
    ----------
    folder : Path
        The folder (see `SweepFolder`).
    make_pool : callable
        Starts the workers, if any run is left.
    grid : Grid
        The grid.
    progress : Progress
        Is told of each run.

    Raises
    ------
    ConfigError
        If another sweep writes to the folder, or it holds something else.
    """
    with locked(folder):
        kept = SweepFolder(folder, grid)
        done = kept.complete()
        left = [number for number in range(len(grid)) if number not in done]
        try:
            if left:
                _carry_out(make_pool, grid, left, kept.add, progress)
        except BaseException as error:
            ended = len(outcomes_in(folder))
            error.add_note(
                f"{ended} of {len(grid)} runs are in {folder}; the same sweep goes on from there"
            )
            raise
        table = table_of(outcomes_in(folder))
        kept.write_table(csv_text(table))
    return table


def _carry_out(
    make_pool: MakePool,
    grid: Grid,
    numbers: Iterable[int],
    keep: Callable[[RunOutcome], None],
    progress: Progress,
) -> None:
    """Carry out runs in a pool that is closed whatever happens."""
    waiting, failures = list(numbers), list[int]()
    with closing(make_pool()) as pool:
        progress.begin(
            days=len(grid),
            steps_per_day=1,
            done=len(grid) - len(waiting),
            spent=lambda: f"{len(failures)} failed" if failures else "",
            unit=RUN,
        )
        for outcome in outcomes(pool, grid, waiting):
            keep(outcome)
            if outcome.error is not None:
                failures.append(outcome.number)
            progress.advance()
