"""The command ``mesa-llm-city migration calibrate``: a decision with observed yearly flows."""

from __future__ import annotations

from dataclasses import replace
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mesa_llm_city.cli.errors import explained_errors
from mesa_llm_city.cli.migration_files import words
from mesa_llm_city.cli.migration_options import Device, Moved

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mesa_llm_city.migration.flows.calibration import FlowCalibration
    from mesa_llm_city.migration.flows.drift import SensitivityRow
    from mesa_llm_city.migration.flows.grouping import Grouping
    from mesa_llm_city.migration.survey.table import SurveyTable

__all__ = ["calibrate"]


def calibrate(
    folder: Annotated[Path, typer.Argument(help="Folder of a trained model.", metavar="DIR")],
    *,
    data: Annotated[
        Path,
        typer.Option("--data", help="Survey rows: CSV, Parquet, Stata or SPSS.", metavar="FILE"),
    ],
    rate: Annotated[
        float | None,
        typer.Option(
            help="Share of people without the outcome (away) who gain it (return) in a year.",
            metavar="SHARE",
        ),
    ] = None,
    leaving_rate: Annotated[
        float | None,
        typer.Option(
            help="Share of people with the outcome (at home) who lose it (leave) in a year.",
            metavar="SHARE",
            show_default="what keeps the share",
        ),
    ] = None,
    by: Annotated[
        str | None, typer.Option(help="Columns of groups with an intercept.", metavar="NAME,NAME")
    ] = None,
    rates: Annotated[
        Path | None,
        typer.Option(
            help="Observed rates of groups: a table with the columns of --by, and rate.",
            metavar="FILE",
        ),
    ] = None,
    age: Annotated[
        str | None,
        typer.Option(
            help="Column of the age in years, for a run in which people grow older.",
            metavar="NAME",
            show_default="age, if there is one",
        ),
    ] = None,
    pooled: Annotated[
        bool, typer.Option("--pooled", help="Members of a household decide together.")
    ] = False,
    years: Annotated[
        int, typer.Option(help="Years of the run without a policy.", metavar="N", min=1)
    ] = 40,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder of the result.", metavar="DIR", show_default="that of the model"),
    ] = None,
    backbone: Moved = None,
    device: Device = None,
) -> None:
    """Solve for the horizons and intercepts that reproduce observed yearly flows.

    They are written to flows.json, which the decision reads with the model. Printed are what
    other horizons would give, and whether the share with the outcome stays without a policy.
    """
    with explained_errors():
        from mesa_llm_city.migration.flows.calibration import fingerprint_of
        from mesa_llm_city.migration.flows.drift import drift, sensitivity
        from mesa_llm_city.migration.flows.rates import read_rates
        from mesa_llm_city.migration.flows.sample import Sample
        from mesa_llm_city.migration.flows.solving import calibrate_flows
        from mesa_llm_city.migration.models.checkpoint import saved_schema
        from mesa_llm_city.migration.models.loading import load_model, load_twin
        from mesa_llm_city.migration.survey.table import read_survey

        schema = saved_schema(folder)
        table = read_survey(data, schema)
        # Where a model has a twin, the twin decides in a simulation.
        moved = {"backbone": backbone, "device": device}
        model = load_twin(folder, **moved) or load_model(folder, **moved)
        columns: tuple[str, ...] | Grouping = words(by or "")
        observed = None
        if rates is not None:
            columns, observed = read_rates(rates, schema, words(by or ""))
        found = calibrate_flows(
            model,
            table,
            rate,
            by=columns,
            rates=observed,
            leaving_rate=leaving_rate,
            pooled=pooled,
        )
        found = replace(found, model=fingerprint_of(folder))
        written = found.save(folder if out is None else out)
        sample = Sample.of(model, table, pooled=pooled)
        run = drift(model, table, found, years=years, age=_age(table, age), pooled=pooled)
        for line in (*_solved(found), *_sensitive(sensitivity(sample, found, found.shift(table)))):
            typer.echo(line)
        typer.echo(f"\n{years} years without a policy: share of {schema.positive}\n{run}")
        typer.echo(f"\nwritten  {written}")


def _age(table: SurveyTable, name: str | None) -> str | None:
    """Return the column of the age: the given one, or ``age`` if it is a number."""
    numbers = {one.name for one in table.schema.inputs if one.kind == "number"}
    return name or ("age" if "age" in numbers else None)


def _solved(found: FlowCalibration) -> Iterable[str]:
    yield f"years at risk  {found.years_at_risk:.2f}"
    yield f"years to lose  {found.years_at_home:.2f}"
    yield f"intercept      {found.intercept:+.3f}"
    for key, one in found.intercepts.items():
        yield f"  {key:40} {one:+.3f}"
    yield from (f"note: {one}" for one in found.notes)


def _sensitive(rows: Iterable[SensitivityRow]) -> Iterable[str]:
    yield "\nyears at risk   yearly rate   years to lose, to balance   share in the long run"
    for row in rows:
        home = "none" if isnan(row.years_at_home) else f"{row.years_at_home:.1f}"
        yield f"{row.years_at_risk:13.1f}{row.yearly_rate:14.4f}{home:>28}{row.share:24.1%}"
