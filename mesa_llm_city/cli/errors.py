"""How the command line ends if something goes wrong: a message and an exit code."""

from __future__ import annotations

import errno
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final, NoReturn

import typer

__all__ = ["BAD_INPUT", "BUDGET_SPENT", "INTERRUPTED", "TERMINATED", "explained_errors"]

BAD_INPUT: Final = 2
"""Exit code after bad input, or a failure that is explained."""
BUDGET_SPENT: Final = 3
"""Exit code when a limit of money, calls or tokens is reached; the run can be resumed."""
INTERRUPTED: Final = 130
"""Exit code after Ctrl-C."""
TERMINATED: Final = 143
"""Exit code after SIGTERM, as a supervisor or a queue of jobs sends it."""

_MOST_NOTES = 5


class _TerminatedError(KeyboardInterrupt):
    """SIGTERM came; it ends a run in the same way as Ctrl-C."""


@contextmanager
def explained_errors() -> Iterator[None]:
    """Turn errors of the package, Ctrl-C and SIGTERM into a message and an exit code.

    So are faults of the machine: a disk that is full, a file that cannot be opened, too little
    memory.
    """
    from mesa_llm_city.core.errors import CityError, LLMBudgetError

    try:
        with _terminable():
            yield
    except CityError as error:
        typer.echo("\n".join([f"error: {error}", *_notes(error)]), err=True)
        is_budget = isinstance(error, LLMBudgetError)
        raise typer.Exit(BUDGET_SPENT if is_budget else BAD_INPUT) from error
    except KeyboardInterrupt as error:
        is_terminated = isinstance(error, _TerminatedError)
        notes = _notes(error) or ["nothing was written"]
        typer.echo("\n".join(["terminated" if is_terminated else "interrupted", *notes]), err=True)
        raise typer.Exit(TERMINATED if is_terminated else INTERRUPTED) from None
    except (OSError, MemoryError) as error:
        if getattr(error, "errno", None) == errno.EPIPE:
            raise  # the reader of our output has gone, which the command line handles itself
        typer.echo("\n".join([f"error: {_of_machine(error)}", *_notes(error)]), err=True)
        raise typer.Exit(BAD_INPUT) from error


@contextmanager
def _terminable() -> Iterator[None]:
    """Let SIGTERM raise inside the block, unless somebody else handles it."""
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _terminate(_: int, __: FrameType | None) -> NoReturn:
    # A second one would interrupt the keeping of what was paid for.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise _TerminatedError


def _of_machine(error: OSError | MemoryError) -> str:
    if isinstance(error, MemoryError):
        return "the memory of this machine is too small; try fewer citizens, places or days"
    where = "" if error.filename is None else f"{error.filename}: "
    return f"{where}{error.strerror or error}"


def _notes(error: BaseException) -> list[str]:
    """Return what was added to an error: the first failures of others, and where answers are."""
    notes = list(getattr(error, "__notes__", []))
    others = [note for note in notes if note.startswith("also failed")]
    remarks = [note for note in notes if note not in others]
    more = len(others) - _MOST_NOTES
    return [*others[:_MOST_NOTES], *([f"... and {more} more"] if more > 0 else []), *remarks]
