"""The command line of the model of return migration: ``mesa-llm-city migration run``."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from mesa_llm_city.cli.errors import explained_errors
from mesa_llm_city.cli.migration_files import write_file

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
    persons: Annotated[int, typer.Option(help="Invented people.", metavar="N", min=1)] = 600,
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
        from mesa_llm_city.experiments.csv_text import csv_text

        folder = Path("runs", "return_migration") if out is None else out
        options = {"years": years, "rural_subsidy": subsidy, "hukou_reform": hukou_reform}
        survey = None if data is None else _people(decision, data)
        # A model of the catalogue, which no layer imports.
        home = "mesa_llm_city.models.return_migration"
        model = import_module(f"{home}.model").ReturnMigration(
            decision if decision == "rule" else Path(decision),
            persons=persons,
            survey=survey,
            rng=seed,
            **options,
        )
        while model.running:
            model.step()
        history = model.history()
        write_file(folder / "history.csv", csv_text(history))
        write_file(folder / "moves.csv", csv_text(model.moves()))
        manifest = {
            "model": "return_migration",
            "decided_by": model.decision.name,
            "people": "invented" if data is None else str(data),
            "seed": seed,
            **options,
            "digest": model.digest(),
        }
        write_file(folder / "manifest.json", json.dumps(manifest, indent=1) + "\n")
        picture = folder / "country.png"
        import_module(f"{home}.pictures").draw_country(model, picture, title=_title(manifest))
        typer.echo(f"decided by  {model.decision.name}")
        typer.echo(f"people      {len(model.migrants):,}, {manifest['people']}")
        typer.echo(f"at home     {history['home_share'].iloc[0]:.1%} after the first year")
        typer.echo(f"            {model.home_share:.1%} after {years} years")
        typer.echo(f"digest      {model.digest()}\nresults     {folder}\npicture     {picture}")


def _people(decision: str, data: Path) -> Any:  # noqa: ANN401 - rows of a survey
    """Return people, read with the schema of the model that decides."""
    from mesa_llm_city.migration.models.checkpoint import saved_schema
    from mesa_llm_city.migration.survey.shipped import chfs
    from mesa_llm_city.migration.survey.table import read_survey

    return read_survey(data, chfs() if decision == "rule" else saved_schema(decision))


def _title(manifest: dict[str, Any]) -> str:
    policies = []
    if manifest["rural_subsidy"]:
        policies.append(f"subsidy of {manifest['rural_subsidy']:g} RMB a year")
    if manifest["hukou_reform"]:
        policies.append(f"hukou reform, {manifest['hukou_reform']:.0%} a year")
    return f"Decisions by {manifest['decided_by']}; {' and '.join(policies) or 'no policy'}"
