"""Commands about policies: ``mesa-llm-city compile``, ``policy show`` and ``policy report``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mesa_llm_city.cli.errors import explained_errors
from mesa_llm_city.cli.plain_warnings import plain_warnings
from mesa_llm_city.cli.run_options import read_options, takes_run_options

if TYPE_CHECKING:
    from mesa_llm_city.experiments import RunOptions
    from mesa_llm_city.policies import PolicyCard

__all__ = ["POLICIES", "compile_", "report", "show"]

POLICIES = typer.Typer(
    no_args_is_help=True,
    help="Policies compiled from a language model: what is in one, and how like the model it is.",
)
"""The commands, to be added to those of a program."""

_PANEL = "Policy"
_LEFT_OUT = (
    *("model", "mind", "policy", "prompts", "interventions", "save_every", "from_save"),
    *("out", "force", "resume", "record"),
)
_FOLDER = Path("policies")
_SHOWN = 3

_File = Annotated[Path, typer.Argument(help="File of a policy.", metavar="FILE")]
_Quiet = Annotated[
    bool, typer.Option("--quiet", help="Report no progress.", rich_help_panel="Output")
]


@takes_run_options(leaving_out=_LEFT_OUT)
def compile_(
    given: dict[str, Any],
    *,
    prompt: Annotated[
        str,
        typer.Option(
            help="What is asked about: plan, leisure, mode, place, react or share.",
            metavar="NAME",
            rich_help_panel=_PANEL,
        ),
    ],
    by: Annotated[
        str,
        typer.Option(
            help="Dimensions of the cells, the most important first, such as "
            "age_group,employment,hour; cells with few answers drop the last ones.",
            metavar="NAME,NAME",
            rich_help_panel=_PANEL,
        ),
    ],
    answers: Annotated[
        int, typer.Option(help="Answers in each cell.", metavar="N", min=1, rich_help_panel=_PANEL)
    ] = 3,
    most_cells: Annotated[
        int | None,
        typer.Option(
            help="Most cells to ask about, the most frequent first.",
            metavar="N",
            min=1,
            show_default="all that occur",
            rich_help_panel=_PANEL,
        ),
    ] = None,
    strength: Annotated[
        float | None,
        typer.Option(
            help="Number of answers that the coarser cell counts for.",
            metavar="N",
            show_default="policies.parent_answers",
            rich_help_panel=_PANEL,
        ),
    ] = None,
    held_out: Annotated[
        float,
        typer.Option(
            help="Share of the decisions that are held out for a report.",
            metavar="SHARE",
            rich_help_panel=_PANEL,
        ),
    ] = 0.1,
    out: Annotated[
        Path | None,
        typer.Option(
            help="File of the policy; its card and the answers lie beside it.",
            metavar="FILE",
            show_default="policies/NAME.parquet",
            rich_help_panel="Output",
        ),
    ] = None,
    estimate: Annotated[
        bool,
        typer.Option(
            "--estimate", help="Only say what would be asked, and cost.", rich_help_panel="Limits"
        ),
    ] = False,
    quiet: _Quiet = False,
) -> None:
    """Ask a language model once in each cell that occurs, and write its answers as a policy.

    The people of a run by rules show which cells occur, and how often. Repeated with the same
    options, a compile that was broken off goes on, and pays for no answer twice.
    """
    with explained_errors():
        from mesa_llm_city.experiments.compiling.policy_run import (
            CompileOptions,
            compile_run,
            estimate_run,
        )
        from mesa_llm_city.experiments.progress import progress_on

        options = _options(given)
        what = CompileOptions(
            prompt=prompt,
            by=tuple(one.strip() for one in by.split(",") if one.strip()),
            answers=answers,
            most_cells=most_cells,
            strength=strength,
            held_out=held_out,
        )
        file = _FOLDER / f"{prompt}.parquet" if out is None else out
        with progress_on(quiet=quiet) as progress, plain_warnings():
            if estimate:
                typer.echo(f"expected {estimate_run(options, what, progress=progress)}")
                return
            policy = compile_run(options, what, file, progress=progress)
        typer.echo(f"{policy.card}\npolicy   {file}")


# Typer shows the name of the function, which Python has for something else.
compile_.__name__ = "compile"


@POLICIES.command()
def show(
    file: _File,
    *,
    cells: Annotated[int, typer.Option(help="Cells shown.", metavar="N", min=0)] = 10,
) -> None:
    """Show what a policy was compiled from, and its most frequent cells."""
    with explained_errors():
        import numpy as np

        from mesa_llm_city.policies import read_policy

        policy = read_policy(file)
        typer.echo(f"{policy!r}\n{policy.card}")
        often = np.argsort(-policy.moments, kind="stable")[:cells]
        for row, likely in zip(often.tolist(), policy.probabilities(often), strict=True):
            best = [one for one in np.argsort(-likely, kind="stable").tolist() if likely[one]]
            told = ", ".join(f"{policy.answers[one]} {likely[one]:.2f}" for one in best[:_SHOWN])
            typer.echo(f"{policy.moments[row]:>7,}  {policy.label(row)}: {told}")


@takes_run_options(leaving_out=_LEFT_OUT)
def report(
    given: dict[str, Any],
    *,
    file: Annotated[
        Path,
        typer.Option(
            "--policy", help="File of the policy.", metavar="FILE", rich_help_panel=_PANEL
        ),
    ],
    seeds: Annotated[
        int,
        typer.Option(
            help="Number of runs by rules and by policy, to compare time use and trips.",
            metavar="N",
            min=0,
            rich_help_panel=_PANEL,
        ),
    ] = 3,
    live: Annotated[
        bool,
        typer.Option(
            "--live", help="Run the live model over these seeds too.", rich_help_panel=_PANEL
        ),
    ] = False,
    repeats: Annotated[
        int,
        typer.Option(
            help="How often the model is asked about each decision held out.",
            metavar="N",
            min=2,
            rich_help_panel=_PANEL,
        ),
    ] = 2,
    out: Annotated[
        Path | None,
        typer.Option(
            help="File of the report, as JSON.",
            metavar="FILE",
            show_default="beside the policy",
            rich_help_panel="Output",
        ),
    ] = None,
    quiet: _Quiet = False,
) -> None:
    """Compare a policy with the live model: agreement, distance, variety, time use and trips.

    People, days and seed are those that the policy was compiled with, unless others are given.
    """
    with explained_errors():
        from mesa_llm_city.experiments.compiling.policy_run import report_run
        from mesa_llm_city.experiments.progress import progress_on
        from mesa_llm_city.policies import read_policy

        policy = read_policy(file)
        options = _options({**_of_card(policy.card, given), **_without_none(given)})
        with progress_on(quiet=quiet) as progress, plain_warnings():
            found = report_run(
                options,
                policy,
                file,
                seeds=range(options.seed, options.seed + seeds),
                live=live,
                repeats=repeats,
                progress=progress,
            )
        home = file.with_name(f"{file.stem}_report.json") if out is None else out
        home.write_text(f"{json.dumps(found.to_dict(), indent=1)}\n", encoding="utf-8")
        typer.echo(f"{found}\nreport   {home}")


POLICIES.command(name="report")(report)


def _options(given: dict[str, Any]) -> RunOptions:
    return read_options({**given, "mind": "prompt"})


def _without_none(given: dict[str, Any]) -> dict[str, Any]:
    return {name: one for name, one in given.items() if one is not None}


def _of_card(card: PolicyCard, given: dict[str, Any]) -> dict[str, Any]:
    """Return people, days and seed of a card, for what neither options nor their file give."""
    if given.get("config") is not None:
        return {}
    told = {"days": card.days, "seed": card.seed}
    return told if given.get("people") is not None else {**told, "citizens": card.people}
