"""The command ``mesa-llm-city calibrate``: a city fitted to observed tables."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from mesa_llm_city.cli.errors import explained_errors

if TYPE_CHECKING:
    from mesa_llm_city.experiments.calibration import Calibration

__all__ = ["calibrate"]

_TARGETS, _FIT, _RUNS, _OUTPUT = "What is fitted", "How", "Runs", "Output"


def _table(text: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(
        help=text, metavar="FILE", show_default=False, rich_help_panel=_TARGETS
    )
    return option


def _count(text: str, least: int) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(
        help=text, metavar="N", min=least, rich_help_panel=_FIT
    )
    return option


def _of_runs(text: str, metavar: str, usual: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(
        help=text, metavar=metavar, show_default=usual, rich_help_panel=_RUNS
    )
    return option


_City: TypeAlias = Annotated[
    Path | None,
    typer.Argument(
        help="TOML file with options of a run: the city, its people, and parameters to start "
        "from. Without it, the synthetic town.",
        metavar="CITY.toml",
        show_default=False,
    ),
]
_TimeUse: TypeAlias = Annotated[Path | None, _table("Minutes a day by activity.")]
_Departures: TypeAlias = Annotated[Path | None, _table("Trips by hour.")]
_Modes: TypeAlias = Annotated[Path | None, _table("Mode shares, by length of the trip or in all.")]
_Popularity: TypeAlias = Annotated[Path | None, _table("Users of places.")]
_HoldOut: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        help="What is left out of the fit and tested: half (every second age group, curve, "
        "class of length, place), none, or a group such as 20-24; may be repeated.",
        metavar="GROUP",
        show_default="half",
        rich_help_panel=_FIT,
    ),
]
_Steps: TypeAlias = Annotated[int, _count("Most steps for time use and modes, a run each.", 1)]
_Evaluations: TypeAlias = Annotated[
    int, _count("Most runs of the search for departures, and of that for popularity.", 1)
]
_Draws: TypeAlias = Annotated[int, _count("Resamples of people for the intervals.", 2)]
_Citizens: TypeAlias = Annotated[
    str | None, _of_runs("People in each run.", "N", "those of the file, else 600")
]
_Days: TypeAlias = Annotated[
    str | None, _of_runs("Days of each run.", "D", "those of the file, else 7")
]
_Seed: TypeAlias = Annotated[
    str | None,
    _of_runs("Seed of the fit; the next one is that of the test.", "S", "that of the file, else 7"),
]
_Out: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        help="Folder for parameters, report and picture.",
        metavar="DIR",
        show_default="runs/calibrated-CITY",
        rich_help_panel=_OUTPUT,
    ),
]
_AsJson: TypeAlias = Annotated[
    bool, typer.Option("--json", help="Print JSON.", rich_help_panel=_OUTPUT)
]
_Quiet: TypeAlias = Annotated[
    bool, typer.Option("--quiet", help="Report no progress.", rich_help_panel=_OUTPUT)
]


def calibrate(
    city: _City = None,
    *,
    time_use: _TimeUse = None,
    departures: _Departures = None,
    modes: _Modes = None,
    popularity: _Popularity = None,
    hold_out: _HoldOut = None,
    steps: _Steps = 4,
    evaluations: _Evaluations = 12,
    draws: _Draws = 200,
    citizens: _Citizens = None,
    days: _Days = None,
    seed: _Seed = None,
    out: _Out = None,
    as_json: _AsJson = False,
    quiet: _Quiet = False,
) -> None:
    """Fit the parameters of a city to observed tables, with rules; test what was left out."""
    with explained_errors():
        from mesa_llm_city.experiments import RunOptions, progress_on
        from mesa_llm_city.experiments import calibrate as fit

        options = RunOptions.load(city, citizens=citizens, days=days, seed=seed)
        home = out or Path("runs", f"calibrated-{city.stem if city else options.model}")
        with progress_on(quiet=quiet) as progress:
            found = fit(
                options,
                time_use=time_use,
                departures=departures,
                modes=modes,
                popularity=popularity,
                hold_out=hold_out or "half",
                steps=steps,
                evaluations=evaluations,
                draws=draws,
                out=home,
                progress=progress,
            )
        typer.echo(_told(found, home, as_json=as_json))


def _told(found: Calibration, home: Path, *, as_json: bool) -> str:
    """Return what is printed of a calibration."""
    if as_json:
        return json.dumps(found.to_dict(), indent=2, allow_nan=False)
    return f"{found.text()}\n\nresults  {home}"
