"""Cities and villages: where they lie, what one earns there, and what life costs."""

from __future__ import annotations

from random import Random
from typing import Literal

import numpy as np
from mesa.discrete_space import Cell

from mesa_llm_city.core.streams import rng

__all__ = ["SIDE_KM", "Place", "made_up_map"]

SIDE_KM = 1000.0
"""The map is a square: villages inland in the west, cities along the coast in the east."""

_NOISE = 0.015  # standard deviation of a place's yearly growth, an assumption
_SPOTS = 10


class Place(Cell):
    """A city or a village; a cell of Mesa's, so that agents live in it.

    Parameters
    ----------
    number : int
        Its coordinate in the space, and the address of its luck.
    kind : {"city", "village"}
        Which of the two.
    where_km : (float, float)
        Position on the map.
    wage : float
        What one earns, in RMB a year.
    price : float
        Price level, that of a village being 1.
    random : random.Random, optional
        As Mesa asks for.
    """

    def __init__(
        self,
        number: int,
        kind: Literal["city", "village"],
        *,
        where_km: tuple[float, float],
        wage: float,
        price: float,
        random: Random | None = None,
    ) -> None:
        super().__init__((number,), random=random)
        self.number, self.kind, self.where_km = number, kind, where_km
        self.wage, self.price, self.growth = wage, price, 1.0

    @property
    def name(self) -> str:
        """Such as ``"city 2"``."""
        return f"{self.kind} {self.number}"

    def grow(self, yearly: float, *, seed: int, year: int) -> None:
        """Let the wage grow for a year, by `yearly` on average, with the luck of the place."""
        luck = float(rng(seed, self.number, "wages", year).normal(0.0, _NOISE))
        self.growth = float(np.exp(np.log1p(yearly) + luck))
        self.wage *= self.growth

    def distance_km(self, other: Place) -> float:
        """Return how far it is to another place, as the crow flies."""
        return float(np.hypot(*np.subtract(self.where_km, other.where_km)))


def made_up_map(
    cities: int, villages: int, *, seed: int, random: Random | None = None
) -> tuple[list[Place], list[Place]]:
    """Return cities and villages of a made-up country; the numbers are assumptions.

    Cities lie along the coast, pay 50 to 80 thousand RMB a year, and are the dearer the
    more they pay. Villages lie inland, pay 20 to 34 thousand, and cost 1.

    Parameters
    ----------
    cities, villages : int
        How many.
    seed : int
        Of everything drawn.
    random : random.Random, optional
        Handed on to the cells.

    Returns
    -------
    list of Place, list of Place
        Cities, numbered from 0; villages, numbered after them.
    """
    towns = [_city(one, cities, seed, random) for one in range(cities)]
    hamlets: list[Place] = []
    for number in range(cities, cities + villages):
        hamlets.append(_village(number, hamlets, seed, random))
    return towns, hamlets


def _city(number: int, count: int, seed: int, random: Random | None) -> Place:
    luck = rng(seed, number, "place", 0)
    # One in each strip of the coast, so that none hides another.
    y = SIDE_KM * (number + luck.uniform(0.25, 0.75)) / count
    wage = luck.uniform(50e3, 80e3)
    where = (float(luck.uniform(0.75, 0.95) * SIDE_KM), float(y))
    price = 1.0 + 0.5 * wage / 80e3
    return Place(number, "city", where_km=where, wage=wage, price=price, random=random)


def _village(number: int, others: list[Place], seed: int, random: Random | None) -> Place:
    """Return a village at the place, of some at random, that is farthest from the others."""
    luck = rng(seed, number, "place", 0)
    spots = luck.uniform((0.04, 0.06), (0.6, 0.96), size=(_SPOTS, 2)) * SIDE_KM
    there = np.array([one.where_km for one in others]).reshape(-1, 2)
    apart = np.hypot(*(spots[:, None] - there[None]).transpose(2, 0, 1))
    x, y = spots[int(np.argmax(apart.min(axis=1, initial=SIDE_KM)))].tolist()
    wage = luck.uniform(20e3, 34e3)
    return Place(number, "village", where_km=(x, y), wage=wage, price=1.0, random=random)
