"""The command ``mesa-llm-city figure``: figures of a run for papers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mesa_llm_city.cli.errors import explained_errors

__all__ = ["figure"]


def figure(
    name: Annotated[
        str,
        typer.Argument(
            help="Figure: map, flows, time_use, trips, modes, lengths, needs, places or all; "
            "picture of a model that is no city.",
            metavar="NAME",
        ),
    ],
    folder: Annotated[Path, typer.Argument(help="Folder of a run.", metavar="RUN_DIR")],
    *,
    width: Annotated[
        str,
        typer.Option(
            help="Width: single (89 mm), middle (136), double (183), or millimetres.",
            metavar="WIDTH",
        ),
    ] = "single",
    formats: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            help="pdf, svg or png; can be given more than once. By default all three.",
            metavar="FORMAT",
            show_default=False,
        ),
    ] = None,
    dpi: Annotated[int, typer.Option(help="Dots per inch of a PNG.", metavar="N")] = 300,
    crowd: Annotated[bool, typer.Option("--crowd", help="Draw the crowd of the run.")] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for the files; by default figures in that of the run.",
            metavar="DIR",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Draw a figure of a finished run for a paper: PDF, SVG and PNG."""
    with explained_errors():
        from mesa_llm_city.experiments import progress_on
        from mesa_llm_city.experiments.figures.paper import FORMATS, Paper, width_mm
        from mesa_llm_city.experiments.figures.write import write_figures

        size = Paper(width_mm=width_mm(width), formats=tuple(formats or FORMATS), dpi=dpi)
        with progress_on() as progress:
            files = write_figures(folder, name, size, out=out, crowd=crowd, progress=progress)
        for caption in dict.fromkeys(caption for _, caption in files):
            typer.echo(caption)
            for file in (file for file, told in files if told == caption):
                typer.echo(f"  {file}")
