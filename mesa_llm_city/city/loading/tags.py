"""Tags of OpenStreetMap: which of them says what a feature is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from mesa_llm_city.city.loading.columns import KIND
from mesa_llm_city.city.loading.kind_values import VALUE_COLUMNS, kinds_of_values
from mesa_llm_city.city.loading.tables import find_column, texts
from mesa_llm_city.city.loading.wanted_kinds import TAG_KEYS, WantedKinds

if TYPE_CHECKING:
    from pandas import DataFrame  # heavy, and so imported only where it is used

__all__ = ["are_of_tags", "kinds_of", "other_tags", "spread_other_tags", "tag_values"]

_FACTS = ("name", "opening_hours", "maxspeed", "building:levels")
_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")
_PAIR = re.compile(r'"((?:[^"\\]|\\.)*)"=>"((?:[^"\\]|\\.)*)"')


def other_tags(text: str) -> dict[str, str]:
    r"""Read the column of rarer tags that GDAL writes.

    Examples
    --------
    >>> other_tags('"shop"=>"bakery","opening_hours"=>"24/7"')
    {'shop': 'bakery', 'opening_hours': '24/7'}
    """
    return {key: re.sub(r"\\(.)", r"\1", value) for key, value in _PAIR.findall(text)}


def spread_other_tags(frame: DataFrame, keys: Sequence[str] = TAG_KEYS) -> DataFrame:
    """Return the frame with the tags that are used in columns of their own.

    Parameters
    ----------
    frame : pandas.DataFrame
        Features; rarer tags stand in the column ``other_tags``.
    keys : sequence of str
        Keys of tags that say what a feature is.
    """
    if "other_tags" not in frame.columns:
        return frame
    read = [other_tags(text) for text in texts(frame, "other_tags")]
    spread = frame.drop(columns="other_tags").copy()
    for key in (*keys, *_FACTS):
        found = [tags.get(key, "") for tags in read]
        known = texts(frame, key) if key in frame.columns else [""] * len(frame)
        if any(found) or any(known):
            spread[key] = [own or other for own, other in zip(known, found, strict=True)]
    return spread


def kinds_of(frame: DataFrame, wanted: WantedKinds) -> list[str] | None:
    """Return the kind of each row, or None if no column says it.

    It stands in a column ``category``, or in ``osm_key`` and ``osm_value``, or in
    columns named by keys of tags, of which the best one counts (`WantedKinds.best`).
    """
    category = find_column(frame, KIND)
    if category is not None and category.casefold() in VALUE_COLUMNS:
        return kinds_of_values(frame, category, wanted)
    if category is not None:
        cells = texts(frame, category)
        best = {cell: _best_of_cell(cell, wanted) for cell in dict.fromkeys(cells)}
        return [best[cell] for cell in cells]
    key, value = find_column(frame, ("osm_key",)), find_column(frame, ("osm_value",))
    if key is not None and value is not None:
        pairs = list(zip(texts(frame, key), texts(frame, value), strict=True))
        chosen_of = {pair: wanted.best(_tags(*pair)) for pair in dict.fromkeys(pairs)}
        return [chosen_of[pair] for pair in pairs]
    keys = [key for key in wanted.tag_keys if find_column(frame, (key,)) is not None]
    return _of_tags(frame, keys, wanted) if keys else None


def are_of_tags(frame: DataFrame) -> bool:
    """Return whether kinds stand in columns named by keys of tags, or are values of tags."""
    kind = find_column(frame, KIND)
    if kind is not None:
        return kind.casefold() in VALUE_COLUMNS
    return find_column(frame, ("osm_key",)) is None


def tag_values(cell: str) -> list[str]:
    """Return the values in a cell: one, several with semicolons, or a list as OSMnx writes it.

    Examples
    --------
    >>> tag_values("cafe; bar"), tag_values("['cafe', 'bar']"), tag_values("cafe")
    (['cafe', 'bar'], ['cafe', 'bar'], ['cafe'])
    """
    if cell.startswith(("[", "(", "{")) and cell.endswith(("]", ")", "}")):
        quoted = _QUOTED.findall(cell)
        values = [one or other for one, other in quoted] if quoted else cell[1:-1].split(",")
    else:
        values = cell.split(";")
    return [value for value in map(str.strip, values) if value]


def _tags(key: str, cell: str) -> tuple[str, ...]:
    """Return one tag for each value in a cell."""
    return tuple(f"{key}={value}" for value in tag_values(cell)) if key else ()


def _best_of_cell(cell: str, wanted: WantedKinds) -> str:
    """Return the most useful kind of a cell; all of it if none of several is known."""
    best = wanted.best(tag_values(cell))
    is_known = wanted.categories.find(best) is not None or best in wanted.named
    return best if is_known or cell.startswith("[") else cell


def _of_tags(frame: DataFrame, keys: Sequence[str], wanted: WantedKinds) -> list[str]:
    """Choose among the tags of each row."""
    columns = [texts(frame, find_column(frame, (key,))) for key in keys]
    cells = list(zip(*columns, strict=True))
    chosen = {
        row: wanted.best(
            [tag for key, cell in zip(keys, row, strict=True) for tag in _tags(key, cell)]
        )
        for row in dict.fromkeys(cells)
    }
    return [chosen[row] for row in cells]
