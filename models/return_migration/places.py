"""Cities and villages: position, wage and price level."""

from __future__ import annotations

from random import Random
from typing import Literal

import numpy as np
from mesa.discrete_space import Cell

from mesa_llm_city.core.streams import rng

__all__ = ["SIDE_KM", "Place", "invented_map"]

SIDE_KM = 1000.0
"""The map is a square: villages inland in the west, cities along the coast in the east."""

_NOISE = 0.015  # standard deviation of a place's yearly growth, an assumption
_SPOTS = 10  # positions drawn for each village, of which the most remote is taken


class Place(Cell):
    """A city or a village: a Mesa cell in which agents live.

    Parameters
    ----------
    number : int
        Coordinate of the cell, and key of its random streams.
    kind : {"city", "village"}
        Kind of place.
    where_km : (float, float)
        Position on the map, in km.
    wage : float
        Mean wage, in RMB a year.
    price : float
        Price level, relative to villages.
    random : random.Random, optional
        Generator of the Mesa space.
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
        """Kind and number, such as ``"city 2"``."""
        return f"{self.kind} {self.number}"

    def grow(self, yearly: float, *, seed: int, year: int) -> None:
        """Let the wage grow for a year.

        Parameters
        ----------
        yearly : float
            Mean growth of a year, such as 0.03.
        seed : int
            Seed of the run.
        year : int
            Number of the year.
        """
        noise = float(rng(seed, self.number, "wages", year).normal(0.0, _NOISE))
        self.growth = float(np.exp(np.log1p(yearly) + noise))
        self.wage *= self.growth

    def distance_km(self, other: Place) -> float:
        """Return the straight-line distance to another place, in km."""
        return float(np.hypot(*np.subtract(self.where_km, other.where_km)))


def invented_map(
    cities: int, villages: int, *, seed: int, random: Random | None = None
) -> tuple[list[Place], list[Place]]:
    """Return cities and villages of an invented country; all numbers are assumptions.

    Cities lie along the coast, have wages of 50 to 80 thousand RMB a year, and price levels
    that increase with the wage. Villages lie inland, have wages of 20 to 34 thousand RMB, and
    a price level of 1.

    Parameters
    ----------
    cities, villages : int
        Number of places.
    seed : int
        Seed of all draws.
    random : random.Random, optional
        Generator of the Mesa space.

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
    draws = rng(seed, number, "place", 0)
    # One in each strip of the coast, so that cities do not overlap on the map.
    y = SIDE_KM * (number + draws.uniform(0.25, 0.75)) / count
    wage = draws.uniform(50e3, 80e3)
    where = (float(draws.uniform(0.75, 0.95) * SIDE_KM), float(y))
    price = 1.0 + 0.5 * wage / 80e3
    return Place(number, "city", where_km=where, wage=wage, price=price, random=random)


def _village(number: int, others: list[Place], seed: int, random: Random | None) -> Place:
    """Return a village at the most remote of some random positions."""
    draws = rng(seed, number, "place", 0)
    spots = draws.uniform((0.04, 0.06), (0.6, 0.96), size=(_SPOTS, 2)) * SIDE_KM
    there = np.array([one.where_km for one in others]).reshape(-1, 2)
    apart = np.hypot(*(spots[:, None] - there[None]).transpose(2, 0, 1))
    x, y = spots[int(np.argmax(apart.min(axis=1, initial=SIDE_KM)))].tolist()
    wage = draws.uniform(20e3, 34e3)
    return Place(number, "village", where_km=(x, y), wage=wage, price=1.0, random=random)
