"""Models that are no city, such as return_migration: what ``run`` and ``serve`` do with them.

They take few of the options of a run: seed, number of people, folder, and by ``--set`` their own
options and parameters. Models of society take those of a language model as well.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from mesa_llm_city.cli.plain_warnings import plain_warnings
from mesa_llm_city.cli.run_options import Given, option_name

if TYPE_CHECKING:
    from mesa_llm_city.experiments.model_program import ModelProgram
    from mesa_llm_city.experiments.options import ProgramOptions

__all__ = ["has_own_page", "is_program", "own_page_of", "page_of", "run_program"]

_NAMES = {"seed": "rng", "citizens": "persons"}
_TAKEN = {"model", "parameters", "out", *_NAMES}
_SEED = 7  # that of all commands


def is_program(given: Given) -> bool:
    """Return whether the model of a command is no city, but has a program of its own."""
    from mesa_llm_city.experiments import list_models

    return given.get("model") in {model.name for model in list_models() if model.is_program}


def has_own_page(given: Given) -> bool:
    """Return whether a city is shown by a page of its own: it has one, and takes all options.

    With options of a city, such as days or a map, the page of cities is meant.
    """
    from mesa_llm_city.experiments import list_models

    names = {model.name for model in list_models() if model.has_page}
    wanted = {name for name, one in given.items() if _is_given(one)}
    return given.get("model") in names and wanted <= _TAKEN


def own_page_of(given: Given) -> dict[str, str]:
    """Return the environment of the server that shows such a page; its options are tried first."""
    from importlib import import_module

    from mesa_llm_city.experiments.catalogue import PROGRAM_VARIABLE, page_module

    options, module = _options(given), page_module(given["model"])
    import_module(module).STUDY.make(options)
    return {"SOLARA_APP": module, PROGRAM_VARIABLE: json.dumps(options)}


def run_program(given: Given, *, quiet: bool = False) -> None:
    """Run a program to its end, and print its key figures."""
    from mesa_llm_city.experiments import progress_on
    from mesa_llm_city.experiments.catalogue import load_program
    from mesa_llm_city.experiments.model_program import ModelProgram
    from mesa_llm_city.experiments.program_run import result_lines

    program = load_program(given["model"])
    if isinstance(program, ModelProgram):
        options = _program_options(program, given)
        with progress_on(quiet=quiet) as progress, plain_warnings():
            lines = result_lines(program.run(options, progress=progress))
    else:
        out = given.get("out")
        lines = program.simulate(_options(given), None if out is None else Path(out))
    typer.echo("\n".join(lines))


def page_of(given: Given) -> dict[str, str]:
    """Return the environment of the server that shows a program; its options are tried first."""
    from mesa_llm_city.experiments.catalogue import PROGRAM_VARIABLE, load_program
    from mesa_llm_city.experiments.language_model import check_reachable, open_llm
    from mesa_llm_city.experiments.model_program import ModelProgram
    from mesa_llm_city.experiments.program_run import build_society_model

    program = load_program(given["model"])
    if isinstance(program, ModelProgram):
        asked = _program_options(program, given)
        check_reachable(asked)
        build_society_model(program, asked, open_llm(asked))
        options = asked.to_dict()
    else:
        options = _options(given)
        program.make(options)
    return {"SOLARA_APP": program.PAGE, PROGRAM_VARIABLE: json.dumps(options)}


def _program_options(program: ModelProgram, given: Given) -> ProgramOptions:
    """Return the options of a model of society, checked as far as they can be without it.

    Raises
    ------
    OptionsError
        Lists every defect by the name that the option has on the command line.
    ConfigError
        If options of a city are among them.
    """
    from mesa_llm_city.experiments.options import OptionsError, ProgramOptions
    from mesa_llm_city.experiments.options.assignments import assigned

    wanted = {name: one for name, one in given.items() if _is_given(one)}
    own = {"citizens": program.people, "days": program.days}
    own = {name: option for name, option in own.items() if option in program.options}
    fields = set(ProgramOptions.model_fields)
    _check_taken(given["model"], wanted, {*fields, *own, "config"})
    texts = assigned(wanted.pop("parameters", ()))
    set_ = {own[name]: _value(wanted.pop(name)) for name in list(own) if name in wanted}
    set_ |= {name: _value(text) for name, text in texts.items() if "." not in name}
    dotted = {name: _value(text) for name, text in texts.items() if "." in name}
    config = wanted.pop("config", None)
    try:
        return ProgramOptions.load(
            config,
            **wanted,
            options=set_ or None,
            parameters=dotted or None,
            own_prompts=program.own_prompts,
        )
    except OptionsError as error:
        raise error.renamed({name: option_name(name) for name in fields}) from None


def _options(given: Given) -> dict[str, Any]:
    """Return the options of a program that asks nobody, from those of the command.

    Raises
    ------
    ConfigError
        If options of a city, or of a language model, are among them.
    """
    from mesa_llm_city.experiments.options.assignments import assigned

    _check_taken(given["model"], {n: one for n, one in given.items() if _is_given(one)}, _TAKEN)
    own = {_NAMES[name]: _value(given[name]) for name in _NAMES if _is_given(given.get(name))}
    set_ = {name: _value(text) for name, text in assigned(given.get("parameters") or ()).items()}
    return {"rng": _SEED, **own, **set_}


def _check_taken(model: str, given: Given, taken: set[str]) -> None:
    from mesa_llm_city.core.errors import ConfigError

    if unused := [name for name in given if name not in taken]:
        message = (
            f"{model} is no city and has no use for "
            f"{', '.join(option_name(name) for name in unused)}; its own options are given by "
            "--set NAME=VALUE, such as --set years=10, and the README lists them"
        )
        raise ConfigError(message)


def _is_given(value: object) -> bool:
    return value is not None and value is not False and value not in ((), [])


def _value(text: object) -> Any:  # noqa: ANN401 - any value of JSON
    """Return what a text says in JSON, or the text itself."""
    try:
        return json.loads(text) if isinstance(text, str) else text
    except json.JSONDecodeError:
        return text
