"""The command line: ``mesa-llm-city run``, ``models`` and ``version``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from mesa_llm_city.cli_prompts import PROMPTS

__all__ = ["main", "models", "run", "version"]

_BAD_INPUT = 2
_INTERRUPTED = 130

_app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Cities of agents that plan, choose, remember and travel.",
)
_app.add_typer(PROMPTS, name="prompts")


def main() -> None:
    """Run the command line."""
    _app()


@_app.command()
def run(
    model: Annotated[str, typer.Argument(help="Name of a model, such as town_day.")],
    more: Annotated[
        list[str] | None, typer.Argument(help="Further files of places, after --places FILE.")
    ] = None,
    *,
    config: Annotated[
        Path | None, typer.Option(help="TOML file with any of the options below.", metavar="FILE")
    ] = None,
    places: Annotated[
        list[str] | None, typer.Option(help="Places, one file or more.", metavar="FILE ...")
    ] = None,
    zones: Annotated[str | None, typer.Option(help="Polygons.", metavar="FILE")] = None,
    stations: Annotated[str | None, typer.Option(help="Railway stations.", metavar="FILE")] = None,
    network: Annotated[str | None, typer.Option(help="Streets.", metavar="FILE")] = None,
    categories: Annotated[
        str | None, typer.Option(help="Kinds of place and their purposes.", metavar="FILE")
    ] = None,
    people: Annotated[str | None, typer.Option(help="Table of people.", metavar="FILE")] = None,
    citizens: Annotated[
        str | None, typer.Option(help="How many people to synthesise [500].", metavar="N")
    ] = None,
    days: Annotated[str | None, typer.Option(help="How many days [1].", metavar="D")] = None,
    seed: Annotated[str | None, typer.Option(help="Of everything drawn [7].", metavar="S")] = None,
    start: Annotated[
        str | None, typer.Option(help="First day [2024-04-01].", metavar="DATE")
    ] = None,
    unknown: Annotated[
        str | None,
        typer.Option(help="Places of unknown kinds: error or drop [error].", metavar="WHAT"),
    ] = None,
    bad_rows: Annotated[
        str | None,
        typer.Option(help="Broken rows of files: error or drop [error].", metavar="WHAT"),
    ] = None,
    out: Annotated[
        str | None, typer.Option(help="Folder of the results [runs/MODEL-SEED].", metavar="DIR")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace earlier results.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Tell no progress.")] = False,
) -> None:
    """Simulate days of a city; leave a folder of tables and a picture."""
    given = {
        name: value
        for name, value in locals().items()
        if name not in {"config", "quiet", "places", "more", "force"}
    }
    with _problems_told():
        from mesa_llm_city.experiments import PICTURE, RunOptions, progress_on
        from mesa_llm_city.experiments import run as run_model

        files = [*(places or []), *(more or [])] or None
        chosen = RunOptions.load(config, **given, places=files, force=force or None)
        with progress_on(quiet=quiet) as progress:
            folder = run_model(chosen, progress=progress)
        told = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        typer.echo(_summary(told))
        typer.echo(f"results  {folder}\npicture  {folder / PICTURE}")


@_app.command()
def models() -> None:
    """List the models that can be run."""
    from mesa_llm_city.experiments import model_lines

    lines = model_lines()
    width = max(len(name) for name in lines)
    for name, line in lines.items():
        typer.echo(f"{name:{width}}  {line}")


@_app.command()
def version() -> None:
    """Tell the versions of this package, Mesa and Python."""
    from importlib.metadata import version as version_of
    from platform import python_version

    own, mesa = version_of("mesa-llm-city"), version_of("mesa")
    typer.echo(f"mesa-llm-city {own} (Mesa {mesa}, Python {python_version()})")


@contextmanager
def _problems_told() -> Iterator[None]:
    """Turn errors of the input into a message and an exit code."""
    from mesa_llm_city.errors import CityError

    try:
        yield
    except CityError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(_BAD_INPUT) from error
    except KeyboardInterrupt:
        typer.echo("interrupted; nothing was written", err=True)
        raise typer.Exit(_INTERRUPTED) from None


def _summary(told: Mapping[str, Any]) -> str:
    """Return the key figures of a run from its manifest."""
    found = told["findings"]
    length = "1 day" if told["days"] == 1 else f"{told['days']} days"
    median = found["median_trip_min"]
    typical = "" if median is None else f", half of them within {median:.0f} min"
    return "\n".join(
        [
            f"people   {told['people']:,} for {length} from {told['start']}, seed {told['seed']}",
            f"minds    {told['language_model']}",
            f"trips    {found['trips_per_person_day']:.2f} per person and day{typical}",
            f"time     {_shares(found['time_shares'])}",
            f"modes    {_shares(found['mode_shares'])}",
            f"digest   {told['digest']}",
        ]
    )


def _shares(shares: Mapping[str, float], most: int = 7) -> str:
    """Return the greatest shares, in per cent."""
    greatest = sorted(shares.items(), key=lambda item: -item[1])[:most]
    return ", ".join(f"{kind} {100 * share:.0f} %" for kind, share in greatest) or "none"
