"""Compiled loops on disk, thrown away when something that they were made of has changed since.

Numba looks at the module of a loop alone. A function of another module that the loop calls, or a
named tuple that it takes, may be another one today; then what was kept would give other numbers,
or could not be read.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from re import findall
from types import FunctionType
from typing import Any

__all__ = ["forget_outdated", "sources_of"]


def forget_outdated(loop: Callable[..., Any], folder: Path) -> None:
    """Remove what is kept of a loop if a module that it was made of is newer.

    Parameters
    ----------
    loop : function
        The loop, as it is written.
    folder : path
        Where its compiled forms are kept.
    """
    stem = Path(loop.__code__.co_filename).stem
    kept = [*folder.glob(f"{stem}.{loop.__qualname__}-*.nbi")]
    if not kept:
        return
    changed = max(file.stat().st_mtime_ns for file in sources_of(loop))
    for index in kept:
        try:
            if index.stat().st_mtime_ns < changed:
                index.unlink()
        except FileNotFoundError:
            # Another process has removed it, or is just writing a new one.
            continue


def sources_of(loop: Callable[..., Any]) -> set[Path]:
    """Return the files of this package in which a loop, what it calls and what it takes stand."""
    waiting: list[object] = [loop]
    met = set[object]()
    while waiting:
        one = waiting.pop()
        if one not in met:
            met.add(one)
            waiting.extend(_read_by(one))
    return {Path(str(sys.modules[str(one.__module__)].__file__)) for one in met}


def _read_by(one: object) -> Iterator[object]:
    """Yield the functions and classes of this package that a function or class names."""
    names: set[str] = set()
    for text in getattr(one, "__annotations__", {}).values():
        names.update(findall(r"\w+", str(text)))
    if isinstance(one, FunctionType):
        names.update(one.__code__.co_names)
    module = vars(sys.modules[str(one.__module__)])
    for name in names:
        found = module.get(name)
        if isinstance(found, FunctionType | type) and _is_ours(found):
            yield found


def _is_ours(found: object) -> bool:
    return str(found.__module__).partition(".")[0] == __name__.partition(".")[0]
