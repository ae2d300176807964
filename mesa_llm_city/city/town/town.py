"""A fictional town: streets, zones, stations and places drawn from a seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import shapely

from mesa_llm_city.city.attraction import attraction_note
from mesa_llm_city.city.categories import Categories
from mesa_llm_city.city.city import City
from mesa_llm_city.city.environment import Environment
from mesa_llm_city.city.land import Land
from mesa_llm_city.city.network import Network
from mesa_llm_city.city.place_draft import Draft
from mesa_llm_city.city.places import Places
from mesa_llm_city.city.stations import Stations
from mesa_llm_city.city.town.districts import divide
from mesa_llm_city.city.town.landscape import Site, draw_landscape
from mesa_llm_city.city.town.place_mix import Builder
from mesa_llm_city.city.town.railway import lay_railway
from mesa_llm_city.city.town.streets import lay_streets
from mesa_llm_city.city.zones import Zones
from mesa_llm_city.core import streams
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Float
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.parameters.city import TownParameters

__all__ = [
    "synthetic_city",
    "town_land",
    "town_land_state",
    "town_maker",
    "town_maker_state",
]

CRS = "EPSG:32628"
"""UTM zone 28 north, used in the open Atlantic, so that the town is on nobody's land."""

_ORIGIN_M = (500_000.0, 5_370_000.0)


def synthetic_city(
    seed: int = 0,
    places: int = 3000,
    *,
    stations: int = 5,
    parameters: CityParameters | None = None,
) -> City:
    """Make a town that exists nowhere, plausible enough to try everything out.

    A dense centre and three smaller ones, streets on an irregular grid, a river
    with a few bridges, a railway line, and the homes, workplaces, schools, shops
    and parks of some ten thousand people.

    Parameters
    ----------
    seed : int, default 0
        Seed; the same seed makes the same town.
    places : int, default 3000
        Number of places, at least 200; 3000 lie on about 34 km2, and the area
        grows in proportion.
    stations : int, default 5
        Number of railway stations: 0, or at least 2.
    parameters : CityParameters, optional
        The branch ``city.town`` says what the town is like. A purpose that names a kind
        of place which the town lacks gets places of it, and the rest stays as it is.

    Returns
    -------
    City
        Its coordinates are metres of EPSG:32628, in the open sea.

    Raises
    ------
    ConfigError
        If there are too few places, or a single station.

    Examples
    --------
    >>> town = synthetic_city(7, 600)
    >>> town.crs, len(town.stations)
    ('EPSG:32628', 5)
    """
    tree = CityParameters() if parameters is None else parameters
    _check(places, stations, tree.city.town)
    layout = _Layout.of(seed, places, stations, tree.city.town)
    draft, zones, line = layout.draft, layout.zones, layout.stations
    known = draft.known(Categories.default())
    built = draft.to_places(Categories.default())
    located = built.with_zone(zones.zone_of(built.x, built.y))
    people = np.bincount(located.zone, located.residents, minlength=len(zones))
    return City(
        places=_moved_places(located),
        zones=_moved_zones(replace(zones, population=people.astype(np.float64))),
        crs=CRS,
        stations=replace(line, x=line.x + _ORIGIN_M[0], y=line.y + _ORIGIN_M[1]),
        network=_moved_network(layout.builder.plan.network),
        environment=Environment.synthetic(seed),
        parameters=tree,
        unused=_moved_draft(draft.keep(~known)),
        maker=_TownMaker(seed=seed, count=places, town=tree.city.town),
        land=_TownLand(seed=seed, count=places, stations=stations, town=tree.city.town),
        name="synthetic town",
        notes=(
            f"fictional town of seed {seed}; its shares of places and sizes are assumptions",
            attraction_note(located, line, tree.city.attraction),
        ),
        seed=seed,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    """What lies where in a town, in metres from its centre."""

    builder: Builder
    draft: Draft
    zones: Zones
    stations: Stations

    @classmethod
    def of(cls, seed: int, places: int, stations: int, town: TownParameters) -> _Layout:
        """Lay out a town; each part has a random stream of its own."""
        builder = _builder(seed, places, town)
        draft = builder.place(streams.rng(seed, 0, "town places", 0), town.kinds)
        built, radius_m = draft.to_places(Categories.default()), builder.radius_m
        zones = divide(streams.rng(seed, 0, "town zones", 0), built, radius_m, town)
        line = lay_railway(streams.rng(seed, 0, "town railway", 0), stations, zones, radius_m)
        return cls(builder=builder, draft=draft, zones=zones, stations=line)


@dataclass(frozen=True, kw_only=True)
class _TownLand:
    """Draws the town that was made of the same numbers, once, when it is first looked at."""

    seed: int
    count: int
    stations: int
    town: TownParameters

    def __call__(self) -> Land:
        """Return the map of the town."""
        return self._land

    @cached_property
    def _land(self) -> Land:
        return _drawn(self.seed, self.count, self.stations, self.town.model_dump_json())


@lru_cache(maxsize=4)
def _drawn(seed: int, places: int, stations: int, parameters: str) -> Land:
    """Draw a town; the latest are kept, for runs that follow one another are often of one town."""
    town = TownParameters.model_validate_json(parameters)
    layout = _Layout.of(seed, places, stations, town)
    site = Site(
        plan=layout.builder.plan,
        draft=layout.draft,
        zones=layout.zones,
        stations=layout.stations,
        radius_m=layout.builder.radius_m,
        river_half_width_m=town.river_half_width_m,
    )
    return draw_landscape(streams.rng(seed, 0, "town map", 0), site).moved(*_ORIGIN_M)


@dataclass(frozen=True, slots=True, kw_only=True)
class _TownMaker:
    """Makes places of a further kind for the town that was made of the same numbers."""

    seed: int
    count: int
    town: TownParameters

    def __call__(self, kind: str, parameters: CityParameters) -> Places:
        """Return places of a kind; each kind has a random stream of its own."""
        rng = streams.rng(self.seed, 0, f"town places: {kind}", 0)
        builder = _builder(self.seed, self.count, self.town)
        town = parameters.city.town
        draft = builder.place(rng, {kind: town.kinds.get(kind, town.other_kind)})
        return _moved_draft(draft).to_plain_places()


def town_maker_state(maker: object) -> dict[str, Any] | None:
    """Return what `town_maker` makes the maker of a town of; None of any other maker."""
    if not isinstance(maker, _TownMaker):
        return None
    town = maker.town.model_dump(mode="json")
    return {"seed": maker.seed, "count": maker.count, "town": town}


def town_maker(state: Mapping[str, Any] | None) -> _TownMaker | None:
    """Return what makes further places for the town of the same numbers."""
    if state is None:
        return None
    town = TownParameters(**state["town"])
    return _TownMaker(seed=state["seed"], count=state["count"], town=town)


def town_land_state(land: object) -> dict[str, Any] | None:
    """Return what `town_land` draws the map of a town from; None of any other map."""
    if not isinstance(land, _TownLand):
        return None
    town = land.town.model_dump(mode="json")
    return {"seed": land.seed, "count": land.count, "stations": land.stations, "town": town}


def town_land(state: Mapping[str, Any] | None) -> _TownLand | None:
    """Return what draws the map of the town of the same numbers."""
    if state is None:
        return None
    numbers = {name: state[name] for name in ("seed", "count", "stations")}
    return _TownLand(town=TownParameters(**state["town"]), **numbers)


def _builder(seed: int, places: int, town: TownParameters) -> Builder:
    """Lay the streets of a town, along which places can be put."""
    radius_m = town.radius_m * np.sqrt(places / town.usual_places)
    plan = lay_streets(streams.rng(seed, 0, "town streets", 0), radius_m, town)
    return Builder(plan=plan, count=places, radius_m=radius_m, town=town)


def _check(places: int, stations: int, town: TownParameters) -> None:
    """Refuse towns that cannot be laid out."""
    if places < town.fewest_places:
        least = f"places must be at least {town.fewest_places}, got {places}"
        message = f"{least}; a town has some of every kind"
        raise ConfigError(message)
    if stations < 0 or stations == 1:
        message = f"stations must be 0 or at least 2, got {stations}; a train needs two of them"
        raise ConfigError(message)


def _moved_draft(draft: Draft) -> Draft:
    return draft.at(draft.x + _ORIGIN_M[0], draft.y + _ORIGIN_M[1])


def _moved_places(places: Places) -> Places:
    return replace(places, x=places.x + _ORIGIN_M[0], y=places.y + _ORIGIN_M[1])


def _moved_zones(zones: Zones) -> Zones:
    def move(corners: Float) -> Float:
        moved: Float = corners + np.array(_ORIGIN_M)
        return moved

    return replace(zones, polygons=shapely.transform(zones.polygons, move))


def _moved_network(network: Network) -> Network:
    return replace(
        network,
        x=network.x + _ORIGIN_M[0],
        y=network.y + _ORIGIN_M[1],
        segments=network.segments + np.array(_ORIGIN_M),
    )
