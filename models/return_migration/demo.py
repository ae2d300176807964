"""Train, then simulate: ``python -m mesa_llm_city.models.return_migration.demo``."""

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
from mesa_llm_city.migration.evaluation.evaluation import evaluate
from mesa_llm_city.migration.models.libraries import require
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
"""What is compared."""

_SEED = 7
_FOLDER = Path("runs/return_migration")


def trained(folder: Path, *, rows: int = 4000, seed: int = _SEED) -> str:
    """Train the tabular model on made-up rows, save it, and return how good it is.

    Parameters
    ----------
    folder : Path
        Where to save it.
    rows : int, default 4000
        How many rows to make up; households are kept together when they are split.
    seed : int, default 7
        Of rows and training. The people of the simulation are others.

    Returns
    -------
    str
        Measures on rows that were neither trained on nor calibrated to.

    Raises
    ------
    ConfigError
        If scikit-learn is not installed.
    """
    require("sklearn")
    components = split(synthetic_survey(rows, seed=seed), by="grouped", seed=seed)
    model = TabularModel(seed=seed).fit(components.train, components.val)
    model.save(folder)
    return str(evaluate(model, components.test, protocol="grouped", seed=seed))


def compare(
    folder: Path, *, persons: int = 600, years: int = 15, seed: int = _SEED
) -> pd.DataFrame:
    """Run every policy by rule and by the model in `folder`, with the same people and luck.

    Returns
    -------
    pandas.DataFrame
        One row per run: decision, policy, shares at home at start and end, moves, and the
        share of those in cities who lack its hukou.
    """
    import pandas as pd

    told = []
    for name, decision in (("rule", "rule"), ("tabular", folder)):
        for policy, levers in POLICIES.items():
            model = ReturnMigration(decision, persons=persons, years=years, rng=seed, **levers)
            told.append({"decision": name, "policy": policy, **_outcome(model)})
    return pd.DataFrame(told)


def demo(folder: Path = _FOLDER, *, persons: int = 600, years: int = 15) -> str:
    """Train, simulate, compare and draw; return what to tell.

    Parameters
    ----------
    folder : Path
        Where the model, the tables and the pictures go.
    persons, years : int
        Size of the simulation.
    """
    saved = folder / "model"
    measures = trained(saved)
    table = compare(saved, persons=persons, years=years)
    table.to_csv(folder / "policies.csv", index=False)
    model = ReturnMigration(saved, persons=persons, years=years, rural_subsidy=8000.0, rng=_SEED)
    _run(model)
    model.moves().to_csv(folder / "moves.csv", index=False)
    title = "Decided by the trained model; every villager is paid 8000 RMB a year"
    draw_country(model, folder / "country.png", title=title)
    rows = sweep(decision=saved, persons=persons, years=years)
    rows.to_csv(folder / "sweep.csv", index=False)
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
    course = model.course()
    return {
        "home at start": f"{start:.1%}",
        "at end": f"{model.home_share:.1%}",
        "moved home": int(course["returned"].sum()),
        "left again": int(course["left"].sum()),
        "without hukou": f"{model.barred_share:.1%}",
    }


if __name__ == "__main__":
    sys.exit(main())
