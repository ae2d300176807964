"""What recommenders show people: ``python -m mesa_llm_city.models.recommender.sweep FOLDER``."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from mesa_llm_city.models.recommender.model import RecommenderModel

from mesa_llm_city.experiments.csv_text import csv_text
from mesa_llm_city.experiments.diffusion import Interval, paired_difference
from mesa_llm_city.experiments.folder_argument import folder_argument
from mesa_llm_city.experiments.parameter_sweep import sweep as any_sweep
from mesa_llm_city.social.media.recommenders import RECOMMENDERS

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ARMS", "against_random", "histories", "main", "sweep"]

_SEEDS = tuple(range(1, 11))

ARMS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        **{name: {"recommender": name} for name in RECOMMENDERS},
        "similarity, 1 of 5 random": {"recommender": "similarity", "random_slots": 1},
        "similarity, 3 of 5 random": {"recommender": "similarity", "random_slots": 3},
    }
)
"""Options of the arms of the picture, by their names."""


def sweep(
    recommenders: Sequence[str] = tuple(RECOMMENDERS),
    random_slots: Sequence[int] = (0,),
    seeds: Sequence[int] = _SEEDS,
    *,
    processes: int = 1,
    **options: Any,  # noqa: ANN401 - options of the model
) -> pd.DataFrame:
    """Run every recommender with every seed, by `mesa.batch_run`.

    Parameters
    ----------
    recommenders : sequence of str
        Names of recommenders.
    random_slots : sequence of int
        Numbers of posts of a page that are drawn at random.
    seeds : sequence of int
        Seeds; equal seeds have the same people, posts and random numbers.
    processes : int, default 1
        Number of processes.
    **options
        Further options of the model.

    Returns
    -------
    pandas.DataFrame
        One row per run with what was reported at its end.
    """
    arms = {"recommender": list(recommenders), "random_slots": list(random_slots)}
    return any_sweep(RecommenderModel, {**options, **arms}, seeds, processes=processes)


def against_random(
    rows: pd.DataFrame, measure: str, *, of: str = "recommender"
) -> dict[str, Interval]:
    """Return by how much a measure is higher than with random pages, paired by seed.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows of `sweep` with one number of random slots, and the recommender "random" among them.
    measure : str
        Column, such as ``"echo"``.
    of : str, default "recommender"
        Column that says which arm it is.
    """
    arms = {
        str(name): its.set_index("seed").sort_index()[measure] for name, its in rows.groupby(of)
    }
    control = arms.pop("random")
    return {name: paired_difference(its, control) for name, its in arms.items()}


def histories(
    arms: Mapping[str, Mapping[str, Any]],
    seeds: Sequence[int] = _SEEDS,
    **options: Any,  # noqa: ANN401 - options of the model
) -> pd.DataFrame:
    """Return what is reported every day, for each arm and seed.

    Parameters
    ----------
    arms : mapping of str to mapping
        Options of the model by name of the arm.
    seeds : sequence of int
        Seeds; runs of equal seeds have the same people and posts.
    **options
        Options of all arms.

    Returns
    -------
    pandas.DataFrame
        One row per arm, seed and day: arm, rng, day, and what the model reports.
    """
    import pandas as pd

    runs = []
    for arm, own in arms.items():
        for seed in seeds:
            model = RecommenderModel(rng=seed, **{**options, **own})
            model.run_to_end()
            history = model.history()
            runs.append(history.assign(arm=arm, rng=seed, day=range(len(history))))
    rows: pd.DataFrame = pd.concat(runs, ignore_index=True)
    return rows


def main(folder: Path) -> None:
    """Run all arms with 10 seeds; write tables and ``recommender.png``, and print the effects."""
    # Only here, since pictures read what this file gives.
    from mesa_llm_city.models.recommender.conformity import compare
    from mesa_llm_city.models.recommender.pictures import draw_story

    folder.mkdir(parents=True, exist_ok=True)
    days, crowd = histories(ARMS), compare()
    for name, rows in (("days", days), ("crowd", crowd)):
        (folder / f"{name}.csv").write_text(csv_text(rows), encoding="utf-8")
    draw_story(days, crowd, folder / "recommender.png")
    ends = days[days["day"] == days["day"].max()].rename(columns={"rng": "seed"})
    measures = ["entropy", "below_peak", "echo", "satisfaction", "watched"]
    sys.stdout.write(f"{ends.groupby('arm', sort=False)[measures].mean().round(3).to_string()}\n")
    for measure in ("echo", "entropy"):
        for name, effect in against_random(ends, measure, of="arm").items():
            sys.stdout.write(f"{measure}, {name} against random: {effect}\n")


if __name__ == "__main__":
    main(folder_argument(__doc__, "runs/recommender"))
