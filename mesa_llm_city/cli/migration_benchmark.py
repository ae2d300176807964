"""The command ``mesa-llm-city migration benchmark``: tables of methods, as a paper prints them."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mesa_llm_city.cli.errors import explained_errors
from mesa_llm_city.cli.migration_files import answering_llm, named_values, words, write_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from mesa_llm_city.migration.evaluation.benchmark import Asked, Benchmark, Computed
    from mesa_llm_city.migration.evaluation.benchmark_report import BenchmarkReport
    from mesa_llm_city.migration.evaluation.plan import Plan
    from mesa_llm_city.migration.survey.schema import Schema

__all__ = ["benchmark"]

_NOT_REPEATED = ("out", "only", "shows_cells")


def benchmark(
    context: typer.Context,
    *,
    data: Annotated[
        Path,
        typer.Option(
            help="Folder with train_NAME.csv[.gz], and val_NAME.csv[.gz] or test_NAME.csv[.gz].",
            metavar="DIR",
        ),
    ],
    out: Annotated[
        Path, typer.Option(help="Folder of the tables and the finished cells.", metavar="DIR")
    ] = Path("runs", "migration"),
    preset: Annotated[
        str | None,
        typer.Option(
            help="paper: methods, views and options of RMS-Agent, section 5.", metavar="NAME"
        ),
    ] = None,
    methods: Annotated[
        str | None,
        typer.Option(
            help="Methods to compare; by default all that can be run.", metavar="NAME,NAME"
        ),
    ] = None,
    protocols: Annotated[
        str | None,
        typer.Option(
            help="Protocols: given, grouped, or both.",
            metavar="NAME,NAME",
            show_default="both; given with --preset paper",
        ),
    ] = None,
    views: Annotated[
        str | None,
        typer.Option(
            help="Views of missing values: indicator, impute, or both.",
            metavar="NAME,NAME",
            show_default="both; impute with --preset paper",
        ),
    ] = None,
    household_mean: Annotated[
        bool,
        typer.Option(
            "--household-mean", help="Also with the mean label of the other household members."
        ),
    ] = False,
    ablations: Annotated[
        bool,
        typer.Option(
            "--ablations",
            help="Also the RMS-Agent without one part after another: queries, columns, text, "
            "both but the text, its own head, the view of missing values.",
        ),
    ] = False,
    queries: Annotated[
        str | None,
        typer.Option(help="Also these numbers of meta-queries.", metavar="N,N"),
    ] = None,
    backbones: Annotated[
        str | None,
        typer.Option(help="Also the RMS-Agent from these language models.", metavar="DIR,DIR"),
    ] = None,
    trajectory: Annotated[
        str | None,
        typer.Option(
            help="Also the RMS-Agent with this column of places, such as A > B.", metavar="COLUMN"
        ),
    ] = None,
    across: Annotated[
        bool, typer.Option("--across", help="Also train on each name and test on the others.")
    ] = False,
    groups: Annotated[
        str | None,
        typer.Option(
            help="Also figures of groups: columns with codes, or bands such as age:16-27,28-38.",
            metavar="COLUMN,COLUMN",
        ),
    ] = None,
    backbone: Annotated[
        str | None,
        typer.Option(
            help="Language model to start training from: a folder or a GGUF file.", metavar="PATH"
        ),
    ] = None,
    bert: Annotated[
        str | None,
        typer.Option(help="BERT for the method bert: a folder.", metavar="DIR"),
    ] = None,
    rms: Annotated[
        list[str] | None,
        typer.Option(
            "--rms",
            help="Option of all methods from a language model, such as depth=8; may be repeated.",
            metavar="NAME=VALUE",
        ),
    ] = None,
    llm: Annotated[
        str | None,
        typer.Option(
            help="Language model to ask for the method prompt, or a .gguf file.",
            metavar="PROVIDER/NAME",
        ),
    ] = None,
    api_base: Annotated[
        str | None, typer.Option(help="Address of a server, with /v1.", metavar="URL")
    ] = None,
    key_env: Annotated[
        str | None, typer.Option(help="Variable that holds the key.", metavar="NAME")
    ] = None,
    store: Annotated[
        Path | None,
        typer.Option(
            help="File of answers: kept ones are used, new ones are added.", metavar="FILE"
        ),
    ] = None,
    part: Annotated[
        str, typer.Option(help="Files to report on: val or test.", metavar="NAME")
    ] = "val",
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only", help="Compute this cell again, and no other; may be repeated.", metavar="CELL"
        ),
    ] = None,
    shows_cells: Annotated[
        bool, typer.Option("--list", help="List the cells and whether they are finished; end.")
    ] = False,
    keep_models: Annotated[
        bool, typer.Option("--keep-models", help="Leave the trained models in the folder models.")
    ] = False,
    bootstrap: Annotated[
        int, typer.Option(help="Bootstrap draws for the intervals; 0 for none.", metavar="N", min=0)
    ] = 200,
    schema: Annotated[
        str,
        typer.Option(
            "--schema",
            help="Description of the survey: a TOML or JSON file, or chfs, health_insurance, "
            "union_membership.",
            metavar="FILE",
        ),
    ] = "chfs",
    seed: Annotated[int, typer.Option(help="Seed of all random numbers.", metavar="S", min=0)] = 0,
) -> None:
    """Compare methods: tables in Markdown, LaTeX and CSV, and all figures as JSON.

    Finished cells are kept in the folder of the tables. After an interruption the same command
    computes those that are missing.
    """
    with explained_errors():
        from mesa_llm_city.migration.evaluation.benchmark import Benchmark
        from mesa_llm_city.migration.survey.shipped import read_schema

        known = read_schema(schema)
        asked = _asked(llm, api_base, key_env, store)
        plan = _plan(
            preset,
            known,
            methods=methods,
            protocols=protocols,
            views=views,
            household_means=(False, True) if household_mean else (False,),
            ablations=ablations,
            queries=queries,
            backbones=backbones,
            trajectory=trajectory,
            across=across,
            groups=groups,
            backbone=backbone,
            encoder=bert,
            rms_options=named_values(rms),
            has_llm=asked is not None,
            seed=seed,
            bootstrap=bootstrap,
        )
        made = Benchmark(
            data,
            known,
            plan,
            out=out,
            part=part,
            asked=asked,
            command=_command(context),
            keep_models=keep_models,
        )
        if shows_cells:
            _list(made)
            return
        _run(made, only or [], out)


def _run(made: Benchmark, only: list[str], out: Path) -> None:
    for name, why in made.plan.not_run.items():
        typer.echo(f"not run: {name} {why}")
    if made.finished and not only:
        typer.echo(f"{made.finished} of {len(made.cells)} cells are finished already")
    report = made.run(only=only, report=_shown(made, out))
    _write(report, out)
    names = [out / f"benchmark.{ending}" for ending in ("md", "tex", "csv", "json")]
    typer.echo("\n".join(f"{name.suffix[1:]:5}  {name}" for name in names))


def _shown(made: Benchmark, out: Path) -> Callable[[Computed], None]:
    """Return what shows a cell, and writes the tables with those before.

    All cells may take hours, so the tables are written after each.
    """

    def show(computed: Computed) -> None:
        record = computed.record
        auc, ends = record["auc"], record["intervals"]["auc"]
        figure = "undefined" if auc is None else f"{auc:.4f}"
        interval = "" if ends is None else f" ({ends[0]:.4f} to {ends[1]:.4f})"
        again = {None: "", True: "  as before", False: "  NOT as before"}[computed.as_before]
        count = f"{computed.done}/{computed.total}"
        typer.echo(f"{count:8} {record['cell']:48} AUC {figure}{interval}{again}")
        _write(made.report(), out)

    return show


def _write(report: BenchmarkReport, out: Path) -> None:
    write_file(out / "benchmark.md", report.to_markdown())
    write_file(out / "benchmark.tex", report.to_latex())
    write_file(out / "benchmark.csv", report.to_csv())
    values = json.dumps(report.to_dict(), indent=1, allow_nan=False)
    write_file(out / "benchmark.json", values + "\n")


def _list(made: Benchmark) -> None:
    for cell in made.cells:
        typer.echo(f"{'finished' if made.is_finished(cell) else 'to do':9} {cell.name}")


def _plan(preset: str | None, schema: Schema, **given: Any) -> Plan:  # noqa: ANN401 - options of many types
    """Return the plan; options that are not given have the default of the preset."""
    from mesa_llm_city.core.errors import ConfigError
    from mesa_llm_city.migration.evaluation.model_registry import default_methods
    from mesa_llm_city.migration.evaluation.paper import paper_plan
    from mesa_llm_city.migration.evaluation.plan import Plan
    from mesa_llm_city.migration.evaluation.user_groups import UserGroups

    if preset not in {None, "paper"}:
        message = f"there is no preset {preset!r}; accepted is paper"
        raise ConfigError(message)
    options = {name: at for name, at in given.items() if at is not None}
    for name in ("methods", "protocols", "views", "backbones"):
        if name in options:
            options[name] = words(given := options[name])
            if not options[name]:
                message = f"--{name} takes names, separated by commas, got {given!r}"
                raise ConfigError(message)
    if "queries" in options:
        options["queries"] = _counts(options["queries"])
    if "groups" in options:
        options["groups"] = UserGroups.parse(options["groups"], schema)
    options["show_groups"] = "groups" in options or preset is not None
    if preset is not None:
        return paper_plan(**options)
    options.pop("has_llm")
    options.setdefault("methods", default_methods(backbone=options.get("backbone")))
    return Plan(**options)


def _counts(text: str) -> tuple[int, ...]:
    from mesa_llm_city.core.errors import ConfigError

    try:
        return tuple(int(one) for one in words(text))
    except ValueError as error:
        message = f"--queries takes whole numbers, such as 2,4,8, got {text!r}"
        raise ConfigError(message) from error


def _asked(
    llm: str | None, api_base: str | None, key_env: str | None, store: Path | None
) -> Asked | None:
    if llm is None and store is None:
        return None
    from mesa_llm_city.migration.evaluation.benchmark import Asked

    name = llm or f"answers in {store}"
    return Asked(backend=answering_llm(llm, api_base, key_env, store), name=name)


def _command(context: typer.Context) -> str:
    """Return the command line as given, without what chooses cells and the folder."""
    parts = ["mesa-llm-city", "migration", "benchmark"]
    for option in context.command.params:
        name = option.name or ""
        value = context.params.get(name)
        source = context.get_parameter_source(name)
        if name in _NOT_REPEATED or source is None or source.name != "COMMANDLINE":
            continue
        if value is True:
            parts.append(option.opts[0])
            continue
        for one in value if isinstance(value, list | tuple) else [value]:
            parts += [option.opts[0], str(one)]
    return shlex.join(parts)
