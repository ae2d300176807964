"""A lock on the folder of a run: of two runs that want the same one, the second is refused."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.atomic_output import unwritable

__all__ = ["is_locked", "locked"]


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other runs, of this machine, out of a folder.

    The lock is one of the operating system, which ends with the process however it ends. It is
    held on a file beside the folder, which is removed in the end.

    Parameters
    ----------
    folder : Path
        Folder of the results; it need not exist.

    Raises
    ------
    ConfigError
        If another run holds it, or nothing can be written there.
    """
    file = _file_of(folder)
    made = [parent for parent in file.parents if not parent.exists()]
    with _opened(file) as stream:
        try:
            yield
        finally:
            # On other systems than POSIX an open file cannot be removed; it does no harm.
            with suppress(OSError):
                file.unlink()
            _unlock(stream)
    for parent in made:
        with suppress(OSError):
            parent.rmdir()


def is_locked(folder: Path) -> bool:
    """Tell whether a run holds the lock of a folder.

    Examples
    --------
    >>> is_locked(Path("runs", "nowhere-7"))
    False
    """
    file = _file_of(folder)
    if not file.is_file():
        return False
    with suppress(OSError), file.open("r+b") as stream:
        if not _lock(stream):
            return True
        _unlock(stream)
    return False


def _file_of(folder: Path) -> Path:
    return folder.absolute().with_name(f".{folder.absolute().name}.lock")


def _opened(file: Path) -> BinaryIO:
    """Return the file, locked."""
    while True:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            stream = file.open("a+b")
        except OSError as error:
            raise unwritable(file.parent, error) from error
        if not _lock(stream):
            raise ConfigError(_held_message(file, stream))
        # Whoever held it before may have removed the file in between.
        if _is_same(file, stream):
            _sign(stream)
            return stream
        stream.close()


def _is_same(file: Path, stream: BinaryIO) -> bool:
    try:
        return os.path.samestat(file.stat(), os.fstat(stream.fileno()))
    except FileNotFoundError:
        return False


def _sign(stream: BinaryIO) -> None:
    stream.truncate(0)
    stream.write(str(os.getpid()).encode())
    stream.flush()


def _held_message(file: Path, stream: BinaryIO) -> str:
    with stream:
        stream.seek(0)
        process = stream.read(20).decode(errors="replace").strip()
    folder = file.name.removeprefix(".").removesuffix(".lock")
    by = f" (process {process})" if process else ""
    return (
        f"out: another run{by} is writing to {file.with_name(folder)}, and would pay for the same "
        "answers; wait for its end, or choose another folder with --out"
    )


def _lock(stream: BinaryIO) -> bool:
    """Lock a file without waiting; tell whether that was possible."""
    try:
        if os.name == "posix":
            import fcntl

            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            import msvcrt

            stream.seek(0)
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return True  # a file system without locks
    return True


def _unlock(stream: BinaryIO) -> None:
    with suppress(OSError):
        if os.name == "posix":
            import fcntl

            fcntl.flock(stream, fcntl.LOCK_UN)
