"""Queries as fields of interventions: checked, and told in a line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.simulation.query import check_query

if TYPE_CHECKING:
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["query_defects", "query_text"]


def query_defects(model: CityModel, name: str, query: object) -> Iterator[str]:
    """Yield what is wrong with a query, each line beginning with the name of the field."""
    try:
        check_query(model, query)
    except DataError as error:
        yield from (f"{name}.{one}" for one in error.defects)
    except ConfigError as error:
        yield f"{name}: {error.message}"


def query_text(query: object) -> str:
    """Return a query in a line.

    Examples
    --------
    >>> query_text(None), query_text({"age": [65, 120]})
    ('everybody', 'people with age [65, 120]')
    """
    if query is None:
        return "everybody"
    if isinstance(query, Mapping):
        return "people with " + ", ".join(
            f"{key} {json.dumps(value, default=str, ensure_ascii=False)}"
            for key, value in query.items()
        )
    return "people chosen by a function" if callable(query) else "people by id"
