"""Rules over communities of several seeds: ``python -m mesa_llm_city.models.community.sweep``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mesa_llm_city.models.community.model import Community

from mesa_llm_city.experiments import sweep as swept
from mesa_llm_city.experiments.csv_text import csv_text
from mesa_llm_city.experiments.folder_argument import folder_argument

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["main", "sweep"]

_COLUMNS = ("hostile_share", "breach_share", "removed", "active", "gone", "banned")


def sweep(
    changes: Sequence[str] = ("respect=off", "respect=none", "respect=remove", "respect=ban"),
    found: Sequence[float] = (0.4, 0.8),
    seeds: Sequence[int] = (1, 2, 3, 4, 5),
    *,
    processes: int = 1,
    **options: object,
) -> pd.DataFrame:
    """Run communities with every rule and every share of breaches found, by ``mesa.batch_run``.

    Parameters
    ----------
    changes : sequence of str
        Rules, as `Community` takes them in `changes`.
    found : sequence of float
        Values of ``social.community.found``.
    seeds : sequence of int
        Seeds, each with one run of everything.
    processes : int, default 1
        Number of processes.
    **options
        Further options of `Community`.

    Returns
    -------
    pandas.DataFrame
        One row per run.
    """
    varied = {"changes": list(changes), "social.community.found": list(found), **options}
    rows = swept(Community, varied, seeds, processes=processes)
    return rows[["changes", "social.community.found", "seed", *_COLUMNS]]


def main(folder: Path) -> None:
    """Run the sweep with its defaults and write ``sweep.csv`` to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = sweep()
    (folder / "sweep.csv").write_text(csv_text(rows), encoding="utf-8")
    mean = rows.groupby(["changes", "social.community.found"])[list(_COLUMNS)].mean()
    sys.stdout.write(f"{mean.round(3).to_string()}\nwritten to {folder / 'sweep.csv'}\n")


if __name__ == "__main__":
    main(folder_argument(__doc__, "runs/community"))
