"""The command ``mesa-llm-city traits``: whether personality changes what people do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mesa_llm_city.cli.errors import explained_errors
from mesa_llm_city.cli.run_options import read_options, takes_run_options

if TYPE_CHECKING:
    from mesa_llm_city.experiments import RunOptions
    from mesa_llm_city.experiments.traits import TraitCheck

__all__ = ["traits", "with_usual"]

_FOLDER = Path("runs", "traits")
_DAYS, _PERSONS = 7, 200


@takes_run_options(
    leaving_out=(
        *("model", "interventions", "save_every", "from_save", "stream", "sample_persons"),
        "minds",
    ),
    shown={"out": "runs/traits", "days": f"{_DAYS}", "citizens": f"{_PERSONS}"},
)
def traits(
    given: dict[str, Any],
    *,
    trait: Annotated[
        list[str] | None,
        typer.Option(
            help="One of the Big Five; by default all of which something is published.",
            metavar="NAME",
        ),
    ] = None,
    seeds: Annotated[int, typer.Option(help="Number of pairs of runs.", metavar="N", min=1)] = 1,
) -> None:
    """Let the same people live with a trait low and high, and compare what they do.

    By rules, or by a language model; beside the signs that are published. Each trait and seed
    takes two runs.
    """
    with explained_errors():
        from mesa_llm_city.experiments.atomic_output import check_free

        options = read_options(with_usual(given))
        check_free(options.folder, force=options.force or options.resume)
        check = _checked(options, trait, seeds)
        home = _written(check, options, seeds)
        typer.echo(f"{check.text()}\n\nresults  {home}\npicture  {home / 'traits.png'}")


def with_usual(given: dict[str, Any]) -> dict[str, Any]:
    """Return options with this command's defaults for what neither they nor their file give."""
    from mesa_llm_city.experiments import RunOptions
    from mesa_llm_city.experiments.options.files import read_file

    written, _ = read_file(given.get("config"), RunOptions.model_fields)
    usual = {"out": str(_FOLDER), "days": f"{_DAYS}", "citizens": f"{_PERSONS}"}
    missing = {
        name: one for name, one in usual.items() if given.get(name) is None and name not in written
    }
    return {**given, **missing}


def _checked(options: RunOptions, trait: list[str] | None, seeds: int) -> TraitCheck:
    from mesa_llm_city.experiments.inputs import read_city, read_people
    from mesa_llm_city.experiments.progress import progress_on
    from mesa_llm_city.experiments.simulate import build_model, check_model, confirm_cost
    from mesa_llm_city.experiments.traits import SIGNS, check_traits
    from mesa_llm_city.experiments.unfinished import keeping_answers

    with progress_on(quiet=True) as progress, keeping_answers(options) as llm:
        check_model(options, llm, progress)
        city = read_city(options)
        people = read_people(options, city)
        runs = 2 * seeds * (len(trait) if trait else len({one.trait for one in SIGNS}))
        confirm_cost(build_model(options, city, people, llm), options, progress, runs=runs)
        return check_traits(
            lambda some, seed: build_model(options.with_(seed=seed), city, some, llm),
            people,
            city=city,
            traits=trait,
            seeds=range(options.seed, options.seed + seeds),
            days=options.days,
            people_seed=options.seed,
            decided_by=(options.llm or "a recording") if options.asks else "rules",
        )


def _written(check: TraitCheck, options: RunOptions, seeds: int) -> Path:
    from mesa_llm_city.experiments.traits.folder import write_traits
    from mesa_llm_city.experiments.unfinished import settle

    facts = {"options": options.to_dict(), "seeds": seeds}
    home = write_traits(check, options.folder, facts=facts, force=options.force or options.resume)
    settle(options, home)
    return home
