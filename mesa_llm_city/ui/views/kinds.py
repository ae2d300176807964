"""Purposes, modes and needs as numbers: the rows of the parameters of a city."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from mesa_llm_city.core.values import Int, Purpose
from mesa_llm_city.experiments.palette import OTHER

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city.parameters import CityParameters

__all__ = ["activity_labels", "colourings", "row_of", "rows_of"]


def colourings(parameters: CityParameters) -> tuple[str, ...]:
    """Return what people can be coloured by, where it is known.

    Examples
    --------
    >>> from mesa_llm_city import CityParameters
    >>> colourings(CityParameters())
    ('activity', 'mode', 'hunger', 'energy', 'safety', 'social', 'mood', 'belief', 'income')
    """
    names = ("activity", "mode", *parameters.needs, "mood", "belief", "income")
    return tuple(dict.fromkeys(names))


def activity_labels(parameters: CityParameters) -> list[str]:
    """Return the label of each purpose, and one for purposes that the parameters do not know.

    Travel keeps its name, by which the map finds those who are under way.
    """
    labels = [
        name if name == Purpose.TRAVEL else spec.label for name, spec in parameters.purposes.items()
    ]
    return [*labels, OTHER.label]


def row_of(kinds: Iterable[str]) -> Mapping[str, int]:
    """Return the row of each kind by its name.

    Examples
    --------
    >>> row_of(("walk", "car"))
    {'walk': 0, 'car': 1}
    """
    return {str(name): row for row, name in enumerate(kinds)}


def rows_of(names: pd.Series[Any], rows: Mapping[str, int], unknown: int) -> Int:
    """Return the rows of a column of names, looking each name up only once.

    Parameters
    ----------
    names : pandas.Series
        Names of kinds.
    rows : mapping of str to int
        Row by name.
    unknown : int
        Row of names that are not in it.

    Examples
    --------
    >>> import pandas as pd
    >>> rows_of(pd.Series(["car", "walk", "raft"]), {"walk": 0, "car": 1}, unknown=2).tolist()
    [1, 0, 2]
    """
    codes, labels = names.factorize()
    found: Int = np.array([rows.get(str(one), unknown) for one in labels], dtype=np.int64)[codes]
    return found
