"""Ways between many pairs of places, as columns by mode."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mesa_llm_city.core.values import Bool, Float, Int, TravelOption

__all__ = ["WayColumns"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WayColumns:
    """What `TravelOption` says of each mode, for m trips and all k modes of the parameters.

    Parameters
    ----------
    offered : ndarray of bool, shape (m, k)
        Which modes lead there; the other numbers of those that do not are without meaning.
    distance_m : ndarray of float64, shape (m, k)
        Length of the way in metres, access and egress on foot included.
    minutes : ndarray of float64, shape (m, k)
        Door-to-door time in minutes.
    access_min : ndarray of float64, shape (m, k)
        Part of `minutes` spent walking to and from the vehicle and waiting.
    cost : ndarray of float64, shape (m, k)
        Fare or running cost, in units of a train fare.
    """

    offered: Bool
    distance_m: Float
    minutes: Float
    access_min: Float
    cost: Float

    def __len__(self) -> int:
        """Return the number of trips."""
        return len(self.offered)

    def take(self, rows: Int) -> WayColumns:
        """Return the ways of some of the trips."""
        return WayColumns(
            offered=self.offered[rows],
            distance_m=self.distance_m[rows],
            minutes=self.minutes[rows],
            access_min=self.access_min[rows],
            cost=self.cost[rows],
        )

    def of_mode(self, mode: Int) -> tuple[Float, Float, Float, Float]:
        """Return distance, minutes, access and cost of one mode for each trip, each (m,)."""
        row = np.arange(len(self))
        return (
            self.distance_m[row, mode],
            self.minutes[row, mode],
            self.access_min[row, mode],
            self.cost[row, mode],
        )

    def options(self, row: int, modes: tuple[str, ...]) -> tuple[TravelOption, ...]:
        """Return the offered ways of one trip, by the names of the modes."""
        return tuple(
            TravelOption(
                mode=name,
                distance_m=float(self.distance_m[row, mode]),
                minutes=float(self.minutes[row, mode]),
                access_min=float(self.access_min[row, mode]),
                cost=float(self.cost[row, mode]),
            )
            for mode, name in enumerate(modes)
            if self.offered[row, mode]
        )
