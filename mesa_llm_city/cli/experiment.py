"""Commands ``mesa-llm-city experiment NAME``: the experiments of the CitySim paper."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mesa_llm_city.cli.errors import explained_errors
from mesa_llm_city.cli.run_options import read_options, takes_run_options
from mesa_llm_city.cli.step_time import step_time
from mesa_llm_city.experiments.paper.specification import EXPERIMENTS, Experiment

if TYPE_CHECKING:
    from collections.abc import Callable

    from mesa_llm_city.experiments import RunOptions
    from mesa_llm_city.experiments.paper import Report

__all__ = ["EXPERIMENT"]

EXPERIMENT = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Experiments of the CitySim paper, with intervals and naive predictions.",
)
"""The commands, to be added to those of a program."""

_PANEL = "Experiment"
_Data = Annotated[
    Path | None,
    typer.Option(
        help="Folder of observed tables. Without it nothing is compared.",
        metavar="DIR",
        show_default=False,
        rich_help_panel=_PANEL,
    ),
]
_Run = Annotated[
    Path | None,
    typer.Option(
        help="Folder of a finished run to measure in place of a new one.",
        metavar="RUN_DIR",
        show_default=False,
        rich_help_panel=_PANEL,
    ),
]
_Draws = Annotated[
    int,
    typer.Option(
        help="Resamples of people for the intervals.", metavar="N", min=2, rich_help_panel=_PANEL
    ),
]
_Cell = Annotated[
    float,
    typer.Option(
        help="Side of a cell of the mesh for counts, in metres.",
        metavar="M",
        rich_help_panel=_PANEL,
    ),
]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON.", rich_help_panel="Output")]
_Quiet = Annotated[
    bool, typer.Option("--quiet", help="Report no progress.", rich_help_panel="Output")
]
# Experiments whose people, or whose runs, are their own.
_FIXED_PEOPLE = ("citizens", "people", "households")


def _command(experiment: Experiment) -> Callable[..., None]:
    """Return the command of an experiment, with the options of a run."""

    @takes_run_options(leaving_out=_left_out(experiment), shown=_shown(experiment))
    def command(
        given: dict[str, Any],
        *,
        data: _Data = None,
        run: _Run = None,
        draws: _Draws = 200,
        cell: _Cell = 250.0,
        as_json: _Json = False,
        quiet: _Quiet = False,
    ) -> None:
        with explained_errors():
            options = read_options(given)
            found = _conduct(
                experiment, options, quiet=quiet, data=data, run=run, draws=draws, cell_m=cell
            )
            typer.echo("\n".join(_shown_lines(*found, as_json=as_json)))

    command.__name__ = experiment.name
    command.__doc__ = _description(experiment)
    return command


def _description(experiment: Experiment) -> str:
    files = ", ".join(f"{name}.csv" for name in experiment.tables)
    compared = f"Compared with {files} of --data.\n\n" if files else ""
    return f"{experiment.shows}\n\n{compared}{experiment.source}. In the paper: {experiment.paper}."


def _left_out(experiment: Experiment) -> tuple[str, ...]:
    return (
        *("model", "interventions", "save_every", "from_save", "stream", "sample_persons"),
        "minds",
        *(_FIXED_PEOPLE if experiment.name == "needs" else ()),
    )


def _shown(experiment: Experiment) -> dict[str, str]:
    paper = f"; the paper has {experiment.paper_days}" if experiment.paper_days else ""
    shown = {
        "citizens": f"{experiment.citizens}; the paper has 1,000",
        "days": f"{experiment.days}{paper}",
        "out": f"runs/{experiment.name}-SEED, or the next free number",
    }
    if experiment.name == "ablations":
        shown["without"] = "each in turn: beliefs, recursion, goals, needs, persona"
    return shown


def _conduct(
    experiment: Experiment,
    options: RunOptions,
    *,
    quiet: bool,
    **asked: Any,  # noqa: ANN401
) -> tuple[Report, Path]:
    from mesa_llm_city.experiments import progress_on, run_experiment

    with progress_on(quiet=quiet) as progress:
        return run_experiment(experiment.name, options, progress=progress, **asked)


def _shown_lines(report: Report, folder: Path, *, as_json: bool) -> list[str]:
    if as_json:
        return [json.dumps(report.to_dict(), indent=2, allow_nan=False)]
    picture = folder / f"{report.experiment.name}.png"
    return [report.text(), "", f"results  {folder}", f"picture  {picture}"]


for _experiment in EXPERIMENTS.values():
    EXPERIMENT.command(_experiment.name)(_command(_experiment))
EXPERIMENT.command("step-time")(step_time)
