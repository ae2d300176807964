"""Compiled loops on disk, thrown away when something that they were made of has changed since.

Numba looks at the module of a loop alone. A function of another module that the loop calls, a
constant that it reads, or a named tuple that it takes may be another one today; then what was kept
would give other numbers, or could not be read.
"""

from __future__ import annotations

import sys
from ast import ImportFrom, parse
from collections.abc import Callable
from functools import cache
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
    """Return the files of this package that a loop is made of.

    They are its own, those of the functions that it calls and of the named tuples that it takes,
    at any depth, those from which they import constants, and those that say how any loop is
    compiled.
    """
    waiting: list[object] = [loop]
    met, modules = set[object](), set[str]()
    while waiting:
        one = waiting.pop()
        if one in met:
            continue
        met.add(one)
        home = str(one.__module__)
        modules.add(home)
        origin, names = _imported(home), _named_by(one)
        modules.update(origin[name] for name in names & origin.keys())
        there = vars(sys.modules[home])
        waiting.extend(found for name in names if _is_ours(found := there.get(name)))
    return {Path(str(sys.modules[name].__file__)) for name in modules} | _COMPILING


def _named_by(one: object) -> set[str]:
    """Return what a function or class of this package names."""
    names: set[str] = set()
    for text in getattr(one, "__annotations__", {}).values():
        names.update(findall(r"\w+", str(text)))
    if isinstance(one, FunctionType):
        names.update(one.__code__.co_names)
    return names


@cache
def _imported(module: str) -> dict[str, str]:
    """Return from which modules of this package a module imports names, by the name."""
    file = Path(str(sys.modules[module].__file__))
    lines = (one for one in parse(file.read_bytes()).body if isinstance(one, ImportFrom))
    ours = (one for one in lines if (one.module or "").partition(".")[0] == _PACKAGE)
    return {alias.asname or alias.name: str(one.module) for one in ours for alias in one.names}


def _is_ours(found: object) -> bool:
    is_code = isinstance(found, FunctionType | type)
    return is_code and str(found.__module__).partition(".")[0] == _PACKAGE


_PACKAGE = __name__.partition(".")[0]

# Also what an index of numba may name: one that names what is gone cannot be read.
_COMPILING = {
    Path(__file__).with_name(f"{name}.py")
    for name in ("held", "held_types", "instructions", "kernels")
}
