"""The command ``mesa-llm-city sweep``: a model over values of parameters and seeds."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mesa_llm_city.cli.errors import explained_errors
from mesa_llm_city.core.errors import ConfigError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["sweep"]

_MOST_ERRORS = 5


def sweep(
    model: Annotated[
        str,
        typer.Argument(
            help="Name of a model (see the command models), or MODULE:CLASS of one of your own.",
            metavar="MODEL",
        ),
    ],
    *,
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            help="Values to try of an argument of the model or of a parameter, such as "
            "train_fare=1,2 or mobility.gravity.gamma=1,1.5; values with commas go as a JSON "
            "list. May be repeated.",
            metavar="NAME=VALUE,...",
        ),
    ] = None,
    seeds: Annotated[
        str, typer.Option(help="Seeds, such as 1-5 or 1,2,7.", metavar="SEEDS")
    ] = "1-5",
    engine: Annotated[
        str, typer.Option(help="serial, processes, dask or ray.", metavar="ENGINE")
    ] = "processes",
    workers: Annotated[
        int | None,
        typer.Option(
            help="Processes on this machine.", metavar="N", show_default="one for each core"
        ),
    ] = None,
    address: Annotated[
        str | None,
        typer.Option(
            help="Scheduler of Dask, or Ray cluster, to use instead of this machine.",
            metavar="ADDRESS",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder of the results; the same command goes on with an unfinished sweep there.",
            metavar="DIR",
            show_default="runs/sweep-MODEL",
        ),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Report no progress.")] = False,
) -> None:
    """Run a model with every combination of values and every seed, by rules."""
    with explained_errors():
        from mesa_llm_city.experiments import progress_on
        from mesa_llm_city.experiments import sweep as run_all
        from mesa_llm_city.experiments.sweeping.model_class import model_class

        # A model of one's own lies where the command is given.
        if str(Path.cwd()) not in sys.path:
            sys.path.insert(0, str(Path.cwd()))
        home = out or Path("runs", f"sweep-{model.rpartition(':')[2]}")
        with progress_on(quiet=quiet) as progress:
            rows = run_all(
                model_class(model),
                _values(set_ or ()),
                _seeds(seeds),
                engine=engine,  # type: ignore[arg-type]
                workers=workers,
                address=address,
                out=home,
                progress=progress,
            )
        typer.echo(_told(rows, home))


def _values(texts: Iterable[str]) -> dict[str, list[Any]]:
    """Return the values to try of each name.

    Examples
    --------
    >>> _values(["fare=1,2.5", "prompts=rules,light", "storm=true", 'arm=["a,b"]'])
    {'fare': [1, 2.5], 'prompts': ['rules', 'light'], 'storm': [True], 'arm': ['a,b']}
    """
    from mesa_llm_city.experiments.options.assignments import assigned

    return {name: _listed(text) for name, text in assigned(texts).items()}


def _listed(text: str) -> list[Any]:
    whole = _value(text)
    return whole if isinstance(whole, list) else [_value(one.strip()) for one in text.split(",")]


def _value(text: str) -> Any:  # noqa: ANN401 - any value of JSON
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def _seeds(text: str) -> list[int]:
    """Return seeds from a text.

    Examples
    --------
    >>> _seeds("1-3,9")
    [1, 2, 3, 9]
    """
    found = list[int]()
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        if not first.isdecimal() or (dash and not last.isdecimal()):
            message = f"seeds must be like 1-5 or 1,2,7, got {text!r}"
            raise ConfigError(message)
        found += range(int(first), int(last or first) + 1)
    return found


def _told(rows: pd.DataFrame, home: Path) -> str:
    """Return what is printed of a sweep: how many rows, which errors, and where they are."""
    from mesa_llm_city.experiments.sweeping.folder import ROWS

    failed = rows[rows["error"].notna()]
    counts = failed["error"].value_counts()
    errors = [f"  {count} x {error}" for error, count in counts.head(_MOST_ERRORS).items()]
    more = len(counts) - _MOST_ERRORS
    return "\n".join(
        [
            f"rows     {len(rows)}, {len(failed)} of them of failed runs",
            *errors,
            *([f"  ... and {more} other errors"] if more > 0 else []),
            f"results  {home / ROWS}",
        ]
    )
