"""Trips between places: the modes that are possible, their times and costs."""

from __future__ import annotations

from math import hypot
from typing import TYPE_CHECKING

from mesa_llm_city.city.travel import (
    TravelConfig,
    bicycle_min,
    bus_min,
    car_cost,
    car_min,
    moving_min,
    rail_m,
    train_access_min,
    train_min,
)
from mesa_llm_city.core.values import Mode, TravelOption

if TYPE_CHECKING:
    from mesa_llm_city.city.places import Places
    from mesa_llm_city.city.skims import Skims
    from mesa_llm_city.city.stations import Stations

__all__ = ["Router"]


class Router:
    """Answers how one can get from one place to another.

    It reads plain lists, because a single trip is asked for at a time and the
    entries of arrays are slow to read one by one.

    Parameters
    ----------
    places : Places
        Where trips begin and end.
    skims : Skims
        Detour and pace between their zones.
    stations : Stations
        Where the train stops; may be empty.
    config : TravelConfig
        Speeds, waits and costs.
    """

    def __init__(
        self, places: Places, skims: Skims, stations: Stations, config: TravelConfig
    ) -> None:
        self._config = config
        self._x, self._y = places.x.tolist(), places.y.tolist()
        self._zone = places.zone.tolist()
        self._detour, self._pace = skims.detour.tolist(), skims.pace.tolist()
        station, away = stations.nearest(places.x, places.y)
        self._station = station.tolist()
        self._walk_m = (away * skims.detour[places.zone, places.zone]).tolist()
        self._station_x, self._station_y = stations.x.tolist(), stations.y.tolist()

    def options(self, origin: int, destination: int) -> tuple[TravelOption, ...]:
        """Return the possible modes between two places, in the order of `Mode`.

        Walking is always possible, the train from one station to another within
        reach of both ends. To stay where one is takes a walk of no length.
        """
        if origin == destination:
            return (TravelOption(mode=Mode.WALK, distance_m=0.0, minutes=0.0),)
        straight = hypot(
            self._x[destination] - self._x[origin], self._y[destination] - self._y[origin]
        )
        here, there = self._zone[origin], self._zone[destination]
        way = straight * self._detour[here][there]
        street = self._street_options(way, self._pace[here][there])
        return (*street, *self._train(origin, destination))

    def _street_options(self, way_m: float, pace: float) -> tuple[TravelOption, ...]:
        """Return walk, bicycle, car and bus along a way."""
        config = self._config
        bus_walk = 2.0 * config.bus_access_m
        return (
            TravelOption(
                mode=Mode.WALK, distance_m=way_m, minutes=moving_min(way_m, config.walk_km_h)
            ),
            TravelOption(
                mode=Mode.BICYCLE,
                distance_m=way_m,
                minutes=bicycle_min(way_m, config),
                access_min=config.bicycle_access_min,
            ),
            TravelOption(
                mode=Mode.CAR,
                distance_m=way_m + config.car_access_m,
                minutes=car_min(way_m, pace, config),
                access_min=moving_min(config.car_access_m, config.walk_km_h) + config.parking_min,
                cost=car_cost(way_m, config),
            ),
            TravelOption(
                mode=Mode.BUS,
                distance_m=way_m + bus_walk,
                minutes=bus_min(way_m, config),
                access_min=moving_min(bus_walk, config.walk_km_h) + config.bus_wait_min,
                cost=config.bus_fare,
            ),
        )

    def _train(self, origin: int, destination: int) -> tuple[TravelOption, ...]:
        """Return the train if two different stations are within reach."""
        board, alight = self._station[origin], self._station[destination]
        access, egress = self._walk_m[origin], self._walk_m[destination]
        if board == alight or max(access, egress) > self._config.max_access_m:
            return ()
        straight = hypot(
            self._station_x[alight] - self._station_x[board],
            self._station_y[alight] - self._station_y[board],
        )
        walk, ride = access + egress, rail_m(straight, self._config)
        return (
            TravelOption(
                mode=Mode.TRAIN,
                distance_m=walk + ride,
                minutes=train_min(walk, ride, self._config),
                access_min=train_access_min(walk, self._config),
                cost=self._config.train_fare,
            ),
        )
