"""Storm and control over seeds: ``python -m mesa_llm_city.models.hurricane.sweep FOLDER``."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from mesa_llm_city.models.hurricane.daily import changes, mean_changes
from mesa_llm_city.models.hurricane.model import DAYS, Hurricane
from mesa_llm_city.models.hurricane.periods import PEAK_MIN
from mesa_llm_city.models.hurricane.pictures import draw_days

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.errors import CityError
from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments import sweep as parameter_sweep
from mesa_llm_city.experiments.csv_text import csv_text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ARMS", "arm_changes", "left_shares", "main", "sweep", "visits_of"]

_BY = ["order", "holiday", "storm", "rng"]
_MOST_STEPS = 10_000_000

ARMS = {
    "storm": (True, False),
    "storm on a holiday": (True, True),
    "holiday, no storm": (False, True),
    "neither": (False, False),
}
"""Arms of the picture: whether there is a storm, and a holiday."""


def sweep(
    seeds: Sequence[int] = (1, 2, 3),
    *,
    orders: Sequence[str] = ("mandatory",),
    holidays: Sequence[bool] = (False, True),
    citizens: int = 60,
    processes: int = 1,
    **options: object,
) -> pd.DataFrame:
    """Run storm and control with every seed, order and holiday, by `mesa.batch_run`.

    Parameters
    ----------
    seeds : sequence of int
        Seeds. Runs of equal seeds have the same people and random numbers.
    orders : sequence of str
        Levels of the order to leave.
    holidays : sequence of bool
        Whether the third day of the storm is a public holiday.
    citizens : int, default 60
        Number of people.
    processes : int, default 1
        Number of processes.
    **options
        Further options of `Hurricane`.

    Returns
    -------
    pandas.DataFrame
        One row per run and day: order, holiday, storm, rng, ``day``; ``visits`` and ``trips`` that
        ended on it; ``left``, the share of people at risk who are at a refuge at its end.
    """
    varied: dict[str, Any] = {
        **options,
        "citizens": citizens,
        "storm": [False, True],
        "order": list(orders),
        "holiday": list(holidays),
    }
    rows = parameter_sweep(
        Hurricane, varied, seeds, processes=processes, max_steps=_MOST_STEPS, period=1
    ).rename(columns={"seed": "rng"})
    return _by_day(rows.drop_duplicates([*_BY, "minute"]))


def _by_day(rows: pd.DataFrame) -> pd.DataFrame:
    """Return what was added on each day, from sums at midnights."""
    found = rows[rows["minute"] % DAY_MIN == 0].sort_values([*_BY, "minute"])
    found = found[found["minute"] > 0].assign(day=found["minute"] // DAY_MIN - 1)
    for name in ("visits", "trips"):
        sums = found.groupby(_BY, sort=False)[f"{name}_so_far"]
        found[name] = sums.diff().fillna(found[f"{name}_so_far"]).astype("int64")
    return found[[*_BY, "day", "visits", "trips", "left"]].reset_index(drop=True)


def visits_of(rows: pd.DataFrame, *, storm: bool, holiday: bool, order: str = "mandatory") -> Float:
    """Return the visits of an arm, shape (seeds, days)."""
    mine = rows[(rows["storm"] == storm) & (rows["holiday"] == holiday) & (rows["order"] == order)]
    table = mine.pivot_table(index="rng", columns="day", values="visits")
    return np.asarray(table.to_numpy(dtype=np.float64))


def arm_changes(rows: pd.DataFrame, order: str = "mandatory") -> pd.DataFrame:
    """Return what each baseline says of each arm that was run.

    Parameters
    ----------
    rows : pandas.DataFrame
        From `sweep`.
    order : str, default "mandatory"
        Level of the order to leave.

    Returns
    -------
    pandas.DataFrame
        ``arm``, ``baseline``; ``mean`` change of visits during the storm's days, with ``low`` and
        ``high``. The control of an arm with a holiday has that holiday too.
    """
    import pandas as pd

    there = set(rows["holiday"])
    found = []
    for arm, (storm, holiday) in ARMS.items():
        if holiday not in there:
            continue
        seen = visits_of(rows, storm=storm, holiday=holiday, order=order)
        free = visits_of(rows, storm=False, holiday=holiday, order=order)
        said = mean_changes([changes(*pair) for pair in zip(seen, free, strict=True)])
        found.append(said.reset_index().assign(arm=arm))
    changed: pd.DataFrame = pd.concat(found, ignore_index=True)
    return changed[["arm", "baseline", "mean", "low", "high"]]


def left_shares(rows: pd.DataFrame) -> pd.Series[float]:
    """Return the share of people at risk at a refuge at the midnight before the peak, by order."""
    night = rows[(rows["day"] == PEAK_MIN // DAY_MIN - 1) & rows["storm"]]
    share: pd.Series[float] = night.groupby("order", sort=False)["left"].mean()
    return share


def main() -> int:
    """Run the sweep into the folder that the command line names, with tables and the figure."""
    parser = ArgumentParser(description="A hurricane beside its baselines, over seeds.")
    parser.add_argument("folder", type=Path, nargs="?", default=Path("runs/hurricane"))
    parser.add_argument("--seeds", type=int, default=3, help="number of seeds")
    parser.add_argument("--citizens", type=int, default=60, help="number of people")
    parser.add_argument("--processes", type=int, default=1, help="runs at a time")
    given = parser.parse_args()
    try:
        rows = sweep(range(1, given.seeds + 1), citizens=given.citizens, processes=given.processes)
    except CityError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    given.folder.mkdir(parents=True, exist_ok=True)
    (given.folder / "days.csv").write_text(csv_text(rows), encoding="utf-8")
    changed = arm_changes(rows)
    (given.folder / "changes.csv").write_text(csv_text(changed), encoding="utf-8")
    draw_days(rows, changed, given.folder / "hurricane.png")
    left = left_shares(rows)["mandatory"]
    sys.stdout.write(
        f"{DAYS} days of {given.citizens} people, {given.seeds} seeds\n"
        f"{changed.round(2).to_string(index=False)}\n"
        f"{left:.0%} of the people at risk had left before the peak\n"
        f"picture: {given.folder / 'hurricane.png'}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
