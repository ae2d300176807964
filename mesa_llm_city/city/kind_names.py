"""Names of kinds of place: how they are compared, and patterns that stand for many of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

__all__ = ["folded", "is_pattern", "named_by", "pattern", "tag_key"]

_ANYTHING = "*"
_TAG = re.compile(r"([\w:]+)=.")


def folded(kind: str) -> str:
    """Return the form in which kinds are compared: without case and repeated spaces.

    Examples
    --------
    >>> folded("Coffee  Shop ")
    'coffee shop'
    """
    return " ".join(unicodedata.normalize("NFKC", kind).casefold().split())


def is_pattern(key: str) -> bool:
    """Return whether a key stands for many kinds, such as ``"shop=*"``."""
    return _ANYTHING in key


@lru_cache(maxsize=4096)
def pattern(key: str) -> re.Pattern[str]:
    """Return the expression that the folded names of all kinds match that a key stands for.

    Examples
    --------
    >>> pattern("shop=*").fullmatch("shop=umbrellas") is None
    False
    """
    return re.compile(".*".join(re.escape(part) for part in folded(key).split(_ANYTHING)))


def named_by(kind: str, keys: Sequence[str]) -> bool:
    """Return whether one of several keys names a kind; ``*`` in a key stands for anything.

    Examples
    --------
    >>> named_by("shop=umbrellas", ["Church", "shop=*"]), named_by("barber", ["bar"])
    (True, False)
    """
    name = folded(kind)
    return any(pattern(key).fullmatch(name) is not None for key in keys)


def tag_key(kind: str) -> str:
    """Return the key of a tag of OpenStreetMap; empty if the kind is no tag.

    Examples
    --------
    >>> tag_key("amenity=cafe"), tag_key("Coffee Shop")
    ('amenity', '')
    """
    tag = _TAG.match(kind)
    return "" if tag is None else tag[1]
