"""The command line of policies on surveys: ``mesa-llm-city migration policy``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mesa_llm_city.cli.errors import explained_errors
from mesa_llm_city.cli.migration_options import Device, Moved

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mesa_llm_city.migration.models.base import ProbabilityModel
    from mesa_llm_city.migration.survey.table import SurveyTable

__all__ = ["policy"]


def policy(
    *,
    folders: Annotated[
        list[Path] | None,
        typer.Argument(help="Folders of trained models, of one schema.", metavar="DIR..."),
    ] = None,
    data: Annotated[
        Path, typer.Option(help="The people: CSV, Parquet, Stata or SPSS.", metavar="FILE")
    ],
    levers: Annotated[
        list[str],
        typer.Option(
            "--set",
            help="What the policy changes: COLUMN*FACTOR, COLUMN+SUMMAND or COLUMN=VALUE; "
            "may be repeated.",
            metavar="LEVER",
        ),
    ],
    schema: Annotated[
        str | None,
        typer.Option(
            help="Description of the survey; by default that of the first model.", metavar="FILE"
        ),
    ] = None,
    years: Annotated[
        int,
        typer.Option(
            help="Also simulate so many years with and without the policy; 0 for none.",
            metavar="N",
            min=0,
        ),
    ] = 0,
    persons: Annotated[
        int | None,
        typer.Option(
            help="People of these runs, drawn from the rows by their weights.",
            metavar="N",
            min=1,
            show_default="each row once",
        ),
    ] = None,
    runs: Annotated[
        int,
        typer.Option(help="Runs of these years, each with a seed of its own.", metavar="N", min=1),
    ] = 5,
    bootstrap: Annotated[
        int, typer.Option(help="Samples for the intervals.", metavar="N", min=2)
    ] = 500,
    seed: Annotated[int, typer.Option(help="Seed of all random numbers.", metavar="S", min=0)] = 0,
    backbone: Moved = None,
    device: Device = None,
) -> None:
    """Compare what rule and models expect of a policy, with intervals and expected signs."""
    with explained_errors():
        from mesa_llm_city.core.errors import ConfigError
        from mesa_llm_city.migration.models.checkpoint import saved_schema
        from mesa_llm_city.migration.models.loading import load_models, load_twin
        from mesa_llm_city.migration.policy.effect import effects_table, policy_effect
        from mesa_llm_city.migration.policy.lever import read_levers
        from mesa_llm_city.migration.survey.shipped import read_schema
        from mesa_llm_city.migration.survey.table import read_survey

        if schema is None and not folders:
            message = "give the folder of a model, or --schema for the rule alone"
            raise ConfigError(message)
        known = saved_schema((folders or [])[0]) if schema is None else read_schema(schema)
        table = read_survey(data, known)
        named = _named(folders or [])
        trained = load_models(list(named.values()), backbone=backbone, device=device)
        # Where a model has a twin, the twin decides in a simulation, so it is asked here as well.
        twins = [load_twin(one, backbone=backbone, device=device) for one in named.values()]
        asked = [twin or model for twin, model in zip(twins, trained, strict=True)]
        models = _rule(table) | dict(zip(named, asked, strict=True))
        if not models:
            message = (
                f"the schema {schema} expects no sign of any column, so there is no rule to ask; "
                "give the folder of a model, or write expected = 1 or -1 into the schema"
            )
            raise ConfigError(message)
        found = policy_effect(
            models, table, read_levers(levers, known), seed=seed, bootstrap=bootstrap
        )
        typer.echo(f"policy  {found[0].levers}\npeople  {len(table):,}\n\n{effects_table(found)}")
        # A folder also holds the flows with which its model decides.
        deciding: dict[str, ProbabilityModel | Path] = {**models, **named}
        seeds = range(seed, seed + runs)
        for name, one in deciding.items() if years else ():
            shares = [
                [_share(one, table, changes, years, seed=each, persons=persons) for each in seeds]
                for changes in ((), levers)
            ]
            typer.echo(f"{name}: {_simulated(shares[0], shares[1], years, bootstrap)}")


def _rule(table: SurveyTable) -> dict[str, ProbabilityModel]:
    """Return the rule by its name, if the schema has expected signs."""
    from mesa_llm_city.migration.models.expectation_rule import ExpectationRule

    if not any(column.expected for column in table.schema.inputs):
        return {}
    return {"rule": ExpectationRule().fit(table)}


def _named(folders: list[Path]) -> dict[str, Path]:
    """Return folders by their last name, or in full if these are not all different."""
    short = {folder.name for folder in folders} - {"rule", ""}
    return {
        folder.name if len(short) == len(folders) else str(folder): folder for folder in folders
    }


def _simulated(
    without: Sequence[float], with_policy: Sequence[float], years: int, draws: int
) -> str:
    """Return the shares with and without a policy in words, with an interval over the runs.

    Runs with one seed differ by the policy only, so their differences are resampled.
    """
    import numpy as np

    change = np.subtract(with_policy, without)
    text = (
        f"share after {years} years {np.mean(without):.3f} without and {np.mean(with_policy):.3f} "
        f"with the policy, change {change.mean():+.4f}"
    )
    if len(change) == 1:
        return f"{text} (one run)"
    means = np.random.default_rng(0).choice(change, (draws, len(change))).mean(axis=1)
    low, high = np.percentile(means, (2.5, 97.5))
    return f"{text} ({low:+.4f} to {high:+.4f}, 95 % over {len(change)} runs)"


def _share(
    decision: ProbabilityModel | Path,
    table: SurveyTable,
    levers: Sequence[str],
    years: int,
    *,
    seed: int,
    persons: int | None,
) -> float:
    """Return the share with the outcome at the end of a run."""
    from importlib import import_module

    # A model of the catalogue, which no layer imports.
    survey_policy = import_module("mesa_llm_city.models.survey_policy.model").SurveyPolicy
    run = survey_policy(table, decision, levers=levers, years=years, persons=persons, rng=seed)
    while run.running:
        run.step()
    return float(run.share)
