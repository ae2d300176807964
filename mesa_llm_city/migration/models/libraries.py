"""Libraries that may not be there: imported by name, or missed with advice; one thread each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from mesa_llm_city.core.errors import ConfigError

__all__ = ["has_library", "library", "one_thread", "require"]

_ADVICE = "pip install 'mesa-llm-city[rms]'"


def has_library(name: str) -> bool:
    """Tell whether a library is installed.

    Examples
    --------
    >>> has_library("numpy")
    True
    """
    return find_spec(name) is not None


def library(name: str) -> Any:  # noqa: ANN401 - a module of a library without types
    """Import a module of a library that is no requirement of the package.

    Raises
    ------
    ConfigError
        If it is not installed.

    Examples
    --------
    >>> library("numpy.linalg").__name__
    'numpy.linalg'
    """
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        top = name.partition(".")[0]
        advice = _ADVICE if top in {"sklearn", "threadpoolctl"} else f"pip install {top}"
        message = f"this method needs {top}, which is not installed; {advice}"
        raise ConfigError(message) from error


@contextmanager
def one_thread() -> Iterator[None]:
    """Let compiled libraries use one thread inside the block.

    More are no faster on a few thousand rows, are far slower on a machine that is
    shared, and may add up in another order from run to run.
    """
    with library("threadpoolctl").threadpool_limits(limits=1):
        yield


def require(*names: str) -> None:
    """Make sure that libraries of the extra ``rms`` are there.

    Raises
    ------
    ConfigError
        Naming those that are not installed.

    Examples
    --------
    >>> require("numpy")
    """
    if wanting := [name for name in names if not has_library(name)]:
        message = f"this model needs {', '.join(wanting)}; {_ADVICE}"
        raise ConfigError(message)
