"""The command ``mesa-llm-city twins``: held-out answers of respondents, predicted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mesa_llm_city.cli.errors import explained_errors
from mesa_llm_city.cli.run_options import read_options, takes_run_options
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.options import OPTION_GROUPS

if TYPE_CHECKING:
    from mesa_llm_city.experiments import RunOptions
    from mesa_llm_city.experiments.twins import Respondents, Twins

__all__ = ["twins"]

_FOLDER = Path("runs", "twins")
# Of the options of a run a survey has use for those about the language model and the results.
_TITLES = ("Decisions", "Language model", "Limits", "Output")
_TAKEN = {
    "seed",
    *(name for one in OPTION_GROUPS if one.title in _TITLES for name in one.model_fields),
}
_LEFT_OUT = ({name for one in OPTION_GROUPS for name in one.model_fields} - _TAKEN) | {
    "prompts",
    "without",
    "save_every",
    "from_save",
}
_Names = list[str] | None


@takes_run_options(leaving_out=_LEFT_OUT, shown={"out": "runs/twins"})
def twins(
    given: dict[str, Any],
    *,
    table: Annotated[
        Path, typer.Argument(help="Table of respondents, one row each.", metavar="TABLE")
    ],
    questions: Annotated[
        Path, typer.Option(help="Questionnaire whose names are columns of it.", metavar="TOML")
    ],
    held_out: Annotated[
        list[str], typer.Option(help="Question to predict; may be repeated.", metavar="NAME")
    ],
    known: Annotated[
        _Names, typer.Option(help="Known question; all others by default.", metavar="NAME")
    ] = None,
    facts: Annotated[
        _Names,
        typer.Option(help="Column of a known fact; all others by default.", metavar="COLUMN"),
    ] = None,
    id_column: Annotated[
        str | None, typer.Option("--id", help="Column of ids.", metavar="COLUMN")
    ] = None,
    retest: Annotated[
        Path | None, typer.Option(help="Table of the same people asked again.", metavar="FILE")
    ] = None,
    persons: Annotated[
        int | None, typer.Option(help="Number of respondents to draw; all by default.", metavar="N")
    ] = None,
    draws: Annotated[int, typer.Option(help="Resamples for intervals.", metavar="N", min=2)] = 200,
) -> None:
    """Predict held-out answers of respondents, by a language model and by naive methods."""
    with explained_errors():
        from mesa_llm_city.experiments.atomic_output import check_free
        from mesa_llm_city.simulation.surveys import Questionnaire

        options = read_options(_asking({**given, "out": given.get("out") or str(_FOLDER)}))
        check_free(options.folder, force=options.force or options.resume)
        asked = Questionnaire.read(questions).questions
        people = _drawn(_read(table, asked, id_column, facts), persons, options.seed)
        again = None if retest is None else _read(retest, asked, id_column, facts)
        found = _predicted(people, held_out, known, again, options, draws)
        home = _written(found, options, table, questions)
        typer.echo(f"{found.text()}\n\nresults  {home}\npicture  {home / 'twins.png'}")


def _asking(given: dict[str, Any]) -> dict[str, Any]:
    """Return the options; whoever names a language model or a recording wants it asked."""
    asks = given.get("mind") is None and (given.get("llm") or given.get("replay"))
    return {**given, "mind": "prompt"} if asks else given


def _read(table: Path, questions: Any, id_column: str | None, facts: _Names) -> Respondents:  # noqa: ANN401
    from mesa_llm_city.experiments.twins import Respondents

    return Respondents.read(table, questions, id_column=id_column, facts=facts)


def _drawn(people: Respondents, persons: int | None, seed: int) -> Respondents:
    from mesa_llm_city.core import streams

    if persons is None:
        return people
    if not 0 < persons <= len(people):
        message = f"persons: must be from 1 to {len(people)}, got {persons}"
        raise ConfigError(message)
    order = streams.rng(seed, 0, "twins persons", 0).permutation(len(people))
    return people.rows(sorted(order[:persons].tolist()))


def _predicted(  # noqa: PLR0917 - what the command is given
    people: Respondents,
    held_out: list[str],
    known: _Names,
    retest: Respondents | None,
    options: RunOptions,
    draws: int,
) -> Twins:
    from mesa_llm_city.experiments.twins import make_twins
    from mesa_llm_city.experiments.unfinished import keeping_answers

    with keeping_answers(options) as llm:
        return make_twins(
            people, held_out, known=known, llm=llm, retest=retest, seed=options.seed, draws=draws
        )


def _written(found: Twins, options: RunOptions, table: Path, questions: Path) -> Path:
    from mesa_llm_city.experiments.twins.folder import write_twins
    from mesa_llm_city.experiments.unfinished import settle

    facts = {
        "table": table.name,
        "questions": questions.name,
        "seed": options.seed,
        "language_model": options.llm,
        "replay_of": options.replay,
    }
    home = write_twins(found, options.folder, facts=facts, force=options.force or options.resume)
    settle(options, home)
    return home
