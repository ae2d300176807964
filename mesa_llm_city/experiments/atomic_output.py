"""A folder of results that appears whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.processes import is_alive

__all__ = [
    "MANIFEST",
    "UNFINISHED",
    "Output",
    "atomic_folder",
    "check_free",
    "next_free",
    "unwritable",
]

MANIFEST = "manifest.json"
"""File by which a folder is known as the results of a run."""

UNFINISHED = ".unfinished"
"""Ending of the folder beside it that is there until the run is complete."""


@dataclass(slots=True)
class Output:
    """A folder of results in the making.

    Attributes
    ----------
    partial : Path
        Where results are written to until they are complete.
    folder : Path
        Where they are found afterwards: with the next free number, if another run has
        taken the folder in the meantime.
    """

    partial: Path
    folder: Path


def check_free(folder: Path, *, force: bool) -> None:
    """Refuse to overwrite what is already there.

    Parameters
    ----------
    folder : Path
        Where results are to go.
    force : bool
        Whether earlier results may be replaced; anything else never is.

    Raises
    ------
    ConfigError
        If the folder exists and may not be replaced.
    """
    if defect := _occupied(folder, force=force):
        message = f"out: {defect}"
        raise ConfigError(message)


def next_free(folder: Path, *, also: Iterable[Callable[[Path], Path]] = ()) -> Path:
    """Return the folder if it does not exist, else with the next number that is free.

    Parameters
    ----------
    folder : Path
        Such as ``runs/town_day-7``; next is ``runs/town_day-7-2``.
    also : iterable of callable, optional
        Each returns another path that must not exist either.

    Examples
    --------
    >>> next_free(Path("runs", "nowhere-7")).as_posix()
    'runs/nowhere-7'
    """
    numbered = (
        folder if one == 1 else folder.with_name(f"{folder.name}-{one}") for one in count(1)
    )
    beside = tuple(also)
    return next(
        one
        for one in numbered
        if not one.exists() and not any(path(one).exists() for path in beside)
    )


def unwritable(folder: Path, error: OSError) -> ConfigError:
    """Return the error of a folder for results in which nothing can be written.

    Parameters
    ----------
    folder : Path
        The folder.
    error : OSError
        What the system says.
    """
    return ConfigError(f"out: cannot write to {folder} ({error.strerror}); choose another folder")


@contextmanager
def atomic_folder(folder: Path, *, force: bool = False) -> Iterator[Output]:
    """Give a temporary folder that takes the place of `folder` once all went well.

    After an error, or an interruption, nothing is left of it, and what stood at `folder` is
    as it was. Results that appear there in the meantime are not replaced without `force`:
    these take the next free number.

    Parameters
    ----------
    folder : Path
        Where the results are to be found in the end.
    force : bool, default False
        Whether to replace earlier results.

    Yields
    ------
    Output
        With the folder to write to, beside `folder`.

    Raises
    ------
    ConfigError
        If `folder` may not be replaced, or nothing can be written there.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as home:
    ...     with atomic_folder(Path(home, "results")) as output:
    ...         _ = (output.partial / "note.txt").write_text("done")
    ...     sorted(path.name for path in Path(home).iterdir())
    ['results']
    """
    _remove_leftovers(folder)
    check_free(folder, force=force)
    output = Output(_beside(folder, "partial"), folder)
    missing = [parent for parent in output.partial.parents if not parent.exists()]
    _make(output.partial)
    try:
        yield output
        try:
            output.folder = _publish(output.partial, folder, force=force)
        except OSError as error:
            message = f"out: the results cannot be moved to {folder} ({error.strerror})"
            raise ConfigError(message) from error
    finally:
        shutil.rmtree(output.partial, ignore_errors=True)
        _remove_empty(missing)


def _occupied(folder: Path, *, force: bool) -> str:
    """Return why results may not go to `folder`, or an empty text."""
    try:
        if not folder.exists():
            return ""
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        return f"{str(folder)[:200]!r} is no path of a folder ({reason}); choose another"
    if not force:
        return f"{folder} exists; choose another folder, or replace it with --force"
    if folder.is_dir() and ((folder / MANIFEST).is_file() or not any(folder.iterdir())):
        return ""
    return f"{folder} exists and is not the folder of a run, so it stays; choose another"


def _remove_leftovers(folder: Path) -> None:
    """Remove what runs to the same folder have left that were killed."""
    for found in sorted(folder.absolute().parent.glob(f".{folder.name}.*-*")):
        kind, _, pid = found.name.removeprefix(f".{folder.name}.").partition("-")
        if kind not in {"partial", "old"} or not pid.isdecimal() or is_alive(int(pid)):
            continue
        if kind == "old" and not folder.exists():
            found.replace(folder)  # killed while the folder was being replaced
        else:
            shutil.rmtree(found, ignore_errors=True)


def _beside(folder: Path, kind: str) -> Path:
    # The process id keeps two runs apart that write to the same place.
    return folder.absolute().with_name(f".{folder.absolute().name}.{kind}-{os.getpid()}")


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise unwritable(folder.parent, error) from error


def _remove_empty(parents: Iterable[Path]) -> None:
    """Remove folders that were made for the results, unless they hold anything."""
    for parent in parents:
        with suppress(OSError):  # it is not empty, or somebody has removed it already
            parent.rmdir()


def _publish(partial: Path, folder: Path, *, force: bool) -> Path:
    """Move results to where they are found, and return where that is."""
    if force and folder.exists():
        _swap(partial, folder)
        return folder
    while True:
        free = next_free(folder)
        try:
            partial.replace(free)
        except OSError:
            if not free.exists():  # else another run was faster; the next number is tried
                raise
        else:
            return free


def _swap(new: Path, folder: Path) -> None:
    """Put `new` in the place of `folder`, which goes only once that has succeeded."""
    old = _beside(folder, "old")
    folder.replace(old)
    try:
        new.replace(folder)
    except BaseException:
        old.replace(folder)
        raise
    shutil.rmtree(old)
