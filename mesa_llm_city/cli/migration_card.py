"""The command line of methods cards: ``mesa-llm-city migration card``."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mesa_llm_city.cli.errors import explained_errors
from mesa_llm_city.cli.migration_files import read_model, write_file
from mesa_llm_city.cli.migration_options import Device, Moved

if TYPE_CHECKING:
    from mesa_llm_city.migration.evaluation.metrics import Reliability

__all__ = ["card"]


def card(
    folder: Annotated[Path, typer.Argument(help="Folder of a trained model.", metavar="DIR")],
    *,
    data: Annotated[
        Path, typer.Option(help="Labelled rows that the model has not seen.", metavar="FILE")
    ],
    train: Annotated[
        Path | None,
        typer.Option(help="Training rows, to report what gives the label away.", metavar="FILE"),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder of card.md, card.json and calibration.png; by default that of the model.",
            metavar="DIR",
        ),
    ] = None,
    backbone: Moved = None,
    device: Device = None,
    bootstrap: Annotated[
        int, typer.Option(help="Samples for the intervals; 0 for none.", metavar="N", min=0)
    ] = 500,
    seed: Annotated[int, typer.Option(help="Seed of all random numbers.", metavar="S", min=0)] = 0,
) -> None:
    """Write the methods card of a trained decision, as Markdown and JSON."""
    with explained_errors(), warnings.catch_warnings():
        from mesa_llm_city.migration.card import methods_card
        from mesa_llm_city.migration.evaluation.protocol import SeenRowsWarning
        from mesa_llm_city.migration.models.checkpoint import saved_schema
        from mesa_llm_city.migration.survey.table import read_survey

        schema = saved_schema(folder)
        warnings.simplefilter("ignore", SeenRowsWarning)  # they are printed below
        found = methods_card(
            folder,
            read_survey(data, schema),
            train=None if train is None else read_survey(train, schema),
            model=read_model(folder, None, None, None, None, backbone=backbone, device=device),
            bootstrap=bootstrap,
            seed=seed,
        )
        for one in found.evaluation.checked.warnings:
            typer.echo(f"WARNING: {one}", err=True)
        into = folder if out is None else out
        content = json.dumps(found.to_dict(), indent=1, allow_nan=False)
        write_file(into / "card.json", content + "\n")
        _draw(found.evaluation.calibration, into / "calibration.png")
        write_file(into / "card.md", found.to_markdown("calibration.png"))
        typer.echo(f"card  {into / 'card.md'}\njson  {into / 'card.json'}")


def _draw(table: Reliability, path: Path) -> None:
    """Draw predicted and observed shares; the size of a point is the share of the rows."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(4.4, 4.2), layout="constrained")
    axes: Any = figure.subplots()
    axes.plot([0, 1], [0, 1], color="#999999", linewidth=1, label="equal")
    axes.scatter(table.predicted, table.observed, s=20 + 400 * table.weight, color="#0b6fa4")
    axes.set_xlabel("Predicted probability")
    axes.set_ylabel("Observed share")
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.legend(frameon=False, fontsize=8)
    figure.savefig(path, dpi=120)
