"""Effect of corrections by hour: ``python -m mesa_llm_city.models.rumour.sweep [FOLDER]``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from mesa_llm_city.models.rumour.items import RUMOUR
from mesa_llm_city.models.rumour.model import CORRECTED_TO, Rumour

from mesa_llm_city.core.clock import HOUR_MIN
from mesa_llm_city.experiments import sweep as parameter_sweep
from mesa_llm_city.experiments.csv_text import csv_text
from mesa_llm_city.experiments.diffusion import paired_difference
from mesa_llm_city.experiments.folder_argument import folder_argument

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["HOURS", "MEASURED", "effects", "main", "sweep"]

HOURS = (1, 3, 6, 12, 24, 48, 96)
"""Hours from the rumour to its correction."""

MEASURED = ("aware", "shared", "misbelief")
"""What is reported: share of people who know the rumour, number of forwards, replies and posts,
and mean belief of all people, at the end of the run."""

_NEVER = -1
_SEEDS = tuple(range(1, 21))


def sweep(
    hours: Sequence[int] = HOURS,
    seeds: Sequence[int] = _SEEDS,
    *,
    to: Sequence[str] = CORRECTED_TO,
    processes: int = 1,
    **options: object,
) -> pd.DataFrame:
    """Run the model without a correction, and with one at each hour, by ``mesa.batch_run``.

    Parameters
    ----------
    hours : sequence of int
        Hours from the first post of the rumour to its correction.
    seeds : sequence of int
        Seeds. Runs with equal seeds have the same graph, people and random numbers.
    to : sequence of str
        Whom the correction reaches.
    processes : int, default 1
        Number of processes.
    **options
        Further options of `Rumour`.

    Returns
    -------
    pandas.DataFrame
        A row per run: ``hour`` (-1 without a correction), ``to``, ``seed``, and `MEASURED`.
    """
    minutes = [RUMOUR.minute + HOUR_MIN * hour for hour in hours]
    # A correction after the end of the run is none.
    never = 10_000 * HOUR_MIN
    given = {**options, "correction_at": [never, *minutes], "correction_to": list(to)}
    rows = parameter_sweep(Rumour, given, seeds, processes=processes)
    hour = (rows["correction_at"].astype(int) - RUMOUR.minute) // HOUR_MIN
    rows["hour"] = np.where(rows["correction_at"].astype(int) == never, _NEVER, hour)
    named = rows.rename(columns={"correction_to": "to"})
    return named.sort_values(["to", "hour", "seed"], ignore_index=True)[
        ["to", "hour", "seed", *MEASURED]
    ]


def effects(runs: pd.DataFrame) -> pd.DataFrame:
    """Return what corrections change, against the run of the same seed without any.

    Parameters
    ----------
    runs : pandas.DataFrame
        As `sweep` returns them.

    Returns
    -------
    pandas.DataFrame
        A row for each measure, ``to`` and hour: ``mean`` of the differences as a share of the mean
        without a correction, with the ends ``low`` and ``high`` of its 95 % interval over seeds.
    """
    import pandas as pd

    found = []
    for to, some in runs.groupby("to"):
        without = some[some["hour"] == _NEVER]
        for hour in sorted(set(some["hour"]) - {_NEVER}):
            arm = some[some["hour"] == hour]
            for name in MEASURED:
                base = float(without[name].mean())
                change = paired_difference(arm[name], without[name])
                scaled = (one / base if base else np.nan for one in change[:3])
                found.append((name, to, hour, *scaled, change.seeds))
    columns = ["measure", "to", "hour", "mean", "low", "high", "seeds"]
    return pd.DataFrame(found, columns=columns)


def main(folder: Path) -> None:
    """Run the sweep with its defaults, and write runs, effects and the figure to `folder`."""
    from mesa_llm_city.models.rumour.pictures import draw_story

    folder.mkdir(parents=True, exist_ok=True)
    runs = sweep()
    changed = effects(runs)
    for name, table in {"runs": runs, "effects": changed}.items():
        (folder / f"{name}.csv").write_text(csv_text(table), encoding="utf-8")
    draw_story(changed, folder / "rumour.png")
    sys.stdout.write(f"{changed.round(3).to_string()}\nwritten to {folder}\n")


if __name__ == "__main__":
    main(folder_argument(__doc__, "runs/rumour"))
