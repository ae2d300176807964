"""What stands along the streets of the synthetic town."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from mesa_llm_city.city.place_draft import Draft
from mesa_llm_city.city.town.place_names import nouns_for
from mesa_llm_city.city.town.streets import StreetPlan, river_y
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.parameters.city import PlaceKindSpec, TownParameters

__all__ = ["RESIDENTIAL", "Builder"]

_SUBCENTRES = ((0.55, 0.35), (-0.5, 0.45), (0.35, -0.62))
"""Where the smaller centres lie, in radii of the town to the east and north."""

RESIDENTIAL = ("building=apartments", "building=house")
"""Kinds of which the size counts residents and not jobs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Builder:
    """Puts places along the streets of a town, by how central their kind is.

    Parameters
    ----------
    plan : StreetPlan
        The streets, in metres from the centre.
    count : int
        Number of places of the town; met to a few by rounding.
    radius_m : float
        Mean radius of the town in metres.
    town : TownParameters
        How common each kind of place is, and where it stands.
    """

    plan: StreetPlan
    count: int
    radius_m: float
    town: TownParameters

    def place(self, rng: Generator, kinds: Mapping[str, PlaceKindSpec]) -> Draft:
        """Return the places of some kinds, in metres from the centre.

        There is at least one of each kind, unless there are to be 0 among 1000 places.
        """
        some = {key: kind for key, kind in kinds.items() if kind.per_1000 > 0}
        return Draft.join([self._of_kind(rng, key, kind) for key, kind in some.items()])

    def _of_kind(self, rng: Generator, key: str, kind: PlaceKindSpec) -> Draft:
        """Put the places of one kind."""
        number = max(1, round(kind.per_1000 * self.count / 1000.0))
        edge = self._edges(rng, kind, number)
        x, y = self._beside(rng, edge)
        size = np.round(kind.size * np.exp(rng.normal(0, kind.sigma, number) - kind.sigma**2 / 2))
        size = np.maximum(size, min(kind.size, 1.0))
        figures = {"residents" if key in RESIDENTIAL else "jobs": size}
        return Draft.of(
            [key] * number,
            x=x,
            y=y,
            name=self._names(rng, key, edge),
            rating=np.round(rng.beta(self.town.rating_alpha, self.town.rating_beta, number), 2),
            **figures,
        )

    def _edges(self, rng: Generator, kind: PlaceKindSpec, number: int) -> Int:
        """Draw the street of each place, by length times centrality."""
        net, radius_m = self.plan.network, self.radius_m
        x, y = (net.x[net.start] + net.x[net.end]) / 2, (net.y[net.start] + net.y[net.end]) / 2
        spread_m = 1000.0 * kind.spread_km * radius_m / self.town.radius_m
        density = np.exp(-np.hypot(x, y) / spread_m)
        for east, north in _SUBCENTRES:
            away = np.hypot(x - east * radius_m, y - north * radius_m)
            width = self.town.subcentre_spread * spread_m
            density += self.town.subcentre_weight * np.exp(-away / width)
        dry = np.abs(y - river_y(x, radius_m)) > 2 * self.town.river_half_width_m
        weight = density * net.length_m * dry
        return rng.choice(len(net), size=number, p=weight / np.sum(weight))

    def _beside(self, rng: Generator, edge: Int) -> tuple[Float, Float]:
        """Put places at random along their street, some steps to its left or right."""
        net, along = self.plan.network, rng.uniform(0.05, 0.95, len(edge))
        start_x, start_y = net.x[net.start[edge]], net.y[net.start[edge]]
        dx, dy = net.x[net.end[edge]] - start_x, net.y[net.end[edge]] - start_y
        side = rng.choice([-1.0, 1.0], len(edge))
        step = side * rng.uniform(self.town.least_step_m, self.town.most_step_m, len(edge))
        length = np.hypot(dx, dy)
        x, y = start_x + along * dx - step * dy / length, start_y + along * dy + step * dx / length
        # Keep doors out of the water where a street follows the bank.
        offset = y - river_y(x, self.radius_m)
        bank = 1.2 * self.town.river_half_width_m
        return x, np.where(np.abs(offset) < bank, y + np.sign(offset) * bank - offset, y)

    def _names(self, rng: Generator, key: str, edge: Int) -> Sequence[str]:
        """Name places after their street: "Mill Street Bakery", "12 Mill Street"."""
        streets = [self.plan.names[row] for row in self.plan.street[edge].tolist()]
        if key in RESIDENTIAL:
            numbers = rng.integers(1, 180, len(edge)).tolist()
            return [f"{number} {street}" for number, street in zip(numbers, streets, strict=True)]
        nouns = nouns_for(key)
        chosen = rng.integers(0, len(nouns), len(edge)).tolist()
        return [f"{street} {nouns[row]}" for row, street in zip(chosen, streets, strict=True)]
