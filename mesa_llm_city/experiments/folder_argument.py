"""The command line of a sweep: a folder for its results."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

__all__ = ["folder_argument"]


def folder_argument(
    description: str | None, default: str, given: Sequence[str] | None = None
) -> Path:
    """Return the folder that the command line names, and say that the runs begin.

    Parameters
    ----------
    description : str or None
        What the command does, for ``--help``: the docstring of its module, of which the first
        line is shown.
    default : str
        Folder if none is named.
    given : sequence of str, optional
        Arguments; those of the process by default.

    Examples
    --------
    >>> folder_argument("Runs with several seeds.", "runs/sweep", ["found"]).name
    'found'
    """
    first = (description or "").partition("\n")[0].replace("``", "")
    parser = ArgumentParser(description=first)
    parser.add_argument(
        "folder",
        type=Path,
        nargs="?",
        default=Path(default),
        help=f"folder of the results; {default} by default",
    )
    folder: Path = parser.parse_args(given).folder
    sys.stderr.write(f"running, which may take minutes; results go to {folder}\n")
    return folder
