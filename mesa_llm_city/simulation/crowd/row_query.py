"""Queries of rows: which rows of a crowd something is about (see `simulation.query`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.core.values import Bool, Int
from mesa_llm_city.crowd.state import NOT_TRAVELLING
from mesa_llm_city.population.categories import Occupation
from mesa_llm_city.simulation.place_query import as_list, place_ids, zone_rows
from mesa_llm_city.simulation.query import Query, Queryable, check_query, chosen

if TYPE_CHECKING:
    from mesa_llm_city.simulation.agent import CityAgent
    from mesa_llm_city.simulation.crowd.crowd_agent import CrowdAgent

__all__ = ["chosen_of_both", "chosen_rows"]


def chosen_rows(crowd: CrowdAgent, query: Query = None) -> Int:
    """Return the rows of a crowd that a query is about, in rising order.

    Parameters
    ----------
    crowd : CrowdAgent
        The crowd.
    query : mapping, iterable of CrowdRow or int, or None
        Everybody if None; conditions of `query.chosen`, all of which hold; or rows of the crowd
        as `CrowdRow`, or ids of persons, of whom those who are no rows are left out. A function
        of an agent is about citizens alone, so that no row fits.

    Returns
    -------
    ndarray of int64
        Rows; empty if nobody fits.

    Raises
    ------
    DataError
        Lists all that is wrong with the conditions.
    ConfigError
        If it is no query.

    Examples
    --------
    >>> from mesa_llm_city import City, CityModel, Crowd
    >>> model = CityModel(City.synthetic(places=300), [], rng=7, crowd=Crowd(200))
    >>> len(chosen_rows(model.crowd)), len(chosen_rows(model.crowd, {"age": [0, 120]}))
    (200, 200)
    """
    check_query(crowd.model, query)
    if query is None:
        return crowd.rows
    if isinstance(query, Mapping):
        holds = np.ones(len(crowd.rows), dtype=np.bool_)
        for key, value in query.items():
            holds &= _CONDITIONS[str(key)](crowd, value)
        return crowd.rows[holds]
    if callable(query):
        return np.empty(0, dtype=np.int64)
    listed: Iterable[Any] = query
    return _rows_of_ids(crowd, [getattr(one, "person", one) for one in listed])


def chosen_of_both(model: Queryable, query: Query = None) -> tuple[list[CityAgent], Int]:
    """Return the citizens and the rows of the crowd that a query is about.

    Parameters
    ----------
    model : CityModel
        The model; without a crowd there are no rows.
    query : Query
        See `query.chosen` and `chosen_rows`.

    Raises
    ------
    DataError, ConfigError
        As `query.chosen` does, for ids that neither a citizen nor a row has.
    """
    crowd: CrowdAgent | None = getattr(model, "crowd_or_none", None)
    if crowd is None:
        return chosen(model, query), np.empty(0, dtype=np.int64)
    if query is None or isinstance(query, Mapping) or callable(query):
        return chosen(model, query), chosen_rows(crowd, query)
    check_query(model, query)
    asked = list(cast("Iterable[Any]", query))
    rows = _rows_of_ids(crowd, [getattr(one, "person", one) for one in asked])
    known = set(crowd.people.ids[rows].tolist())
    others = [one for one in asked if getattr(one, "person", one) not in known]
    return chosen(model, others), rows


def _rows_of_ids(crowd: CrowdAgent, ids: list[int]) -> Int:
    rows = crowd.rows
    found: Int = rows[np.isin(crowd.people.ids[rows], np.array(ids, dtype=np.int64))]
    return found


# What each condition tells of all rows, once its value has been checked.


def _ids(crowd: CrowdAgent, value: object) -> Bool:
    return np.isin(crowd.values("person"), np.array(as_list(value)))


def _age(crowd: CrowdAgent, value: object) -> Bool:
    ends = cast("list[float]", as_list(value))
    age = crowd.values("age")
    fits: Bool = (age >= ends[0]) & (age <= ends[-1])
    return fits


def _occupation(crowd: CrowdAgent, value: object) -> Bool:
    names = tuple(map(str, Occupation))
    codes = [names.index(str(one)) for one in as_list(value)]
    return np.isin(crowd.people.occupation[crowd.rows], codes)


def _household(crowd: CrowdAgent, value: object) -> Bool:
    return np.isin(crowd.values("household"), np.array(as_list(value)))


def _home_zone(crowd: CrowdAgent, value: object) -> Bool:
    city = crowd.model.city
    return np.isin(city.places.zone[crowd.values("home")], zone_rows(city, value))


def _zone(crowd: CrowdAgent, value: object) -> Bool:
    city = crowd.model.city
    here = city.zones.zone_of(crowd.values("x"), crowd.values("y"))
    return np.isin(here, zone_rows(city, value))


def _place(crowd: CrowdAgent, value: object) -> Bool:
    there = np.isin(crowd.values("place"), place_ids(crowd.model.city, value))
    stays: Bool = crowd.state.trip.destination[crowd.rows] == NOT_TRAVELLING
    return there & stays


def _within_m(crowd: CrowdAgent, value: object) -> Bool:
    centre, radius = as_list(value)
    x, y, city = crowd.values("x"), crowd.values("y"), crowd.model.city
    near = np.zeros(len(x), dtype=np.bool_)
    for place in place_ids(city, centre).tolist():
        east, north = city.position(place)
        near |= np.hypot(x - east, y - north) <= float(cast("float", radius))
    return near


def _purpose(crowd: CrowdAgent, value: object) -> Bool:
    return np.isin(crowd.values("purpose").astype(str), [str(one) for one in as_list(value)])


def _share(crowd: CrowdAgent, value: object) -> Bool:
    ids = crowd.values("person")
    drawn = uniforms(crowd.model.run_seed, ids, "query", crowd.model.minute, 1)[:, 0]
    return drawn < float(cast("float", value))


_CONDITIONS: Mapping[str, Callable[[CrowdAgent, object], Bool]] = MappingProxyType(
    {
        "ids": _ids,
        "age": _age,
        "occupation": _occupation,
        "household": _household,
        "home_zone": _home_zone,
        "zone": _zone,
        "place": _place,
        "within_m": _within_m,
        "purpose": _purpose,
        "share": _share,
    }
)
