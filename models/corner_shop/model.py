"""A shop and a bus, plain Mesa agents, live beside the citizens of a town."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import hypot
from typing import Any

import mesa

from mesa_llm_city import City, CityModel, Clock, Population
from mesa_llm_city.core.asking import Backend
from mesa_llm_city.core.values import Purpose
from mesa_llm_city.parameters import CityParameters, with_keywords
from mesa_llm_city.policies import Policy

__all__ = ["MODEL", "Bus", "CornerTown", "Shop"]


class Shop(mesa.Agent):
    """Sells one thing to each customer who comes in.

    Parameters
    ----------
    model : CityModel
        The town.
    place : int
        Id of the place it is in.
    stock : int, default 30
        Things to sell; filled up every midnight.
    """

    model: CityModel

    def __init__(self, model: CityModel, place: int, stock: int = 30) -> None:
        super().__init__(model)
        self.place = place
        self.capacity = self.stock = stock
        self.sold = self.customers = 0
        self._inside: frozenset[int] = frozenset()

    def step(self) -> None:
        """Serve those who have come in since the last step."""
        if self.model.clock.starts_day(self.model.minute):
            self.stock = self.capacity
        here = self.model.people_at(self.place)
        inside = frozenset(a.person for a in here if a.purpose != Purpose.WORK)
        came = len(inside - self._inside)
        served = min(came, self.stock)
        self.customers, self.sold = self.customers + came, self.sold + served
        self.stock, self._inside = self.stock - served, inside

    def state(self) -> dict[str, Any]:
        """Return what a save keeps of the shop."""
        numbers = {name: getattr(self, name) for name in _COUNTED}
        return {**numbers, "inside": sorted(self._inside)}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned."""
        for name in _COUNTED:
            setattr(self, name, state[name])
        self._inside = frozenset(state["inside"])


_COUNTED = ("place", "capacity", "stock", "sold", "customers")


class Bus(mesa.Agent):
    """Goes from stop to stop and round again.

    Parameters
    ----------
    model : CityModel
        The town.
    stops : list of (float, float)
        Coordinates in metres, at least two.
    speed_m_per_min : float, default 250
        15 km/h, stops included.

    Attributes
    ----------
    where : (float, float)
        Coordinates in metres.
    stops_served : int
        How often it has come to a stop.
    """

    model: CityModel

    def __init__(
        self, model: CityModel, stops: list[tuple[float, float]], speed_m_per_min: float = 250.0
    ) -> None:
        super().__init__(model)
        self.stops, self.speed_m_per_min = stops, speed_m_per_min
        self.where, self.next_stop, self.stops_served = stops[0], 1, 0

    def step(self) -> None:
        """Drive for as long as a step lasts."""
        left_m = self.speed_m_per_min * self.model.clock.step_min
        while left_m > 0.0:
            left_m = self._drive(left_m)

    def state(self) -> dict[str, Any]:
        """Return where the bus is on its round, for a save."""
        names = ("where", "next_stop", "stops_served")
        return {name: getattr(self, name) for name in names}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned."""
        x, y = state["where"]
        self.where, self.next_stop = (x, y), state["next_stop"]
        self.stops_served = state["stops_served"]

    def _drive(self, left_m: float) -> float:
        """Go towards the next stop; return how many metres are left to drive."""
        (x, y), (to_x, to_y) = self.where, self.stops[self.next_stop]
        way_m = hypot(to_x - x, to_y - y)
        if way_m > left_m:
            share = left_m / way_m
            self.where = (x + share * (to_x - x), y + share * (to_y - y))
            return 0.0
        self.where, self.stops_served = (to_x, to_y), self.stops_served + 1
        self.next_stop = (self.next_stop + 1) % len(self.stops)
        return left_m - way_m if way_m else 0.0


class CornerTown(CityModel):
    """A town with a shop in the middle and a bus that goes round.

    Parameters
    ----------
    city : City, optional
        The map; a small synthetic town by default.
    people : Population or int, default 500
        Who lives there.
    rng : int, optional
        Seed of the people and their luck.
    clock : Clock, optional
        Start date and length of a step.
    llm, prompts, without, policies, parameters : optional
        As in `CityModel`.
    **kwargs
        Parameters by dotted name, such as ``mobility.gravity.gamma``.

    Examples
    --------
    >>> town = CornerTown(people=20, rng=7)
    >>> town.step()
    >>> town.bus.where != town.bus.stops[0]
    True
    """

    def __init__(
        self,
        city: City | None = None,
        people: Population | int = 500,
        rng: int | None = None,
        clock: Clock | None = None,
        *,
        llm: Backend | None = None,
        prompts: Iterable[str] | str = (),
        without: Iterable[str] = (),
        policies: Mapping[str, Policy] | None = None,
        parameters: CityParameters | None = None,
        # Mesa's page looks for this name to know that more arguments are taken.
        **kwargs: object,
    ) -> None:
        own = city.parameters if parameters is None and city is not None else parameters
        tree = with_keywords(own, kwargs)
        town = City.synthetic(places=600, parameters=tree) if city is None else city
        super().__init__(
            town,
            people,
            rng=rng,
            clock=clock,
            llm=llm,
            prompts=prompts,
            without=without,
            policies=policies,
            parameters=tree,
        )
        west, south, east, north = town.bounds
        middle, far = ((west + east) / 2, (south + north) / 2), east - west + north - south
        shops = town.nearby(middle, Purpose.SHOPPING, radius_m=far, k=1, nearest=True)
        self.shop = Shop(self, int(shops.places[0]))
        self.bus = Bus(self, [middle, (east, south), (east, north), (west, north), (west, south)])


MODEL = CornerTown
