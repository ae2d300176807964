"""The command line of prompts: ``mesa-llm-city prompts list``, ``show`` and ``check``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mesa_llm_city.cli.errors import explained_errors

if TYPE_CHECKING:
    from mesa_llm_city.prompts import Rendered

__all__ = ["PROMPTS", "check", "listing", "show"]

PROMPTS = typer.Typer(no_args_is_help=True, help="Prompts: what language models are asked.")
"""The commands, to be added to those of a program."""

_Folders = Annotated[
    list[Path] | None,
    typer.Option("--folder", help="Folder of prompts of your own; may be repeated.", metavar="DIR"),
]


@PROMPTS.command("list")
def listing(*, folder: _Folders = None) -> None:
    """List the prompts and the facts that they hold."""
    with explained_errors():
        from mesa_llm_city.prompts import PromptLibrary

        library = PromptLibrary(folder or ())
        typer.echo("prompt        digest            tokens  facts")
        for name in library:
            prompt = library[name]
            length = _tokens(library.example(name))
            facts = ", ".join(prompt.inputs)
            typer.echo(f"{prompt.label:12}  {prompt.digest}  {length:6}  {facts}")
        typer.echo("tokens: estimate for the example of each prompt, characters / 4")


@PROMPTS.command()
def show(
    name: Annotated[str, typer.Argument(help="Name of a prompt, such as plan.")],
    *,
    folder: _Folders = None,
) -> None:
    """Show a prompt with the facts of its example."""
    with explained_errors():
        from mesa_llm_city.prompts import PromptLibrary

        library = PromptLibrary(folder or ())
        prompt, rendered = library[name], library.example(name)
        typer.echo(f"{prompt.label}  {prompt.digest}  {prompt.source}")
        typer.echo(
            f"temperature {prompt.temperature:g}, answer of at most {prompt.max_tokens} tokens, "
            f"prompt of some {_tokens(rendered)} (characters / 4)"
        )
        for role, content in rendered.messages:
            typer.echo(f"\n[{role}]\n{content}")


@PROMPTS.command()
def check(*, folder: _Folders = None) -> None:
    """Render every prompt with difficult facts, and report what is wrong."""
    with explained_errors():
        from mesa_llm_city.prompts import PromptLibrary

        library = PromptLibrary(folder or ())
        library.check()
        typer.echo(f"{len(list(library))} prompts are correct: {', '.join(library)}")


def _tokens(rendered: Rendered) -> int:
    from mesa_llm_city.prompts import estimated_tokens

    return estimated_tokens("".join(content for _, content in rendered.messages))
