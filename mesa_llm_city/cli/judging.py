"""Commands about judges of human-likeness: ``mesa-llm-city judge``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mesa_llm_city.cli.errors import explained_errors
from mesa_llm_city.cli.run_options import read_options, takes_run_options
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.options import RunOptions
from mesa_llm_city.experiments.options.decisions import LimitOptions, LLMOptions

if TYPE_CHECKING:
    from mesa_llm_city.experiments.judges.judge import Judge
    from mesa_llm_city.experiments.judges.judging import Judged
    from mesa_llm_city.llm import LLM

__all__ = ["JUDGE", "ask", "export", "form", "read", "report"]

JUDGE = typer.Typer(
    no_args_is_help=True,
    help="How human-like runs are: blind items, judged by a language model or by people.",
)
"""The commands, to be added to those of a program."""

_STORE = "answers.sqlite"
_TAKEN = frozenset({*LLMOptions.model_fields, *LimitOptions.model_fields}) - {
    *("on_failure", "record", "confirm_above", "yes", "skip_check"),
}
_LEFT_OUT = tuple(name for name in (*RunOptions.model_fields, "config") if name not in _TAKEN)

_Folder = Annotated[Path, typer.Argument(help="Folder of the items.", metavar="DIR")]
_Pairs = Annotated[
    bool, typer.Option("--pairs/--no-pairs", help="Compare pairs of items, in both orders.")
]
_Ratings = Annotated[
    bool, typer.Option("--ratings/--no-ratings", help="Rate each item from 1 to 5.")
]
_Name = Annotated[str, typer.Option("--name", help="Name of the person.", metavar="NAME")]


@JUDGE.command()
def export(
    runs: Annotated[
        list[str],
        typer.Argument(help="Folders of runs, each with a label of its own.", metavar="LABEL=DIR"),
    ],
    *,
    out: Annotated[Path, typer.Option(help="Folder of the items.", metavar="DIR")] = Path(
        "runs", "judging"
    ),
    kinds: Annotated[
        str,
        typer.Option(
            help="What is shown: routine, dialogue, mobility, reaction.", metavar="NAME,NAME"
        ),
    ] = "routine,dialogue",
    trials: Annotated[
        int, typer.Option(help="Items of each kind and run.", metavar="N", min=1)
    ] = 15,
    seed: Annotated[int, typer.Option(help="Seed of the draw.", metavar="S", min=0)] = 0,
) -> None:
    """Draw blind items of runs, and pairs of them to compare."""
    with explained_errors():
        from mesa_llm_city.experiments.judges import ItemSource, draw_items

        sources = {label: ItemSource.read(folder) for label, folder in _labelled(runs).items()}
        wanted = tuple(filter(None, map(str.strip, kinds.split(","))))
        found = draw_items(sources, kinds=wanted, trials=trials, seed=seed)
        found.write(out)
        typer.echo(f"{len(found.items)} items and {len(found.pairs)} pairs: {out}")
        for note in found.notes:
            typer.echo(f"note  {note}")
        typer.echo("key.csv says which run each item is of; keep it from those who judge")


@JUDGE.command("ask")
@takes_run_options(leaving_out=_LEFT_OUT)
def ask(
    given: dict[str, Any],
    *,
    folder: _Folder,
    rule: Annotated[
        bool, typer.Option("--rule", help="Ask no model; a rule counts what is odd.")
    ] = False,
    pairs: _Pairs = True,
    ratings: _Ratings = True,
) -> None:
    """Have a language model judge, or go on with it; a rule tries the harness without one."""
    with explained_errors():
        if rule:
            from mesa_llm_city.experiments.judges.rule_judge import RuleJudge

            for line in _judged(folder, RuleJudge(), None, pairs=pairs, ratings=ratings):
                typer.echo(line)
            return
        if not given.get("llm") and not given.get("replay"):
            message = (
                "nobody is named who judges; give --model PROVIDER/NAME, or --rule to try the "
                "harness without a language model"
            )
            raise ConfigError(message)
        for line in _asked(folder, read_options({**given, "mind": "prompt"}), pairs, ratings):
            typer.echo(line)


@JUDGE.command()
def form(
    folder: _Folder,
    *,
    name: _Name,
    out: Annotated[
        Path | None,
        typer.Option(help="CSV file; DIR/form_NAME.csv by default.", metavar="FILE"),
    ] = None,
    ratings: Annotated[
        bool, typer.Option("--ratings", help="A form to rate items, in place of comparing pairs.")
    ] = False,
    seed: Annotated[int, typer.Option(help="Seed of the orders.", metavar="S", min=0)] = 0,
) -> None:
    """Write a form for a person who judges, as CSV."""
    with explained_errors():
        from mesa_llm_city.cli.migration_files import write_file
        from mesa_llm_city.experiments.csv_text import csv_text
        from mesa_llm_city.experiments.judges.forms import item_form, pair_form

        made = item_form(folder, name) if ratings else pair_form(folder, name, seed=seed)
        ending = "_ratings" if ratings else ""
        file = folder / f"form_{name}{ending}.csv" if out is None else out
        write_file(file, csv_text(made))
        answers = "score: 1 (a program) to 5 (a person)" if ratings else "1, 2 or = in each column"
        typer.echo(f"{len(made)} rows: {file}; fill in {answers}")


@JUDGE.command()
def read(
    folder: _Folder,
    file: Annotated[Path, typer.Argument(help="The form, filled in.", metavar="FILE")],
    *,
    name: _Name,
) -> None:
    """Take over a form that a person has filled in, in whole or in part."""
    with explained_errors():
        from mesa_llm_city.experiments.judges.forms import read_form

        typer.echo(f"{read_form(folder, file, name)} answers of {name} were taken over")


@JUDGE.command()
def report(
    folder: _Folder,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say what judges prefer so far, with intervals, and what may be claimed."""
    with explained_errors():
        from mesa_llm_city.experiments.judges.results import judge_results

        found = judge_results(folder)
        found.write(folder)
        typer.echo(json.dumps(found.to_dict(), indent=2) if as_json else found.text())


def _labelled(given: list[str]) -> dict[str, Path]:
    """Return folders by label; without one the name of the folder is the label."""
    found: dict[str, Path] = {}
    for one in given:
        label, equals, folder = one.partition("=")
        path = Path(folder if equals else one)
        label = label if equals else path.name
        if not label or label in found:
            message = f"each run needs a label of its own, such as a=runs/one, got {one!r}"
            raise ConfigError(message)
        found[label] = path
    return found


def _asked(folder: Path, options: RunOptions, pairs: bool, ratings: bool) -> list[str]:  # noqa: FBT001 - two switches
    """Ask the model of the options, and return what is told of it."""
    from mesa_llm_city.experiments.judges.judge import judge_of
    from mesa_llm_city.experiments.language_model import open_llm

    llm = open_llm(options, store=folder / _STORE)
    assert llm is not None  # noqa: S101 - a prompt has a model
    try:
        lines = _judged(folder, judge_of(llm), llm, pairs=pairs, ratings=ratings)
        return [*lines, f"calls    {llm.totals().sent:,}"]
    finally:
        llm.close()


def _judged(
    folder: Path,
    judge: Judge,
    backend: LLM | None,
    *,
    pairs: bool,
    ratings: bool,
) -> list[str]:
    from mesa_llm_city.experiments.judges.judging import judge_items, judge_pairs

    done: dict[str, Judged] = {}
    if pairs:
        done["pairs"] = judge_pairs(folder, judge, backend)
    if ratings:
        done["ratings"] = judge_items(folder, judge, backend)
    return [
        f"{name:8} {one.known + one.added} of {one.asked} judged by {judge.name}, "
        f"{one.added} of them now" + (f"; {one.failed} unusable" if one.failed else "")
        for name, one in done.items()
    ]
