"""Both minds over the same seeds: ``python -m mesa_llm_city.models.opinion_grid.compare``."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import mesa
from mesa_llm_city.models.opinion_grid.model import OpinionGrid

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["compare"]


def compare(
    seeds: Sequence[int] = (1, 2, 3), *, processes: int = 1, **options: object
) -> pd.DataFrame:
    """Run the rule and the prompt form with the same seeds.

    Parameters
    ----------
    seeds : sequence of int
        One run of each form for each.
    processes : int, default 1
        How many runs at a time.
    **options
        Further options of `OpinionGrid`; they must pickle.

    Returns
    -------
    pandas.DataFrame
        One row per run: mind, rng, and mean and spread of the opinions at its end.
    """
    import pandas as pd

    varied: dict[str, Any] = {**options, "mind": ["rule", "prompt"]}
    common: dict[str, Any] = {"number_processes": processes, "display_progress": False}
    # Mesa 3.5 takes the seeds apart from what else is varied.
    apart = "rng" in inspect.signature(mesa.batch_run).parameters
    (common if apart else varied)["rng"] = list(seeds)
    rows = pd.DataFrame(mesa.batch_run(OpinionGrid, varied, **common))
    told = rows[["mind", "rng", "mean", "spread"]]
    return told.sort_values(["mind", "rng"], ignore_index=True)


if __name__ == "__main__":
    sys.stdout.write(f"{compare().to_string(index=False)}\n")
