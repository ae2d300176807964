"""Packages whose public names are imported when they are first used."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module

__all__ = ["lazily"]


def lazily(
    package: str, home: Mapping[str, str]
) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Return ``__getattr__`` and ``__dir__`` of a package that imports its names late.

    Parameters
    ----------
    package : str
        Its ``__name__``; it has ``__all__``.
    home : mapping of str to str
        The module inside the package that holds each name.

    Examples
    --------
    >>> late, listed = lazily("mesa_llm_city", {"Clock": "core.clock"})
    >>> late("Clock").__module__, "Clock" in listed()
    ('mesa_llm_city.core.clock', True)
    """

    def late(name: str) -> object:
        if name not in home:
            public = ", ".join(sys.modules[package].__all__)
            message = f"module {package!r} has no attribute {name!r}; it has {public}"
            raise AttributeError(message)
        return getattr(import_module(f"{package}.{home[name]}"), name)

    def listed() -> list[str]:
        module = sys.modules[package]
        return sorted({*vars(module), *module.__all__})

    return late, listed
