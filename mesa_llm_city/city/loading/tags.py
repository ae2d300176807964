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

__all__ = ["kinds_of", "other_tags", "spread_other_tags"]

_FACTS = ("name", "opening_hours", "maxspeed")
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
        return texts(frame, category)
    key, value = find_column(frame, ("osm_key",)), find_column(frame, ("osm_value",))
    if key is not None and value is not None:
        pairs = zip(texts(frame, key), texts(frame, value), strict=True)
        return [f"{k}={v}" if k and v else "" for k, v in pairs]
    keys = [key for key in wanted.tag_keys if find_column(frame, (key,)) is not None]
    return _of_tags(frame, keys, wanted) if keys else None


def _of_tags(frame: DataFrame, keys: Sequence[str], wanted: WantedKinds) -> list[str]:
    """Choose among the tags of each row; of several values of a tag the first counts."""
    columns = [texts(frame, find_column(frame, (key,))) for key in keys]
    tags = [
        tuple(f"{key}={value.split(';')[0]}" for key, value in zip(keys, row, strict=True) if value)
        for row in zip(*columns, strict=True)
    ]
    chosen = {row: wanted.best(row) for row in dict.fromkeys(tags)}
    return [chosen[row] for row in tags]
