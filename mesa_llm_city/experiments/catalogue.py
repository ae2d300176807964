"""The models in `mesa_llm_city.models`, found by name.

They are programs built on the package, as those of users are, so they are looked up by name and
no layer imports them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, Protocol, cast

from mesa_llm_city.core.errors import ConfigError

if TYPE_CHECKING:
    from mesa_llm_city.city import City
    from mesa_llm_city.core.asking import Backend
    from mesa_llm_city.core.clock import Clock
    from mesa_llm_city.parameters import CityParameters
    from mesa_llm_city.population import Population
    from mesa_llm_city.simulation.model import CityModel

__all__ = [
    "PROGRAM_VARIABLE",
    "ModelEntry",
    "ModelFactory",
    "Program",
    "list_models",
    "load_model",
    "load_program",
    "model_names",
    "page_module",
    "usual_options",
]

_HOME = "mesa_llm_city.models"

_USUAL = ("DAYS", "CITIZENS", "CROWD", "START")

PROGRAM_VARIABLE = "MESA_LLM_CITY_PROGRAM"
"""Environment variable with the options of a `Program`, as JSON, for its page."""


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
        prompts: Iterable[str] | str = (),
        without: Iterable[str] = (),
        parameters: CityParameters | None = None,
    ) -> CityModel:
        """Return the model at its first midnight."""
        ...


class Program(Protocol):
    """How a model that is no city is run: ``PROGRAM`` in a ``program.py``, or that module itself.

    `ModelProgram` is one, with which models of society are run by a language model too.

    Attributes
    ----------
    PAGE : str
        Module of its page in the browser, with Solara's component ``Page``.
    """

    PAGE: str

    def make(self, options: Mapping[str, object]) -> object:
        """Return the model; options are checked."""
        ...

    def simulate(self, options: Mapping[str, object], folder: Path | None = None) -> list[str]:
        """Run the model to its end, write the results, and return lines that sum them up."""
        ...


class ModelEntry(NamedTuple):
    """A model of the catalogue.

    Attributes
    ----------
    name : str
        Name of its folder.
    summary : str
        First line of its docstring.
    folder : Path
        Where its ``model.py`` lies.
    is_runnable : bool
        Whether it is a city.
    is_program : bool
        Whether it is none, but has a `Program`. ``mesa-llm-city run`` runs both; the README of the
        others says how.
    usual : mapping of str to object
        Options of a run that it takes unless others are given, by name: ``days``, until what it
        is about has happened; ``citizens``; ``crowd``; ``start``, the first day. Empty if any
        will do.
    has_page : bool
        Whether it is a city with a page of its own in the browser, in its ``page.py``: Solara's
        component ``Page``, and ``STUDY``, whose ``make`` checks options.
    """

    name: str
    summary: str
    folder: Path
    is_runnable: bool
    is_program: bool = False
    usual: Mapping[str, object] = MappingProxyType({})
    has_page: bool = False

    @property
    def readme(self) -> Path:
        """Description of the model."""
        return self.folder / "README.md"


def list_models() -> tuple[ModelEntry, ...]:
    """Return all models by name; none is imported.

    Examples
    --------
    >>> [model.name for model in list_models() if model.is_runnable]
    ['city_and_village', 'corner_shop', 'evacuation', 'hurricane', 'metropolis', 'shibuya_week',
    'town_day']
    """
    # Importing the empty package tells where they lie: below it, or at the top of a clone.
    homes = map(Path, import_module(_HOME).__path__)
    files = {file.parent.name: file for home in homes for file in home.glob("*/model.py")}
    return tuple(_entry(files[name]) for name in sorted(files))


def model_names() -> tuple[str, ...]:
    """Return the names of the models that can be run, in order."""
    return tuple(model.name for model in list_models() if model.is_runnable)


def usual_options(name: str) -> dict[str, object]:
    """Return the options of a run that a model takes unless others are given.

    Its ``model.py`` says them by ``DAYS``, ``CITIZENS``, ``CROWD`` and ``START``. Nothing is
    imported.

    Examples
    --------
    >>> usual_options("evacuation"), usual_options("town_day")
    ({'days': 3}, {})
    """
    return next((dict(model.usual) for model in list_models() if model.name == name), {})


def load_model(name: str) -> ModelFactory:
    """Import a runnable model.

    Raises
    ------
    ConfigError
        If there is no such model.
    """
    if name not in model_names():
        known = {model.name: model for model in list_models()}
        message = f"there is no model {name!r}; the models are {', '.join(model_names())}"
        if name in known:
            message = (
                f"{name} is no city, so this command cannot run it; {known[name].readme} says how"
            )
        raise ConfigError(message)
    return cast("ModelFactory", import_module(f"{_HOME}.{name}.model").MODEL)


def load_program(name: str) -> Program:
    """Import the program of a model that is no city.

    Raises
    ------
    ConfigError
        If there is no such program.
    """
    programs = [model.name for model in list_models() if model.is_program]
    if name not in programs:
        message = f"there is no program {name!r}; there are {', '.join(programs)}"
        raise ConfigError(message)
    module = import_module(f"{_HOME}.{name}.program")
    return cast("Program", getattr(module, "PROGRAM", module))


def page_module(name: str) -> str:
    """Return the name of the module of a model's own page.

    Examples
    --------
    >>> page_module("city_and_village")
    'mesa_llm_city.models.city_and_village.page'
    """
    return f"{_HOME}.{name}.page"


def _entry(file: Path) -> ModelEntry:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    summary = (ast.get_docstring(tree) or "").partition("\n")[0]
    is_program = (file.parent / "program.py").is_file()
    defined = _defined(tree)
    usual = {name.lower(): ast.literal_eval(defined[name]) for name in _USUAL if name in defined}
    is_city = "MODEL" in defined
    has_page = is_city and (file.parent / "page.py").is_file()
    return ModelEntry(file.parent.name, summary, file.parent, is_city, is_program, usual, has_page)


def _defined(tree: ast.Module) -> dict[str, ast.expr]:
    """Return what a module assigns to its names."""
    return {
        ast.unparse(line.targets[0]): line.value
        for line in tree.body
        if isinstance(line, ast.Assign)
    }
