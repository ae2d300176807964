"""A folder of results that appears whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from mesa_llm_city.core.errors import ConfigError

__all__ = ["MARK", "check_free", "staged"]

MARK = "manifest.json"
"""File by which a folder is known as the results of a run."""


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


def _occupied(folder: Path, *, force: bool) -> str:
    """Return why results may not go to `folder`, or an empty text."""
    if not folder.exists():
        return ""
    if not force:
        return f"{folder} exists; choose another folder, or replace it with --force"
    if folder.is_dir() and ((folder / MARK).is_file() or not any(folder.iterdir())):
        return ""
    return f"{folder} exists and is not the folder of a run, so it stays; choose another"


@contextmanager
def staged(folder: Path, *, force: bool = False) -> Iterator[Path]:
    """Give a temporary folder that takes the place of `folder` once all went well.

    After an error, or an interruption, nothing is left of it, and what stood at
    `folder` is as it was.

    Parameters
    ----------
    folder : Path
        Where the results are to be found in the end.
    force : bool, default False
        Whether to replace earlier results.

    Yields
    ------
    Path
        The folder to write to, beside `folder`.

    Raises
    ------
    ConfigError
        If `folder` may not be replaced, or nothing can be written there.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as home:
    ...     with staged(Path(home, "results")) as folder:
    ...         _ = (folder / "note.txt").write_text("done")
    ...     sorted(path.name for path in Path(home).iterdir())
    ['results']
    """
    _tidy(folder)
    check_free(folder, force=force)
    partial = _beside(folder, "partial")
    missing = [parent for parent in partial.parents if not parent.exists()]
    _make(partial)
    try:
        yield partial
        _swap(partial, folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
        _remove_empty(missing)


def _tidy(folder: Path) -> None:
    """Clear away what runs to the same place have left that were killed."""
    for found in sorted(folder.absolute().parent.glob(f".{folder.name}.*-*")):
        what, _, pid = found.name.removeprefix(f".{folder.name}.").partition("-")
        if what not in {"partial", "old"} or not pid.isdecimal() or _lives(int(pid)):
            continue
        if what == "old" and not folder.exists():
            found.replace(folder)  # killed in the midst of taking its place
        else:
            shutil.rmtree(found, ignore_errors=True)


def _lives(pid: int) -> bool:
    """Tell whether a process may still be alive; where that cannot be asked, it may."""
    if os.name != "posix":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _beside(folder: Path, what: str) -> Path:
    # The process id keeps two runs apart that write to the same place.
    return folder.absolute().with_name(f".{folder.absolute().name}.{what}-{os.getpid()}")


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        message = f"out: cannot write to {folder.parent} ({error.strerror}); choose another folder"
        raise ConfigError(message) from error


def _remove_empty(parents: Iterable[Path]) -> None:
    """Remove folders that were made for the results, unless they hold any."""
    for parent in parents:
        if not any(parent.iterdir()):
            parent.rmdir()


def _swap(new: Path, folder: Path) -> None:
    """Move `new` to `folder`; what stood there goes only once that has succeeded."""
    if not folder.exists():
        new.replace(folder)
        return
    old = _beside(folder, "old")
    folder.replace(old)
    try:
        new.replace(folder)
    except BaseException:
        old.replace(folder)
        raise
    shutil.rmtree(old)
