"""Commands that simulate: ``mesa-llm-city run`` and ``demo``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mesa_llm_city.cli.errors import explained_errors
from mesa_llm_city.cli.plain_warnings import plain_warnings
from mesa_llm_city.cli.programs import is_program, run_program
from mesa_llm_city.cli.run_options import read_options, takes_run_options

if TYPE_CHECKING:
    from mesa_llm_city.experiments import RunOptions

__all__ = ["demo", "run"]

_MOST_SHARES = 7

_Quiet = Annotated[
    bool,
    typer.Option("--quiet", help="Report no progress.", rich_help_panel="Output"),
]


@takes_run_options()
def run(given: dict[str, Any], *, quiet: _Quiet = False) -> None:
    """Simulate days of a city; leave a folder of tables and a picture.

    A model that is no city, such as return_migration or community, takes its own options by --set.
    """
    with explained_errors():
        if is_program(given):
            run_program(given, quiet=quiet)
            return
        _simulate(read_options(given), quiet=quiet)


def demo(
    *,
    replay: Annotated[
        bool, typer.Option("--replay", help="Let a recorded language model plan and choose modes.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder of the results; by default runs/demo, or runs/demo-replay.",
            metavar="DIR",
            show_default=False,
        ),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Report no progress.")] = False,
) -> None:
    """Simulate a day of a small town, without a key and without a language model."""
    with explained_errors():
        from mesa_llm_city.experiments import demo_options

        # One of its own, so that a replay leaves the picture of the other demonstration alone.
        folder = Path("runs", "demo-replay" if replay else "demo") if out is None else out
        _simulate(demo_options(folder, replay=replay), quiet=quiet)


def _simulate(options: RunOptions, *, quiet: bool) -> None:
    """Run, and print the key figures and where the results are."""
    from mesa_llm_city.experiments import PICTURE, progress_on, run
    from mesa_llm_city.experiments.saved_run import read_manifest

    with progress_on(quiet=quiet) as progress, plain_warnings():
        folder = run(options, progress=progress)
    typer.echo("\n".join(_summary(read_manifest(folder))))
    typer.echo(f"results  {folder}")
    if (folder / PICTURE).is_file():
        typer.echo(f"picture  {folder / PICTURE}")


def _summary(manifest: Mapping[str, Any]) -> Iterator[str]:
    """Yield the key figures of a run, a line each."""
    found, calls = manifest["findings"], manifest["calls"]
    days = manifest["days"]
    length = "1 day" if days == 1 else f"{days} days"
    median = found["median_trip_min"]
    half = "" if median is None else f", half of them within {median:.0f} min"
    yield f"people   {manifest['people']:,} for {length} from {manifest['start']}"
    if crowd := manifest.get("crowd"):
        yield f"crowd    {crowd['people']:,} by rules, {crowd['trips']:,} trips"
    yield f"seed     {manifest['seed']}"
    if changed := manifest["parameters"]:
        yield f"changed  {', '.join(f'{name}={value}' for name, value in changed.items())}"
    if lacking := ", ".join(manifest["city"]["no_place_for"]):
        yield f"city     no place for {lacking}: people stay at home instead"
    yield f"llm      {manifest['language_model']}"
    if calls is not None:
        yield f"calls    {_spent(calls)}"
    yield f"trips    {found['trips_per_person_day']:.2f} per person and day{half}"
    yield f"time     {_shares(found['time_shares'])}"
    yield f"modes    {_shares(found['mode_shares'])}"
    yield f"digest   {manifest['digest']}"


def _spent(calls: Mapping[str, Any]) -> str:
    """Return what a run asked of its language model, from the totals in its manifest."""
    from mesa_llm_city.llm import Totals

    totals = Totals(**{name: calls.get(name, 0) for name in Totals._fields})
    by_rules = f", {totals.left_to_rules:,} left to rules" if totals.left_to_rules else ""
    return f"{totals}, {totals.invalid:,} invalid{by_rules}"


def _shares(shares: Mapping[str, float]) -> str:
    """Return the greatest shares, in per cent."""
    greatest = sorted(shares.items(), key=lambda item: -item[1])[:_MOST_SHARES]
    return ", ".join(f"{kind} {100 * share:.0f} %" for kind, share in greatest) or "none"
