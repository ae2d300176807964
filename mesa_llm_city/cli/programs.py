"""Models that are no city, such as return_migration: what ``run`` and ``serve`` do with them.

They take few of the options of a run: seed, number of people, folder, and by ``--set`` their own
options and parameters.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typer

from mesa_llm_city.cli.run_options import Given, option_name

__all__ = ["is_program", "page_of", "run_program"]

_NAMES = {"seed": "rng", "citizens": "persons"}
_TAKEN = {"model", "parameters", "out", *_NAMES}
_SEED = 7  # that of all commands


def is_program(given: Given) -> bool:
    """Return whether the model of a command is no city, but has a program of its own."""
    from mesa_llm_city.experiments import list_models

    return given.get("model") in {model.name for model in list_models() if model.is_program}


def run_program(given: Given) -> None:
    """Run a program to its end, and print what is told of it."""
    from mesa_llm_city.experiments.catalogue import load_program

    out = given.get("out")
    program = load_program(given["model"])
    told = program.simulate(_options(given), None if out is None else Path(out))
    typer.echo("\n".join(told))


def page_of(given: Given) -> dict[str, str]:
    """Return the environment of the server that shows a program; its options are tried first."""
    from mesa_llm_city.experiments.catalogue import PROGRAM_VARIABLE, load_program

    options, program = _options(given), load_program(given["model"])
    program.make(options)
    return {"SOLARA_APP": program.PAGE, PROGRAM_VARIABLE: json.dumps(options)}


def _options(given: Given) -> dict[str, Any]:
    """Return the options of a program, from those of the command.

    Raises
    ------
    ConfigError
        If options of a city are among them.
    """
    from mesa_llm_city.core.errors import ConfigError
    from mesa_llm_city.experiments.options.assignments import assigned

    unused = [name for name, value in given.items() if _is_given(value) and name not in _TAKEN]
    if unused:
        message = (
            f"{given['model']} is no city and has no use for "
            f"{', '.join(option_name(name) for name in unused)}; its own options are given by "
            "--set NAME=VALUE, such as --set years=10, and the README lists them"
        )
        raise ConfigError(message)
    own = {_NAMES[name]: _value(given[name]) for name in _NAMES if _is_given(given.get(name))}
    set_ = {name: _value(text) for name, text in assigned(given.get("parameters") or ()).items()}
    return {"rng": _SEED, **own, **set_}


def _is_given(value: object) -> bool:
    return value is not None and value is not False and value not in ((), [])


def _value(text: object) -> Any:  # noqa: ANN401 - any value of JSON
    """Return what a text says in JSON, or the text itself."""
    try:
        return json.loads(text) if isinstance(text, str) else text
    except json.JSONDecodeError:
        return text
