"""The command line of schemas: ``mesa-llm-city migration schema``, which drafts and checks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mesa_llm_city.cli.errors import explained_errors
from mesa_llm_city.cli.migration_files import write_file

if TYPE_CHECKING:
    from mesa_llm_city.migration.survey.schema import Schema

__all__ = ["SCHEMA", "check", "schema"]

SCHEMA = typer.Typer(
    invoke_without_command=True, help="Draft the description of a survey, and check it."
)
"""The commands, to be added to those of migration."""


@SCHEMA.callback()
def schema(
    context: typer.Context,
    *,
    source: Annotated[
        Path | None,
        typer.Option("--from", help="The survey: CSV, Parquet, Stata or SPSS.", metavar="FILE"),
    ] = None,
    outcome: Annotated[
        str | None, typer.Option(help="Column of the outcome.", metavar="NAME")
    ] = None,
    positive: Annotated[
        str | None,
        typer.Option(
            help="Value of the outcome that is predicted; by default 1 or yes.", metavar="VALUE"
        ),
    ] = None,
    group: Annotated[
        str | None, typer.Option(help="Column of the household or person.", metavar="NAME")
    ] = None,
    weight: Annotated[
        str | None, typer.Option(help="Column of the weight.", metavar="NAME")
    ] = None,
    period: Annotated[
        str | None, typer.Option(help="Column of the survey wave or year.", metavar="NAME")
    ] = None,
    task: Annotated[
        str, typer.Option(help="What a language model has to know and do.", metavar="TEXT")
    ] = "",
    question: Annotated[
        str, typer.Option(help="What it is asked, to be answered by Yes or No.", metavar="TEXT")
    ] = "",
    out: Annotated[
        Path | None,
        typer.Option(help="File of the schema; by default it is printed.", metavar="FILE"),
    ] = None,
) -> None:
    """Draft a schema from a file, with notes of what to check."""
    if context.invoked_subcommand is not None:
        return
    with explained_errors():
        from mesa_llm_city.core.errors import ConfigError
        from mesa_llm_city.migration.survey.draft import draft_schema
        from mesa_llm_city.migration.survey.schema_text import schema_toml
        from mesa_llm_city.migration.survey.survey_file import read_survey_file

        if source is None or outcome is None:
            message = "a draft needs --from FILE and --outcome NAME; or use schema check FILE"
            raise ConfigError(message)
        draft = draft_schema(
            read_survey_file(source),
            outcome,
            positive=positive,
            group=group,
            weight=weight,
            period=period,
            task=task,
            question=question,
        )
        text = schema_toml(draft.schema, draft.notes)
        if out is None:
            typer.echo(text)
            return
        write_file(out, text)
        count = len([note for notes in draft.notes.values() for note in notes])
        typer.echo(f"columns  {len(draft.schema.columns)}\nto check {count}\nschema   {out}")


@SCHEMA.command()
def check(
    source: Annotated[
        str, typer.Argument(help="A schema: a file, or a name of the package.", metavar="FILE")
    ],
    *,
    data: Annotated[
        Path | None,
        typer.Option(help="A survey that is read with it.", metavar="FILE"),
    ] = None,
) -> None:
    """Check a schema, alone or with the file of a survey; print what it says."""
    with explained_errors():
        from mesa_llm_city.migration.survey.shipped import read_schema

        found = read_schema(source)
        for line in _described(found):
            typer.echo(line)
        if data is not None:
            for line in _read(found, data):
                typer.echo(line)


def _described(schema: Schema) -> Iterator[str]:
    outcome = schema.outcome
    values = ", ".join(f"{code} ({words})" for code, words in outcome.codes.items())
    period = "" if outcome.years is None else f" of {outcome.years:g} years"
    yield f"outcome   {outcome.name}: {values}; label 1 is {outcome.positive}"
    yield f"window    {outcome.window}{period}"
    kinds: dict[str, list[str]] = {}
    for column in schema.columns:
        kinds.setdefault(column.kind, []).append(column.name)
    for kind, names in kinds.items():
        yield f"{kind:9} {', '.join(names)}"
    if late := [column.name for column in schema.columns if column.after_outcome]:
        yield f"after     {', '.join(late)}: measured after the outcome, so never used"
    if levers := [column.name for column in schema.columns if column.lever]:
        yield f"levers    {', '.join(levers)}"
    words = ", ".join(schema.wording) or "none, so language models refuse it"
    yield f"wording   {words}"


def _read(schema: Schema, data: Path) -> Iterator[str]:
    import numpy as np

    from mesa_llm_city.migration.survey.survey_file import read_survey_file
    from mesa_llm_city.migration.survey.table import SurveyTable

    frame = read_survey_file(data).frame
    table = SurveyTable.from_frame(frame, schema, source=str(data))
    share = float(np.mean(table.target)) if len(table) else 0.0
    yield f"rows      {len(table):,}, of which {share:.1%} have label 1"
    yield from (f"note      {note}" for note in table.notes)
    known = {column.name for column in schema.columns} | {schema.target}
    if unused := [str(name) for name in frame.columns if str(name) not in known]:
        yield f"unused    {', '.join(unused)}"
    for column in schema.inputs:
        cells = table.frame[column.name]
        blank = float(cells.isna().mean())
        unseen = [
            words
            for level, words in column.words_in("en").items()
            if column.is_coded and not (cells == level).any()
        ]
        if blank:
            yield f"missing   {column.name}: {blank:.1%} of the rows"
        if unseen:
            yield f"unseen    {column.name}: {', '.join(unseen)}"
