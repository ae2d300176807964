"""Parameters in TOML files."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.text_files import read_text
from mesa_llm_city.parameters.defects import Defect, ParameterError
from mesa_llm_city.parameters.text import quoted_key, to_text

__all__ = ["based_on", "read_tables", "read_toml", "written"]

_TABLE = "parameters"
_PATHS = (("population", "time_use", "table"),)


def read_tables(path: Path, branches: Sequence[str]) -> dict[str, Any]:
    """Return the parameters of a TOML file as a tree of dictionaries.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    branches : sequence of str
        Names of the branches of the tree.

    Raises
    ------
    ParameterError
        See `CityParameters.read`.
    """
    try:
        tables = read_toml(path)
    except DataError as error:
        raise ParameterError.listing([Defect("", str(error))]) from None
    if _TABLE not in tables:
        return _alone(tables, path, branches)
    if beside := [name for name in branches if isinstance(tables.get(name), dict)]:
        problem = f"stand beside [{_TABLE}] in {path.name}; move them into [{_TABLE}.{beside[0]}]"
        raise ParameterError.listing([Defect(", ".join(beside), problem)])
    if not isinstance(tables[_TABLE], dict):
        problem = f"is no table in {path.name}; write [{_TABLE}] above its lines"
        raise ParameterError.listing([Defect(_TABLE, problem)])
    return dict(tables[_TABLE])


def read_toml(path: Path) -> dict[str, Any]:
    """Return the tables of a TOML file.

    Raises
    ------
    DataError
        If there is no such file, or it is no TOML in UTF-8.
    """
    text = read_text(path)
    try:
        return tomllib.loads(text)
    except RecursionError:
        message = f"{path} is no TOML: it is nested too deeply"
    except ValueError as error:
        message = f"{path} is no TOML: {error}"
    raise DataError(message)


def based_on(tables: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Return parameters of a file in which relative paths of files start from its folder.

    Parameters
    ----------
    tables : mapping of str to object
        Parameters as nested tables.
    folder : pathlib.Path
        The folder of the file.

    Examples
    --------
    >>> tables = {"population": {"time_use": {"table": "mine.csv"}}}
    >>> based_on(tables, Path("spain"))["population"]["time_use"]["table"]
    'spain/mine.csv'
    """
    based = dict(tables)
    for branch, *below in _PATHS:
        if branch in based:
            based[branch] = _based(based[branch], below, folder)
    return based


def _based(value: Any, below: Sequence[str], folder: Path) -> Any:  # noqa: ANN401 - of any type
    if below:
        if not isinstance(value, Mapping) or below[0] not in value:
            return value
        return {**value, below[0]: _based(value[below[0]], below[1:], folder)}
    # A name without an ending is that of something built in.
    is_path = isinstance(value, str) and bool(Path(value).suffix)
    return (folder / value).as_posix() if is_path else value


def _alone(tables: Mapping[str, Any], path: Path, branches: Sequence[str]) -> dict[str, Any]:
    if tables and not any(name in branches for name in tables):
        problem = (
            f"{path.name} holds no parameters; they stand in [{_TABLE}], or in tables such as "
            f"[{branches[0]}...] that stand alone"
        )
        raise ParameterError.listing([Defect("", problem)])
    return dict(tables)


def written(changed: Mapping[str, object]) -> str:
    """Write values by dotted name as TOML, one table for each branch.

    Examples
    --------
    >>> print(written({"modes.bus.speed_km_h": 12.0, "mobility.gravity.gamma": 1.5}))
    [parameters.modes.bus]
    speed_km_h = 12.0
    <BLANKLINE>
    [parameters.mobility.gravity]
    gamma = 1.5
    <BLANKLINE>
    """
    tables: dict[tuple[str, ...], list[str]] = {}
    for name, value in changed.items():
        *path, last = name.split(".")
        if value == {}:
            tables.setdefault((*path, last), [])
        else:
            tables.setdefault(tuple(path), []).append(f"{quoted_key(last)} = {to_text(value)}")
    parts = []
    for place, lines in tables.items():
        head = ".".join(quoted_key(part) for part in (_TABLE, *place))
        parts.append("\n".join([f"[{head}]", *lines]) + "\n")
    return "\n".join(parts)
