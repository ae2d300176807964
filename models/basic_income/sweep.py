"""Arms and seeds side by side: ``python -m mesa_llm_city.models.basic_income.sweep``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mesa_llm_city.models.basic_income.model import BasicIncome
from mesa_llm_city.models.basic_income.pictures import towns_figure
from mesa_llm_city.models.basic_income.trial import PUBLISHED, compared, effects_by_year

from mesa_llm_city.experiments import sweep as parameter_sweep
from mesa_llm_city.experiments.csv_text import csv_text
from mesa_llm_city.experiments.folder_argument import folder_argument

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["main", "sweep", "trial_sweep"]

_COLUMNS = ("arm", "rng", "month", "spending", "units", "hours", "working", "savings", "price")


def sweep(
    arms: Sequence[str] = ("none", "funded", "issued"),
    seeds: Sequence[int] = (1, 2, 3),
    *,
    processes: int = 1,
    **options: object,
) -> pd.DataFrame:
    """Run every arm with every seed, by `mesa.batch_run`; runs of a seed have the same people.

    Parameters
    ----------
    arms : sequence of str
        Some of `model.ARMS`.
    seeds : sequence of int
        Seeds; runs of equal seeds have the same people.
    processes : int, default 1
        Number of processes.
    **options
        Further options of `BasicIncome`, parameters by dotted name among them.

    Returns
    -------
    pandas.DataFrame
        One row a run and month.
    """
    varied = {**options, "arm": list(arms)}
    rows = parameter_sweep(BasicIncome, varied, seeds, processes=processes, period=1)
    # Mesa may report the model before its first step.
    rows = rows[rows["month"] > 0].rename(columns={"seed": "rng"})
    return rows[list(_COLUMNS)].sort_values(["arm", "rng", "month"], ignore_index=True)


def trial_sweep(seeds: Sequence[int] = (1, 2, 3, 4, 5), **options: Any) -> pd.DataFrame:  # noqa: ANN401 - of any option
    """Return effects of the trial with several seeds: seed, outcome, found, low, high, year.

    Effects over all years have the year 0; those on depressive symptoms are given by year.
    """
    import pandas as pd

    parts = []
    for seed in seeds:
        model = BasicIncome(rng=seed, **options)
        model.run_to_end()
        table = compared(model)[["outcome", "found", "low", "high"]].assign(year=0)
        years = effects_by_year(model, "ces_d").rename(columns={"value": "found"})
        parts += [table.assign(rng=seed), years.assign(outcome="ces_d", rng=seed)]
    columns = ["rng", "outcome", "year", "found", "low", "high"]
    together: pd.DataFrame = pd.concat(parts, ignore_index=True)[columns]
    return together


def main(folder: Path) -> None:
    """Run both sweeps, and write tables and the picture of the town into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    towns, trials = sweep(), trial_sweep()
    (folder / "towns.csv").write_text(csv_text(towns), encoding="utf-8")
    (folder / "trials.csv").write_text(csv_text(trials), encoding="utf-8")
    towns_figure(towns).savefig(folder / "towns.png", dpi=100)
    found = trials.groupby(["outcome", "year"])["found"].agg(["mean", "min", "max"]).round(2)
    published = ", ".join(f"{name} {one.words} {one.unit}" for name, one in PUBLISHED.items())
    sys.stdout.write(
        f"{found.to_string()}\nyear 0: all years of the transfer together\n"
        f"published: {published}\nwritten to {folder}\n"
    )


if __name__ == "__main__":
    main(folder_argument(__doc__, "runs/basic_income"))
