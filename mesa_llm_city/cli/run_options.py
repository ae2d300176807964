"""The options of a run on the command line, derived from the models of `experiments.options`.

Values go on as text: `RunOptions` reads them, so that one message lists all defects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import typer
from pydantic.fields import FieldInfo

from mesa_llm_city.experiments.options import (
    OPTION_GROUPS,
    OptionDefect,
    OptionGroup,
    OptionsError,
    RunOptions,
)
from mesa_llm_city.experiments.options.files import read_file

__all__ = ["option_name", "read_options", "takes_run_options"]

Given: TypeAlias = dict[str, Any]
"""Options as the command line gives them, by name; None where one was not given."""

# What is called otherwise than in Python and in files.
_NAMES = {
    "model": "MODEL",
    "llm": "--model",
    "from_save": "--from",
    "parameters": "--set",
    "model_options": "--model-option",
    "interventions": "--intervene",
}
_REPEATED = ("parameters", "places", "policy", "model_options", "interventions")


def takes_run_options(
    *, leaving_out: Iterable[str] = (), shown: Mapping[str, str] | None = None
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Let a command take the options of a run besides its own.

    The command gets them as its first argument, `given`, to be read by `read_options`.

    Parameters
    ----------
    leaving_out : iterable of str, optional
        Names of options that the command does not take; without ``model`` and ``places`` it has
        no argument, without ``config`` it reads no file.
    shown : mapping of str to str, optional
        Defaults as the help shows them, by name of the option, where a command has its own.
    """
    taken = [*_parameters(frozenset(leaving_out), shown or {})]
    names = [one.name for one in taken]

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        _, *own = signature(command, eval_str=True).parameters.values()

        def invoked(**values: Any) -> None:  # noqa: ANN401 - values of any option
            given = {name: values.pop(name) for name in names}
            command(given, **values)

        # Typer reads what a command takes from its signature.
        invoked.__name__, invoked.__doc__ = command.__name__, command.__doc__
        invoked.__annotations__ = {one.name: one.annotation for one in (*taken, *own)}
        invoked.__signature__ = Signature([*taken, *own])  # type: ignore[attr-defined]
        return invoked

    return decorate


def read_options(given: Given) -> RunOptions:
    """Return the options that a command was given, checked as a whole.

    Parameters
    ----------
    given : dict
        As `takes_run_options` passes them.

    Raises
    ------
    OptionsError
        Lists every defect by the name that the option has on the command line, or in the file;
        or says that the file is for another model.
    """
    values = {name: value or None for name, value in given.items()}
    config, further = values.pop("config", None), values.pop("further_places", None)
    if further:
        values["places"] = [*(values.get("places") or ()), *further]
    try:
        if "model" in values:
            _check_same_model(config, values["model"])
        return RunOptions.load(config, **values)
    except OptionsError as error:
        names = {name: option_name(name) for name in (*RunOptions.model_fields, "config")}
        raise error.renamed(names) from None


def _check_same_model(config: Path | None, model: str | None) -> None:
    """Refuse the file of another model: it would be run with options that were not meant for it."""
    written = read_file(config, RunOptions.model_fields)[0].get("model", model)
    if written != model:
        problem = (
            f"{config} is for the model {written!r}; run that one, or remove `model` from the file"
        )
        raise OptionsError.listing([OptionDefect("model", problem)])


def option_name(name: str) -> str:
    """Return how an option is called on the command line.

    Examples
    --------
    >>> option_name("max_usd"), option_name("llm"), option_name("parameters")
    ('--max-usd', '--model', '--set')
    """
    return _NAMES.get(name, f"--{name.replace('_', '-')}")


def _parameters(leaving_out: frozenset[str], shown: Mapping[str, str]) -> Iterator[Parameter]:
    """Yield the arguments and options of a command, in groups."""
    if "model" not in leaving_out:
        model = typer.Argument(
            help=_help(RunOptions.model_fields["model"], is_required=True), metavar="MODEL"
        )
        yield _parameter("model", Annotated[str, model], Parameter.empty)
    if "places" not in leaving_out:
        files = typer.Argument(help="Further files of places, after --places FILE.", metavar="FILE")
        yield _parameter("further_places", Annotated[list[str] | None, files])
    if "config" not in leaving_out:
        config = typer.Option(
            help=r"TOML file with options and \[parameters], or manifest.json of a run to repeat.",
            metavar="FILE",
            rich_help_panel=OPTION_GROUPS[0].title,
        )
        yield _parameter("config", Annotated[Path | None, config])
    for group in OPTION_GROUPS:
        for name in group.model_fields:
            if name != "model" and name not in leaving_out:
                yield _of_field(group, name, shown.get(name, ""))


def _of_field(group: type[OptionGroup], name: str, shown: str) -> Parameter:
    field = group.model_fields[name]
    about = field.json_schema_extra
    metavar = str(about["metavar"]) if isinstance(about, dict) else ""
    if field.default is False:
        option = typer.Option(
            option_name(name), help=field.description, rich_help_panel=group.title
        )
        return _parameter(name, Annotated[bool, option], default=False)
    option = typer.Option(
        option_name(name),
        help=_help(field, shown),
        metavar=metavar or None,
        rich_help_panel=group.title,
    )
    kind = list[str] | None if name in _REPEATED else str | None
    return _parameter(name, Annotated[kind, option])


def _help(field: FieldInfo, shown: str = "", *, is_required: bool = False) -> str:
    """Return the description of an option, and its default as users know it."""
    about = field.json_schema_extra
    usual = str(about["shown"]) if isinstance(about, dict) else ""
    default = (
        shown
        or usual
        or (
            ""
            if field.default is None
            else f"{field.default:g}"
            if isinstance(field.default, float)
            else str(field.default)
        )
    )
    text = str(field.description).replace("[", r"\[")
    # Typer would put the text of a default in parentheses.
    return text if is_required or not default else rf"{text} [dim]\[default: {default}][/dim]"


def _parameter(name: str, annotation: Any, default: object = None) -> Parameter:  # noqa: ANN401
    return Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
