"""From what files hold to a city: places, zones, stations and streets in metres."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.city.attraction import attraction_note
from mesa_llm_city.city.categories import Categories
from mesa_llm_city.city.city import City
from mesa_llm_city.city.loading.contents import Contents
from mesa_llm_city.city.loading.hours import calendar_for, notes_on_hours
from mesa_llm_city.city.loading.islands import on_islands
from mesa_llm_city.city.loading.looks import looks_of
from mesa_llm_city.city.loading.residences import draw_residences
from mesa_llm_city.city.loading.street_rows import StreetRows
from mesa_llm_city.city.named_places import named_keys
from mesa_llm_city.city.network import Network
from mesa_llm_city.city.place_draft import Draft
from mesa_llm_city.city.places import Places
from mesa_llm_city.city.projection import EXCHANGED, Projection
from mesa_llm_city.city.stations import Stations
from mesa_llm_city.city.zones import Zones
from mesa_llm_city.core import streams
from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.values import Purpose
from mesa_llm_city.parameters import CityParameters

__all__ = ["build_city"]

_KINDS_SHOWN = 10

_SAYS_NOTHING = "building=yes"
"""A tag of most buildings of a map, of which no purpose can make anything."""


def build_city(read: Contents, projection: Projection) -> City:
    """Build the city of rows that are all in order.

    Parameters
    ----------
    read : Contents
        What the files hold; rows that their audit flagged are left out.
    projection : Projection
        From degrees to metres.
    """
    parameters, categories = read.parameters, read.wanted.categories
    draft = Draft.join([rows.draft.keep(rows.audit.good) for rows in read.places])
    calendar = calendar_for(draft, read.options.country)
    draft = draft.at(*projection.project(draft.x, draft.y))
    known = draft.keep(draft.known(categories))
    network = _network(read.streets, projection, known if len(known) else draft, parameters)
    draft, stranded = _without_islands(draft, network, parameters)
    places = draft.to_places(categories, calendar)
    _refuse_emptiness(places, draft, read)
    zone_figures = parameters.city.zones
    given = None if read.zones is None else read.zones.to_zones(projection, zone_figures)
    zones = given or Zones.grid(places.x, places.y, parameters=zone_figures)
    places = places.with_zone(zones.zone_of(places.x, places.y))
    named = draft.named_by(named_keys(parameters.purposes))
    hours = notes_on_hours(draft.keep(named | draft.known(categories)), calendar)
    places, note = _with_residences(places, zones, read, network, are_given=given is not None)
    left_out = _left_out(draft, categories, parameters)
    stations = _stations(read.stations, projection, parameters)
    looks = looks_of(read, projection, zones, places)
    return City(
        places=places,
        zones=zones,
        crs=projection.crs,
        stations=stations,
        network=network,
        parameters=parameters,
        unused=draft.keep(_may_be_named(draft, categories)),
        land=looks.land,
        name=looks.name,
        notes=(
            *read.notes,
            *stranded,
            *left_out,
            *hours,
            note,
            attraction_note(places, stations, parameters.city.attraction),
        ),
        seed=read.options.seed,
        inputs=tuple((path.name, _digest(path)) for path in read.files),
    )


def _refuse_emptiness(places: Places, draft: Draft, read: Contents) -> None:
    """Refuse files in which no row is a place that anybody would visit, live or work at."""
    if len(places):
        return
    source = ", ".join(path.name for path in read.files)
    kinds, counts = np.unique(np.array(draft.kind, dtype=object), return_counts=True)
    most = np.argsort(-counts, kind="stable")[:_KINDS_SHOWN]
    held = ", ".join(f"{kinds[row]} {counts[row]}" for row in most.tolist())
    problem = f"no place is of a kind that people have a use for; there are {held}"
    raise DataError.listing(source, [problem])


def _may_be_named(draft: Draft, categories: Categories) -> NDArray[np.bool_]:
    """Return which rows the table has no use for, though a purpose may name their kind."""
    says_something = np.array([kind != _SAYS_NOTHING for kind in draft.kind], dtype=np.bool_)
    return ~draft.known(categories) & says_something


def _network(
    streets: StreetRows | None,
    projection: Projection,
    draft: Draft,
    parameters: CityParameters,
) -> Network | None:
    """Build the network of the streets near the places."""
    if streets is None:
        return None
    margin = parameters.city.loading.street_margin_m
    network = streets.to_network(projection, draft.x, draft.y, margin)
    if not len(network):
        swapped = streets.exchanged().to_network(projection, draft.x, draft.y, margin)
        advice = EXCHANGED if len(swapped) else "; give the streets of the same city"
        problem = f"no street lies within {margin:.0f} m of the places{advice}"
        raise DataError.listing(streets.source, [problem])
    return network


def _without_islands(
    draft: Draft, network: Network | None, parameters: CityParameters
) -> tuple[Draft, list[str]]:
    """Leave out places that nobody can reach along the streets, and say how many."""
    if network is None:
        return draft, []
    gap = parameters.city.streets.island_gap_m
    cut_off = on_islands(network, draft.x, draft.y, gap)
    count = int(np.count_nonzero(cut_off))
    if not count:
        return draft, []
    note = (
        f"{count} places left out: they lie on islands, that is at streets that no street or "
        f"bridge joins to the others and that lie farther than {gap:.0f} m from them"
    )
    return draft.keep(~cut_off), [note]


def _stations(
    stations: Stations | None, projection: Projection, parameters: CityParameters
) -> Stations | None:
    """Project stations, and make those of one name that lie close together one."""
    if stations is None:
        return None
    x, y = projection.project(stations.x, stations.y)
    return replace(stations, x=x, y=y).merged(parameters.city.travel.same_station_m)


def _with_residences(
    places: Places,
    zones: Zones,
    read: Contents,
    network: Network | None,
    *,
    are_given: bool,
) -> tuple[Places, str]:
    """Add residences if there are few, and say where they come from."""
    assumed, options = read.parameters.city.loading, read.options
    held = len(places.offering(Purpose.SLEEP))
    needed = (len(places) - held) / assumed.places_per_residence
    if held >= max(assumed.fewest_residences, needed):
        return places, f"{held} residences from the files"
    wanted = assumed.residences if options.residences is None else options.residences

    def drawn(count: int) -> tuple[Draft, str]:
        rng = streams.rng(options.seed, 0, "residences", 0)
        where = zones if are_given else None
        draft, how = draw_residences(rng, places, where, count, spread_m=assumed.residence_spread_m)
        return _without_islands(draft, network, read.parameters)[0], how

    draft, how = drawn(wanted)
    if 0 < len(draft) < wanted:
        draft, how = drawn(wanted * wanted // len(draft))
    homes = draft.to_places(Categories.default())
    located = homes.with_zone(zones.zone_of(homes.x, homes.y))
    note = f"{len(draft)} residences {how} (the files hold {held})"
    return places.append(located), note


def _left_out(draft: Draft, categories: Categories, parameters: CityParameters) -> list[str]:
    """Say what the table leaves out on purpose."""
    named = draft.named_by(named_keys(parameters.purposes))
    unused = draft.keep(~named)
    rows = [kind for kind in unused.kind if (row := categories.find(kind)) and row.is_left_out]
    kinds, counts = np.unique(np.array(rows, dtype=object), return_counts=True)
    listed = ", ".join(f"{kind} {count}" for kind, count in zip(kinds, counts, strict=True))
    return [f"{len(rows)} rows of kinds that nobody visits left out: {listed}"] if rows else []


def _digest(path: Path) -> str:
    """Return the SHA-256 digest of a file, or of all files of a folder in order."""
    digest = hashlib.sha256()
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    for file in files:
        if file.is_file():
            digest.update(file.read_bytes())
    return digest.hexdigest()
