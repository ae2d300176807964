"""Commands that list what there is: ``mesa-llm-city models`` and ``version``."""

from __future__ import annotations

import typer

__all__ = ["models", "version"]


def models() -> None:
    """List all models, each with a line and its description."""
    from mesa_llm_city.experiments import list_models

    for model in list_models():
        typer.echo(f"{model.name}\n  {model.summary}")
        if model.is_runnable or model.is_program:
            typer.echo(f"  run it: mesa-llm-city run {model.name}")
        typer.echo(f"  read:   {model.readme}")


def version() -> None:
    """Print the versions of this package, Mesa and Python."""
    from importlib.metadata import version as version_of
    from platform import python_version

    own, mesa = version_of("mesa-llm-city"), version_of("mesa")
    typer.echo(f"mesa-llm-city {own} (Mesa {mesa}, Python {python_version()})")
