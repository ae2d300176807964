"""Options that several commands of migration share."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = ["Device", "Moved"]

Moved = Annotated[
    str | None,
    typer.Option(
        "--backbone",
        help="Where the language model of an RMS-Agent is; by default it is searched for.",
        metavar="PATH",
    ),
]
"""Option ``--backbone`` of commands that read a trained model."""

Device = Annotated[
    str | None,
    typer.Option(help="Device of an RMS-Agent: auto, cpu, cuda or mps.", metavar="NAME"),
]
"""Option ``--device`` of commands that read a trained model."""
