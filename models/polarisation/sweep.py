"""In which settings the signs hold: ``python -m mesa_llm_city.models.polarisation.sweep``."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mesa_llm_city.models.polarisation.model import Polarisation
from mesa_llm_city.models.polarisation.signs import sign_table
from mesa_llm_city.models.polarisation.talk import ARMS, TALKS
from mesa_llm_city.models.polarisation.ties import GRAPHS

from mesa_llm_city.experiments import sweep as parameter_sweep
from mesa_llm_city.experiments.csv_text import csv_text
from mesa_llm_city.experiments.folder_argument import folder_argument
from mesa_llm_city.social.stance_rules import STANCE_RULES

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["RANGES", "RULE", "main", "ranges", "rules", "sweep"]

RULE = "social.stance.rule"
"""The parameter that names the rule."""

RANGES: Mapping[str, tuple[float, ...]] = {
    "social.stance.soft.rate": (0.0, 0.01, 0.03, 0.06, 0.12, 0.25, 0.5),
    "social.stance.soft.scale": (0.25, 0.5, 1.0, 2.0, 4.0, 8.0),
    "social.stance.soft.reinforcement": (0.0, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32),
    "social.stance.noise": (0.0, 0.02, 0.05, 0.1, 0.2, 0.4),
    "social.stance.certainty": (0.0, 0.25, 0.5, 0.75, 1.0),
    "start": (0.1, 0.2, 0.4, 0.6, 0.8),
    "persuader": (0.0, 0.2, 0.4, 0.6, 0.9, 1.0),
    "ties": (2, 4, 6, 12, 24),
    "days": (1, 2, 3, 6, 12),
    "people": (20, 50, 100, 300),
}
"""Values that are tried one at a time, with all others at their defaults."""

_MEASURED = ("more", "less", "opposed", "unchanged", "extremity", "variance", "esteban_ray")
_SEEDS = tuple(range(1, 21))


def sweep(
    varied: Mapping[str, Any], seeds: Sequence[int] = _SEEDS, *, processes: int = 1
) -> pd.DataFrame:
    """Run all arms in some settings with every seed, by ``mesa.batch_run``.

    Parameters
    ----------
    varied : mapping of str to object
        Options of `Polarisation` and parameters by dotted name: a value, or a sequence of them.
    seeds : sequence of int
        Seeds. Runs with equal seeds have the same people, sides and graph.
    processes : int, default 1
        Number of processes.

    Returns
    -------
    pandas.DataFrame
        One row per run: what is varied, ``arm``, ``seed``, and the measures at the end.
    """
    given = {**varied, "arm": list(ARMS)}
    rows = parameter_sweep(Polarisation, given, seeds, processes=processes)
    ordered = rows.sort_values([*given, "seed"], ignore_index=True, kind="stable")
    return ordered[[*given, "seed", *_MEASURED]]


def rules(seeds: Sequence[int] = _SEEDS, *, processes: int = 1) -> pd.DataFrame:
    """Run every rule with every graph, both ways of talking, and the topic also flipped."""
    varied = {
        RULE: list(STANCE_RULES),
        "graph": list(GRAPHS),
        "talk": list(TALKS),
        "flipped": [False, True],
    }
    return sweep(varied, seeds, processes=processes)


def ranges(seeds: Sequence[int] = _SEEDS, *, processes: int = 1) -> pd.DataFrame:
    """Vary one number after the other, for both ways of talking.

    Returns
    -------
    pandas.DataFrame
        As `sweep`, with ``name`` and ``value`` for what is varied.
    """
    import pandas as pd

    parts = [
        sweep({name: list(values), "talk": list(TALKS)}, seeds, processes=processes)
        .rename(columns={name: "value"})
        .assign(name=name)
        for name, values in RANGES.items()
    ]
    return pd.concat(parts, ignore_index=True)


def main(folder: Path) -> None:
    """Run both sweeps, and write runs, tables of signs and the figure to `folder`."""
    from mesa_llm_city.models.polarisation.pictures import draw_signs

    folder.mkdir(parents=True, exist_ok=True)
    by_rule, by_range = rules(), ranges()
    tables = {
        "rules": by_rule,
        "ranges": by_range,
        "rules_signs": sign_table(by_rule, [RULE, "graph", "talk", "flipped"]),
        "ranges_signs": sign_table(by_range, ["name", "value", "talk"]),
    }
    for name, table in tables.items():
        (folder / f"{name}.csv").write_text(csv_text(table), encoding="utf-8")
    draw_signs(by_rule, tables["ranges_signs"], folder / "polarisation.png")
    held = tables["rules_signs"].pivot_table("holds", [RULE, "talk"], "sign", sort=False)
    sys.stdout.write(f"{held.round(2).to_string()}\nwritten to {folder}\n")


if __name__ == "__main__":
    main(folder_argument(__doc__, "runs/polarisation"))
