"""Whether people follow the crowd: many worlds, with counts shown and hidden.

``python -m mesa_llm_city.models.recommender.conformity`` prints the effects.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from mesa_llm_city.models.recommender.model import CROWD, RecommenderModel

from mesa_llm_city.core.streams import rng as stream
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.experiments.diffusion import (
    Interval,
    inequality,
    paired_difference,
    unpredictability,
)

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MEASURES", "SETTING", "compare", "crowd_effects", "main", "worlds"]

MEASURES = ("inequality", "unpredictability", "boosted_ratio")
"""What rises where people follow the crowd."""

SETTING = MappingProxyType(
    {
        "people": 400,
        "days": 30,
        "recommender": "random",
        "publishers": 10,
        "posts_per_publisher": 1,
        "followed_publishers": 2,
        "boosted": 0.2,
    }
)
"""Few posts, so that counts rise, and pages at random, so that only people follow the crowd."""


def worlds(model: RecommenderModel, count: int) -> list[RecommenderModel]:
    """Return futures of a model at their ends: equal people and posts, other chance.

    Salganik, Dodds and Watts (2006), Science 311, 854-856, compare such worlds.

    Parameters
    ----------
    model : RecommenderModel
        A model, usually at its start; it stays as it is.
    count : int
        Number of worlds.
    """
    draws = stream(model.first_seed, 0, "worlds", 0).integers(0, 2**63, size=count)
    futures = [model.copy(seed=int(seed)) for seed in draws]
    for future in futures:
        future.run_to_end()
    return futures


def compare(
    seeds: Sequence[int] = tuple(range(1, 9)),
    *,
    count: int = 4,
    **options: Any,  # noqa: ANN401 - options of the model
) -> pd.DataFrame:
    """Run worlds with counts shown and with counts hidden, the null arm.

    Parameters
    ----------
    seeds : sequence of int
        Seeds of people and posts; both arms have the same ones, and the same chance.
    count : int, default 4
        Number of worlds of each arm and seed.
    **options
        Options of the model beside `SETTING`.

    Returns
    -------
    pandas.DataFrame
        One row per seed and arm: rng, crowd, and `MEASURES`.
    """
    import pandas as pd

    rows = [
        {"rng": seed, "crowd": crowd, **_measured(seed, crowd, count, {**SETTING, **options})}
        for seed in seeds
        for crowd in CROWD
    ]
    return pd.DataFrame(rows)


def crowd_effects(rows: pd.DataFrame) -> dict[str, Interval]:
    """Return by how much each measure is higher where counts are shown, paired by seed.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows of `compare`.
    """
    arms = {crowd: its.set_index("rng").sort_index() for crowd, its in rows.groupby("crowd")}
    return {name: paired_difference(arms["shown"][name], arms["hidden"][name]) for name in MEASURES}


def _measured(seed: int, crowd: str, count: int, options: dict[str, Any]) -> dict[str, float]:
    futures = worlds(RecommenderModel(rng=seed, crowd=crowd, **options), count)
    choices: Float | Int = np.array([one.platform.item_choices() for one in futures])
    return {
        "inequality": inequality(choices),
        "unpredictability": unpredictability(choices),
        "boosted_ratio": float(np.mean([one.boosted_ratio for one in futures])),
    }


def main() -> None:
    """Print what showing the crowd changes, when pages are random and when they are popular."""
    ArgumentParser(description=main.__doc__).parse_args()
    for recommender in ("random", "popularity"):
        rows = compare(recommender=recommender)
        sys.stdout.write(f"pages: {recommender}\n")
        means = rows.groupby("crowd")[list(MEASURES)].mean()
        for name, effect in crowd_effects(rows).items():
            arms = ", ".join(f"{crowd} {means.loc[crowd, name]:.3g}" for crowd in CROWD)
            interval = f"{effect.mean:+.3g} ({effect.low:+.3g} to {effect.high:+.3g})"
            sys.stdout.write(f"  {name:17} {arms}, difference {interval}\n")


if __name__ == "__main__":
    main()
