"""What stands along the streets of the synthetic town."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.random import Generator

from mesa_llm_city.city.place_draft import Draft
from mesa_llm_city.city.town.place_names import NOUNS
from mesa_llm_city.city.town.streets import RIVER_HALF_WIDTH_M, StreetPlan, river_y
from mesa_llm_city.core.values import Float, Int

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["KINDS", "Kind", "place_along"]


@dataclass(frozen=True, slots=True)
class Kind:
    """How common a kind of place is, where it stands and how its size varies.

    Parameters
    ----------
    key : str
        Kind, as in the table of categories.
    per_1000 : float
        How many there are among 1000 places.
    spread_km : float
        Mean distance from a centre in a town of 3000 places; small is central.
    size : float
        Typical jobs, or residents of a residence.
    sigma : float
        Standard deviation of the logarithm of that size: large makes few giants.
    """

    key: str
    per_1000: float
    spread_km: float
    size: float
    sigma: float = 0.4


KINDS = (
    Kind("building=apartments", 240, 1.6, 30, 0.6),
    Kind("building=house", 330, 9.0, 3, 0.3),
    Kind("office=company", 92, 0.8, 10, 1.1),
    Kind("building=industrial", 16, 9.0, 40, 0.9),
    Kind("amenity=restaurant", 58, 0.8, 8),
    Kind("amenity=fast_food", 20, 1.2, 6),
    Kind("amenity=cafe", 34, 1.0, 5),
    Kind("amenity=bar", 14, 0.6, 5),
    Kind("amenity=pub", 9, 2.0, 6),
    Kind("amenity=nightclub", 1.5, 0.5, 12),
    Kind("shop=supermarket", 14, 3.5, 30),
    Kind("shop=convenience", 22, 3.0, 8),
    Kind("shop=bakery", 14, 2.5, 5),
    Kind("shop=clothes", 24, 0.5, 6),
    Kind("shop=books", 4, 0.6, 5),
    Kind("shop=electronics", 5, 0.8, 10),
    Kind("shop=furniture", 4, 4.0, 10),
    Kind("shop=mall", 0.7, 2.0, 200),
    Kind("shop=hairdresser", 14, 2.2, 3),
    Kind("shop=florist", 4, 1.5, 3),
    Kind("amenity=bank", 6, 0.6, 14),
    Kind("amenity=post_office", 3, 2.5, 12),
    Kind("amenity=townhall", 0.4, 0.2, 120),
    Kind("amenity=fuel", 3, 7.0, 4),
    Kind("amenity=pharmacy", 7, 2.0, 6),
    Kind("amenity=clinic", 5, 2.0, 15),
    Kind("amenity=dentist", 5, 1.8, 5),
    Kind("amenity=hospital", 0.4, 2.5, 450),
    Kind("amenity=school", 8, 5.0, 42),
    Kind("amenity=college", 1, 2.5, 80),
    Kind("amenity=university", 0.4, 1.2, 420),
    Kind("amenity=kindergarten", 6, 5.0, 12),
    Kind("amenity=cinema", 1, 0.6, 15),
    Kind("amenity=theatre", 0.8, 0.4, 25),
    Kind("amenity=library", 1.4, 1.5, 10),
    Kind("amenity=community_centre", 3, 5.0, 6),
    Kind("amenity=place_of_worship", 5, 3.0, 2),
    Kind("tourism=museum", 1.4, 0.6, 18),
    Kind("leisure=park", 10, 5.0, 1),
    Kind("leisure=playground", 8, 6.0, 0),
    Kind("leisure=fitness_centre", 6, 1.8, 6),
    Kind("leisure=sports_centre", 3, 5.0, 10),
    Kind("leisure=swimming_pool", 1, 4.0, 8),
)
"""The shares are assumptions: a European town, with the homes of a few thousand people as
half of its places. Jobs come out near half the number of residents."""

_SUBCENTRES = ((0.55, 0.35), (-0.5, 0.45), (0.35, -0.62))
_SUBCENTRE_WEIGHT = 0.25
_RESIDENTIAL = ("building=apartments", "building=house")


def place_along(luck: Generator, plan: StreetPlan, count: int, radius_m: float) -> Draft:
    """Put places along streets, by how central their kind is.

    Parameters
    ----------
    luck : numpy.random.Generator
        Random stream of the places.
    plan : StreetPlan
        The streets.
    count : int
        Number of places, met to a few by rounding.
    radius_m : float
        Mean radius of the town in metres.

    Returns
    -------
    Draft
        In metres from the centre; there is at least one place of every kind.
    """
    numbers = [max(1, round(kind.per_1000 * count / 1000.0)) for kind in KINDS]
    parts = [
        _draft(luck, plan, kind, number, radius_m)
        for kind, number in zip(KINDS, numbers, strict=True)
    ]
    return Draft.join(parts)


def _draft(luck: Generator, plan: StreetPlan, kind: Kind, number: int, radius_m: float) -> Draft:
    """Put the places of one kind."""
    edge = _edges(luck, plan, kind, number, radius_m)
    x, y = _beside(luck, plan, edge, radius_m)
    size = np.round(kind.size * np.exp(luck.normal(0, kind.sigma, number) - kind.sigma**2 / 2))
    size = np.maximum(size, min(kind.size, 1.0))
    figures = {"residents" if kind.key in _RESIDENTIAL else "jobs": size}
    return Draft.of(
        [kind.key] * number,
        x=x,
        y=y,
        name=_names(luck, plan, kind.key, edge),
        rating=np.round(luck.beta(6.0, 3.0, number), 2),
        **figures,
    )


def _edges(luck: Generator, plan: StreetPlan, kind: Kind, number: int, radius_m: float) -> Int:
    """Draw the street of each place, by length times centrality."""
    net = plan.network
    x, y = (net.x[net.start] + net.x[net.end]) / 2, (net.y[net.start] + net.y[net.end]) / 2
    spread_m = 1000.0 * kind.spread_km * radius_m / 3300.0
    density = np.exp(-np.hypot(x, y) / spread_m)
    for east, north in _SUBCENTRES:
        away = np.hypot(x - east * radius_m, y - north * radius_m)
        density += _SUBCENTRE_WEIGHT * np.exp(-away / (0.6 * spread_m))
    dry = np.abs(y - river_y(x, radius_m)) > 2 * RIVER_HALF_WIDTH_M
    weight = density * net.length_m * dry
    return luck.choice(len(net), size=number, p=weight / np.sum(weight))


def _beside(luck: Generator, plan: StreetPlan, edge: Int, radius_m: float) -> tuple[Float, Float]:
    """Put places at random along their street, some steps to its left or right."""
    net, along = plan.network, luck.uniform(0.05, 0.95, len(edge))
    start_x, start_y = net.x[net.start[edge]], net.y[net.start[edge]]
    dx, dy = net.x[net.end[edge]] - start_x, net.y[net.end[edge]] - start_y
    step = luck.choice([-1.0, 1.0], len(edge)) * luck.uniform(8.0, 22.0, len(edge))
    length = np.hypot(dx, dy)
    x, y = start_x + along * dx - step * dy / length, start_y + along * dy + step * dx / length
    # Keep doors out of the water where a street follows the bank.
    offset = y - river_y(x, radius_m)
    bank = 1.2 * RIVER_HALF_WIDTH_M
    return x, np.where(np.abs(offset) < bank, y + np.sign(offset) * bank - offset, y)


def _names(luck: Generator, plan: StreetPlan, key: str, edge: Int) -> Sequence[str]:
    """Name places after their street: "Mill Street Bakery", "12 Mill Street"."""
    streets = [plan.names[row] for row in plan.street[edge].tolist()]
    if key in _RESIDENTIAL:
        numbers = luck.integers(1, 180, len(edge)).tolist()
        return [f"{number} {street}" for number, street in zip(numbers, streets, strict=True)]
    nouns = NOUNS[key]
    chosen = luck.integers(0, len(nouns), len(edge)).tolist()
    return [f"{street} {nouns[row]}" for row, street in zip(chosen, streets, strict=True)]
