"""Many runs over values of parameters and seeds, here, in processes, or on a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import mesa

from mesa_llm_city.experiments.progress import Progress, progress_on
from mesa_llm_city.experiments.sweeping.batch import batch_rows, tidy_row
from mesa_llm_city.experiments.sweeping.budgets import check_budgets
from mesa_llm_city.experiments.sweeping.checks import (
    check_dotted,
    check_names,
    several_values,
    sorted_seeds,
)
from mesa_llm_city.experiments.sweeping.grid import Grid
from mesa_llm_city.experiments.sweeping.living import lived, lived_into
from mesa_llm_city.experiments.sweeping.pools.base import Pool
from mesa_llm_city.experiments.sweeping.pools.choosing import (
    EngineName,
    check_engine,
    pool_of,
    usable_cores,
)

if TYPE_CHECKING:
    import pandas as pd
    from distributed import Client

__all__ = ["sweep"]

_LAST_ONLY = -1
_YEAR_OF_STEPS = 366 * 24 * 12


def sweep(
    model: type[mesa.Model],
    parameters: Mapping[str, object],
    seeds: Iterable[int],
    *,
    processes: int = 1,
    engine: EngineName | None = None,
    workers: int | None = None,
    address: str | None = None,
    client: Client | None = None,
    prepare: Mapping[str, Callable[..., object]] | None = None,
    out: str | Path | None = None,
    max_steps: int = _YEAR_OF_STEPS,
    period: int = _LAST_ONLY,
    progress: bool | Progress = False,
) -> pd.DataFrame:
    """Run a model with every combination of values and every seed.

    Runs of one seed have their random numbers in common, so that they differ by parameters
    alone. In a script with several processes, call it below ``if __name__ == "__main__":``.

    Without `engine`, `out` and the like, this is ``mesa.batch_run``, and the error of a run ends
    the sweep. With them, the rows are the same whatever the engine, and those of ``batch_run``;
    a run that fails is a row with its ``error``, and nothing for what the model reports.

    Parameters
    ----------
    model : type
        A Mesa model that stops by itself, with a data collector; `TownDay` for example.
    parameters : mapping of str to object
        Arguments of the model by name, and parameters of the city by dotted name, if the
        model takes them. A list is a list of values to try; text and mappings are one value.
    seeds : iterable of int
        Seeds, all different; each combination is run once with each.
    processes : int, default 1
        Number of runs at a time. The rows are the same for any number.
    engine : {"serial", "processes", "dask", "ray"}, optional
        This process; processes of this machine (extra ``sweep``); workers of Dask or of Ray
        (extras ``dask`` and ``ray``), on this machine or on a cluster.
    workers : int, optional
        Number of processes on this machine; by default `processes` if that is more than 1, else
        one for each core that this process may use.
    address : str, optional
        Address of a Dask scheduler or of a Ray cluster to use instead of this machine.
    client : distributed.Client, optional
        A client of a Dask scheduler to use instead of this machine. It is left open.
    prepare : mapping of str to callable, optional
        Functions that make arguments of the model, such as a city and its people. Each worker
        calls them once and gives the same object to all of its runs. They take other prepared
        objects, arguments of the sweep and ``seed`` by name; a function is called again where
        those differ. Models must leave what they are given as it is.
    out : str or Path, optional
        A folder, in which each run leaves a line as soon as it has ended. The same sweep with the
        same folder goes on after an interruption or a kill, and repeats runs that had failed.
        When all is done, it holds ``rows.csv`` too. What models report is kept as numbers, texts
        and lists; other objects as text.
    max_steps : int, default 105408
        Steps after which a model is stopped that does not stop by itself; a year of steps of
        5 minutes.
    period : int, default -1
        Steps from one row of a run to its next; -1 for the last step only. Mesa 3.3 may report
        the last step twice, and the model before its first step.
    progress : bool or Progress, default False
        Whether to show runs, failures and time left on standard error.

    Returns
    -------
    pandas.DataFrame
        One row per run (per agent and run, with agent reporters): ``seed``, the parameters,
        and what the data collector reported last. With a `period`, a row for each such step.
        With an engine or a folder, ``error`` as well: missing, or type and message.

    Raises
    ------
    ConfigError
        If a name is no argument of the model, a list is empty or a seed is given twice; if the
        library of the engine is missing, a scheduler does not answer, a value cannot be sent to
        workers, or `out` holds something else or another sweep. If the budget of a language model
        would be spent by each worker anew.
    ParameterError
        Lists every value of a parameter by dotted name that cannot be used.

    Notes
    -----
    Mesa 3.5 takes seeds apart from the parameters, and replaces an ``rng`` among them by None
    without a word; Mesa 3.3 takes them among the parameters only. This function does the right
    thing on both.

    A worker that dies takes its runs with it. They are repeated at the end, each alone, and one
    whose worker dies again is a failed run. So a run that needs too much memory costs itself only.

    Examples
    --------
    >>> from mesa_llm_city.models.town_day.model import TownDay
    >>> rows = sweep(TownDay, {"citizens": 5, "places": 300, "train_fare": [1, 2]}, seeds=[7])
    >>> rows[["seed", "train_fare", "minute"]].astype(int).values.tolist()
    [[7, 1, 1440], [7, 2, 1440]]
    """
    prepared = dict(prepare or {})
    values = {name: several_values(one) for name, one in parameters.items()}
    check_engine(engine, workers, address, client)
    grid = Grid(
        model=model,
        values=values,
        seeds=sorted_seeds(seeds),
        max_steps=max_steps,
        period=period,
        prepare=prepared,
    )
    check_names(model, values, prepared)
    check_dotted(values)
    if engine is None and workers is None and out is None and not prepared:
        return _by_batch_run(grid, processes, progress=progress is not False)
    at_a_time = workers or (processes if processes > 1 else None)
    name: EngineName = engine or ("serial" if at_a_time in {None, 1} else "processes")
    if name != "serial":
        check_budgets(values)

    def make_pool() -> Pool:
        count = at_a_time or usable_cores()
        return pool_of(name, grid, count, address=address, client=client)

    with progress if isinstance(progress, Progress) else progress_on(quiet=not progress) as shown:
        if out is None:
            return lived(make_pool, grid, shown)
        return lived_into(Path(out), make_pool, grid, shown)


def _by_batch_run(grid: Grid, processes: int, *, progress: bool) -> pd.DataFrame:
    import pandas as pd

    rows = batch_rows(
        grid.model,
        grid.values,
        grid.seeds,
        max_steps=grid.max_steps,
        period=grid.period,
        processes=processes,
        progress=progress,
    )
    frame = pd.DataFrame([tidy_row(row, grid.values) for row in rows])
    return frame.sort_values(["RunId"], kind="stable", ignore_index=True).drop(columns="RunId")
