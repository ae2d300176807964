"""Effect of the policies: ``python -m mesa_llm_city.models.city_and_village.sweep``."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import mesa
from mesa_llm_city.models.city_and_village.model import CityAndVillage
from mesa_llm_city.models.return_migration.pictures import draw_sweep

from mesa_llm_city.experiments.csv_text import csv_text
from mesa_llm_city.experiments.folder_argument import folder_argument

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city.migration.models.base import ProbabilityModel

__all__ = ["main", "sweep"]

_COLUMNS = (
    *("rural_subsidy", "hukou_reform", "rng", "model"),
    *("year", "home_share", "in_city", "barred_share"),
)
_MOST_STEPS = 10_000_000
_LEAN = ("social", "memory")


def sweep(
    subsidies: Sequence[float] = (0.0, 4000.0, 8000.0, 12_000.0),
    reforms: Sequence[float] = (0.0, 0.2),
    seeds: Sequence[int] = (1, 2, 3),
    *,
    models: Sequence[str | Path | ProbabilityModel] = ("rule",),
    processes: int = 1,
    **options: object,
) -> pd.DataFrame:
    """Run every policy with every seed and every decision, by `mesa.batch_run`.

    Parameters
    ----------
    subsidies : sequence of float
        Levels of `rural_subsidy`, in RMB a year.
    reforms : sequence of float
        Levels of `hukou_reform`, shares a year.
    seeds : sequence of int
        Seeds. Runs with equal seeds have the same city, people, villages and random numbers, and
        differ by policy and decision only (common random numbers).
    models : sequence of str, Path or ProbabilityModel, default ("rule",)
        Decisions: ``"rule"``, folders of trained models, or models.
    processes : int, default 1
        Number of processes; with several, models must be folders or ``"rule"``.
    **options
        Further options of `CityAndVillage`; by default one day a year is lived, without what
        does not bear on who moves (see the README).

    Returns
    -------
    pandas.DataFrame
        One row per run: policies, rng, number of the model, and year, home_share, in_city and
        barred_share at its end.
    """
    import pandas as pd

    policies = {"rural_subsidy": list(subsidies), "hukou_reform": list(reforms)}
    lean = {"days_per_year": 1, "without": [_LEAN], "reasons": False}
    varied: dict[str, Any] = {**lean, **options, **policies, "decision": list(models)}
    common: dict[str, Any] = {
        "number_processes": processes,
        "display_progress": False,
        "max_steps": _MOST_STEPS,
    }
    # From Mesa 3.5 on, seeds are an argument of their own.
    is_separate = "rng" in inspect.signature(mesa.batch_run).parameters
    (common if is_separate else varied)["rng"] = list(seeds)
    rows = pd.DataFrame(mesa.batch_run(CityAndVillage, varied, **common))
    names = [str(one) for one in models]
    rows["model"] = [names.index(str(one)) for one in rows["decision"]]
    order = ["rural_subsidy", "hukou_reform", "rng", "model"]
    runs = rows.drop_duplicates(["RunId"])[list(_COLUMNS)]
    return runs.sort_values(order, ignore_index=True)


def main(folder: Path) -> None:
    """Run the sweep with its defaults and write ``sweep.csv`` and ``sweep.png`` to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = sweep()
    (folder / "sweep.csv").write_text(csv_text(rows), encoding="utf-8")
    draw_sweep(rows, folder / "sweep.png")
    mean = rows.groupby(["rural_subsidy", "hukou_reform"])[["home_share", "barred_share"]].mean()
    sys.stdout.write(f"{mean.round(3).to_string()}\nwritten to {folder / 'sweep.png'}\n")


if __name__ == "__main__":
    main(folder_argument(__doc__, "runs/city_and_village"))
