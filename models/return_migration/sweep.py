"""Effect of the policies: ``python -m mesa_llm_city.models.return_migration.sweep``."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import mesa
from mesa_llm_city.models.return_migration.model import ReturnMigration
from mesa_llm_city.models.return_migration.pictures import draw_sweep

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.csv_text import csv_text
from mesa_llm_city.experiments.folder_argument import folder_argument

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city.migration.models.base import ProbabilityModel

__all__ = ["main", "sweep"]

_COLUMNS = (
    *("rural_subsidy", "hukou_reform", "rng", "model"),
    *("year", "home_share", "barred_share"),
)
_MOST_YEARS = 10_000


def sweep(
    subsidies: Sequence[float] = (0.0, 4000.0, 8000.0, 12_000.0),
    reforms: Sequence[float] = (0.0, 0.2),
    seeds: Sequence[int] = (1, 2, 3),
    *,
    models: Sequence[str | Path | ProbabilityModel] = (),
    processes: int = 1,
    **options: object,
) -> pd.DataFrame:
    """Run every policy with every seed, by `mesa.batch_run`.

    Parameters
    ----------
    subsidies : sequence of float
        Levels of `rural_subsidy`, in RMB a year.
    reforms : sequence of float
        Levels of `hukou_reform`, shares a year.
    seeds : sequence of int
        Seeds, each with one run of every policy. Runs with equal seeds have the same people,
        places and random numbers, and differ by policy only (common random numbers).
    models : sequence of str, Path or ProbabilityModel, optional
        An ensemble of decisions, such as one model trained with several seeds or on other
        households. Each runs every policy with every seed, so that the range of the runs holds
        the uncertainty of training as well. By default `decision` of the options decides.
    processes : int, default 1
        Number of processes.
    **options
        Further options of `ReturnMigration`, which can be pickled.

    Returns
    -------
    pandas.DataFrame
        One row per run: policies, rng, number of the model, and year, home_share and
        barred_share at its end.

    Raises
    ------
    ConfigError
        If models are no folders, and there are several processes.
    """
    import pandas as pd

    _check(models, processes)
    policies = {"rural_subsidy": list(subsidies), "hukou_reform": list(reforms)}
    # Only shares are kept, so reasons would cost time for nothing.
    varied: dict[str, Any] = {"reasons": False, **options, **policies}
    varied |= {"decision": list(models)} if models else {}
    common: dict[str, Any] = {
        "number_processes": processes,
        "display_progress": False,
        "max_steps": _MOST_YEARS,
    }
    # From Mesa 3.5 on, seeds are an argument of their own.
    is_separate = "rng" in inspect.signature(mesa.batch_run).parameters
    (common if is_separate else varied)["rng"] = list(seeds)
    rows = pd.DataFrame(mesa.batch_run(ReturnMigration, varied, **common))
    order = ["rural_subsidy", "hukou_reform", "rng", "model"]
    rows["model"] = 0 if not models else [_number(models, one) for one in rows["decision"]]
    runs = rows.drop_duplicates(["RunId"])[list(_COLUMNS)]
    return runs.sort_values(order, ignore_index=True)


def _number(models: Sequence[object], one: object) -> int:
    """Return the position of a model among those given."""
    same = (number for number, other in enumerate(models) if other is one or other == one)
    return next(same)


def _check(models: Sequence[object], processes: int) -> None:
    # What comes back from another process is a copy, which cannot be told from others.
    if processes > 1 and not all(isinstance(one, str | Path) for one in models):
        message = "with several processes, models must be folders of saved models"
        raise ConfigError(message)


def main(folder: Path) -> None:
    """Run the sweep with its defaults and write ``sweep.csv`` and ``sweep.png`` to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = sweep()
    (folder / "sweep.csv").write_text(csv_text(rows), encoding="utf-8")
    draw_sweep(rows, folder / "sweep.png")
    mean = rows.groupby(["rural_subsidy", "hukou_reform"])[["home_share", "barred_share"]].mean()
    sys.stdout.write(f"{mean.round(3).to_string()}\nwritten to {folder / 'sweep.png'}\n")


if __name__ == "__main__":
    main(folder_argument(__doc__, "runs/return_migration"))
