"""The kinds of place that the paper tells apart (CitySim, appendix C.4, figure 8)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["KINDS", "kind_of_place"]

_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "parks": r"park|garden|playground|plaza|beach|outdoor|camp|trail|viewpoint|nature|forest",
        "transport": r"station|subway|airport|ferry|terminal|bus|train|tram|metro|platform|fuel",
        "restaurants": (
            r"restaurant|caf|coffee|tea|food_court|fast.?food|diner|pizza|burger|bakery|bbq|bagel|"
            r"deli|dessert|ice.?cream|steak|sandwich|joint|noodle|ramen|sushi|burrito|breakfast"
        ),
        "shops": r"shop|store|mall|market|pharmacy|convenience|boutique|bank|salon|laundry",
        "entertainment": (
            r"bar|pub|club|cinema|movie|theat|music|concert|stadium|museum|gallery|library|arts|"
            r"entertainment|bowling|arcade|casino|zoo|gym|sport|fitness|pool|event"
        ),
    }
)
_BY_PURPOSE: Mapping[str, str] = MappingProxyType(
    {
        "meal": "restaurants",
        "shopping": "shops",
        "leisure": "entertainment",
        "social": "entertainment",
        "sport": "entertainment",
    }
)

KINDS = ("restaurants", "parks", "shops", "transport", "entertainment", "other")
"""The five kinds of the paper, and the rest."""


def kind_of_place(category: str, purposes: str = "") -> str:
    """Return which of `KINDS` a place is.

    Parks and stations are known by their category; other places by what they offer, if that is
    known, and else by words of their category.

    Parameters
    ----------
    category : str
        Kind of place as its map names it, such as ``amenity=cafe`` or ``Coffee Shop``.
    purposes : str, optional
        What it offers, separated by blanks.

    Examples
    --------
    >>> [kind_of_place(one) for one in ("leisure=park", "Coffee Shop", "shop=books", "Office")]
    ['parks', 'restaurants', 'shops', 'other']
    >>> kind_of_place("Food & Drink Shop", "shopping"), kind_of_place("Parking")
    ('shops', 'other')
    """
    text = category.casefold().partition("=")[2] or category.casefold()
    if re.search(r"parking", text):
        return "other"
    for kind in ("parks", "transport"):
        if re.search(rf"\b({_WORDS[kind]})", text):
            return kind
    if category.casefold().startswith("shop="):
        return "shops"
    offered = purposes.split()
    if found := next((kind for name, kind in _BY_PURPOSE.items() if name in offered), ""):
        return found
    return next((kind for kind, form in _WORDS.items() if re.search(form, text)), "other")
