"""The runnable models, found by name: they are built on the package, not part of it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from mesa_llm_city.core.errors import ConfigError

if TYPE_CHECKING:
    from mesa_llm_city.city import City
    from mesa_llm_city.core.asking import Backend
    from mesa_llm_city.core.clock import Clock
    from mesa_llm_city.population import Population
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["ModelFactory", "load_model", "model_lines", "model_names"]

_HOME = "mesa_llm_city.models"


class ModelFactory(Protocol):
    """What ``MODEL`` in a ``model.py`` is: a subclass of `CityModel`, or what makes one."""

    def __call__(
        self,
        *,
        city: City,
        people: Population,
        rng: int,
        clock: Clock,
        llm: Backend | None = None,
        prompts: Iterable[str] = (),
        without: Iterable[str] = (),
    ) -> CityModel:
        """Return the model at its first midnight."""
        ...


def model_lines() -> Mapping[str, str]:
    """Return the runnable models, each with the first line of its docstring.

    Examples
    --------
    >>> model_lines()["town_day"]
    'A day in a town: people sleep, work, ...'
    """
    return {
        name: (ast.get_docstring(tree) or "").partition("\n")[0]
        for name, tree in sorted(_parsed().items())
    }


def model_names() -> tuple[str, ...]:
    """Return the names of the runnable models, in order."""
    return tuple(model_lines())


def load_model(name: str) -> ModelFactory:
    """Import a runnable model.

    Raises
    ------
    ConfigError
        If there is no such model.
    """
    if name not in model_names():
        message = f"there is no model {name!r}; the models are {', '.join(model_names())}"
        raise ConfigError(message)
    return cast("ModelFactory", import_module(f"{_HOME}.{name}.model").MODEL)


def _parsed() -> dict[str, ast.Module]:
    """Return the sources that define ``MODEL``, without importing any."""
    files = [
        file for folder in import_module(_HOME).__path__ for file in Path(folder).glob("*/model.py")
    ]
    trees = {file.parent.name: ast.parse(file.read_text(encoding="utf-8")) for file in files}
    return {name: tree for name, tree in trees.items() if _is_runnable(tree)}


def _is_runnable(tree: ast.Module) -> bool:
    return any(
        isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == "MODEL"
        for line in tree.body
    )
