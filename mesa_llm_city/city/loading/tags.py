"""The tags of OpenStreetMap: which of them tells what a thing is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mesa_llm_city.city.loading.tables import find_column, texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pandas import DataFrame

    from mesa_llm_city.city.categories import Categories

__all__ = ["TAG_KEYS", "kinds_of", "other_tags", "spread_other_tags"]

TAG_KEYS = (
    "amenity",
    "shop",
    "leisure",
    "tourism",
    "healthcare",
    "office",
    "craft",
    "historic",
    "man_made",
    "railway",
    "public_transport",
    "aeroway",
    "place",
    "building",
    "landuse",
)
"""Keys that tell what a thing is, the most telling first."""

_WANTED = (*TAG_KEYS, "name", "opening_hours", "maxspeed")
_PAIR = re.compile(r'"((?:[^"\\]|\\.)*)"=>"((?:[^"\\]|\\.)*)"')


def other_tags(text: str) -> dict[str, str]:
    r"""Read the column of rarer tags that GDAL writes.

    Examples
    --------
    >>> other_tags('"shop"=>"bakery","opening_hours"=>"24/7"')
    {'shop': 'bakery', 'opening_hours': '24/7'}
    """
    return {key: re.sub(r"\\(.)", r"\1", value) for key, value in _PAIR.findall(text)}


def spread_other_tags(frame: DataFrame) -> DataFrame:
    """Return the frame with the tags we use in columns of their own."""
    if "other_tags" not in frame.columns:
        return frame
    read = [other_tags(text) for text in texts(frame, "other_tags")]
    spread = frame.drop(columns="other_tags").copy()
    for key in _WANTED:
        found = [tags.get(key, "") for tags in read]
        known = texts(frame, key) if key in frame.columns else [""] * len(frame)
        if any(found) or any(known):
            spread[key] = [own or other for own, other in zip(known, found, strict=True)]
    return spread


def kinds_of(frame: DataFrame, categories: Categories) -> list[str] | None:
    """Return the kind of each row, or None if no column tells it.

    It stands in a column ``category``, or in ``osm_key`` and ``osm_value``, or in
    columns named by tag keys. Of several tags the first counts that the table of
    categories has a use for.
    """
    category = find_column(frame, ("category", "kind", "venue_category", "fclass"))
    if category is not None:
        return texts(frame, category)
    key, value = find_column(frame, ("osm_key",)), find_column(frame, ("osm_value",))
    if key is not None and value is not None:
        pairs = zip(texts(frame, key), texts(frame, value), strict=True)
        return [f"{k}={v}" if k and v else "" for k, v in pairs]
    keys = [key for key in TAG_KEYS if find_column(frame, (key,)) is not None]
    return _first_useful(frame, keys, categories) if keys else None


def _first_useful(frame: DataFrame, keys: Sequence[str], categories: Categories) -> list[str]:
    """Choose among the tags of each row."""
    columns = [texts(frame, find_column(frame, (key,))) for key in keys]
    tags = [
        tuple(f"{key}={value.split(';')[0]}" for key, value in zip(keys, row, strict=True) if value)
        for row in zip(*columns, strict=True)
    ]
    chosen = {row: _best(row, categories) for row in dict.fromkeys(tags)}
    return [chosen[row] for row in tags]


def _best(tags: tuple[str, ...], categories: Categories) -> str:
    """Return the first tag of use, else the first that is known, else the first."""
    found = [(tag, categories.find(tag)) for tag in tags]
    useful = [tag for tag, row in found if row is not None and not row.is_left_out]
    known = [tag for tag, row in found if row is not None]
    return next(iter([*useful, *known, *tags]), "")
