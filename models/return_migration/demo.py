"""Train a model and simulate with it: ``python -m mesa_llm_city.models.return_migration.demo``."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from mesa_llm_city.models.return_migration.model import ReturnMigration
from mesa_llm_city.models.return_migration.pictures import draw_country, draw_sweep
from mesa_llm_city.models.return_migration.sweep import sweep

from mesa_llm_city.core.errors import CityError
from mesa_llm_city.experiments.csv_text import csv_text
from mesa_llm_city.migration.effects.blanks import blank_dependence
from mesa_llm_city.migration.evaluation.evaluation import evaluate
from mesa_llm_city.migration.models.libraries import require
from mesa_llm_city.migration.models.loading import TWIN
from mesa_llm_city.migration.models.tabular import TabularModel
from mesa_llm_city.migration.survey.splitting import split
from mesa_llm_city.migration.survey.synthetic import synthetic_survey

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["POLICIES", "compare", "demo", "main", "trained"]

POLICIES: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "no policy": {},
        "subsidy of 8000 RMB": {"rural_subsidy": 8000.0},
        "hukou reform, 20% a year": {"hukou_reform": 0.2},
        "both": {"rural_subsidy": 8000.0, "hukou_reform": 0.2},
    }
)
"""Policies that are compared, as options of the model."""

_SEED = 7
_FOLDER = Path("runs/return_migration")


def trained(folder: Path, *, rows: int = 4000, seed: int = _SEED) -> str:
    """Train the tabular model and its twin on invented rows, save both, and evaluate the twin.

    The twin does not see which values are missing, and decides in the simulation.

    Parameters
    ----------
    folder : Path
        Folder of the model.
    rows : int, default 4000
        Number of rows; households are kept together when they are split.
    seed : int, default 7
        Seed of rows and training. The people of the simulation are other ones.

    Returns
    -------
    str
        Metrics of the twin on test rows, and how much the model hangs on missing values.

    Raises
    ------
    ConfigError
        If scikit-learn is not installed.
    """
    require("sklearn")
    parts = split(synthetic_survey(rows, seed=seed), by="grouped", seed=seed)
    model = TabularModel(seed=seed).fit(parts.train, parts.val)
    twin = TabularModel(missing="impute", seed=seed).fit(parts.train, parts.val)
    model.save(folder)
    twin.save(folder / TWIN)
    measured = evaluate(twin, parts.test, protocol="grouped", seed=seed)
    return f"{measured}\n{blank_dependence(model, parts.test, twin=twin)}"


def compare(
    folder: Path, *, persons: int = 600, years: int = 15, seed: int = _SEED
) -> pd.DataFrame:
    """Run every policy by rule and by the model in `folder`, with common random numbers.

    Returns
    -------
    pandas.DataFrame
        One row per run: decision, policy, shares at home at start and end, moves, and the
        share of persons in cities without its hukou.
    """
    import pandas as pd

    rows = []
    for name, decision in (("rule", "rule"), ("tabular", folder)):
        for policy, options in POLICIES.items():
            model = ReturnMigration(
                decision, persons=persons, years=years, rng=seed, reasons=False, **options
            )
            rows.append({"decision": name, "policy": policy, **_outcome(model)})
    return pd.DataFrame(rows)


def demo(folder: Path = _FOLDER, *, persons: int = 600, years: int = 15) -> str:
    """Train, simulate, compare and draw; return a report.

    Parameters
    ----------
    folder : Path
        Folder of the model, the tables and the pictures.
    persons, years : int
        Number of persons and years.
    """
    saved = folder / "model"
    measures = trained(saved)
    table = compare(saved, persons=persons, years=years)
    (folder / "policies.csv").write_text(csv_text(table), encoding="utf-8")
    model = ReturnMigration(saved, persons=persons, years=years, rural_subsidy=8000.0, rng=_SEED)
    _run(model)
    (folder / "moves.csv").write_text(csv_text(model.moves()), encoding="utf-8")
    title = "Decisions by the trained model; subsidy of 8000 RMB a year in villages"
    draw_country(model, folder / "country.png", title=title)
    rows = sweep(decision=saved, persons=persons, years=years)
    (folder / "sweep.csv").write_text(csv_text(rows), encoding="utf-8")
    draw_sweep(rows, folder / "sweep.png")
    pictures = f"{folder / 'country.png'} and {folder / 'sweep.png'}"
    return f"{measures}\n\n{table.to_string(index=False)}\n\npictures: {pictures}"


def main() -> int:
    """Run the demonstration into the folder that the command line names, if any."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else _FOLDER
    try:
        sys.stdout.write(f"{demo(folder)}\n")
    except CityError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def _run(model: ReturnMigration) -> None:
    while model.running:
        model.step()


def _outcome(model: ReturnMigration) -> dict[str, object]:
    start = model.home_share
    _run(model)
    history = model.history()
    return {
        "home at start": f"{start:.1%}",
        "at end": f"{model.home_share:.1%}",
        "moved home": int(history["returned"].sum()),
        "left again": int(history["left"].sum()),
        "without hukou": f"{model.barred_share:.1%}",
    }


if __name__ == "__main__":
    sys.exit(main())
