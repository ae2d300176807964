"""Packages whose public names are imported when they are first used."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType

from mesa_llm_city.core.errors import ConfigError

__all__ = ["lazily"]

_OWN = "mesa_llm_city"
_NONE: Mapping[str, str] = MappingProxyType({})


def lazily(
    package: str,
    home: Mapping[str, str],
    *,
    extras: Mapping[str, str] = _NONE,
) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Return ``__getattr__`` and ``__dir__`` of a package that imports its names late.

    Parameters
    ----------
    package : str
        Its ``__name__``; it has ``__all__``.
    home : mapping of str to str
        The module inside the package that holds each name.
    extras : mapping of str to str, optional
        The extra of the distribution that each name needs; ``""`` stands for all other names.

    Raises
    ------
    ConfigError
        When a name is used whose libraries are not installed; it names the extra.

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
        try:
            return getattr(import_module(f"{package}.{home[name]}"), name)
        except ModuleNotFoundError as error:
            extra = extras.get(name, extras.get("", ""))
            if not extra or str(error.name).startswith(_OWN):
                raise
            message = (
                f"{name} needs {error.name}, which is not installed; "
                f"run: pip install 'mesa-llm-city[{extra}]'"
            )
            raise ConfigError(message) from error

    def listed() -> list[str]:
        module = sys.modules[package]
        return sorted({*vars(module), *module.__all__})

    return late, listed
