"""The command ``mesa-llm-city experiment step-time``: what a step costs by number of people."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mesa_llm_city.cli.errors import explained_errors

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city.experiments.paper.step_times import TimedDay

__all__ = ["step_time"]

_NOTE = (
    "CPU and wall time in ms, mean of 288 steps; mean and SD over seeds. One process, one query a "
    "person and step in columns, set to fetch 1:999. The paper says neither its hardware nor its "
    "step length nor how many queries there were, so this is no comparison of machines."
)


def step_time(
    *,
    people: Annotated[
        str, typer.Option(help="Numbers of people, with commas between.", metavar="N,N,..")
    ] = "1000,10000",
    seeds: Annotated[int, typer.Option(help="Number of seeds.", metavar="N", min=1)] = 5,
    out: Annotated[Path, typer.Option(help="Folder of the results.", metavar="DIR")] = Path(
        "runs", "step-time"
    ),
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Report no progress.")] = False,
) -> None:
    """Mean time of a step of a crowd, without and with queries.

    CitySim, appendix C.1, table 2. A day of 288 steps for each number of people and seed.
    """
    with explained_errors():
        from mesa_llm_city.experiments import progress_on
        from mesa_llm_city.experiments.paper.step_times import step_times, step_times_table

        with progress_on(quiet=quiet) as progress:
            days = step_times(_numbers(people), seeds, progress=progress)
        table = step_times_table(days)
        told = _write(out, days, table)
        typer.echo(told if as_json else "\n".join(_lines(table, out)))


def _numbers(text: str) -> list[int]:
    from mesa_llm_city.core.errors import ConfigError

    try:
        return [int(part) for part in text.split(",") if part.strip()]
    except ValueError as error:
        message = f"--people must be numbers such as 1000,10000, got {text!r}"
        raise ConfigError(message) from error


def _write(folder: Path, days: list[TimedDay], table: pd.DataFrame) -> str:
    """Write table and days, and return the JSON."""
    from mesa_llm_city.city import City
    from mesa_llm_city.experiments.csv_text import csv_text
    from mesa_llm_city.experiments.manifest import versions
    from mesa_llm_city.experiments.paper.step_times import machine

    told = {
        "experiment": "step-time",
        "source": "CitySim, appendix C.1, table 2",
        "note": _NOTE,
        "machine": {
            str(people): machine(City.for_people(people))
            for people in sorted({day.people for day in days})
        },
        "versions": versions(),
        "days": [day.to_dict() for day in days],
    }
    text = json.dumps(told, indent=2)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "step-time.json").write_text(f"{text}\n", encoding="utf-8")
    (folder / "step-time.csv").write_text(csv_text(table), encoding="utf-8")
    return text


def _lines(table: pd.DataFrame, folder: Path) -> list[str]:
    shown = table.round(2).to_string(index=False, na_rep="-")
    return [shown, "", _NOTE, f"results  {folder}"]
