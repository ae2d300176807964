"""Ids of rows: whether a field is a key, and ids of OpenStreetMap, which repeat over its types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mesa_llm_city.city.loading.audit import Audit
from mesa_llm_city.city.loading.tables import find_column, texts

if TYPE_CHECKING:  # heavy, and so imported only where it is used
    from pandas import DataFrame

__all__ = ["typed_ids", "unique_ids"]

_TYPE_COLUMNS = ("element", "element_type", "osm_type", "@type")
_TYPES = {"node", "way", "relation", "n", "w", "r", ""}


def typed_ids(table: DataFrame, ids: Sequence[str]) -> list[str]:
    """Return ids of OpenStreetMap with their type, since a node and a way may have the same.

    Examples
    --------
    >>> import pandas as pd
    >>> typed_ids(pd.DataFrame({"element": ["node", "way"]}), ["7", "7"])
    ['node/7', 'way/7']
    """
    types = texts(table, find_column(table, _TYPE_COLUMNS))
    if not any(types) or not _TYPES.issuperset(kind.casefold() for kind in types):
        return list(ids)
    return [f"{kind}/{own}" if own else "" for kind, own in zip(types, ids, strict=True)]


def unique_ids(ids: Sequence[str], column: str, audit: Audit) -> list[str]:
    """Return the ids, with numbers of rows for empty ones.

    A field that is constant or repeats is no key: all rows are numbered then, and it is noted.
    """
    given = [own for own in ids if own]
    repeats = len(given) - len(set(given))
    if not repeats:
        return [own or str(row) for row, own in enumerate(ids)]
    first = _first_repeated(given)
    audit.note(
        f"{column} repeats in {repeats} rows (such as {first!r}), so it is no key; "
        "rows are numbered instead"
    )
    return [str(row) for row in range(len(ids))]


def _first_repeated(ids: Sequence[str]) -> str:
    """Return the first id that stands there a second time."""
    seen: set[str] = set()
    for own in ids:
        if own in seen:
            return own
        seen.add(own)
    return ""
