"""The command line: ``mesa-llm-city run``, ``serve``, ``replay``, ``demo`` and the rest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mesa_llm_city.cli.calls import told_calls
from mesa_llm_city.cli.errors import problems_told
from mesa_llm_city.cli.migration import MIGRATION
from mesa_llm_city.cli.prompts import PROMPTS
from mesa_llm_city.cli.serve import add_pages

if TYPE_CHECKING:
    from mesa_llm_city.experiments import RunOptions

__all__ = ["calls", "demo", "figure", "main", "models", "run", "version"]


_app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Cities of agents that plan, choose, remember and travel.",
)
_app.add_typer(PROMPTS, name="prompts")
_app.add_typer(MIGRATION, name="migration")


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
    mind: Annotated[
        str | None,
        typer.Option(help="Who decides: rules or prompt [rules].", metavar="WHO"),
    ] = None,
    prompts: Annotated[
        str | None,
        typer.Option(
            help="What is asked about: full, light, or names [full].", metavar="NAME,NAME"
        ),
    ] = None,
    without: Annotated[
        str | None, typer.Option(help="What people go without.", metavar="NAME,NAME")
    ] = None,
    llm: Annotated[
        str | None,
        typer.Option("--model", help="Language model, or a .gguf file.", metavar="PROVIDER/NAME"),
    ] = None,
    backend: Annotated[
        str | None, typer.Option(help="litellm, http or local [by the model].", metavar="HOW")
    ] = None,
    api_base: Annotated[
        str | None, typer.Option(help="Address of a server, with /v1.", metavar="URL")
    ] = None,
    key_env: Annotated[
        str | None, typer.Option(help="Variable that holds the key.", metavar="NAME")
    ] = None,
    schema: Annotated[
        str | None,
        typer.Option(help="Form of replies: native, grammar or text [by backend].", metavar="HOW"),
    ] = None,
    in_flight: Annotated[
        str | None, typer.Option(help="Most requests at once [64; local 4].", metavar="N")
    ] = None,
    timeout_s: Annotated[
        str | None, typer.Option(help="Longest wait for an answer [60].", metavar="S")
    ] = None,
    on_failure: Annotated[
        str | None,
        typer.Option(help="No usable answer: raise, or decide by rules [raise].", metavar="WHAT"),
    ] = None,
    prompts_from: Annotated[
        str | None, typer.Option(help="Folder of prompts of your own.", metavar="DIR")
    ] = None,
    record: Annotated[
        str | None, typer.Option(help="Write all answers here (.jsonl.gz).", metavar="FILE")
    ] = None,
    replay: Annotated[
        str | None, typer.Option(help="Take answers from a recording.", metavar="FILE")
    ] = None,
    price: Annotated[
        str | None, typer.Option(help="USD per million tokens of a model.", metavar="IN,OUT")
    ] = None,
    max_usd: Annotated[str | None, typer.Option(help="Most money.", metavar="USD")] = None,
    max_calls: Annotated[str | None, typer.Option(help="Most calls.", metavar="N")] = None,
    max_tokens: Annotated[str | None, typer.Option(help="Most tokens.", metavar="N")] = None,
    confirm_above: Annotated[
        str | None, typer.Option(help="Ask before spending more [1].", metavar="USD")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a broken-off run.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace earlier results.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Tell no progress.")] = False,
) -> None:
    """Simulate days of a city; leave a folder of tables and a picture."""
    given = {name: value or None for name, value in locals().items()}
    del given["config"], given["quiet"], given["more"]
    given["places"] = [*(places or []), *(more or [])] or None
    with problems_told():
        from mesa_llm_city.experiments import RunOptions

        _simulate(RunOptions.load(config, **given), quiet=quiet)


add_pages(_app, run)


@_app.command()
def demo(
    *,
    replay: Annotated[
        bool, typer.Option("--replay", help="Let a recorded language model plan and choose modes.")
    ] = False,
    out: Annotated[Path, typer.Option(help="Folder of the results.", metavar="DIR")] = Path(
        "runs", "demo"
    ),
    quiet: Annotated[bool, typer.Option("--quiet", help="Tell no progress.")] = False,
) -> None:
    """Simulate a day of a small town, without a key and without a model."""
    with problems_told():
        from mesa_llm_city.experiments import demo_options

        _simulate(demo_options(out, replay=replay), quiet=quiet)


@_app.command()
def calls(
    folder: Annotated[Path, typer.Argument(help="Folder of a run.", metavar="RUN_DIR")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Summarise what a run asked of its language model, and what it cost."""
    with problems_told():
        typer.echo(told_calls(folder, as_json=as_json))


@_app.command()
def figure(
    name: Annotated[str, typer.Argument(help="Which: needs.")],
    *,
    out: Annotated[Path, typer.Option(help="File of the picture.", metavar="FILE")] = Path(
        "runs", "needs.png"
    ),
    seed: Annotated[int, typer.Option(help="Of the people's luck.", metavar="S", min=0)] = 7,
) -> None:
    """Draw a figure of the paper, by rules: the needs of five people over a day."""
    with problems_told():
        from mesa_llm_city.core.errors import ConfigError
        from mesa_llm_city.experiments import draw_needs_of_profiles

        if name != "needs":
            message = f"there is no figure {name!r}; the figures are needs"
            raise ConfigError(message)
        typer.echo(f"picture  {draw_needs_of_profiles(out, seed=seed)}")


def _simulate(options: RunOptions, *, quiet: bool) -> None:
    """Run, and tell what came of it."""
    from mesa_llm_city.experiments import PICTURE, progress_on, run

    with progress_on(quiet=quiet) as progress:
        folder = run(options, progress=progress)
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


def _summary(told: Mapping[str, Any]) -> str:
    """Return the key figures of a run from its manifest."""
    found = told["findings"]
    length = "1 day" if told["days"] == 1 else f"{told['days']} days"
    median = found["median_trip_min"]
    typical = "" if median is None else f", half of them within {median:.0f} min"
    asked = told["calls"]
    spent = [] if asked is None else [f"calls    {_spent(asked)}"]
    lacking = ", ".join(told["city"]["no_place_for"])
    homely = [f"city     no place for {lacking}: people stay at home instead"] if lacking else []
    return "\n".join(
        [
            f"people   {told['people']:,} for {length} from {told['start']}, seed {told['seed']}",
            *homely,
            f"minds    {told['language_model']}",
            *spent,
            f"trips    {found['trips_per_person_day']:.2f} per person and day{typical}",
            f"time     {_shares(found['time_shares'])}",
            f"modes    {_shares(found['mode_shares'])}",
            f"digest   {told['digest']}",
        ]
    )


def _spent(asked: Mapping[str, Any]) -> str:
    """Return what a run asked, from the totals in its manifest."""
    from mesa_llm_city.llm import Totals

    totals = Totals(**{name: asked[name] for name in Totals._fields})
    faults = f", {totals.left_to_rules:,} left to rules" if totals.left_to_rules else ""
    return f"{totals}, {totals.invalid:,} invalid{faults}"


def _shares(shares: Mapping[str, float], most: int = 7) -> str:
    """Return the greatest shares, in per cent."""
    greatest = sorted(shares.items(), key=lambda item: -item[1])[:most]
    return ", ".join(f"{kind} {100 * share:.0f} %" for kind, share in greatest) or "none"
