"""The command line of questionnaires: ``questionnaires list``, ``show`` and ``check``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mesa_llm_city.cli.errors import explained_errors

if TYPE_CHECKING:
    from mesa_llm_city.simulation.surveys import Questionnaire, SurveyQuestion

__all__ = ["QUESTIONNAIRES", "check", "listing", "show"]

QUESTIONNAIRES = typer.Typer(
    no_args_is_help=True, help="Questionnaires: what people in a model are asked."
)
"""The commands, to be added to those of a program."""


@QUESTIONNAIRES.command("list")
def listing() -> None:
    """List the questionnaires of the package."""
    with explained_errors():
        from mesa_llm_city.simulation.surveys import Questionnaire

        for name in Questionnaire.shipped_names():
            one = Questionnaire.shipped(name)
            typer.echo(f"{name:20}  {len(one.questions):2} questions  {one.title}")


@QUESTIONNAIRES.command()
def show(
    name: Annotated[str, typer.Argument(help="Name of a questionnaire, or a TOML file.")],
) -> None:
    """Show the questions of a questionnaire, with their answers."""
    with explained_errors():
        typer.echo("\n".join(_lines(_read(name))))


@QUESTIONNAIRES.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="TOML files.", metavar="FILE...")],
) -> None:
    """Check questionnaires, and report all that is wrong."""
    with explained_errors():
        from mesa_llm_city.simulation.surveys import Questionnaire

        for file in files:
            one = Questionnaire.read(file)
            kinds = ", ".join(question.kind for question in one.questions)
            typer.echo(f"{file} is correct: {len(one.questions)} questions ({kinds})")


def _read(name: str) -> Questionnaire:
    from mesa_llm_city.simulation.surveys import Questionnaire

    is_file = name.endswith(".toml") or "/" in name
    return Questionnaire.read(name) if is_file else Questionnaire.shipped(name)


def _lines(questionnaire: Questionnaire) -> Iterator[str]:
    yield f"{questionnaire.name}: {questionnaire.title}".rstrip(": ")
    for label, text in (("begins", questionnaire.introduction), ("source", questionnaire.source)):
        if text:
            yield f"  {label}  {text}"
    for question in questionnaire.questions:
        yield f"\n{question.name} ({question.kind})"
        yield f"  {question.text}"
        yield from (f"  {line}" for line in _answers(question))


def _answers(question: SurveyQuestion) -> Iterator[str]:
    yield from (f"- {name}: {text}" for name, text in question.items)
    if question.has_scale:
        labels = ", ".join(f"{point} = {label}" for point, label in question.labels)
        yield f"from {question.low} to {question.high}" + (f": {labels}" if labels else "")
    yield from (f"[{option.code}] {option.label}" for option in question.options)
