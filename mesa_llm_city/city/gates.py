"""Gates: stations and points at the edge of a map where outsiders enter and leave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from mesa_llm_city.city.city import City
from mesa_llm_city.city.place_draft import Draft
from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.suggestions import did_you_mean
from mesa_llm_city.population.outsiders.counts import Gate

__all__ = ["GATE", "default_gates", "is_station", "with_gates"]

GATE = "gate"
"""Kind of place; nobody goes there but those who enter and leave."""


def with_gates(city: City, gates: Sequence[Gate]) -> tuple[City, dict[Gate, int]]:
    """Return the city with a place at each gate, and the place ids.

    The city itself stays as it is, and places keep their ids. Gates offer nothing, so that
    nobody else goes there.

    Parameters
    ----------
    city : City
        The city.
    gates : sequence of Gate
        Each is the name of a station or of an edge of the map (``north``, ``east``, ``south``,
        ``west``), or a point on the map.

    Raises
    ------
    DataError
        If a name is unknown or a point lies outside the map; lists every one.
    """
    named = _named_points(city)
    defects = [defect for gate in gates for defect in _defects(gate, city, named)]
    if defects:
        source = "gates of outsiders"
        raise DataError.listing(source, defects)
    points = [_point(gate, city, named) for gate in gates]
    x, y = (np.array(axis, dtype=np.float64) for axis in zip(*points, strict=True))
    names = [gate.name or f"gate {number + 1}" for number, gate in enumerate(gates)]
    draft = Draft.of([GATE] * len(gates), x=x, y=y, name=names)
    first = len(city.places)
    return city.with_places(draft.to_plain_places()), {
        gate: first + row for row, gate in enumerate(gates)
    }


def default_gates(city: City) -> dict[Gate, float]:
    """Return the gates of a city for which none are given, with their shares of the entries.

    They are its stations, by their entries if these are counted and else alike; without
    stations the middles of the four edges of the map.
    """
    entries = city.stations.entries
    if not len(city.stations):
        return {Gate(name): 1.0 / len(_EDGES) for name in _EDGES}
    weight = np.ones(len(city.stations))
    if entries is not None and np.nansum(entries) > 0.0:
        weight = np.where(np.isnan(entries), np.nanmean(entries), entries)
    shares: dict[Gate, float] = {}
    for name, share in zip(city.stations.names, (weight / weight.sum()).tolist(), strict=True):
        # Of two stations with one name the first is the gate.
        shares[Gate(name)] = shares.get(Gate(name), 0.0) + share
    return shares


def is_station(gate: Gate, city: City) -> bool:
    """Tell whether a gate is a station, where nobody comes by car."""
    return gate.lon is None and gate.name.casefold() in _stations(city)


_EDGES: Mapping[str, tuple[float, float]] = {
    "north": (0.5, 1.0),
    "east": (1.0, 0.5),
    "south": (0.5, 0.0),
    "west": (0.0, 0.5),
}


def _stations(city: City) -> dict[str, tuple[float, float]]:
    stations = city.stations
    rows = zip(stations.names, stations.x.tolist(), stations.y.tolist(), strict=True)
    found: dict[str, tuple[float, float]] = {}
    for name, x, y in rows:
        found.setdefault(name.casefold(), (x, y))
    return found


def _named_points(city: City) -> dict[str, tuple[float, float]]:
    """Return points in metres by name; a station comes before an edge of the same name."""
    west, south, east, north = city.bounds
    edges = {
        name: (west + right * (east - west), south + up * (north - south))
        for name, (right, up) in _EDGES.items()
    }
    return edges | _stations(city)


def _point(gate: Gate, city: City, named: Mapping[str, tuple[float, float]]) -> tuple[float, float]:
    if gate.lon is None or gate.lat is None:
        return named[gate.name.casefold()]
    x, y = city.project(gate.lon, gate.lat)
    return float(x), float(y)


def _defects(gate: Gate, city: City, named: Mapping[str, tuple[float, float]]) -> Iterator[str]:
    if gate.lon is not None:
        x, y = _point(gate, city, named)
        if not city.contains(np.array([x]), np.array([y]))[0]:
            where = gate.name or "the gate"
            yield f"{where} at {gate.lon:g}, {gate.lat:g} lies outside the map; move it to its edge"
    elif gate.name.casefold() not in named:
        near = did_you_mean(gate.name, [*city.stations.names, *_EDGES])
        yield (
            f"{gate.name!r} is no station of the city and no edge ({', '.join(_EDGES)}); "
            f"give lon and lat{near}"
        )
