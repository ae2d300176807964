"""The SHA-256 of files, read once as long as they do not change."""

from __future__ import annotations

from functools import lru_cache
from hashlib import file_digest
from pathlib import Path

__all__ = ["file_sum"]


def file_sum(path: Path) -> str:
    """Return the SHA-256 of a file, 64 hexadecimal digits.

    It is kept until size or time of change of the file differ.

    Examples
    --------
    >>> len(file_sum(Path(__file__)))
    64
    """
    facts = path.stat()
    return _sum(path.resolve(), facts.st_size, facts.st_mtime_ns)


@lru_cache(maxsize=256)
def _sum(path: Path, size: int, changed_ns: int) -> str:
    del size, changed_ns
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()
