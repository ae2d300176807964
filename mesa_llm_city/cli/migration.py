"""The command line of migration: ``mesa-llm-city migration fit``, ``evaluate`` and others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mesa_llm_city.cli.errors import problems_told

if TYPE_CHECKING:
    from mesa_llm_city.llm import LLM
    from mesa_llm_city.migration.evaluation.report import Entry
    from mesa_llm_city.migration.models.base import MigrationModel
    from mesa_llm_city.migration.survey.schema import Schema
    from mesa_llm_city.migration.survey.table import SurveyTable

__all__ = ["MIGRATION", "benchmark", "evaluate", "fit", "leakage", "predict"]

MIGRATION = typer.Typer(no_args_is_help=True, help="Who returns home: train, measure, predict.")
"""The commands, to be added to those of a program."""

_Model = Annotated[Path, typer.Argument(help="Folder of a trained model.", metavar="DIR")]
_Data = Annotated[Path, typer.Option("--data", help="Rows, .csv or .csv.gz.", metavar="FILE")]
_Schema = Annotated[
    Path | None,
    typer.Option("--schema", help="Columns as JSON [those of the CHFS].", metavar="FILE"),
]
_Seed = Annotated[int, typer.Option(help="Of everything drawn.", metavar="S", min=0)]
_Draws = Annotated[int, typer.Option(help="Draws for the intervals; 0: none.", metavar="N", min=0)]
_Backbone = Annotated[
    str | None,
    typer.Option(help="Language model to train from: folder or GGUF.", metavar="PATH"),
]
_Rms = Annotated[
    list[str] | None,
    typer.Option("--rms", help="Option of the RMS-Agent; may be repeated.", metavar="NAME=VALUE"),
]
_Llm = Annotated[
    str | None,
    typer.Option(help="Language model to ask, or a .gguf file.", metavar="PROVIDER/NAME"),
]
_ApiBase = Annotated[str | None, typer.Option(help="Address of a server, with /v1.", metavar="URL")]
_KeyEnv = Annotated[str | None, typer.Option(help="Variable that holds the key.", metavar="NAME")]
_Store = Annotated[
    Path | None, typer.Option(help="Keep answers here, and use those kept.", metavar="FILE")
]


@MIGRATION.command()
def fit(
    *,
    train: Annotated[Path, typer.Option(help="Rows to learn from.", metavar="FILE")],
    out: Annotated[Path, typer.Option(help="Folder of the model.", metavar="DIR")],
    val: Annotated[
        Path | None,
        typer.Option(help="Rows to stop by and to calibrate to.", metavar="FILE"),
    ] = None,
    backend: Annotated[
        str,
        typer.Option(help="tabular, rms, sft, prompt, or a tabular method.", metavar="WHAT"),
    ] = "tabular",
    missing: Annotated[
        str, typer.Option(help="Missing values: indicator or impute.", metavar="HOW")
    ] = "indicator",
    household_mean: Annotated[
        bool, typer.Option("--household-mean", help="Tell labels of the household's others.")
    ] = False,
    split: Annotated[
        str,
        typer.Option(help="predefined, random or grouped.", metavar="HOW"),
    ] = "predefined",
    backbone: _Backbone = None,
    budget_s: Annotated[
        float | None, typer.Option(help="Seconds that training may take.", metavar="N")
    ] = None,
    rms: _Rms = None,
    schema: _Schema = None,
    seed: _Seed = 0,
) -> None:
    """Train a model on survey rows, and leave it in a folder.

    With --val, --split grouped leaves out of training the households of those rows. Without
    it, random and grouped set a tenth of the rows, or of the households, aside in its stead.
    """
    with problems_told():
        options = {} if budget_s is None else {"budget_s": budget_s}
        model = _made(
            backend,
            missing=missing,
            household_mean=household_mean,
            seed=seed,
            backbone=backbone,
            rms_options=options | _named(rms),
        )
        rows, held_out = _tables(train, val, split, _schema(schema), seed)
        _fit(model, rows, held_out, out)
        typer.echo(f"rows   {len(rows):,}{_aside(held_out)}")
        typer.echo(f"model  {out}")


@MIGRATION.command()
def evaluate(
    folder: _Model,
    *,
    data: _Data,
    protocol: Annotated[
        str, typer.Option(help="How the rows were kept from training.", metavar="WORD")
    ] = "given",
    bootstrap: _Draws = 1000,
    text: Annotated[bool, typer.Option("--text", help="Lines for people, no JSON.")] = False,
    llm: _Llm = None,
    api_base: _ApiBase = None,
    key_env: _KeyEnv = None,
    store: _Store = None,
    seed: _Seed = 0,
) -> None:
    """Measure a model on rows it has not seen; print JSON."""
    with problems_told():
        from mesa_llm_city.migration.evaluation.evaluation import evaluate as evaluated
        from mesa_llm_city.migration.models.checkpoint import saved_schema
        from mesa_llm_city.migration.survey.table import read_survey

        table = read_survey(data, saved_schema(folder))
        model = _loaded(folder, llm, api_base, key_env, store)
        told = evaluated(model, table, protocol=protocol, seed=seed, bootstrap=bootstrap)
        typer.echo(str(told) if text else json.dumps(told.to_dict(), indent=2, allow_nan=False))


@MIGRATION.command()
def predict(
    folder: _Model,
    *,
    data: _Data,
    out: Annotated[
        Path | None, typer.Option(help="File of the result [the terminal].", metavar="FILE")
    ] = None,
    llm: _Llm = None,
    api_base: _ApiBase = None,
    key_env: _KeyEnv = None,
    store: _Store = None,
) -> None:
    """Predict rows, with or without labels: CSV of row number and probability of returning."""
    with problems_told():
        from mesa_llm_city.migration.models.checkpoint import saved_schema
        from mesa_llm_city.migration.survey.table import read_survey

        table = read_survey(data, saved_schema(folder), labelled=False)
        p = _loaded(folder, llm, api_base, key_env, store).predict_proba(table)[:, 1]
        # The shortest digits that read back as the very same number.
        lines = [f"{row},{one!r}" for row, one in enumerate(p.tolist())]
        told = "\n".join(["row,p_return", *lines])
        if out is None:
            typer.echo(told)
            return
        _write(out, told + "\n")
        typer.echo(f"rows         {len(table):,}\npredictions  {out}")


@MIGRATION.command()
def leakage(
    *,
    train: Annotated[Path, typer.Option(help="Rows to learn from.", metavar="FILE")],
    test: Annotated[Path, typer.Option(help="Rows to report on.", metavar="FILE")],
    interview: Annotated[
        bool, typer.Option("--interview", help="Look also at who was interviewed, in CHFS.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    schema: _Schema = None,
) -> None:
    """Tell what gives the label away: households on both sides, missing values, flipped signs."""
    with problems_told():
        from mesa_llm_city.migration.survey.leakage import leakage_report
        from mesa_llm_city.migration.survey.schema import chfs
        from mesa_llm_city.migration.survey.table import read_survey

        known = chfs(interview=True) if interview else _schema(schema)
        told = leakage_report(read_survey(train, known), read_survey(test, known))
        typer.echo(json.dumps(told.to_dict(), indent=2) if as_json else str(told))


@MIGRATION.command()
def benchmark(
    *,
    data: Annotated[
        Path,
        typer.Option(help="Folder with train_NAME.csv[.gz] and val_NAME.csv[.gz].", metavar="DIR"),
    ],
    out: Annotated[Path, typer.Option(help="Folder of the tables.", metavar="DIR")] = Path(
        "runs", "migration"
    ),
    methods: Annotated[
        str | None, typer.Option(help="Which [all that can be run].", metavar="NAME,NAME")
    ] = None,
    protocols: Annotated[
        str, typer.Option(help="given, grouped, or both.", metavar="NAME,NAME")
    ] = "given,grouped",
    views: Annotated[
        str, typer.Option(help="indicator, impute, or both.", metavar="NAME,NAME")
    ] = "indicator,impute",
    household_mean: Annotated[
        bool, typer.Option("--household-mean", help="Also with labels of the household's others.")
    ] = False,
    across: Annotated[
        bool, typer.Option("--across", help="Also train on each name and test on the others.")
    ] = False,
    backbone: _Backbone = None,
    rms: _Rms = None,
    bootstrap: _Draws = 200,
    schema: _Schema = None,
    seed: _Seed = 0,
) -> None:
    """Compare all methods under both protocols: one table in Markdown, and JSON."""
    with problems_told():
        from mesa_llm_city.migration.evaluation.comparison import compare_folder
        from mesa_llm_city.migration.evaluation.report import Comparison

        table, record = out / "benchmark.md", out / "benchmark.json"
        entries: list[Entry] = []

        def tell(entry: Entry) -> None:
            # Written after each, since all methods of all files may take hours.
            entries.append(entry)
            told = Comparison(entries=tuple(entries))
            _write(table, told.to_markdown())
            _write(record, json.dumps(told.to_dict(), indent=1, allow_nan=False) + "\n")
            typer.echo(_line(entry))

        compare_folder(
            data,
            _schema(schema),
            across=across,
            methods=None if methods is None else _words(methods),
            protocols=_words(protocols),
            views=_words(views),
            household_means=(False, True) if household_mean else (False,),
            backbone=backbone,
            rms_options=_named(rms),
            bootstrap=bootstrap,
            seed=seed,
            report=tell,
        )
        typer.echo(f"table  {table}\njson   {record}")


def _line(entry: Entry) -> str:
    told = entry.evaluation
    tables = f"{entry.trained_on} > {entry.tested_on}"
    return (
        f"{tables:16} {entry.method:23} {entry.view:9} "
        f"{'household mean' if entry.household_mean else '':14} {told.protocol:8} "
        f"AUC {told.metrics['auc']}"
    )


def _made(backend: str, **options: Any) -> MigrationModel:  # noqa: ANN401 - as `make_model`
    """Return an untrained model for a word of the command line."""
    from mesa_llm_city.migration.evaluation.model_registry import make_model
    from mesa_llm_city.migration.models.zero_shot import PromptModel

    view = options.pop("missing")
    if backend == "prompt":
        return PromptModel(missing=view)
    method = "hist_gradient_boosting" if backend == "tabular" else backend
    return make_model(method, view=view, **options)


def _tables(
    train: Path, val: Path | None, split: str, schema: Schema, seed: int
) -> tuple[SurveyTable, SurveyTable | None]:
    """Return the rows to learn from, and those set aside."""
    from mesa_llm_city.core.errors import ConfigError
    from mesa_llm_city.migration.evaluation.evaluation import without_households
    from mesa_llm_city.migration.survey.splitting import split as divided
    from mesa_llm_city.migration.survey.table import read_survey

    if split not in {"predefined", "random", "grouped"}:
        message = f"--split must be predefined, random or grouped, got {split!r}"
        raise ConfigError(message)
    if split == "random" and val is not None:
        message = "--split random divides the rows of --train; leave --val out"
        raise ConfigError(message)
    rows = read_survey(train, schema)
    if val is not None:
        held_out = read_survey(val, schema)
        return (without_households(rows, held_out) if split == "grouped" else rows), held_out
    if split == "predefined":
        return rows, None
    by: Any = split
    learnt, held_out, _ = divided(rows, by, (0.9, 0.1, 0.0), seed)
    return learnt, held_out


def _fit(model: MigrationModel, rows: SurveyTable, held_out: SurveyTable | None, out: Path) -> None:
    """Train and save; an RMS-Agent keeps its last good checkpoint in the folder meanwhile."""
    from mesa_llm_city.migration.models.tabular import TabularModel
    from mesa_llm_city.migration.models.zero_shot import PromptModel

    if isinstance(model, TabularModel | PromptModel):
        model.fit(rows, held_out).save(out)
        return
    resumable: Any = model
    resumable.fit(rows, held_out, folder=out)


def _loaded(
    folder: Path, llm: str | None, api_base: str | None, key_env: str | None, store: Path | None
) -> MigrationModel:
    """Read a model; one that asks is given whom to ask."""
    from mesa_llm_city.migration.models.loading import load_model
    from mesa_llm_city.migration.models.zero_shot import PromptModel

    model = load_model(folder)
    if isinstance(model, PromptModel) and (llm is not None or store is not None):
        model.backend = _asked(llm, api_base, key_env, store)
    return model


def _asked(llm: str | None, api_base: str | None, key_env: str | None, store: Path | None) -> LLM:
    from mesa_llm_city.llm import LLM, ClientSpec

    if llm is None:
        return LLM.replay(str(store))
    if llm.endswith(".gguf"):
        spec = ClientSpec(backend="local", model=f"local/{Path(llm).stem}", gguf=llm)
        return LLM(spec, store=store)
    backend: Any = "litellm" if api_base is None else "http"
    spec = ClientSpec(backend=backend, model=llm, api_base=api_base, key_env=key_env)
    return LLM(spec, store=store)


def _schema(path: Path | None) -> Schema:
    """Read a schema; that of the CHFS if none is named."""
    from mesa_llm_city.core.errors import ConfigError
    from mesa_llm_city.migration.survey.schema import Schema, chfs

    if path is None:
        return chfs()
    try:
        return Schema.from_json(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, json.JSONDecodeError, UnicodeDecodeError, AttributeError, TypeError) as error:
        message = f"{path} cannot be read as a schema: {error}; write it with Schema.to_json"
        raise ConfigError(message) from error


def _named(given: list[str] | None) -> dict[str, Any]:
    """Return options such as ``depth=8``; what reads as JSON is taken as such."""
    from mesa_llm_city.core.errors import ConfigError

    told: dict[str, Any] = {}
    for one in given or ():
        name, equals, value = one.partition("=")
        if not equals or not name:
            message = f"--rms takes NAME=VALUE, such as depth=8, got {one!r}"
            raise ConfigError(message)
        try:
            told[name] = json.loads(value)
        except json.JSONDecodeError:
            told[name] = value
    return told


def _words(given: str) -> tuple[Any, ...]:
    return tuple(word.strip() for word in given.split(",") if word.strip())


def _aside(held_out: SurveyTable | None) -> str:
    return "" if held_out is None else f", and {len(held_out):,} to stop by and to calibrate to"


def _write(path: Path, told: str) -> None:
    """Write a file, and make its folder.

    Raises
    ------
    ConfigError
        If that cannot be done.
    """
    from mesa_llm_city.core.errors import ConfigError

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(told, encoding="utf-8")
    except OSError as error:
        message = f"{path} cannot be written: {error}; name another --out"
        raise ConfigError(message) from error
