"""The class of a model by its name, for sweeps from the command line."""

from __future__ import annotations

from importlib import import_module

import mesa

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.catalogue import list_models, load_model, load_program
from mesa_llm_city.experiments.model_program import ModelProgram

__all__ = ["model_class"]


def model_class(name: str) -> type[mesa.Model]:
    """Return a class of models.

    Parameters
    ----------
    name : str
        Name of a model of the catalogue, or ``module:Class`` of a model of one's own.

    Raises
    ------
    ConfigError
        If there is no such model, or it is no class of models.

    Examples
    --------
    >>> model_class("mesa:Model")
    <class 'mesa.model.Model'>
    """
    found = _own(name) if ":" in name else _of_catalogue(name)
    if isinstance(found, type) and issubclass(found, mesa.Model):
        return found
    message = f"{name} is no class of Mesa models, so it cannot be swept; got {found!r}"
    raise ConfigError(message)


def _of_catalogue(name: str) -> object:
    if any(entry.is_program and entry.name == name for entry in list_models()):
        program = load_program(name)
        return program.model if isinstance(program, ModelProgram) else program
    return load_model(name)


def _own(name: str) -> object:
    module, _, kind = name.partition(":")
    try:
        return getattr(import_module(module), kind)
    except (ImportError, AttributeError, ValueError) as error:
        message = f"there is no model {name!r} ({error}); give MODULE:CLASS, as in town:Town"
        raise ConfigError(message) from error
