"""What is wrong with parameters: every defect by its dotted name, in one error."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import NamedTuple, Self

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from mesa_llm_city.core.errors import ConfigError

__all__ = ["TABLE", "Defect", "ParameterError", "told_by_pydantic"]

TABLE = "a table"
"""What a message says is accepted where it is a table or a branch."""

_SUGGESTIONS = 3
_DEEPEST = 20
"""Dots in the longest name that a message shows in full."""


class Defect(NamedTuple):
    """One thing that is wrong.

    Attributes
    ----------
    name : str
        Dotted name of the parameter, or of the branch that contradicts itself.
    problem : str
        What is wrong, the value seen, and what is accepted.
    is_unknown : bool
        Whether there is no parameter of that name.
    """

    name: str
    problem: str
    is_unknown: bool = False

    def below(self, branch: str) -> Defect:
        """Return the same defect with the name of the branch put before its own."""
        return self._replace(name=f"{branch}.{self.name}" if self.name else branch)


class ParameterError(ConfigError):
    """Parameters that do not exist, lie outside their range or contradict each other.

    Parameters
    ----------
    message : str
        All defects, one line each.

    Attributes
    ----------
    defects : tuple of Defect
        The same, one by one.

    Examples
    --------
    >>> from mesa_llm_city.parameters import CityParameters
    >>> CityParameters.from_dotted({"modes.bus.sped_km_h": 12})
    Traceback (most recent call last):
    ...
    mesa_llm_city.parameters.defects.ParameterError: modes.bus.sped_km_h: there is no such
    parameter; did you mean modes.bus.speed_km_h?
    """

    defects: tuple[Defect, ...] = ()

    @classmethod
    def listing(cls, defects: Iterable[Defect]) -> Self:
        """Build the error that tells all `defects`."""
        found = tuple(defects)
        lines = [f"{one.name}: {one.problem}" if one.name else one.problem for one in found]
        if len(lines) > 1:
            lines = [f"{len(lines)} parameters cannot be used:", *(f"  - {one}" for one in lines)]
        error = cls("\n".join(lines))
        error.defects = found
        return error

    def suggesting(self, names: Iterable[str]) -> ParameterError:
        """Return the same error with the closest of the known `names` for unknown ones."""
        known = tuple(names)
        return ParameterError.listing(
            one._replace(problem=_with_suggestion(one, known)) if one.is_unknown else one
            for one in self.defects
        )


def _with_suggestion(defect: Defect, known: tuple[str, ...]) -> str:
    ends = [name for name in known if name.endswith(f".{defect.name}")]
    close = ends or get_close_matches(defect.name, known, n=1, cutoff=0.7)
    if not close:
        return f"{defect.problem}; `mesa-llm-city parameters` lists all"
    return f"{defect.problem}; did you mean {' or '.join(close[:_SUGGESTIONS])}?"


def told_by_pydantic(error: ValidationError, accepted: dict[str, str]) -> list[Defect]:
    """Return what a validation of one branch has found.

    Parameters
    ----------
    error : pydantic.ValidationError
        Of the branch.
    accepted : dict of str to str
        What each of its fields accepts, in words.
    """
    found: list[Defect] = []
    for one in error.errors(include_url=False):
        path = [str(part) for part in one["loc"] if part != "[key]"]
        inner = one.get("ctx", {}).get("error")
        if isinstance(inner, ParameterError):
            found += [defect.below(".".join(path)) for defect in inner.defects]
        elif one["type"] == "extra_forbidden":
            found += [_unknown(name) for name in _ends(".".join(path), one["input"])]
        else:
            found.append(Defect(".".join(path), f"got {one['input']!r}; {_wanted(one, accepted)}"))
    return found


def _wanted(error: ErrorDetails, accepted: dict[str, str]) -> str:
    """Return what is accepted; of an entry of a table without bounds as pydantic has it."""
    field, *inside = error["loc"]
    told = accepted.get(str(field), "")
    if not told or (inside and told == TABLE):
        return error["msg"][:1].lower() + error["msg"][1:]
    return f"accepted is {told}"


def _unknown(name: str) -> Defect:
    return Defect(name, "there is no such parameter", is_unknown=True)


def _ends(name: str, value: object) -> list[str]:
    """Return the dotted names of all that was given below an unknown name."""
    if not isinstance(value, Mapping) or not value or name.count(".") > _DEEPEST:
        return [name]
    return [end for key, one in value.items() for end in _ends(f"{name}.{key}", one)]
