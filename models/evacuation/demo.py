"""Flood and control side by side: ``python -m mesa_llm_city.models.evacuation.demo FOLDER``."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING

from mesa_llm_city.models.evacuation.pictures import draw_departures
from mesa_llm_city.models.evacuation.two_futures import (
    CONTROL,
    FLOOD,
    flood_futures,
    left_shares,
    models_of,
)
from mesa_llm_city.models.evacuation.who_left import departures

from mesa_llm_city.core.errors import CityError
from mesa_llm_city.experiments.csv_text import csv_text

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city import City

__all__ = ["demo", "main"]

_FOLDER = Path("runs/evacuation")
_TOLD_MIN = (15, 30, 60, 120)


def demo(
    folder: Path = _FOLDER,
    *,
    citizens: int = 300,
    rng: int = 7,
    seeds: int = 1,
    city: City | None = None,
) -> str:
    """Fork a town at the warning, write tables and a figure of both futures, and return a report.

    Parameters
    ----------
    folder : Path
        Folder of the tables and the figure.
    citizens, rng, seeds, city
        See `flood_futures`.
    """
    futures = flood_futures(citizens, rng=rng, seeds=seeds, city=city)
    folder.mkdir(parents=True, exist_ok=True)
    first = {name: models_of(futures, name)[0] for name in (CONTROL, FLOOD)}
    tables = {name: departures(model) for name, model in first.items()}
    for name, table in tables.items():
        (folder / f"departures_{name}.csv").write_text(csv_text(table), encoding="utf-8")
    (folder / "messages.csv").write_text(csv_text(first[FLOOD].messages()), encoding="utf-8")
    shares = futures.difference(left_shares)
    (folder / "left.csv").write_text(csv_text(shares.reset_index()), encoding="utf-8")
    draw_departures(futures, folder / "departures.png")
    told = tables[FLOOD]["reaction"].value_counts()
    return "\n".join(
        [
            f"{len(tables[FLOOD])} people were in the zone when the warning came.",
            *_left_lines(shares.loc[list(_TOLD_MIN)]),
            "; ".join(f"{reaction} {count}" for reaction, count in told.items()),
            f"picture: {folder / 'departures.png'}",
        ]
    )


def _left_lines(shares: pd.DataFrame) -> list[str]:
    """Return who had left after some minutes in words, with intervals if there are any."""
    lines = []
    for minute, row in shares.iterrows():
        line = (
            f"left after {minute} min: {row[FLOOD]:.0%} with the flood, {row[CONTROL]:.0%} without"
        )
        if row.notna().all():
            points = " to ".join(f"{100.0 * row[name]:.0f}" for name in ("low", "high"))
            line += f" (95 % interval of the difference: {points} points)"
        lines.append(line)
    return lines


def main() -> int:
    """Run the demonstration into the folder that the command line names, if any."""
    parser = ArgumentParser(description="A flood at noon beside its control.")
    parser.add_argument("folder", type=Path, nargs="?", default=_FOLDER)
    parser.add_argument("--seeds", type=int, default=1, help="replicates after the warning")
    given = parser.parse_args()
    try:
        sys.stdout.write(f"{demo(given.folder, seeds=given.seeds)}\n")
    except CityError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
