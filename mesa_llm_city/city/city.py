"""The city: places, zones, stations, streets and surroundings, as a model's space."""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesa_llm_city.city.areas import Areas
from mesa_llm_city.city.attraction import attraction_of
from mesa_llm_city.city.balance import balance_factors
from mesa_llm_city.city.candidates import Candidates
from mesa_llm_city.city.categories import Categories
from mesa_llm_city.city.choice_columns import ChoiceColumns, find_choices
from mesa_llm_city.city.describe import describe
from mesa_llm_city.city.environment import Environment
from mesa_llm_city.city.frames import places_frame, zones_frame
from mesa_llm_city.city.kind_likeness import likeness_of
from mesa_llm_city.city.land import Land
from mesa_llm_city.city.named_places import PlaceMaker, away_from_home, named_places
from mesa_llm_city.city.network import Network
from mesa_llm_city.city.place_draft import Draft
from mesa_llm_city.city.place_search import PlaceSearch
from mesa_llm_city.city.places import Places
from mesa_llm_city.city.projection import Projection
from mesa_llm_city.city.router import Router
from mesa_llm_city.city.skims import Skims
from mesa_llm_city.city.stations import Stations
from mesa_llm_city.city.supply import supply_of
from mesa_llm_city.city.way_loops import Roads
from mesa_llm_city.city.zones import Zones
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.opening_hours import Hours
from mesa_llm_city.core.values import ChoiceSet, Float, Int, Supply, TravelOption
from mesa_llm_city.core.way_columns import WayColumns
from mesa_llm_city.parameters import CityParameters

if TYPE_CHECKING:  # heavy, and so imported only where they are used
    import mesa
    import mesa_geo
    from geopandas import GeoDataFrame

__all__ = ["City"]

_DERIVED = ("_search", "_router", "areas", "attraction", "candidates", "pull", "kind_likeness")
"""What is made of places and parameters when it is first needed."""

_VARIANTS_KEPT = 4


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
        Where trains and other modes between stations stop; without any there are none.
    network : Network, optional
        Streets; without them ways are straight lines times ``city.travel.detour``.
    environment : Environment, optional
        Weather and events; seeded synthetic weather without events by default.
    parameters : CityParameters, optional
        Modes with their speeds and costs, purposes with their kinds of place, and the
        branch ``city``; the defaults otherwise.
    unused : Draft, optional
        Rows of the files, in metres, that the table of kinds of place has no use for. A
        purpose of the parameters may name their kind and so make places of them.
    maker : PlaceMaker, optional
        Makes places of a kind that a purpose names and the city lacks; only fictional
        cities have one.
    land : Land, or function without arguments that returns one, optional
        What maps show below the people; nobody in the city knows of it. A function is called
        when it is first looked at. There is nothing by default.
    name : str, default "city"
        Its name.
    notes : tuple of str, optional
        What was assumed or left out when it was made.
    inputs : tuple of (str, str), optional
        Names of the files it was made from, and their SHA-256 digests.
    seed : int, default 0
        Seed of what differs by chance between places of a kind (`city.attraction.sigma`).

    Raises
    ------
    ConfigError
        If `crs` is unknown or does not measure metres.

    Examples
    --------
    >>> city = City.synthetic(rng=7, places=600)
    >>> home = int(city.supply("sleep").places[0])
    >>> meals = city.nearby(city.position(home), "meal", radius_m=1500.0, k=5)
    >>> len(meals)
    5
    >>> [option.mode for option in city.travel(home, int(meals.places[0]))][:3]
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
        parameters: CityParameters | None = None,
        unused: Draft | None = None,
        maker: PlaceMaker | None = None,
        land: Land | Callable[[], Land] | None = None,
        name: str = "city",
        notes: tuple[str, ...] = (),
        inputs: tuple[tuple[str, str], ...] = (),
        seed: int = 0,
    ) -> None:
        self.places = places
        self.zones = zones
        self.projection = Projection(crs)
        none = np.empty(0)
        self.stations = Stations(names=(), x=none, y=none) if stations is None else stations
        self.network = network
        self.environment = environment or Environment()
        self.parameters = CityParameters()
        self.name = name
        self.notes = notes
        self.inputs = inputs
        self.seed = seed
        self._unused = Draft.of((), x=(), y=()) if unused is None else unused
        self._maker = maker
        self._land = Land.of() if land is None else land
        self._variants: list[tuple[City, Places]] = []
        self._take(self.parameters if parameters is None else parameters)

    @classmethod
    def synthetic(
        cls,
        rng: int = 0,
        places: int = 3000,
        *,
        stations: int = 5,
        parameters: CityParameters | None = None,
    ) -> City:
        """Make a fictional town (see `town.synthetic_city`).

        Parameters
        ----------
        rng : int, default 0
            Seed; the same seed makes the same town.
        places : int, default 3000
            Number of places, at least 200; the area grows with it.
        stations : int, default 5
            Number of railway stations, 0 or at least 2.
        parameters : CityParameters, optional
            What the town is like (``city.town``), and all that holds for any city.
        """
        # Deferred, since a town is made as a City.
        from mesa_llm_city.city.town import synthetic_city

        return synthetic_city(rng, places, stations=stations, parameters=parameters)

    @classmethod
    def for_people(
        cls, people: int, rng: int = 0, *, parameters: CityParameters | None = None
    ) -> City:
        """Make a fictional town that is large enough for so many people.

        It has the usual number of places (``city.town.usual_places``) for up to
        ``city.town.usual_people``, and grows in proportion for more.

        Parameters
        ----------
        people : int
            How many people are to live there.
        rng : int, default 0
            Seed; the same seed makes the same town.
        parameters : CityParameters, optional
            As for `synthetic`.

        Examples
        --------
        >>> len(City.for_people(10).places) == len(City.synthetic().places)
        True
        """
        town = (CityParameters() if parameters is None else parameters).city.town
        places = max(town.usual_places, -(-town.usual_places * people // town.usual_people))
        return cls.synthetic(rng, places, parameters=parameters)

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
        country: str | None = None,
        residences: int | None = None,
        rng: int = 0,
        name: str | None = None,
        parameters: CityParameters | None = None,
    ) -> City:
        """Read a city from files (see `loading.load_city`, which lists the formats).

        Parameters
        ----------
        places : path, or sequence of paths
            Places: CSV or Parquet with longitude and latitude, a map (GeoJSON, GeoPackage,
            Shapefile and others), OpenStreetMap ``.pbf``, or a table of grid cells. A layer
            of a map is named like ``"city.gpkg|shops"``.
        zones : path, optional
            A map of polygons; by default a grid of about 1 km.
        stations : path, optional
            CSV with longitude and latitude, a map, or a GTFS archive or folder.
        network : path, optional
            Lines, OpenStreetMap ``.pbf``, a CSV of edges beside one of nodes, or GraphML.
        categories : path or Categories, optional
            Table of kinds of place; `Categories.default` otherwise.
        unknown : {"error", "drop"}
            What to do with places whose kind is not in the table and which no purpose names.
        bad_rows : {"error", "drop"}
            What to do with rows that have no valid position or a broken geometry, or
            that lie outside the zones.
        country : str, optional
            Two letters of ISO 3166, such as ``"FI"``: whose public holidays count in opening
            hours. By default that in which the places lie.
        residences : int, optional
            Number of residences to draw where the files hold few; see ``residences``,
            ``fewest_residences`` and ``places_per_residence`` of ``city.loading``.
        rng : int, default 0
            Seed of these draws.
        name : str, optional
            What the city is called; by default what an extract of OpenStreetMap calls its
            largest settlement, or else the name of the first file.
        parameters : CityParameters, optional
            What is assumed where the files are silent (``city.loading``, ``city.streets``,
            ``city.zones``), and all that holds for any city.

        Raises
        ------
        DataError
            Lists every defect of all files.
        """
        # Deferred, since files are read into a City.
        from mesa_llm_city.city.loading import LoadOptions, load_city

        options = LoadOptions(
            unknown=unknown,
            bad_rows=bad_rows,
            country=country,
            residences=residences,
            seed=rng,
            name=name,
        )
        return load_city(
            places,
            zones=zones,
            stations=stations,
            network=network,
            categories=categories,
            options=options,
            parameters=parameters,
        )

    def with_parameters(self, parameters: CityParameters) -> City:
        """Return the same city with other parameters; this one stays as it is.

        Places keep their ids, and what does not depend on the parameters is shared. The
        modes, purposes, weather, events, areas, and detours without streets are those of
        the new parameters. A purpose that names kinds of place finds them here, also among
        what the files hold besides; such places get the next ids. The branches
        ``city.loading``, ``city.streets``, ``city.zones`` and ``city.town`` count only when
        a city is made.

        Examples
        --------
        >>> city = City.synthetic(rng=7, places=300)
        >>> slow = city.with_parameters(city.parameters.with_("modes.walk.speed_km_h", 2.4))
        >>> slow.travel(0, 1)[0].minutes == 2 * city.travel(0, 1)[0].minutes
        True
        """
        if parameters == self.parameters:
            return self
        for variant, places in self._variants:
            # One that has got residences of its own since is a city of somebody else.
            if variant.parameters == parameters and variant.places is places:
                return variant
        if parameters.city.travel == self.parameters.city.travel:
            _ = self.skims  # Measured once, and shared by all.
        variant = copy.copy(self)
        variant._take(parameters)  # noqa: SLF001 - a copy of this city
        self._variants = [*self._variants[1 - _VARIANTS_KEPT :], (variant, variant.places)]
        return variant

    def _take(self, parameters: CityParameters) -> None:
        """Make this the city of other parameters; used while it is nobody else's yet."""
        self._forget()
        before, self.parameters = self.parameters, parameters
        self.environment = self.environment.under(parameters.city, before.city)
        if parameters.city.travel != before.city.travel:
            self.__dict__.pop("skims", None)
        found, self._unused = named_places(self.places, self._unused, self._maker, parameters)
        for places in found:
            self._append(places)
        self.places = self.places.for_purposes(parameters.purposes)

    @property
    def crs(self) -> str:
        """Reference system of all coordinates."""
        return self.projection.crs

    def nearby(
        self,
        position: tuple[float, float],
        purpose: str,
        *,
        radius_m: float,
        k: int | None = None,
        nearest: bool = False,
        always: Int | None = None,
    ) -> ChoiceSet:
        """Return places to go to for a purpose, nearest first.

        Parameters
        ----------
        position : (float, float)
            Centre in metres.
        purpose : str
            Name of the purpose; residences count for ``"sleep"`` only.
        radius_m : float
            Straight-line radius in metres.
        k : int, optional
            Greatest number of places; by default ``mobility.gravity.most_places`` of the
            parameters, 200 (CitySim, sec. 3.2.2). If more lie within the radius, an
            evenly spaced sample over the ranks of distance, so that the far ones are
            represented as the near ones are.
        nearest : bool, default False
            Take the `k` nearest instead of the sample.
        always : ndarray of int64, shape (n,), optional
            Ids of places that are never left out of the sample where they lie within the
            radius, such as those that somebody knows.

        Returns
        -------
        ChoiceSet
            May be empty. Distances are straight lines times the detour between the
            zones; every boost is 1.
        """
        most = self.parameters.mobility.gravity.most_places if k is None else k
        return self._search.nearby(
            position, purpose, radius_m=radius_m, k=most, nearest=nearest, always=always
        )

    @cached_property
    def candidates(self) -> Candidates:
        """The places that come into question from each part of the city."""
        return Candidates(self.places, self.parameters, self.seed)

    def choices(
        self,
        origin: NDArray[np.integer],
        purpose: str | NDArray[np.integer],
        *,
        radius_m: Float,
        known: NDArray[np.integer] | None = None,
    ) -> ChoiceColumns:
        """Return what m persons choose among who go out for a purpose.

        These are the candidates of the part of the city where they are (see `Candidates`), and
        the places that they know, if they lie in reach; no place twice, and not where they are.

        Parameters
        ----------
        origin : ndarray of int, shape (m,)
            Ids of the places where they are.
        purpose : str, or ndarray of int of shape (m,)
            Name of the purpose, or the position of that of each person in the parameters.
        radius_m : ndarray of float64, shape (m,)
            Straight-line radius of each in metres, from where the person is.
        known : ndarray of int, shape (m, S), optional
            Ids of the places that they know, whatever these are for; -1 for none.

        Returns
        -------
        ChoiceColumns
            Distances are straight lines times the detour between the zones.
        """
        return find_choices(
            origin,
            purpose,
            radius_m=radius_m,
            known=known,
            places=self.places,
            candidates=self.candidates,
            detour=self.skims.detour,
        )

    @cached_property
    def areas(self) -> Areas:
        """The parts of the city that people choose among first."""
        places, sizes = self.places, self.parameters.city.areas
        return Areas.within(places.x, places.y, places.zone, self.zones.names, sizes)

    @cached_property
    def attraction(self) -> Float:
        """How strongly each place draws people, shape (n,) (see `attraction.attraction_of`)."""
        return attraction_of(
            self.places, self.stations, self.parameters.city.attraction, seed=self.seed
        )

    @cached_property
    def pull(self) -> Float:
        """Attraction, balanced so that visits follow it, shape (n,) (`balance.balance_factors`).

        Where all places draw alike there is nothing to follow, and they stay as they are.
        """
        tree = self.parameters
        if np.ptp(self.attraction) == 0.0:
            return self.attraction
        factors = balance_factors(self.places, self.attraction, tree.purposes, tree.city.balance)
        return self.attraction * factors

    @cached_property
    def kind_likeness(self) -> Float:
        """How alike kinds of place are by their names (see `kind_likeness.likeness_of`)."""
        return likeness_of(self.places.category_names)

    def open_now(
        self,
        ids: Int,
        day: date,
        start_min: ArrayLike,
        end_min: ArrayLike,
        holidays: Collection[date] = frozenset(),
    ) -> NDArray[np.bool_]:
        """Return which places are open from start to end (see `Places.open_during`)."""
        return self.places.open_during(ids, day, start_min, end_min, holidays)

    def position(self, place: int) -> tuple[float, float]:
        """Return the coordinates of a place in metres."""
        return float(self.places.x[place]), float(self.places.y[place])

    def travel(self, origin: int, destination: int) -> tuple[TravelOption, ...]:
        """Return the possible modes between two places, in the order of ``parameters.modes``."""
        return self._router.options(origin, destination)

    def ways(self, origins: Int, destinations: Int) -> WayColumns:
        """Return the ways of many trips at once, with the numbers of `travel`.

        Parameters
        ----------
        origins, destinations : ndarray of int64, shape (m,)
            Place ids; the two of a trip differ.
        """
        return self._router.columns(origins, destinations)

    @property
    def roads(self) -> Roads:
        """What loops over trips read of places, streets, stations and modes."""
        return self._router.roads

    def distance_m(self, origin: int, places: Int) -> Float:
        """Return the length of the way from one place to others in metres, shape (k,)."""
        columns = self.places
        straight = np.hypot(
            columns.x[places] - columns.x[origin], columns.y[places] - columns.y[origin]
        )
        way: Float = straight * self.skims.detour[columns.zone[origin], columns.zone[places]]
        return way

    def supply(self, purpose: str) -> Supply:
        """Return what the city offers for a purpose (see `supply.supply_of`)."""
        return supply_of(self.places, purpose)

    @property
    def lacking(self) -> tuple[str, ...]:
        """Purposes people leave home for and that no place offers; they stay at home instead."""
        wanted = away_from_home(self.parameters.purposes)
        return tuple(one for one in wanted if not len(self.places.offering(one)))

    def add_residences(self, x: Float, y: Float) -> Int:
        """Append homes at given points, shapes (k,), and return their ids.

        The ids of other places do not change. The homes count no residents (`supply`), so
        that nobody but those they are made for is drawn to live there.
        """
        first = len(self.places)
        draft = Draft.of(["home"] * len(x), x=x, y=y, residents=np.zeros(len(x)))
        self._append(draft.to_places(Categories.default()))
        return np.arange(first, len(self.places))

    def with_places(self, places: Places) -> City:
        """Return the same city with further places, in metres; this one stays as it is.

        Places keep their ids, and the new ones get the next. Their zones are found.
        """
        _ = self.skims  # Measured once, and shared by both.
        larger = copy.copy(self)
        larger._append(places)  # noqa: SLF001 - a copy of this city
        return larger

    def without_streets(self, links: Collection[int]) -> City:
        """Return the same city without some streets; this one stays as it is.

        Parameters
        ----------
        links : collection of int
            Rows of its network. What they alone join to the rest is left out with them.

        Raises
        ------
        ConfigError
            If the city has no network, or no street is left.
        """
        if self.network is None:
            message = "the city has no network of streets; give one with network=..."
            raise ConfigError(message)
        smaller = copy.copy(self)
        smaller.network = self.network.without(links, near=(self.places.x, self.places.y))
        smaller._forget()  # noqa: SLF001 - a copy of this city
        smaller.__dict__.pop("skims", None)
        return smaller

    def with_environment(self, environment: Environment) -> City:
        """Return the same city with other weather and events; this one stays as it is.

        Parameters
        ----------
        environment : Environment
            The weather and the events.

        Examples
        --------
        >>> city = City.synthetic(rng=7, places=300)
        >>> dry = city.with_environment(Environment.synthetic(3))
        >>> dry.places is city.places, dry.environment is city.environment
        (True, False)
        """
        other = copy.copy(self)
        other.environment = environment
        other._variants = []  # noqa: SLF001 - a copy of this city
        return other

    def with_opening_hours(self, ids: Int, hours: Hours) -> City:
        """Return the same city in which some places have other opening hours.

        Parameters
        ----------
        ids : ndarray of int64, shape (k,)
            The places.
        hours : Hours
            Their opening hours, see `core.opening_hours`.
        """
        other = copy.copy(self)
        other.places = self.places.with_hours(ids, hours)
        other._variants = []  # noqa: SLF001 - a copy of this city
        return other

    def _append(self, places: Places) -> None:
        """Add places, in metres, and find their zones."""
        skims = self.skims  # Measured before, so that places added later do not move it.
        self.places = self.places.append(places.with_zone(self.zones.zone_of(places.x, places.y)))
        self._forget()
        self.__dict__["skims"] = skims

    def project(self, lon: Float | float, lat: Float | float) -> tuple[Float, Float]:
        """Turn longitudes and latitudes in degrees into metres."""
        return self.projection.project(lon, lat)

    def contains(self, x: Float, y: Float) -> NDArray[np.bool_]:
        """Return which points lie in the zones, or within their reach, shape (k,)."""
        return self.zones.contains(x, y)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north end of the places in metres."""
        x, y = self.places.x, self.places.y
        return float(x.min()), float(y.min()), float(x.max()), float(y.max())

    @property
    def land(self) -> Land:
        """Land use, waters, buildings and streets with names, as maps show them."""
        return self._land if isinstance(self._land, Land) else self._land()

    @property
    def streets(self) -> Float:
        """Pieces of street to draw, shape (m, 2, 2): start and end, x and y."""
        if self.network is None:
            return np.empty((0, 2, 2))
        return np.concatenate([self.network.segments, self.network.unjoined])

    @cached_property
    def skims(self) -> Skims:
        """Detour and pace between zones, measured along the streets if there are any."""
        travel = self.parameters.city.travel
        if self.network is None:
            return Skims.constant(len(self.zones), travel.detour)
        return Skims.from_network(self.network, self.zones, self.places, travel)

    def to_geodataframe(self) -> GeoDataFrame:
        """Return the places, one row each, as points in the city's reference system."""
        return places_frame(self.places, self.zones, self.crs, self.attraction)

    def zones_to_geodataframe(self) -> GeoDataFrame:
        """Return the zones, one row each, as polygons in the city's reference system."""
        return zones_frame(self.zones, self.crs)

    def to_geospace(self, model: mesa.Model) -> mesa_geo.GeoSpace:
        """Return zones and places as agents of Mesa-Geo (see `simulation.geospace`).

        Parameters
        ----------
        model : mesa.Model
            The model that the agents belong to; any Mesa model will do.

        Raises
        ------
        ConfigError
            If Mesa-Geo is not installed.
        """
        # A city knows no Mesa; this one line leads to those who do (see tests/test_layers.py).
        from mesa_llm_city.simulation.geospace import to_geospace

        return to_geospace(self, model)

    def _repr_html_(self) -> str:
        """Return a small card for notebooks."""
        from mesa_llm_city.city.notebook_card import city_card

        return city_card(self)

    def summary(self) -> str:
        """Return a page on what the city holds and what was assumed."""
        return describe(self)

    @cached_property
    def _search(self) -> PlaceSearch:
        return PlaceSearch(self.places, self.zones, self.skims, self.areas, self.pull)

    @cached_property
    def _router(self) -> Router:
        return Router(self.places, self.skims, self.stations, self.parameters)

    def _forget(self) -> None:
        """Drop what was derived from places and parameters; the skims stay, as streets do."""
        self._variants = []
        for name in _DERIVED:
            self.__dict__.pop(name, None)

    def __getstate__(self) -> dict[str, Any]:
        """Pickle the parts; what is derived from them is made again when needed."""
        state = {key: value for key, value in self.__dict__.items() if key not in _DERIVED}
        return {**state, "_variants": []}
