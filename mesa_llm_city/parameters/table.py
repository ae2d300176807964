"""The table that documents the parameters, for the manual and for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from itertools import groupby

from pydantic.fields import FieldInfo

from mesa_llm_city.parameters.base import Branch
from mesa_llm_city.parameters.dotted import Leaf
from mesa_llm_city.parameters.frozen import FrozenMap
from mesa_llm_city.parameters.info import ParameterInfo, info_of
from mesa_llm_city.parameters.sources import source_of
from mesa_llm_city.parameters.text import to_text
from mesa_llm_city.parameters.tree import CityParameters

__all__ = ["COLUMNS", "cells", "markdown", "matching"]

COLUMNS = ("name", "value", "default", "unit", "range", "source", "description")
"""Columns of the table on the terminal."""

_HEAD = """# Parameters

Every number that shapes behaviour, by its dotted name. Change one in Python with
`CityParameters().with_("mobility.gravity.gamma", 1.5)`, in a TOML file under `[parameters]`, or
on the command line with `--set mobility.gravity.gamma=1.5`.

A `*` stands for the name of a row, such as `bus` in `modes.bus.speed_km_h`, or for a key of a
table. The column *default* then tells what a new row gets; values of built-in rows that differ
follow the description. This page is made from the code by
`mesa-llm-city parameters --markdown > docs/reference/parameters.md`.
"""


def matching(
    parameters: CityParameters, pattern: str = "", *, changed: bool = False
) -> list[ParameterInfo]:
    """Return the parameters whose name fits a pattern, in the order of the tree.

    Parameters
    ----------
    parameters : CityParameters
        The tree.
    pattern : str, optional
        A part of the name, or a pattern with ``*``, ``?`` or ``[...]`` for the whole name; all
        by default.
    changed : bool, default False
        Only those that differ from their default.

    Examples
    --------
    >>> [one.name for one in matching(CityParameters(), "gravity.ar")]
    ['mobility.gravity.areas']
    >>> [one.default for one in matching(CityParameters(), "modes.*.speed_km_h")]
    [4.8, 13.0, 25.0, 15.0, 40.0]
    """
    is_glob = any(mark in pattern for mark in "*?[")
    return [
        one
        for one in parameters.leaves()
        if (fnmatchcase(one.name, pattern) if is_glob else pattern in one.name)
        and (one.is_changed or not changed)
    ]


def cells(info: ParameterInfo) -> tuple[str, ...]:
    """Return the texts of a row of the table on the terminal, in the order of `COLUMNS`.

    Examples
    --------
    >>> cells(matching(CityParameters(), "gravity.epsilon")[0])[:5]
    ('mobility.gravity.epsilon', '0.001', '0.001', '1', '> 0, <= 1')
    """
    value, default = _told(info.value), _told(info.default)
    return info.name, value, default, info.unit, info.range, info.source, info.description


def markdown() -> str:
    """Return the page of the manual that lists all parameters with their defaults."""
    sections = []
    for title, rows in groupby(_rows(CityParameters()), key=lambda row: _section(row.name)):
        lines = [_line(row) for row in rows]
        head = "| name | default | unit | range | source | what it is |\n|---|---|---|---|---|---|"
        sections.append("\n".join([f"## {title}\n", head, *lines]))
    return "\n\n".join([_HEAD.rstrip(), *sections]) + "\n"


def _section(name: str) -> str:
    first, second, *_ = name.split(".")
    return first if second == "*" else f"{first}.{second}"


def _rows(branch: Branch, prefix: str = "") -> Iterator[ParameterInfo]:
    """Yield one row for each parameter; rows and keys of tables together."""
    for name, field in type(branch).model_fields.items():
        path, value = f"{prefix}{name}", getattr(branch, name)
        if isinstance(value, Branch):
            yield from _rows(value, f"{path}.")
        elif isinstance(value, FrozenMap):
            yield from _rows_of_table(value, path, field)
        else:
            yield info_of(Leaf(path, value, field), value)


def _rows_of_table(
    table: Mapping[object, object], path: str, field: FieldInfo
) -> Iterator[ParameterInfo]:
    specs = {str(key): row for key, row in table.items() if isinstance(row, Branch)}
    if not specs:
        info = info_of(Leaf(f"{path}.*", table, field), table)
        told = ", ".join(f"{key} {_told(value)}" for key, value in table.items())
        yield info._replace(value="", description=_with_values(info.description, told))
        return
    spec = type(next(iter(specs.values())))
    for name, one in spec.model_fields.items():
        usual = one.default
        info = info_of(Leaf(f"{path}.*.{name}", usual, one), usual)
        rows = {key: getattr(row, name) for key, row in specs.items()}
        told = "; ".join(f"{key} {_told(value)}" for key, value in rows.items() if value != usual)
        yield info._replace(
            source=_sources({key: f"{path}.{key}.{name}" for key in specs}, info.source),
            description=_with_values(info.description, told),
        )


def _sources(names: Mapping[str, str], usual: str) -> str:
    """Return the sources of a field in the built-in rows, told once where they agree."""
    of_rows = {key: source_of(name, usual) for key, name in names.items()}
    different = set(of_rows.values())
    if len(different) == 1:
        return different.pop()
    own = [f"{key}: {source}" for key, source in of_rows.items() if source != usual]
    return "; ".join([*own, f"others: {usual}"])


def _with_values(description: str, values: str) -> str:
    return f"{description}. Built in: {values}" if values else description


def _line(info: ParameterInfo) -> str:
    value = _told(info.value) if info.value != "" else ""
    texts = (f"`{info.name}`", value, info.unit, info.range, info.source, info.description)
    return f"| {' | '.join(text.replace('|', '/') for text in texts)} |"


def _told(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, str):
        return value or "(empty)"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_told(one)}" for key, one in value.items()) or "(empty)"
    return to_text(value)
