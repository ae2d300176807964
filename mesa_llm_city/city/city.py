"""The city: places, zones, stations, streets and surroundings, as a model's space."""

from __future__ import annotations

import re
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.city.areas import Areas
from mesa_llm_city.city.categories import Categories
from mesa_llm_city.city.describe import describe
from mesa_llm_city.city.environment import Environment
from mesa_llm_city.city.place_draft import Draft
from mesa_llm_city.city.place_index import PlaceIndex, every_nth
from mesa_llm_city.city.projection import Projection
from mesa_llm_city.city.router import Router
from mesa_llm_city.city.skims import Skims
from mesa_llm_city.city.stations import Stations
from mesa_llm_city.city.travel import TravelConfig
from mesa_llm_city.core.values import ChoiceSet, Float, Int, Purpose, Supply, TravelOption
from mesa_llm_city.llm.embedding import LexicalEmbedder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from geopandas import GeoDataFrame

    from mesa_llm_city.city.network import Network
    from mesa_llm_city.city.places import Places
    from mesa_llm_city.city.zones import Zones

__all__ = ["City"]

_OUT_OF_HOME = (
    *(Purpose.WORK, Purpose.SCHOOL, Purpose.MEAL, Purpose.SHOPPING, Purpose.ERRAND),
    *(Purpose.HEALTH, Purpose.LEISURE, Purpose.SPORT, Purpose.SOCIAL),
)


class City:
    """A city that people live and move in; set it as ``model.space``.

    A city knows no agents: it answers where places are, which are open, how far
    apart they lie and how one gets there. It can be pickled and shared by models,
    and changes only by `add_residences`.

    Parameters
    ----------
    places : Places
        Where people live, work and go.
    zones : Zones
        Areas of the city.
    crs : str
        Projected reference system in metres of all coordinates, such as ``"EPSG:32654"``.
    stations : Stations, optional
        Where the train stops; without any there are no trains.
    network : Network, optional
        Streets; without them ways are straight lines times `TravelConfig.detour`.
    environment : Environment, optional
        Weather and events; seeded synthetic weather without events by default.
    travel : TravelConfig, optional
        Speeds, waits and costs.
    name : str, default "city"
        Its name.
    notes : tuple of str, optional
        What was assumed or left out when it was made.
    inputs : tuple of (str, str), optional
        Names of the files it was made from, and their SHA-256 digests.

    Raises
    ------
    ConfigError
        If `crs` is unknown or does not measure metres.

    Examples
    --------
    >>> city = City.synthetic(rng=7, places=600)
    >>> home = int(city.supply(Purpose.SLEEP).places[0])
    >>> meals = city.nearby(city.position(home), Purpose.MEAL, radius_m=1500.0, k=5)
    >>> len(meals)
    5
    >>> [option.mode.value for option in city.travel(home, int(meals.places[0]))][:3]
    ['walk', 'bicycle', 'car']
    """

    def __init__(
        self,
        *,
        places: Places,
        zones: Zones,
        crs: str,
        stations: Stations | None = None,
        network: Network | None = None,
        environment: Environment | None = None,
        travel: TravelConfig | None = None,
        name: str = "city",
        notes: tuple[str, ...] = (),
        inputs: tuple[tuple[str, str], ...] = (),
    ) -> None:
        self.places = places
        self.zones = zones
        self.projection = Projection(crs)
        none = np.empty(0)
        self.stations = Stations(names=(), x=none, y=none) if stations is None else stations
        self.network = network
        self.environment = environment or Environment()
        self.travel_config = travel or TravelConfig()
        self.name = name
        self.notes = notes
        self.inputs = inputs
        self._indices: dict[Purpose, PlaceIndex] = {}

    @classmethod
    def synthetic(cls, rng: int = 0, places: int = 3000, *, stations: int = 5) -> City:
        """Make a fictional town (see `town.synthetic_city`).

        Parameters
        ----------
        rng : int, default 0
            Seed; the same seed makes the same town.
        places : int, default 3000
            Number of places, at least 200; the area grows with it.
        stations : int, default 5
            Number of railway stations, 0 or at least 2.
        """
        from mesa_llm_city.city.town import synthetic_city

        return synthetic_city(rng, places, stations=stations)

    @classmethod
    def from_files(
        cls,
        places: str | Path | Sequence[str | Path],
        zones: str | Path | None = None,
        stations: str | Path | None = None,
        network: str | Path | None = None,
        categories: str | Path | Categories | None = None,
        *,
        unknown: Literal["error", "drop"] = "error",
        bad_rows: Literal["error", "drop"] = "error",
        residences: int = 2000,
        rng: int = 0,
    ) -> City:
        """Read a city from files (see `load.load_city`, which lists the formats).

        Parameters
        ----------
        places : path, or sequence of paths
            Places: CSV or Parquet with longitude and latitude, GeoJSON, GeoPackage,
            Shapefile, OpenStreetMap ``.pbf``, or a table of grid cells.
        zones : path, optional
            Polygons; by default a grid of about 1 km.
        stations : path, optional
            CSV with longitude and latitude, or a GTFS archive.
        network : path, optional
            Lines, OpenStreetMap ``.pbf``, or a CSV of edges beside one of nodes.
        categories : path or Categories, optional
            Table of kinds of place; `Categories.default` otherwise.
        unknown : {"error", "drop"}
            What to do with places whose kind is not in the table.
        bad_rows : {"error", "drop"}
            What to do with rows that have no valid position, a repeated id or a
            broken geometry, or that lie outside the zones.
        residences : int, default 2000
            Number of residences to draw where the files hold fewer than 50.
        rng : int, default 0
            Seed of these draws.

        Raises
        ------
        DataError
            Lists every defect of all files.
        """
        from mesa_llm_city.city.loading import LoadOptions, load_city

        options = LoadOptions(unknown=unknown, bad_rows=bad_rows, residences=residences, seed=rng)
        return load_city(
            places,
            zones=zones,
            stations=stations,
            network=network,
            categories=categories,
            options=options,
        )

    @property
    def crs(self) -> str:
        """Reference system of all coordinates."""
        return self.projection.crs

    def nearby(
        self,
        position: tuple[float, float],
        purpose: Purpose,
        *,
        radius_m: float,
        k: int = 200,
        nearest: bool = False,
    ) -> ChoiceSet:
        """Return places to go to for a purpose, nearest first.

        Parameters
        ----------
        position : (float, float)
            Centre in metres.
        purpose : Purpose
            What for; residences count for `Purpose.SLEEP` only.
        radius_m : float
            Straight-line radius in metres.
        k : int, default 200
            At most so many (CitySim, sec. 3.2.2). If more lie within the radius, an
            evenly spaced sample over the ranks of distance, so that the far ones are
            represented as the near ones are.
        nearest : bool, default False
            Take the `k` nearest instead of the sample.

        Returns
        -------
        ChoiceSet
            May be empty. Distances are straight lines times the detour between the
            zones; every boost is 1.
        """
        x, y = position
        ids, straight = self._index(purpose).within(x, y, radius_m)
        if len(ids) > k:
            ranks = np.arange(k) if nearest else every_nth(len(ids), k)
            ids, straight = ids[ranks], straight[ranks]
        detour = self.skims.detour[self._zone_at(position)]
        return ChoiceSet(
            places=ids,
            distance_m=straight * detour[self.places.zone[ids]],
            category=self.places.category[ids],
            boost=np.ones(len(ids)),
            area=self.areas.of_place[ids],
        )

    @cached_property
    def areas(self) -> Areas:
        """The parts of the city that one chooses among first."""
        places = self.places
        return Areas.within(places.x, places.y, places.zone, self.zones.names)

    @cached_property
    def kind_likeness(self) -> Float:
        """How alike kinds of place are by the letters of their names, shape (kinds, kinds).

        Cosine similarity of embeddings (`llm.embedding.LexicalEmbedder`), to six digits.
        """
        names = [re.sub(r"[^\w]+|_", " ", name) for name in self.places.category_names]
        vectors = LexicalEmbedder(256).embed(names)
        likeness: Float = (vectors @ vectors.T).round(6)
        return likeness

    def open_now(self, ids: Int, weekday: int, start_min: int, end_min: int) -> NDArray[np.bool_]:
        """Tell which places are open from start to end (see `Places.open_during`)."""
        return self.places.open_during(ids, weekday, start_min, end_min)

    def position(self, place: int) -> tuple[float, float]:
        """Return the coordinates of a place in metres."""
        return float(self.places.x[place]), float(self.places.y[place])

    def travel(self, origin: int, destination: int) -> tuple[TravelOption, ...]:
        """Return the possible modes between two places, in the order of `Mode`."""
        return self._router.options(origin, destination)

    def distance_m(self, origin: int, places: Int) -> Float:
        """Return the length of the way from one place to others in metres, shape (k,)."""
        columns = self.places
        straight = np.hypot(
            columns.x[places] - columns.x[origin], columns.y[places] - columns.y[origin]
        )
        way: Float = straight * self.skims.detour[columns.zone[origin], columns.zone[places]]
        return way

    def supply(self, purpose: Purpose) -> Supply:
        """Return what the city offers for a purpose.

        Weights are residents for `Purpose.SLEEP`, jobs for `Purpose.WORK`, and staff
        (or 1 where there is none) for `Purpose.SCHOOL`, whose seats grow with it;
        otherwise 1.
        """
        ids, columns = self.places.offering(purpose), self.places
        weight = np.ones(len(ids))
        if purpose is Purpose.SLEEP:
            weight = columns.residents[ids]
        elif purpose is Purpose.WORK:
            weight = columns.jobs[ids]
        elif purpose is Purpose.SCHOOL:
            weight = np.where(columns.jobs[ids] > 0, columns.jobs[ids], 1.0)
        return Supply(
            places=ids, x=columns.x[ids], y=columns.y[ids], zone=columns.zone[ids], weight=weight
        )

    @property
    def lacking(self) -> tuple[Purpose, ...]:
        """What people go out for and no place offers; they stay at home instead."""
        return tuple(one for one in _OUT_OF_HOME if not len(self.places.offering(one)))

    def add_residences(self, x: Float, y: Float) -> Int:
        """Append homes at given points, shapes (k,), and return their ids.

        The ids of other places do not change. The homes count no residents (`supply`), so
        that nobody but those they are made for is drawn to live there.
        """
        skims = self.skims  # Measured before, so that homes added later do not move it.
        draft = Draft.of(["home"] * len(x), x=x, y=y, residents=np.zeros(len(x)))
        homes = draft.to_places(Categories.default())
        first = len(self.places)
        self.places = self.places.append(homes.with_zone(self.zones.zone_of(homes.x, homes.y)))
        self._forget()
        self.__dict__["skims"] = skims
        return np.arange(first, len(self.places))

    def project(self, lon: Float | float, lat: Float | float) -> tuple[Float, Float]:
        """Turn longitudes and latitudes in degrees into metres."""
        return self.projection.project(lon, lat)

    def contains(self, x: Float, y: Float) -> NDArray[np.bool_]:
        """Tell which points lie in the zones, or within their reach, shape (k,)."""
        return self.zones.contains(x, y)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north end of the places in metres."""
        x, y = self.places.x, self.places.y
        return float(x.min()), float(y.min()), float(x.max()), float(y.max())

    @property
    def streets(self) -> Float:
        """Pieces of street to draw, shape (m, 2, 2): start and end, x and y."""
        return np.empty((0, 2, 2)) if self.network is None else self.network.segments

    @cached_property
    def skims(self) -> Skims:
        """Detour and pace between zones, measured along the streets if there are any."""
        if self.network is None:
            return Skims.constant(len(self.zones), self.travel_config.detour)
        return Skims.from_network(self.network, self.zones, self.places)

    def to_geodataframe(self) -> GeoDataFrame:
        """Return the places, one row each, as points in the city's reference system."""
        from mesa_llm_city.city.frames import places_frame

        return places_frame(self)

    def zones_to_geodataframe(self) -> GeoDataFrame:
        """Return the zones, one row each, as polygons in the city's reference system."""
        from mesa_llm_city.city.frames import zones_frame

        return zones_frame(self)

    def summary(self) -> str:
        """Return a page on what the city holds and what was assumed."""
        return describe(self)

    def show(self) -> Any:  # noqa: ANN401 - Solara's, an extra
        """Return the map, still without people, to be shown below a notebook's cell.

        Needs the extra ``viz``; `CityModel.show` shows the city with its people.
        """
        # By name, since the map is built on the city and not the city on it.
        return import_module("mesa_llm_city.ui.notebook").show_city(self)

    def _index(self, purpose: Purpose) -> PlaceIndex:
        """Return the spatial index of the places that offer a purpose."""
        index = self._indices.get(purpose)
        if index is None:
            ids = self.places.offering(purpose)
            index = PlaceIndex.of(ids, self.places.x[ids], self.places.y[ids])
            self._indices[purpose] = index
        return index

    def _zone_at(self, position: tuple[float, float]) -> int:
        """Return the zone of a position; most are those of places, and known."""
        zone = self._place_zones.get(position)
        if zone is not None:
            return zone
        return int(self.zones.zone_of(np.array([position[0]]), np.array([position[1]]))[0])

    @cached_property
    def _place_zones(self) -> dict[tuple[float, float], int]:
        columns = self.places
        at = zip(columns.x.tolist(), columns.y.tolist(), strict=True)
        return dict(zip(at, columns.zone.tolist(), strict=True))

    @cached_property
    def _router(self) -> Router:
        return Router(self.places, self.skims, self.stations, self.travel_config)

    def _forget(self) -> None:
        """Drop what was derived from the places; the skims stay, for streets do."""
        self._indices = {}
        for name in ("_place_zones", "_router", "kind_likeness"):
            self.__dict__.pop(name, None)

    def __getstate__(self) -> dict[str, Any]:
        """Pickle the parts; what is derived from them is made again when needed."""
        derived = ("_place_zones", "_router", "kind_likeness")
        state = {key: value for key, value in self.__dict__.items() if key not in derived}
        return {**state, "_indices": {}}
