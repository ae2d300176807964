"""Which fields of a map of zones hold names and ids: of their own level, if there are several."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mesa_llm_city.city.loading.columns import ZONE_ID, ZONE_NAME, ZONE_POPULATION
from mesa_llm_city.city.loading.tables import find_column, texts

if TYPE_CHECKING:  # heavy, and so imported only where it is used
    from pandas import DataFrame

__all__ = ["has_names", "id_column", "name_column", "only_words", "text_columns"]

_LEVELLED_NAMES = (
    re.compile(r"name_?(\d)"),  # GADM: NAME_1, NAME_2
    re.compile(r"adm(\d)_(?:en|name|name_en|name1)"),  # UN OCHA: ADM2_EN, adm2_name
    re.compile(r"adm(\d)_(?!pcode|ref)[a-z]{2}"),  # UN OCHA in other languages: ADM2_FR
    re.compile(r"adm(\d)nm"),
)
_LEVELLED_IDS = (
    re.compile(r"gid_(\d)"),  # GADM
    re.compile(r"adm(\d)_pcode"),  # UN OCHA
    re.compile(r"id_(\d)"),
)

_OFFICIAL_NAMES = (
    re.compile(r"[a-z]{2,6}\d{2}nm"),  # Office for National Statistics: LAD23NM, WD22NM
    re.compile(
        r"(?:nuts|lau|gem|com|mun|city|town|ward|district|zone|community|borough|boro)"
        r"_?(?:na|nam|name|nm|nome)"
    ),
    re.compile(r"shapename|namelsad(?:\d{2})?|gen|s_name|n03_004|libgeo|nom(?:_com)?|nome|nombre"),
    re.compile(r"navn|namn|nimi|naam|bezeichnun?g?|community|borough|ntaname|name_(?:local|en)"),
    re.compile(r"[a-z_]+name"),
)
_OFFICIAL_IDS = (
    re.compile(r"[a-z]{2,6}\d{2}cd"),  # Office for National Statistics: LAD23CD
    re.compile(r"geoid(?:\d{2})?|nuts_id|gisco_id|lau_id|ags|shapeid|key_code|n03_007|locationid"),
    re.compile(r"insee(?:_com)?|codgeo|taz(?:ce)?(?:\d{2})?|taz_id|zoneid|ward_id|district_id"),
    re.compile(r"osm_id|osmid|uid|objectid"),
)


def has_names(frame: DataFrame) -> bool:
    """Return whether a field holds names or people of zones."""
    return name_column(frame) is not None or find_column(frame, ZONE_POPULATION) is not None


def name_column(frame: DataFrame) -> str | None:
    """Return the field of names; of several levels, as GADM has them, the finest that is filled.

    Examples
    --------
    >>> import pandas as pd
    >>> name_column(pd.DataFrame({"NAME_1": ["Tokyo"] * 2, "NAME_2": ["Shibuya", "Meguro"]}))
    'NAME_2'
    """
    exact = [name for name in ZONE_NAME if "*" not in name]
    patterns = [name for name in ZONE_NAME if "*" in name]
    zone = find_column(frame, ("zone",))
    candidates = [
        find_column(frame, exact),
        _finest(frame, _LEVELLED_NAMES),
        *_matching(frame, _OFFICIAL_NAMES),
        zone if zone in text_columns(frame) else None,
        find_column(frame, patterns),
    ]
    found = [column for column in candidates if column is not None]
    distinct = [column for column in found if len(set(texts(frame, column))) == len(frame)]
    return next(iter([*distinct, *found]), None)


def only_words(frame: DataFrame) -> str | None:
    """Return the field that may be that of the names: the only one with a word of its own each."""
    words = [column for column in text_columns(frame) if len(set(frame[column])) == len(frame)]
    return words[0] if len(words) == 1 and len(frame) > 1 else None


def id_column(frame: DataFrame) -> str | None:
    """Return the field of ids, chosen like that of names."""
    exact = [name for name in ZONE_ID if "*" not in name]
    patterns = [name for name in ZONE_ID if "*" in name]
    return (
        _finest(frame, _LEVELLED_IDS)
        or find_column(frame, exact)
        or next(iter(_matching(frame, _OFFICIAL_IDS)), None)
        or find_column(frame, patterns)
    )


def text_columns(frame: DataFrame) -> list[str]:
    """Return the fields that hold words, which may be names that were not recognised."""
    found = []
    for column in frame.columns:
        cells = [cell for cell in frame[column].tolist() if isinstance(cell, str) and cell.strip()]
        if any(cell[:1].isalpha() for cell in cells):
            found.append(str(column))
    return found


def _finest(frame: DataFrame, patterns: tuple[re.Pattern[str], ...]) -> str | None:
    """Return the field of the highest number that is not empty."""
    for pattern in patterns:
        levels = {
            int(match[1]): str(column)
            for column in frame.columns
            if (match := pattern.fullmatch(str(column).casefold()))
        }
        for level in sorted(levels, reverse=True):
            if any(texts(frame, levels[level])):
                return levels[level]
    return None


def _matching(frame: DataFrame, patterns: tuple[re.Pattern[str], ...]) -> list[str]:
    """Return the fields whose whole name matches and which are not empty, in order."""
    return [
        column
        for pattern in patterns
        for column in map(str, frame.columns)
        if pattern.fullmatch(column.casefold()) and any(texts(frame, column))
    ]
