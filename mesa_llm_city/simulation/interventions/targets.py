"""Targets: the places, streets and modes of travel that an intervention is about."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from mesa_llm_city.city import City
from mesa_llm_city.city.gates import GATE
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.suggestions import did_you_mean
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.simulation.place_query import as_list, kind_rows, place_ids, zone_rows

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

__all__ = ["PlaceTarget", "Target", "TargetFound", "as_polygon"]

_LON, _LAT = 180.0, 90.0


class TargetFound(NamedTuple):
    """What a target stands for in a city.

    Attributes
    ----------
    places : tuple of int
        Ids, rising; gates, through which people leave, are never among them.
    modes : tuple of str
        Names of modes.
    links : tuple of int
        Rows of the streets of the network.
    """

    places: tuple[int, ...] = ()
    modes: tuple[str, ...] = ()
    links: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PlaceTarget:
    """Places by id or name, kind, zone or polygon; all that one of these names is meant.

    Parameters
    ----------
    place : int or str, or several, optional
        Ids or names of places.
    place_kind : str or several, optional
        Kinds of place, such as ``"amenity=school"``, or their key or value, ``"amenity"``.
    zone : int or str, or several, optional
        Names or rows of zones.
    polygon : shapely geometry or sequence of points, optional
        An area: points as longitude and latitude in degrees, or in metres of the city's
        reference system.
    """

    place: object = None
    place_kind: object = None
    zone: object = None
    polygon: object = None

    def found(self, city: City) -> TargetFound:
        """Return what is meant in a city.

        Raises
        ------
        ConfigError
            If something of it does not exist.
        """
        columns = city.places
        meant = np.zeros(len(columns), dtype=np.bool_)
        if self.place is not None:
            meant[place_ids(city, self.place)] = True
        if self.place_kind is not None:
            meant |= np.isin(columns.category, kind_rows(city, self.place_kind))
        if self.zone is not None:
            meant |= np.isin(columns.zone, zone_rows(city, self.zone))
        if self.polygon is not None:
            meant |= _inside(city, as_polygon(city, self.polygon))
        ids = np.flatnonzero(meant & ~_is_gate(city))
        return TargetFound(places=tuple(ids.tolist()))

    def target_defects(self, city: City) -> Iterator[str]:
        """Yield what of it does not exist, and that nothing is meant."""
        given = [name for name in self.target_names if getattr(self, name) is not None]
        if not given:
            yield (
                f"there is no target; give {', '.join(self.target_names[:-1])} or "
                + (self.target_names[-1])
            )
        wrong = 0
        for name in given:
            alone = PlaceTarget if name in _OF_PLACES else Target
            try:
                found = alone(**{name: getattr(self, name)}).found(city)
            except ConfigError as error:
                wrong += 1
                yield f"{name}: {error.message}"
                continue
            if found == TargetFound():
                yield f"{name}: there is no place in {getattr(self, name)!r:.80}"

    @property
    def target_names(self) -> tuple[str, ...]:
        """Names of the fields that say what is meant."""
        return _OF_PLACES

    def target_text(self, city: City) -> str:
        """Return what is meant in a line."""
        return "; ".join(
            _TEXTS[name](city, getattr(self, name))
            for name in self.target_names
            if getattr(self, name) is not None
        )


@dataclass(frozen=True, kw_only=True)
class Target(PlaceTarget):
    """Places, streets and modes of travel.

    Parameters
    ----------
    link : int or point, or several, optional
        Streets of the network: their rows, or points, each of which means the street nearest
        to it.
    mode : str or several, optional
        Modes of travel.
    """

    link: object = None
    mode: object = None

    def found(self, city: City) -> TargetFound:
        """Return what is meant in a city (see `PlaceTarget.found`)."""
        return (
            super()
            .found(city)
            ._replace(
                modes=() if self.mode is None else _modes(city, self.mode),
                links=() if self.link is None else _links(city, self.link),
            )
        )

    @property
    def target_names(self) -> tuple[str, ...]:
        """Names of the fields that say what is meant."""
        return (*_OF_PLACES, "link", "mode")


_OF_PLACES = ("place", "place_kind", "zone", "polygon")


def _is_gate(city: City) -> np.ndarray[Any, np.dtype[np.bool_]]:
    names = city.places.category_names
    gates = [row for row, name in enumerate(names) if name == GATE]
    return np.isin(city.places.category, gates)


def as_polygon(city: City, given: object) -> BaseGeometry:
    """Return an area in metres.

    Parameters
    ----------
    city : City
        The city, whose reference system counts.
    given : geometry or sequence of points
        As for `PlaceTarget.polygon`.

    Raises
    ------
    ConfigError
        If it is no area.
    """
    import shapely
    from shapely.geometry.base import BaseGeometry

    try:
        area = given if isinstance(given, BaseGeometry) else _of_rings(given)
    except (LookupError, TypeError, ValueError, shapely.errors.GEOSException):
        area = None
    if area is None or area.is_empty or not area.area > 0.0 or not area.is_valid:
        message = f"must be an area: three points or more that do not cross, got {given!r:.80}"
        raise ConfigError(message)
    if _in_degrees(shapely.get_coordinates(area)):
        return shapely.transform(
            area, lambda points: np.column_stack(city.project(points[:, 0], points[:, 1]))
        )
    return area


def _of_rings(given: Any) -> BaseGeometry:  # noqa: ANN401 - lists of any depth
    """Return the area of a ring of points, or of a ring and its holes as GeoJSON has them."""
    import shapely

    rings = given if isinstance(given[0][0], Sequence) else [given]
    outer, *holes = (np.asarray(ring, dtype=np.float64) for ring in rings)
    return shapely.Polygon(outer, holes)


def _in_degrees(points: Float) -> bool:
    """Tell points in degrees, which are small numbers, from those in metres."""
    return bool((np.abs(points) <= [_LON, _LAT]).all())


def _inside(city: City, area: BaseGeometry) -> np.ndarray[Any, np.dtype[np.bool_]]:
    import shapely

    return np.asarray(shapely.intersects_xy(area, city.places.x, city.places.y), dtype=np.bool_)


def _modes(city: City, given: object) -> tuple[str, ...]:
    known = city.parameters.modes
    for one in as_list(given):
        if not isinstance(one, str) or one not in known:
            hint = did_you_mean(one, known) if isinstance(one, str) else ""
            message = f"there is no mode {one!r}; the modes are {', '.join(known)}{hint}"
            raise ConfigError(message)
        if one == "walk":
            message = "walk cannot be closed, since people without another way walk"
            raise ConfigError(message)
    return tuple(dict.fromkeys(str(one) for one in as_list(given)))


def _links(city: City, given: object) -> tuple[int, ...]:
    network = city.network
    if network is None:
        message = (
            "the city has no network of streets, so none can be closed; give one with "
            "network=..., or close a mode, a zone or a polygon"
        )
        raise ConfigError(message)
    listed = as_list(given)
    points = [listed] if len(listed) == 2 and isinstance(listed[0], float) else listed
    return tuple(sorted({_link(city, one, len(network)) for one in points}))


def _link(city: City, given: object, count: int) -> int:
    if isinstance(given, Integral) and not isinstance(given, bool):
        if 0 <= int(given) < count:
            return int(given)
        message = f"there is no street {int(given)}; rows run from 0 to {count - 1}"
        raise ConfigError(message)
    pair = as_list(given)
    if len(pair) != 2 or not all(isinstance(one, Real) and math.isfinite(one) for one in pair):
        message = f"a street is the number of its row or a point near it, got {given!r}"
        raise ConfigError(message)
    point = np.array([pair], dtype=np.float64)
    if _in_degrees(point):
        point = np.column_stack(city.project(point[:, 0], point[:, 1]))
    return _nearest_street(city, point)


def _nearest_street(city: City, point: Float) -> int:
    import shapely

    network = city.network
    if network is None:
        return 0
    ends: Int = np.stack([network.start, network.end], axis=1)
    chords = shapely.linestrings(np.stack([network.x[ends], network.y[ends]], axis=-1))
    return int(np.argmin(shapely.distance(chords, shapely.points(point[0, 0], point[0, 1]))))


def _place_text(city: City, given: object) -> str:
    ids = place_ids(city, given).tolist()
    named = [city.places.label(one) for one in ids[:_SHOWN]]
    return ", ".join(named) + (f" and {len(ids) - _SHOWN} more" if len(ids) > _SHOWN else "")


def _zone_text(city: City, given: object) -> str:
    return "zone " + ", ".join(city.zones.names[row] for row in zone_rows(city, given))


def _kind_text(_: City, given: object) -> str:
    return "all places of kind " + ", ".join(map(str, as_list(given)))


def _polygon_text(city: City, given: object) -> str:
    return f"an area with {int(_inside(city, as_polygon(city, given)).sum())} places"


def _link_text(city: City, given: object) -> str:
    return "street " + ", ".join(map(str, _links(city, given)))


def _mode_text(city: City, given: object) -> str:
    return "mode " + ", ".join(_modes(city, given))


_TEXTS: dict[str, Callable[[City, object], str]] = {
    "place": _place_text,
    "place_kind": _kind_text,
    "zone": _zone_text,
    "polygon": _polygon_text,
    "link": _link_text,
    "mode": _mode_text,
}
_SHOWN = 3
