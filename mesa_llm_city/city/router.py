"""Trips between places: the modes that are possible, their times and costs."""

from __future__ import annotations

from functools import cached_property
from math import inf, sqrt
from typing import NamedTuple

import numpy as np

from mesa_llm_city.city.places import Places
from mesa_llm_city.city.skims import Skims
from mesa_llm_city.city.stations import Stations
from mesa_llm_city.city.travel import access_min, rail_m, ride_min, trip_cost
from mesa_llm_city.city.way_loops import Roads
from mesa_llm_city.core.held import held
from mesa_llm_city.core.values import Bool, Float, Int, Mode, TravelOption
from mesa_llm_city.core.way_columns import WayColumns
from mesa_llm_city.parameters import CityParameters, ModeSpec

__all__ = ["Router"]


class _Lists(NamedTuple):
    """The columns of `Roads` as plain lists."""

    x: list[float]
    y: list[float]
    zone: list[int]
    detour: list[list[float]]
    pace: list[list[float]]
    station: list[int]
    walk_m: list[float]
    station_x: list[float]
    station_y: list[float]


class Router:
    """Answers how one can get from one place to another.

    For one trip at a time it reads plain lists, since the entries of arrays are slow to read
    one by one; for many at once it reads arrays. Both use the formulas of `travel`.

    Parameters
    ----------
    places : Places
        Where trips begin and end.
    skims : Skims
        Detour and pace between their zones.
    stations : Stations
        Where modes that run between stations stop; may be empty.
    parameters : CityParameters, optional
        Its `modes` have speeds, waits and costs; modes that are not enabled are left out.
    """

    def __init__(
        self,
        places: Places,
        skims: Skims,
        stations: Stations,
        parameters: CityParameters | None = None,
    ) -> None:
        modes = (CityParameters() if parameters is None else parameters).modes
        self._walk_km_h = modes[Mode.WALK].speed_km_h
        self._all = tuple(modes.values())
        self._places, self._skims, self._stations = places, skims, stations
        self._modes = [
            (
                name,
                mode,
                access_min(mode.access_m, mode, self._walk_km_h),
                not mode.between_stations,
            )
            for name, mode in modes.items()
            if mode.enabled
        ]
        self._nearest, away = stations.nearest(places.x, places.y)
        self._away_m: Float = away * skims.detour[places.zone, places.zone]

    def options(self, origin: int, destination: int) -> tuple[TravelOption, ...]:
        """Return the possible modes between two places, in the order of the parameters.

        Modes on the streets are always possible; those between stations lead from one
        station to another, within reach of both ends. To stay at a place is a walk of no
        length.
        """
        if origin == destination:
            return (TravelOption(mode=Mode.WALK, distance_m=0.0, minutes=0.0),)
        way, pace = self._way(origin, destination)
        longest_walk, walk, line = self._ends(origin, destination)
        options = []
        for name, mode, access, on_streets in self._modes:
            if on_streets:
                option = TravelOption(
                    mode=name,
                    distance_m=way + mode.access_m,
                    minutes=ride_min(way, mode, pace) + access,
                    access_min=access,
                    cost=trip_cost(way, mode),
                )
                options.append(option)
            elif longest_walk <= mode.longest_access_m:
                options.append(self._between_stations(name, mode, walk, line))
        return tuple(options)

    def _way(self, origin: int, destination: int) -> tuple[float, float]:
        """Return the length of the way along the streets in metres, and its pace."""
        known = self._lists
        east, north = known.x[destination] - known.x[origin], known.y[destination] - known.y[origin]
        # A root of squares, which is the same to the last bit for numbers and for arrays.
        straight = sqrt(east * east + north * north)
        here, there = known.zone[origin], known.zone[destination]
        return straight * known.detour[here][there], known.pace[here][there]

    def _ends(self, origin: int, destination: int) -> tuple[float, float, float]:
        """Return the longer walk to a station, both walks, and the straight line between, in m.

        The longer walk is infinite if the same station is nearest to both ends.
        """
        known = self._lists
        board, alight = known.station[origin], known.station[destination]
        if board == alight:
            return inf, inf, 0.0
        access, egress = known.walk_m[origin], known.walk_m[destination]
        east = known.station_x[alight] - known.station_x[board]
        north = known.station_y[alight] - known.station_y[board]
        return max(access, egress), access + egress, sqrt(east * east + north * north)

    def _between_stations(
        self, name: str, mode: ModeSpec, walk_m: float, line_m: float
    ) -> TravelOption:
        """Return a walk, a ride and a walk."""
        ride, access = rail_m(line_m, mode), access_min(walk_m, mode, self._walk_km_h)
        return TravelOption(
            mode=name,
            distance_m=walk_m + ride,
            minutes=access + ride_min(ride, mode),
            access_min=access,
            cost=trip_cost(ride, mode),
        )

    def columns(self, origins: Int, destinations: Int) -> WayColumns:
        """Return the ways of many trips at once, with the numbers of `options`.

        Parameters
        ----------
        origins, destinations : ndarray of int64, shape (m,)
            Place ids; the two of a trip differ.

        Returns
        -------
        WayColumns
            All modes of the parameters, in their order; `offered` says which are possible.
        """
        # A mode lies in one piece in memory, since modes are filled one by one.
        shape = len(self._all), len(origins)
        offered = np.zeros(shape, dtype=np.bool_).T
        distance, minutes, access, cost = (np.zeros(shape).T for _ in range(4))
        way, pace = self._ways(origins, destinations)
        longest_walk, walk, line = self._walks(origins, destinations)
        for row, mode in enumerate(self._all):
            if not mode.enabled:
                continue
            if mode.between_stations:
                offered[:, row] = longest_walk <= mode.longest_access_m
                ride = rail_m(line, mode)
                access[:, row] = access_min(walk, mode, self._walk_km_h)
                distance[:, row] = walk + ride
                minutes[:, row] = access[:, row] + ride_min(ride, mode)
                cost[:, row] = trip_cost(ride, mode)
                continue
            offered[:, row] = True
            on_foot = access_min(mode.access_m, mode, self._walk_km_h)
            access[:, row] = on_foot
            distance[:, row] = way + mode.access_m
            minutes[:, row] = ride_min(way, mode, pace) + on_foot
            cost[:, row] = trip_cost(way, mode)
        return WayColumns(
            offered=offered, distance_m=distance, minutes=minutes, access_min=access, cost=cost
        )

    @cached_property
    def _lists(self) -> _Lists:
        """What `options` reads, made when it is first asked."""
        places, skims, stations = self._places, self._skims, self._stations
        return _Lists(
            places.x.tolist(),
            places.y.tolist(),
            places.zone.tolist(),
            skims.detour.tolist(),
            skims.pace.tolist(),
            self._nearest.tolist(),
            self._away_m.tolist(),
            stations.x.tolist(),
            stations.y.tolist(),
        )

    @cached_property
    def roads(self) -> Roads:
        """What loops over trips read (see `way_loops`)."""
        places, skims, stations, modes = self._places, self._skims, self._stations, self._all

        def numbers(name: str) -> Float:
            return np.array([getattr(one, name) for one in modes], dtype=np.float64)

        def flags(name: str) -> Bool:
            return np.array([getattr(one, name) for one in modes], dtype=np.bool_)

        walks = [access_min(one.access_m, one, self._walk_km_h) for one in modes]
        roads = Roads(
            places.x,
            places.y,
            places.zone,
            skims.detour,
            skims.pace,
            self._nearest,
            self._away_m,
            stations.x,
            stations.y,
            enabled=flags("enabled"),
            between_stations=flags("between_stations"),
            in_traffic=flags("in_traffic"),
            km_h=numbers("speed_km_h"),
            walk_km_h=float(self._walk_km_h),
            waits_min=numbers("access_min") + numbers("wait_min"),
            on_foot_min=np.array(walks, dtype=np.float64),
            on_foot_m=numbers("access_m"),
            longest_walk_m=numbers("longest_access_m"),
            line_detour=numbers("detour"),
            cost_per_m=numbers("cost_per_km") / 1000.0,
            cost_per_trip=numbers("cost_per_trip"),
        )
        return held(roads)

    def _ways(self, origins: Int, destinations: Int) -> tuple[Float, Float]:
        places, skims = self._places, self._skims
        east = places.x[destinations] - places.x[origins]
        north = places.y[destinations] - places.y[origins]
        here, there = places.zone[origins], places.zone[destinations]
        way: Float = np.sqrt(east * east + north * north) * skims.detour[here, there]
        return way, skims.pace[here, there]

    def _walks(self, origins: Int, destinations: Int) -> tuple[Float, Float, Float]:
        """Return the longest and all walks to and from stations, and the line between them."""
        board, alight = self._nearest[origins], self._nearest[destinations]
        access, egress = self._away_m[origins], self._away_m[destinations]
        if not len(self._stations):
            return access, access + egress, np.zeros(len(origins))
        east = self._stations.x[alight] - self._stations.x[board]
        north = self._stations.y[alight] - self._stations.y[board]
        longest = np.where(board == alight, np.inf, np.maximum(access, egress))
        return longest, access + egress, np.sqrt(east * east + north * north)
