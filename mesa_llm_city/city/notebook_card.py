"""A small HTML card of a city, which notebooks show for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.core.html_card import dots, html_card

if TYPE_CHECKING:
    # A city shows its own card; only annotations close the circle.
    from mesa_llm_city.city.city import City

__all__ = ["city_card"]

_MOST_DOTS = 700  # of each layer; every so manieth place is drawn
_MOST_KINDS, _MOST_STATIONS = 5, 4
_HOME = "sleep"
_KM2 = 1e6  # m2


def city_card(city: City) -> str:
    """Return a city as a few lines of HTML: places, zones, stations, streets, and a map of dots.

    Parameters
    ----------
    city : City
        The city.

    Examples
    --------
    >>> from mesa_llm_city import City
    >>> "400 places" in city_card(City.synthetic(rng=1, places=400))
    True
    """
    places = city.places
    count = np.bincount(places.category, minlength=len(places.category_names))
    is_home = np.array([_HOME in purposes for purposes in places.category_purposes], dtype=bool)
    homes = is_home[places.category] if len(is_home) else np.zeros(0, dtype=bool)
    west, south, east, north = city.bounds if len(places) else (0.0, 0.0, 0.0, 0.0)
    links = 0 if city.network is None else len(city.network.segments)
    facts = {
        "places": f"{len(places):,} places, {int(homes.sum()):,} of them homes",
        "most are": _kinds(places.category_names, np.where(is_home, 0, count)),
        "area": f"{(east - west) * (north - south) / _KM2:,.1f} km², {len(city.zones):,} zones",
        "stations": _stations(city.stations.names),
        "streets": f"{links:,} pieces" if links else "none; ways are straight lines",
        "system": city.crs,
    }
    label = f"Map of {city.name}: homes in grey, other places in blue"
    return html_card(
        city.name,
        facts,
        picture=dots([(_some(city, homes), False), (_some(city, ~homes), True)], label),
        hint="city.show(), city.summary()",
    )


def _kinds(names: tuple[str, ...], count: np.ndarray) -> str:
    order = np.argsort(-count, kind="stable")[:_MOST_KINDS].tolist()
    return ", ".join(
        f"{names[one].rpartition('=')[2].replace('_', ' ')} {int(count[one]):,}"
        for one in order
        if count[one]
    )


def _stations(names: tuple[str, ...]) -> str:
    more = len(names) - _MOST_STATIONS
    told = ", ".join(names[:_MOST_STATIONS])
    return f"{told} and {more:,} more" if more > 0 else told


def _some(city: City, wanted: np.ndarray) -> list[tuple[float, float]]:
    """Return positions of some of the places that are wanted, evenly chosen."""
    rows = np.flatnonzero(wanted)
    rows = rows[:: max(len(rows) // _MOST_DOTS, 1)]
    return list(zip(city.places.x[rows].tolist(), city.places.y[rows].tolist(), strict=True))
