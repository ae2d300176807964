"""Flood and control side by side: ``python -m mesa_llm_city.models.evacuation.demo FOLDER``."""

from __future__ import annotations

import sys
from pathlib import Path

from mesa_llm_city.models.evacuation.model import Evacuation
from mesa_llm_city.models.evacuation.pictures import draw_departures
from mesa_llm_city.models.evacuation.who_left import departures, left_by

from mesa_llm_city.core.errors import CityError
from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.csv_text import csv_text

__all__ = ["demo", "main"]

_FOLDER = Path("runs/evacuation")


def demo(folder: Path = _FOLDER, *, citizens: int = 300, rng: int = 7) -> str:
    """Run the flood and its control arm, write tables and a figure, and return a report.

    Parameters
    ----------
    folder : Path
        Folder of the tables and the figure.
    citizens : int, default 300
        Number of people.
    rng : int, default 7
        Seed of both arms; up to the warning they are equal.
    """
    import numpy as np

    arms = {}
    for name, flooded in (("flood", True), ("control", False)):
        arms[name] = model = Evacuation(citizens=citizens, rng=rng, flooded=flooded)
        while model.running:
            model.step()
    folder.mkdir(parents=True, exist_ok=True)
    tables = {name: departures(model) for name, model in arms.items()}
    for name, table in tables.items():
        (folder / f"departures_{name}.csv").write_text(csv_text(table), encoding="utf-8")
    (folder / "messages.csv").write_text(csv_text(arms["flood"].messages()), encoding="utf-8")
    draw_departures(arms["flood"], arms["control"], folder / "departures.png")
    minutes: Float = np.array([15.0, 30.0, 60.0, 120.0])
    lines = [f"{len(tables['flood'])} people were in the zone when the warning came."]
    for name, table in tables.items():
        shares = ", ".join(
            f"{share:.0%} after {after:.0f} min"
            for after, share in zip(minutes, left_by(table, minutes), strict=True)
        )
        lines.append(f"{name}: left {shares}")
    told = tables["flood"]["reaction"].value_counts()
    lines.append("; ".join(f"{reaction} {count}" for reaction, count in told.items()))
    return "\n".join([*lines, f"picture: {folder / 'departures.png'}"])


def main() -> int:
    """Run the demonstration into the folder that the command line names, if any."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else _FOLDER
    try:
        sys.stdout.write(f"{demo(folder)}\n")
    except CityError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
