"""The command line of migration: ``mesa-llm-city migration fit``, ``evaluate`` and others."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mesa_llm_city.cli.errors import explained_errors
from mesa_llm_city.cli.migration_benchmark import benchmark
from mesa_llm_city.cli.migration_card import card
from mesa_llm_city.cli.migration_effects import response
from mesa_llm_city.cli.migration_files import (
    fit_and_save,
    leave_out_earlier,
    named_values,
    outcome_notes,
    probabilities,
    read_compared,
    read_model,
    read_tables,
    untrained,
    untrained_twin,
    write_file,
)
from mesa_llm_city.cli.migration_flows import calibrate
from mesa_llm_city.cli.migration_options import Device, Moved
from mesa_llm_city.cli.migration_policy import policy
from mesa_llm_city.cli.migration_run import run
from mesa_llm_city.cli.migration_schema import SCHEMA

if TYPE_CHECKING:
    from mesa_llm_city.migration.survey.table import SurveyTable

__all__ = ["MIGRATION", "benchmark", "evaluate", "fit", "leakage", "predict"]

MIGRATION = typer.Typer(
    no_args_is_help=True,
    help="Decisions learnt from a survey, such as who returns: describe, train, evaluate, apply.",
)
"""The commands, to be added to those of a program."""

MIGRATION.add_typer(SCHEMA, name="schema")
MIGRATION.command()(benchmark)
MIGRATION.command()(policy)
MIGRATION.command()(card)
MIGRATION.command()(run)
MIGRATION.command()(calibrate)
MIGRATION.command()(response)

_Model = Annotated[Path, typer.Argument(help="Folder of a trained model.", metavar="DIR")]
_Data = Annotated[
    Path, typer.Option("--data", help="Survey rows: CSV, Parquet, Stata or SPSS.", metavar="FILE")
]
_Schema = Annotated[
    str,
    typer.Option(
        "--schema",
        help="Description of the survey: a TOML or JSON file, or chfs, health_insurance, "
        "union_membership.",
        metavar="FILE",
    ),
]
_Seed = Annotated[int, typer.Option(help="Seed of all random numbers.", metavar="S", min=0)]
_Draws = Annotated[
    int, typer.Option(help="Bootstrap draws for the intervals; 0 for none.", metavar="N", min=0)
]
_Backbone = Annotated[
    str | None,
    typer.Option(
        help="Language model to start training from: a folder or a GGUF file.", metavar="PATH"
    ),
]
_Rms = Annotated[
    list[str] | None,
    typer.Option(
        "--rms",
        help="Option of the RMS-Agent, such as depth=8; may be repeated.",
        metavar="NAME=VALUE",
    ),
]
_Llm = Annotated[
    str | None,
    typer.Option(help="Language model to ask, or a .gguf file.", metavar="PROVIDER/NAME"),
]
_ApiBase = Annotated[str | None, typer.Option(help="Address of a server, with /v1.", metavar="URL")]
_KeyEnv = Annotated[str | None, typer.Option(help="Variable that holds the key.", metavar="NAME")]
_Store = Annotated[
    Path | None,
    typer.Option(help="File of answers: kept ones are used, new ones are added.", metavar="FILE"),
]


@MIGRATION.command()
def fit(
    *,
    train: Annotated[Path, typer.Option(help="Rows to learn from.", metavar="FILE")],
    out: Annotated[Path, typer.Option(help="Folder of the model.", metavar="DIR")],
    val: Annotated[
        Path | None,
        typer.Option(help="Rows for early stopping and calibration.", metavar="FILE"),
    ] = None,
    backend: Annotated[
        str,
        typer.Option(
            help="Kind of model: tabular or one of its methods, rms, sft, prompt, or a rule: "
            "expectation, or push_pull for return migration.",
            metavar="WHAT",
        ),
    ] = "tabular",
    missing: Annotated[
        str,
        typer.Option(help="How missing values are treated: indicator or impute.", metavar="HOW"),
    ] = "indicator",
    household_mean: Annotated[
        bool,
        typer.Option("--household-mean", help="Use the mean label of the other household members."),
    ] = False,
    text_columns: Annotated[
        str,
        typer.Option(
            help="What tabular models do with columns of text: refuse, hash or leave_out.",
            metavar="HOW",
        ),
    ] = "refuse",
    repeats: Annotated[
        int,
        typer.Option(
            help="Trainings of trees with different seeds, whose mean decides.", metavar="N", min=1
        ),
    ] = 1,
    refit: Annotated[
        bool,
        typer.Option("--refit", help="Train again on the rows set aside too, once calibrated."),
    ] = False,
    twin: Annotated[
        bool,
        typer.Option(
            "--twin",
            help="Also train the twin that does not see which values are missing; it decides in "
            "models.",
        ),
    ] = False,
    outcomes: Annotated[
        str,
        typer.Option(
            help="Of an outcome of three values or more: one (the positive one against the rest) "
            "or several (a model for each).",
            metavar="WHAT",
        ),
    ] = "one",
    split: Annotated[
        str,
        typer.Option(help="How rows are set aside: predefined, random or grouped.", metavar="HOW"),
    ] = "predefined",
    backbone: _Backbone = None,
    budget_s: Annotated[
        float | None, typer.Option(help="Longest training time, in seconds.", metavar="N")
    ] = None,
    rms: _Rms = None,
    schema: _Schema = "chfs",
    seed: _Seed = 0,
) -> None:
    """Train a model on survey rows, and leave it in a folder.

    With --val, --split grouped leaves the households of those rows out of training. Without it,
    random and grouped set a tenth of the rows, or of the households, aside.
    """
    with explained_errors():
        limit = {} if budget_s is None else {"budget_s": budget_s}
        options: dict[str, Any] = {
            "household_mean": household_mean,
            "seed": seed,
            "backbone": backbone,
            "rms_options": limit | named_values(rms),
            "text": text_columns,
            "repeats": repeats,
            "refit": refit,
        }
        model = untrained(outcomes, backend, missing=missing, is_twinned=twin, **options)
        blind = untrained_twin(backend, missing, **options) if twin else None
        from mesa_llm_city.migration.survey.shipped import read_schema

        rows, held_out = read_tables(train, val, split, read_schema(schema), seed)
        fit_and_save(model, rows, held_out, out)
        earlier = leave_out_earlier(out)
        typer.echo(f"rows   {len(rows):,}{_held_out_note(held_out)}")
        told = outcome_notes(rows) if outcomes == "one" else ()
        for note in (*rows.notes, *told, *getattr(model, "notes", ()), *earlier):
            typer.echo(f"note   {note}")
        typer.echo(f"model  {out}")
        if blind is not None:
            fit_and_save(blind, rows, held_out, out / "twin")
            typer.echo(f"twin   {out / 'twin'}")


@MIGRATION.command()
def evaluate(
    folder: _Model,
    *,
    data: _Data,
    protocol: Annotated[
        str | None,
        typer.Option(
            help="How these rows were kept from training: given or grouped (no household in "
            "common). It is checked.",
            metavar="WORD",
        ),
    ] = None,
    cost_ratio: Annotated[
        float | None,
        typer.Option(
            help="Cost of missing label 1, in false alarms; it sets the threshold.", metavar="R"
        ),
    ] = None,
    groups: Annotated[
        str | None,
        typer.Option(
            help="Groups with figures of their own: columns with codes, or bands such as "
            "age:16-27,28-38.",
            metavar="COLUMN,COLUMN",
            show_default="gender and bands of age, if there are such columns",
        ),
    ] = None,
    bootstrap: _Draws = 1000,
    text: Annotated[bool, typer.Option("--text", help="Print text instead of JSON.")] = False,
    backbone: Moved = None,
    device: Device = None,
    llm: _Llm = None,
    api_base: _ApiBase = None,
    key_env: _KeyEnv = None,
    store: _Store = None,
    seed: _Seed = 0,
) -> None:
    """Measure a model on rows it has not seen; print JSON.

    Whether it has seen them, or their households, is found out from the fingerprints of its
    training rows; warnings are printed to the error stream.
    """
    with explained_errors(), warnings.catch_warnings():
        from mesa_llm_city.migration.evaluation.evaluation import evaluate as evaluated
        from mesa_llm_city.migration.evaluation.protocol import SeenRowsWarning
        from mesa_llm_city.migration.evaluation.user_groups import UserGroups
        from mesa_llm_city.migration.models.checkpoint import saved_schema
        from mesa_llm_city.migration.survey.table import read_survey

        table = read_survey(data, saved_schema(folder))
        model = read_model(folder, llm, api_base, key_env, store, backbone=backbone, device=device)
        warnings.simplefilter("ignore", SeenRowsWarning)  # they are printed below
        result = evaluated(
            model,
            table,
            protocol=protocol,
            seed=seed,
            bootstrap=bootstrap,
            cost_ratio=cost_ratio,
            groups=None if groups is None else UserGroups.parse(groups, table.schema),
        )
        for one in () if text else result.checked.warnings:
            typer.echo(f"WARNING: {one}", err=True)
        typer.echo(str(result) if text else json.dumps(result.to_dict(), indent=2, allow_nan=False))


@MIGRATION.command()
def predict(
    folder: _Model,
    *,
    data: _Data,
    out: Annotated[
        Path | None,
        typer.Option(help="File of the result; by default it is printed.", metavar="FILE"),
    ] = None,
    backbone: Moved = None,
    device: Device = None,
    llm: _Llm = None,
    api_base: _ApiBase = None,
    key_env: _KeyEnv = None,
    store: _Store = None,
) -> None:
    """Predict rows, with or without labels: CSV of row number and probability of label 1.

    A model of several outcomes gives the probability of each, in columns by their names.
    """
    with explained_errors():
        from mesa_llm_city.migration.models.checkpoint import saved_schema
        from mesa_llm_city.migration.survey.table import read_survey

        table = read_survey(data, saved_schema(folder), labelled=False)
        model = read_model(folder, llm, api_base, key_env, store, backbone=backbone, device=device)
        names, p = probabilities(model, table)
        # `repr` gives the shortest digits that read back as the same number.
        lines = [",".join(map(repr, (row, *some))) for row, some in enumerate(p.tolist())]
        csv = "\n".join([",".join(("row", *names)), *lines])
        if out is None:
            typer.echo(csv)
            return
        write_file(out, csv + "\n")
        typer.echo(f"rows         {len(table):,}\npredictions  {out}")


@MIGRATION.command()
def leakage(
    *,
    train: Annotated[Path, typer.Option(help="Rows to learn from.", metavar="FILE")],
    test: Annotated[
        Path | None,
        typer.Option(
            help="Rows to report on; without them a fifth of the others, by household.",
            metavar="FILE",
        ),
    ] = None,
    interview: Annotated[
        bool,
        typer.Option(
            "--interview", help="Include the columns about the interview itself, in CHFS."
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="End with code 1 if there is a leak.")
    ] = False,
    schema: _Schema = "chfs",
    seed: _Seed = 0,
) -> None:
    """Report what gives the label away: columns, words, copied rows, households, missing values.

    Nothing is changed. Whether a finding is a leak or a fact is for people to say.
    """
    with explained_errors():
        from mesa_llm_city.core.errors import ConfigError
        from mesa_llm_city.migration.survey.leakage import LeakageRules, leakage_report
        from mesa_llm_city.migration.survey.shipped import chfs, read_schema

        if interview and schema != "chfs":
            message = f"--interview is of the schema chfs, got --schema {schema}; leave one out"
            raise ConfigError(message)
        known = chfs(interview=True) if interview else read_schema(schema)
        rows, others = read_compared(train, test, known, seed)
        report = leakage_report(rows, others, rules=LeakageRules(seed=seed))
        typer.echo(json.dumps(report.to_dict(), indent=2) if as_json else str(report))
        if check and report.claims:
            raise typer.Exit(1)


def _held_out_note(held_out: SurveyTable | None) -> str:
    return "" if held_out is None else f", and {len(held_out):,} for early stopping and calibration"
