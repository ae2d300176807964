"""The command ``mesa-llm-city validate``: how like people the people of a run are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from mesa_llm_city.cli.errors import explained_errors

__all__ = ["validate"]

_FOLDER = "validation"


def validate(
    folder: Annotated[Path, typer.Argument(help="Folder of a run.", metavar="RUN_DIR")],
    *,
    against: Annotated[
        Path | None,
        typer.Option(
            help="Folder of observed tables: time_use.csv, departures.csv, modes.csv, "
            "popularity.csv, counts.csv. Without it only measures that need none are taken.",
            metavar="DIR",
            show_default=False,
        ),
    ] = None,
    crowd: Annotated[
        bool, typer.Option("--crowd", help="Measure the rows of the crowd, not the citizens.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder of the results; by default validation in RUN_DIR, or in RUN_DIR/crowd.",
            metavar="DIR",
            show_default=False,
        ),
    ] = None,
    cell: Annotated[
        float, typer.Option(help="Side of a cell of the mesh for counts, in metres.", metavar="M")
    ] = 500.0,
    draws: Annotated[
        int, typer.Option(help="Resamples of people for the intervals.", metavar="N", min=2)
    ] = 200,
    seed: Annotated[int, typer.Option(help="Seed of the resamples.", metavar="S", min=0)] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Compare a run with observed people, beside naive predictions."""
    with explained_errors():
        from mesa_llm_city.experiments import validate as measure

        found = measure(folder, against, crowd=crowd, cell_m=cell, draws=draws, seed=seed)
        usual = folder / "crowd" / _FOLDER if crowd else folder / _FOLDER
        home = usual if out is None else out
        found.write(home)
        if as_json:
            typer.echo(json.dumps(found.to_dict(), indent=2, allow_nan=False))
        else:
            typer.echo(f"{found.text()}\n\nresults  {home}")
