"""Optional libraries: import with advice on installation, and limits of threads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from types import MappingProxyType
from typing import Any

from mesa_llm_city.core.errors import ConfigError

__all__ = ["has_library", "library", "one_thread", "require"]

# Extra of the package that installs a library; other libraries are installed by name.
_EXTRA = MappingProxyType(
    {
        **dict.fromkeys(("sklearn", "threadpoolctl"), "tabular"),
        **dict.fromkeys(("lightgbm",), "boost"),
        **dict.fromkeys(("pyreadstat",), "spss"),
        **dict.fromkeys(("torch", "transformers", "peft", "safetensors", "gguf"), "rms"),
    }
)


def has_library(name: str) -> bool:
    """Tell whether a library is installed.

    Examples
    --------
    >>> has_library("numpy")
    True
    """
    return find_spec(name) is not None


def library(name: str) -> Any:  # noqa: ANN401 - a module of a library without types
    """Import a module of an optional library.

    Raises
    ------
    ConfigError
        If the library is not installed.

    Examples
    --------
    >>> library("numpy.linalg").__name__
    'numpy.linalg'
    """
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        top = name.partition(".")[0]
        message = f"this needs {top}, which is not installed; {_advice(top)}"
        raise ConfigError(message) from error


@contextmanager
def one_thread() -> Iterator[None]:
    """Let compiled libraries use one thread inside the block.

    More threads are not faster with a few thousand rows, are slower on a shared machine,
    and may add numbers in another order from run to run.
    """
    with library("threadpoolctl").threadpool_limits(limits=1):
        yield


def require(*names: str) -> None:
    """Make sure that optional libraries are installed.

    Raises
    ------
    ConfigError
        Lists the libraries that are not installed.

    Examples
    --------
    >>> require("numpy")
    """
    if missing := [name for name in names if not has_library(name)]:
        message = f"this model needs {', '.join(missing)}; {_advice(*missing)}"
        raise ConfigError(message)


def _advice(*missing: str) -> str:
    """Return the command that installs libraries.

    Examples
    --------
    >>> _advice("torch", "peft")
    "pip install 'mesa-llm-city[rms]'"
    >>> _advice("xgboost")
    'pip install xgboost'
    """
    extras = sorted({_EXTRA[name] for name in missing if name in _EXTRA})
    own = [f"'mesa-llm-city[{','.join(extras)}]'"] if extras else []
    others = [name for name in missing if name not in _EXTRA]
    return " ".join(["pip install", *own, *others])
