"""The command line of the model of return migration: ``mesa-llm-city migration run``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mesa_llm_city.cli.errors import explained_errors

__all__ = ["run"]


def run(
    *,
    decision: Annotated[
        str,
        typer.Option(help="Who decides: rule, or the folder of a trained model.", metavar="WHAT"),
    ] = "rule",
    data: Annotated[
        Path | None,
        typer.Option(help="People of a survey; by default they are invented.", metavar="FILE"),
    ] = None,
    persons: Annotated[
        int | None,
        typer.Option(
            help="Number of people: invented, or drawn from --data by its weights.",
            metavar="N",
            min=1,
            show_default="600 invented ones, or each row of --data once",
        ),
    ] = None,
    years: Annotated[int, typer.Option(help="Years to simulate.", metavar="N", min=1)] = 15,
    subsidy: Annotated[
        float,
        typer.Option(help="Subsidy of each person in a village, RMB a year.", metavar="X", min=0.0),
    ] = 0.0,
    hukou_reform: Annotated[
        float,
        typer.Option(
            help="Share of migrants who receive the hukou of their city each year.",
            metavar="X",
            min=0.0,
            max=1.0,
        ),
    ] = 0.0,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder of the tables and the picture; by default runs/return_migration.",
            metavar="DIR",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of all random numbers.", metavar="S", min=0)] = 7,
) -> None:
    """Simulate return migration; leave tables, a picture and a manifest."""
    with explained_errors():
        from mesa_llm_city.experiments.catalogue import load_program

        options = {
            "decision": decision,
            "years": years,
            "rural_subsidy": subsidy,
            "hukou_reform": hukou_reform,
            "rng": seed,
            **({} if data is None else {"data": str(data)}),
            **({} if persons is None else {"persons": persons}),
        }
        typer.echo("\n".join(load_program("return_migration").simulate(options, out)))
