"""Files of interventions: tables ``[[interventions]]`` in TOML."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.parameters.toml import read_toml

__all__ = ["read_intervention_file"]

_TABLE = "interventions"


def read_intervention_file(path: str | Path) -> list[dict[str, Any]]:
    """Return the tables ``[[interventions]]`` of a TOML file, as `CityModel` takes them.

    Raises
    ------
    DataError
        If it is no TOML, or holds anything else or no interventions.
    """
    file = Path(path)
    tables = read_toml(file)
    other = [name for name in tables if name != _TABLE]
    found = tables.get(_TABLE)
    if other or not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        what = f"it holds {', '.join(other)}" if other else "it holds none"
        message = f"{file} must hold tables [[{_TABLE}]] and nothing else, but {what}"
        raise DataError(message)
    return found
