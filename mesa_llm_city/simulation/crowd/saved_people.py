"""The people of a crowd as arrays, for a save."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import PopulationColumns

__all__ = ["people_of", "people_state"]

_TEXTS = ("names", "hobbies")


def people_state(people: PopulationColumns) -> dict[str, Any]:
    """Return persons as plain values, arrays and a table of texts."""
    import pyarrow as pa

    columns = dict(people.arrays())
    texts = {name: pa.array(columns.pop(name).tolist()) for name in _TEXTS if name in columns}
    tree = people.parameters
    return {
        "columns": columns,
        "texts": pa.table(texts) if texts else None,
        "purposes": list(people.purposes),
        "seed": int(people.seed),
        "parameters": None if tree is None else tree.model_dump(mode="json"),
    }


def people_of(state: Mapping[str, Any]) -> PopulationColumns:
    """Return the persons of whom `people_state` has told."""
    texts = {} if state["texts"] is None else state["texts"].to_pydict()
    tree = state["parameters"]
    columns: dict[str, Any] = {
        **state["columns"],
        **{name: np.array(one, dtype=_TEXT) for name, one in texts.items()},
    }
    return PopulationColumns(
        **columns,
        purposes=tuple(state["purposes"]),
        seed=state["seed"],
        parameters=None if tree is None else CityParameters(**tree),
    )


_TEXT = np.dtypes.StringDType(na_object=None)
