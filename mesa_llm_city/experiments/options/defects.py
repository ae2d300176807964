"""What is wrong with the options of a run: every defect by the name of its option, in one error."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, Literal, NamedTuple, Self, get_args, get_origin

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.parameters import CityParameters, ParameterError

__all__ = ["OptionDefect", "OptionsError", "alternatives", "defects_of", "unknown_option"]

_NUMBER = re.compile(r"[-+]?[0-9]+(?:\.[0-9]*)?")


class OptionDefect(NamedTuple):
    """One thing that is wrong.

    Attributes
    ----------
    name : str
        Name of the option, as in a file or in Python; or dotted name of a parameter.
    problem : str
        What is wrong, the value seen, and what is accepted.
    """

    name: str
    problem: str


class OptionsError(ConfigError):
    """Options that do not exist, lie outside their range or do not fit together.

    Attributes
    ----------
    defects : tuple of OptionDefect
        One by one.
    in_file : frozenset of str
        Names of the options that a file gives; the others come from elsewhere.

    Examples
    --------
    >>> print(OptionsError.listing([OptionDefect("days", "must be at least 1, got 0")]))
    the options have 1 defect:
      - days: must be at least 1, got 0
    """

    defects: tuple[OptionDefect, ...] = ()
    in_file: frozenset[str] = frozenset()

    @classmethod
    def listing(cls, defects: Iterable[OptionDefect], in_file: Iterable[str] = ()) -> Self:
        """Build the error that lists all `defects`."""
        found = tuple(dict.fromkeys(defects))
        count = "1 defect" if len(found) == 1 else f"{len(found)} defects"
        lines = [f"{one.name}: {one.problem}" for one in found]
        error = cls("\n  - ".join([f"the options have {count}:", *lines]))
        error.defects, error.in_file = found, frozenset(in_file)
        return error

    def renamed(self, names: Mapping[str, str]) -> OptionsError:
        """Return the same error with other names of options that no file gives.

        Examples
        --------
        >>> error = OptionsError.listing([OptionDefect("max_usd", "must be a number")])
        >>> error.renamed({"max_usd": "--max-usd"}).defects[0].name
        '--max-usd'
        """
        return OptionsError.listing(
            (
                one
                if one.name in self.in_file
                else one._replace(name=names.get(one.name, one.name))
                for one in self.defects
            ),
            self.in_file,
        )


def defects_of(error: ValidationError, fields: Mapping[str, FieldInfo]) -> Iterator[OptionDefect]:
    """Yield what pydantic has found, in the words of the options.

    Parameters
    ----------
    error : pydantic.ValidationError
        Of a group of options.
    fields : mapping of str to FieldInfo
        The options by name.
    """
    for one in error.errors(include_url=False):
        name, cause = str(one["loc"][0]), one.get("ctx", {}).get("error")
        if one["type"] == "extra_forbidden":
            yield unknown_option(name, fields)
        elif isinstance(cause, ParameterError):
            yield from (OptionDefect(*defect[:2]) for defect in cause.defects)
        elif one["type"] == "option":
            yield OptionDefect(name, one["msg"])
        elif one["type"] == "less_than":
            yield OptionDefect(name, f"must be below {one['ctx']['lt']}, got {_seen(one['input'])}")
        else:
            wanted = _accepts(fields[name])
            yield OptionDefect(name, f"must be {wanted}, got {_seen(one['input'])}")


def unknown_option(name: str, known: Iterable[str]) -> OptionDefect:
    """Return the defect of an option that does not exist; it suggests a close name.

    Examples
    --------
    >>> unknown_option("citizen", ["citizens", "days"]).problem
    'unknown option; did you mean citizens?'
    """
    names = sorted(known)
    if name in CityParameters.model_fields:
        hint = f"parameters stand in a table, such as [parameters.{name}]"
    elif near := get_close_matches(name, names, n=1):
        hint = f"did you mean {near[0]}?"
    else:
        hint = f"the options are {', '.join(names)}"
    return OptionDefect(name, f"unknown option; {hint}")


def alternatives(words: Iterable[object]) -> str:
    """Return words as alternatives.

    Examples
    --------
    >>> alternatives(["litellm", "http", "local"]), alternatives(["error", "drop"])
    ('litellm, http or local', 'error or drop')
    """
    *others, last = [str(word) for word in words] or ["a value of another type"]
    return f"{', '.join(others)} or {last}" if others else last


def _seen(value: object) -> str:
    """Return a value as its user has written it: numbers of the command line without quotes."""
    is_number = isinstance(value, str) and _NUMBER.fullmatch(value)
    return str(value) if is_number else repr(value)


def _accepts(field: FieldInfo) -> str:
    """Return what an option accepts, in words that follow "must be"."""
    about = field.json_schema_extra
    words = about.get("accepts") if isinstance(about, dict) else ""
    return str(words) if words else alternatives(_choices(field.annotation))


def _choices(annotation: Any) -> tuple[object, ...]:  # noqa: ANN401 - an annotation
    """Return the values of the `Literal` in an annotation."""
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    return tuple(choice for one in get_args(annotation) for choice in _choices(one))
