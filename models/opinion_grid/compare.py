"""Both minds over the same seeds: ``python -m mesa_llm_city.models.opinion_grid.compare``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from mesa_llm_city.models.opinion_grid.model import OpinionGrid

from mesa_llm_city.experiments import sweep

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
        One row per run: mind, seed, and mean and spread of the opinions at its end.
    """
    varied = {**options, "mind": ["rule", "prompt"]}
    rows = sweep(OpinionGrid, varied, seeds, processes=processes)
    return rows[["mind", "seed", "mean", "spread"]].sort_values(["mind", "seed"], ignore_index=True)


if __name__ == "__main__":
    sys.stdout.write(f"{compare().to_string(index=False)}\n")
