"""Files of interventions: tables ``[[interventions]]`` in TOML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN
from mesa_llm_city.core.errors import DataError
from mesa_llm_city.parameters.text import quoted_key, to_text
from mesa_llm_city.parameters.toml import read_toml

if TYPE_CHECKING:
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["intervention_toml", "interventions_of", "read_intervention_file"]

_TABLE = "interventions"
_TIMES = frozenset({"at", "start", "end", "until"})


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


def interventions_of(model: CityModel) -> list[dict[str, Any]]:
    """Return the interventions of a model as tables, in their order.

    Given to a run of the same city, people, options and seed, they repeat what was done. Closures
    that come from events of the city are left out, since every run of that city has them.

    Parameters
    ----------
    model : CityModel
        The model, at any moment between two steps.

    Raises
    ------
    ConfigError
        If one holds a function, which cannot be written down.
    """
    from mesa_llm_city.simulation.interventions.model_part import closing_events

    items = list(model.intervention_schedule.items)
    for one in closing_events(model):
        if one in items:
            items.remove(one)
    return [one.to_dict() for one in items]


def intervention_toml(tables: Iterable[Mapping[str, Any]]) -> str:
    """Return interventions as the text of a TOML file that `read_intervention_file` reads.

    Parameters
    ----------
    tables : iterable of mapping
        Interventions as plain values, as `interventions_of` returns them. Minutes since the start
        are written as days and hours.

    Raises
    ------
    DataError
        If there is none, so that there would be nothing to read.

    Examples
    --------
    >>> print(intervention_toml([{"kind": "close", "zone": "Old Town", "start": 2160}]), end="")
    [[interventions]]
    kind = "close"
    zone = "Old Town"
    start = "day 2 12:00"
    """
    parts = [_written(one) for one in tables]
    if not parts:
        message = "there are no interventions to write; do something to the city first"
        raise DataError(message)
    return "\n".join(parts)


def _written(table: Mapping[str, Any]) -> str:
    lines = [f"[[{_TABLE}]]"]
    lines += [f"{quoted_key(name)} = {_told(name, one)}" for name, one in table.items()]
    return "\n".join(lines) + "\n"


def _told(name: str, value: Any) -> str:  # noqa: ANN401 - plain values of any type
    if name in _TIMES and isinstance(value, int):
        day, minute = divmod(value, DAY_MIN)
        return to_text(f"day {day + 1} {minute // HOUR_MIN:02d}:{minute % HOUR_MIN:02d}")
    if name == "people" and isinstance(value, list):
        # TOML has no word for a cell without a value.
        value = [{key: one for key, one in row.items() if _is_known(one)} for row in value]
    return to_text(value)


def _is_known(cell: object) -> bool:
    return cell is not None and cell == cell  # noqa: PLR0124 - NaN differs from itself
