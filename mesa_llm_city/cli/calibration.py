"""The command ``mesa-llm-city calibrate``: a city fitted to observed tables."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from mesa_llm_city.cli.errors import explained_errors

__all__ = ["calibrate"]

_TARGETS, _FIT, _RUNS = "What is fitted", "How", "Runs"


def _table(text: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(
        help=text, metavar="FILE", show_default=False, rich_help_panel=_TARGETS
    )
    return option


def calibrate(
    city: Annotated[
        Path | None,
        typer.Argument(
            help="TOML file with options of a run: the city, its people, and parameters to start "
            "from. Without it, the synthetic town.",
            metavar="CITY.toml",
            show_default=False,
        ),
    ] = None,
    *,
    time_use: Annotated[Path | None, _table("Minutes a day by activity.")] = None,
    departures: Annotated[Path | None, _table("Trips by hour.")] = None,
    modes: Annotated[Path | None, _table("Mode shares, by length of the trip or in all.")] = None,
    popularity: Annotated[Path | None, _table("Users of places.")] = None,
    hold_out: Annotated[
        list[str] | None,
        typer.Option(
            help="What is left out of the fit and tested: half (every second age group, curve, "
            "class of length, place), none, or a group such as 20-24; may be repeated.",
            metavar="GROUP",
            show_default="half",
            rich_help_panel=_FIT,
        ),
    ] = None,
    steps: Annotated[
        int,
        typer.Option(
            help="Most steps for time use and modes, a run each.",
            metavar="N",
            min=1,
            rich_help_panel=_FIT,
        ),
    ] = 4,
    evaluations: Annotated[
        int,
        typer.Option(
            help="Most runs of the search for departures, and of that for popularity.",
            metavar="N",
            min=1,
            rich_help_panel=_FIT,
        ),
    ] = 12,
    draws: Annotated[
        int,
        typer.Option(
            help="Resamples of people for the intervals.",
            metavar="N",
            min=2,
            rich_help_panel=_FIT,
        ),
    ] = 200,
    citizens: Annotated[
        str | None,
        typer.Option(
            help="People in each run.",
            metavar="N",
            show_default="those of the file, else 600",
            rich_help_panel=_RUNS,
        ),
    ] = None,
    days: Annotated[
        str | None,
        typer.Option(
            help="Days of each run.",
            metavar="D",
            show_default="those of the file, else 7",
            rich_help_panel=_RUNS,
        ),
    ] = None,
    seed: Annotated[
        str | None,
        typer.Option(
            help="Seed of the fit; the next one is that of the test.",
            metavar="S",
            show_default="that of the file, else 7",
            rich_help_panel=_RUNS,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for parameters, report and picture.",
            metavar="DIR",
            show_default="runs/calibrated-CITY",
            rich_help_panel="Output",
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON.", rich_help_panel="Output")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="Report no progress.", rich_help_panel="Output")
    ] = False,
) -> None:
    """Fit the parameters of a city to observed tables, with rules; test what was left out."""
    with explained_errors():
        from mesa_llm_city.experiments import RunOptions, progress_on
        from mesa_llm_city.experiments import calibrate as fit

        options = RunOptions.load(city, citizens=citizens, days=days, seed=seed)
        home = Path("runs", f"calibrated-{city.stem if city else options.model}")
        home = home if out is None else out
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
        if as_json:
            typer.echo(json.dumps(found.to_dict(), indent=2, allow_nan=False))
        else:
            typer.echo(f"{found.text()}\n\nresults  {home}")
