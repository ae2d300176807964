"""How the command line ends if something goes wrong: a message and an exit code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import typer

__all__ = ["BAD_INPUT", "BUDGET_SPENT", "INTERRUPTED", "explained_errors"]

BAD_INPUT: Final = 2
"""Exit code after bad input, or a failure that is explained."""
BUDGET_SPENT: Final = 3
"""Exit code when a limit of money, calls or tokens is reached; the run can be resumed."""
INTERRUPTED: Final = 130
"""Exit code after Ctrl-C."""

_MOST_NOTES = 5


@contextmanager
def explained_errors() -> Iterator[None]:
    """Turn errors of the package, and Ctrl-C, into a message and an exit code."""
    from mesa_llm_city.core.errors import CityError, LLMBudgetError

    try:
        yield
    except CityError as error:
        typer.echo("\n".join([f"error: {error}", *_notes(error)]), err=True)
        is_budget = isinstance(error, LLMBudgetError)
        raise typer.Exit(BUDGET_SPENT if is_budget else BAD_INPUT) from error
    except KeyboardInterrupt as error:
        notes = _notes(error) or ["nothing was written"]
        typer.echo("\n".join(["interrupted", *notes]), err=True)
        raise typer.Exit(INTERRUPTED) from None


def _notes(error: BaseException) -> list[str]:
    """Return what was added to an error: the first failures of others, and where answers are."""
    notes = list(getattr(error, "__notes__", []))
    others = [note for note in notes if note.startswith("also failed")]
    remarks = [note for note in notes if note not in others]
    more = len(others) - _MOST_NOTES
    return [*others[:_MOST_NOTES], *([f"... and {more} more"] if more > 0 else []), *remarks]
