"""Icons, labels and colours of kinds of place on the map."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.values import Int

__all__ = ["ICONS", "icon_of", "label_of", "place_looks"]

ICONS: dict[str, tuple[str, str, str]] = {
    "transport": (
        "#4a5b6c",
        "#a9bccd",
        (
            r"railway|public_transport|train|metro|subway|light rail|bus(?![a-z])|tram(?![a-z])|"
            r"bus_station|ferry|airport|aeroway|parking|fuel|gas |charging|taxi|"
            r"car_rental|car_sharing|car_wash"
        ),
    ),
    "health": (
        "#b03a48",
        "#ef9a9a",
        r"hospital|clinic|doctor|dentist|pharmac|health|veterinar|nursing|optician|medical",
    ),
    "worship": ("#6d5a8c", "#c1b3dd", r"worship|church|mosque|temple|shrine|synagogue|chapel"),
    "school": ("#2c6e8f", "#8fcbe8", r"school|kindergarten|college|universit|librar|childcare"),
    "food": (
        "#b5651d",
        "#f0b27a",
        (
            r"restaurant|cafe|coffee|bar\b|pub\b|fast_food|food|bakery|biergarten|ice_cream|"
            r"brewery|breakfast|café|canteen|creperie|deli\b|gastropub|ramen|salad|sandwich|snack|"
            r"soup|winery|diner|pizz|noodle|sushi|tea\b|nightclub|joint|steakhouse|burger"
        ),
    ),
    "culture": (
        "#8e3b78",
        "#e0a3d0",
        (
            r"museum|theatre|theater|cinema|art|gallery|music|concert|attraction|tourism|hotel|"
            r"monument|historic|zoo|community_centre|social"
        ),
    ),
    "sport": (
        "#2e7d5b",
        "#8fd4b4",
        r"sport|fitness|gym|swimming|stadium|pitch|golf|bowling|ice_rink|track",
    ),
    "park": ("#3f7f3a", "#9ed497", r"park|garden|playground|nature|beach|forest|plaza|dog"),
    "shop": (
        "#9c2f5f",
        "#ee9cc0",
        r"shop|store|market|supermarket|department|mall|retail|kiosk|hairdresser|bank\b|salon",
    ),
    "leisure": ("#7a6a1f", "#dccb7a", r"leisure|amusement|gambling|casino|club|spa\b|sauna"),
    "work": (
        "#56616b",
        "#b4c0ca",
        (
            r"office|company|industr|commercial|factory|works|warehouse|craft|government|townhall|"
            r"police|fire_station|post_office|courthouse|workshop"
        ),
    ),
    "other": ("#66707a", "#aab4be", r""),
}
"""Colour on light and on dark backgrounds, and words in names of kinds, by icon.

The first counts of which a word begins one of the name; "other" has none and takes the rest.
"""

_MOST = 255


def icon_of(kind: str) -> str:
    """Return the icon for a kind of place.

    Examples
    --------
    >>> icon_of("amenity=cafe"), icon_of("Coffee Shop"), icon_of("shop=books")
    ('food', 'food', 'shop')
    """
    text = kind.casefold()
    return next(
        icon
        for icon, (*_, words) in ICONS.items()
        if not words or re.search(f"(?<![a-z])(?:{words})", text)
    )


def place_looks(kind: Int, kinds: Sequence[str]) -> tuple[NDArray[np.uint8], list[dict[str, str]]]:
    """Return the row of the look of each place, and the looks.

    Parameters
    ----------
    kind : ndarray of int64, shape (n,)
        Rows of the kinds of the places.
    kinds : sequence of str
        All kinds of place.

    Returns
    -------
    tuple of ndarray of uint8, shape (n,), and list of dict
        A look has ``kind``, ``label``, ``icon``, ``light`` and ``dark``. Beyond 255 kinds, the
        rarest share a look.
    """
    used, row, count = np.unique(kind, return_inverse=True, return_counts=True)
    order = np.argsort(-count, kind="stable")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    shown = [str(kinds[used[at]]) for at in order[:_MOST].tolist()]
    looks = [_look(one, label_of(one)) for one in shown]
    if len(used) > _MOST:
        looks.append(_look("other", "place"))
    return np.minimum(rank[row], _MOST).astype(np.uint8), looks


def label_of(kind: str) -> str:
    """Return a kind of place in words.

    Examples
    --------
    >>> label_of("amenity=fast_food"), label_of("shop=*"), label_of("Coffee Shop")
    ('fast food', 'shop', 'Coffee Shop')
    """
    key, _, value = kind.rpartition("=")
    told = value if value not in ("*", "yes", "") else key
    return told.replace("_", " ")


def _look(kind: str, label: str) -> dict[str, str]:
    icon = icon_of(kind)
    light, dark, _ = ICONS[icon]
    return {"kind": kind, "label": label, "icon": icon, "light": light, "dark": dark}
