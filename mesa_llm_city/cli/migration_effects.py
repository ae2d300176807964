"""The command ``mesa-llm-city migration response``: what a model does with each column."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mesa_llm_city.cli.errors import explained_errors
from mesa_llm_city.cli.migration_files import write_file
from mesa_llm_city.cli.migration_options import Device, Moved

if TYPE_CHECKING:
    from mesa_llm_city.migration.effects.curve import ResponseCurve
    from mesa_llm_city.migration.effects.margins import MarginalEffects

__all__ = ["response"]


def response(
    folders: Annotated[
        list[Path],
        typer.Argument(
            help="Folder of a trained model; of several, the intervals hold their differences.",
            metavar="DIR...",
        ),
    ],
    *,
    data: Annotated[
        Path,
        typer.Option("--data", help="Survey rows: CSV, Parquet, Stata or SPSS.", metavar="FILE"),
    ],
    column: Annotated[
        list[str] | None,
        typer.Option(
            help="Column of a curve; may be repeated.",
            metavar="NAME",
            show_default="average marginal effects of all",
        ),
    ] = None,
    points: Annotated[int, typer.Option(help="Most values of a number.", metavar="N", min=2)] = 20,
    bootstrap: Annotated[
        int, typer.Option(help="Resamples for the intervals; 0 for none.", metavar="N", min=0)
    ] = 200,
    rows: Annotated[
        int | None,
        typer.Option(
            help="Take so many rows at random, for models that are slow.",
            metavar="N",
            min=1,
            show_default="all",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for tables (CSV), JSON and pictures.", metavar="DIR", show_default="none"
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    seed: Annotated[int, typer.Option(help="Seed of the resamples.", metavar="S", min=0)] = 0,
    backbone: Moved = None,
    device: Device = None,
) -> None:
    """Show how a model responds to columns: curves, or the average effects of all.

    The expected sign and the levers of policies come from the schema of the model; a lever
    with the wrong sign is a warning.
    """
    with explained_errors():
        from mesa_llm_city.migration.effects.blanks import blank_dependence
        from mesa_llm_city.migration.effects.margins import average_marginal_effects
        from mesa_llm_city.migration.effects.pictures import draw_response
        from mesa_llm_city.migration.effects.response import response_curve
        from mesa_llm_city.migration.models.checkpoint import saved_schema
        from mesa_llm_city.migration.models.loading import load_models
        from mesa_llm_city.migration.survey.table import read_survey

        table = read_survey(data, saved_schema(folders[0]), labelled=False)
        if rows is not None and rows < len(table):
            from numpy.random import default_rng

            table = table.take(sorted(default_rng(seed).permutation(len(table))[:rows].tolist()))
        models = load_models(folders, backbone=backbone, device=device)
        for one, model in zip(folders, models, strict=True):
            blanks = blank_dependence(model, table)
            if blanks.carries:
                typer.echo(f"warning: {one}: {blanks}", err=True)
        if not column:
            found = average_marginal_effects(models, table, draws=bootstrap, seed=seed)
            _show(found, "effects", out, as_json=as_json)
            return
        for name in column:
            curve = response_curve(models, table, name, points=points, draws=bootstrap, seed=seed)
            _show(curve, f"response_{name}", out, as_json=as_json)
            if out is not None:
                draw_response(curve, out / f"response_{name}.png")


def _show(
    found: ResponseCurve | MarginalEffects, name: str, out: Path | None, *, as_json: bool
) -> None:
    from mesa_llm_city.experiments.csv_text import csv_text

    record = json.dumps(found.to_dict(), indent=2, allow_nan=False, ensure_ascii=False)
    typer.echo(record if as_json else f"{found}\n")
    if out is not None:
        write_file(out / f"{name}.json", f"{record}\n")
        write_file(out / f"{name}.csv", csv_text(found.to_frame()))
