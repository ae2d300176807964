"""Queries: which of the people of a model something is about.

A query is None for everybody, a mapping of conditions that all hold, a function of an agent,
or agents or ids of people. Messages, waking and surveys choose people in this way.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from numbers import Integral, Real
from types import MappingProxyType
from typing import Any, Protocol, TypeAlias, TypeGuard, cast, runtime_checkable

import numpy as np

from mesa_llm_city.citizen.world import World
from mesa_llm_city.city import City
from mesa_llm_city.core import streams
from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.suggestions import did_you_mean
from mesa_llm_city.core.values import OUTSIDE, Purpose
from mesa_llm_city.population.categories import Occupation
from mesa_llm_city.simulation.agent import CityAgent
from mesa_llm_city.simulation.place_query import as_list, place_ids, zone_rows

__all__ = ["QUERY_KEYS", "Query", "Queryable", "check_query", "chosen", "query_defects"]

Query: TypeAlias = Mapping[str, object] | Callable[[CityAgent], bool] | Iterable[Any] | None
"""Everybody (None), conditions, a function of an agent, or agents or ids."""

_Test: TypeAlias = Callable[[CityAgent], bool]

_SHOWN = 5


@runtime_checkable
class _Somebody(Protocol):
    """Somebody with an id, such as a row of a crowd."""

    @property
    def person(self) -> int: ...


class Queryable(Protocol):
    """What a query has to know of a model."""

    city: City
    world: World
    run_seed: int
    minute: int

    @property
    def citizens(self) -> list[CityAgent]:
        """Those who live in the model."""
        ...


def chosen(model: Queryable, query: Query = None) -> list[CityAgent]:
    """Return the citizens of a model that a query is about, by rising id.

    Parameters
    ----------
    model : CityModel
        The model.
    query : mapping, callable, iterable of CityAgent or int, or None
        Everybody if None; those for whom ``query(agent)`` is true; these agents or ids; or
        conditions, all of which hold:

        - ``ids``: one or several ids of people,
        - ``age``: ``[least, greatest]`` age in years, both included, or one age,
        - ``occupation``: one or several occupations,
        - ``household``: one or several ids of households,
        - ``home_zone``: name or row of the zone of the home, one or several,
        - ``zone``: the same of the zone where the person is now,
        - ``place``: name or id of the place where the person is now, one or several,
        - ``within_m``: ``[place, metres]``, at most so far from a place now,
        - ``purpose``: what the person does now, one or several purposes,
        - ``share``: share in [0, 1] of all these people, drawn by chance; at one minute of a
          run the same people are drawn, at another minute others.

    Returns
    -------
    list of CityAgent
        Empty if nobody fits. People outside the district are in no zone and at no place.

    Raises
    ------
    DataError
        Lists all that is wrong with the conditions.
    ConfigError
        If it is no query, or an id belongs to nobody who lives or has lived there.

    Examples
    --------
    >>> from mesa_llm_city import City, CityModel
    >>> model = CityModel(City.synthetic(rng=1, places=400), 20, rng=7)
    >>> len(chosen(model)), {one.age >= 65 for one in chosen(model, {"age": [65, 120]})}
    (20, {True})
    """
    check_query(model, query)
    if query is None:
        found = list(model.citizens)
    elif isinstance(query, Mapping):
        found = list(_matching(model, query))
    elif callable(query):
        found = [one for one in model.citizens if query(one)]
    else:
        found = _listed(model, cast("Iterable[CityAgent | int]", query))
    return sorted(found, key=lambda agent: agent.person)


def check_query(model: Queryable, query: object) -> None:
    """Raise a DataError or ConfigError unless a query is one (see `chosen`)."""
    if isinstance(query, Mapping):
        if defects := query_defects(model, query):
            source = "the query"
            raise DataError.listing(source, defects)
    elif isinstance(query, str) or not (
        query is None or callable(query) or isinstance(query, Iterable)
    ):
        message = (
            f"a query is None, a mapping of conditions, a function of an agent, or agents or "
            f"ids, got {query!r}; conditions are {', '.join(QUERY_KEYS)}"
        )
        raise ConfigError(message)
    elif isinstance(query, Sequence):
        # What can be read but once is looked at when people are chosen.
        _check_listed(query)


def query_defects(model: Queryable, query: Mapping[str, object]) -> list[str]:
    """Return all that is wrong with the conditions of a query, one line each."""
    defects = []
    for key, value in query.items():
        try:
            _test_of(model, str(key), value)
        except ConfigError as error:
            defects.append(f"{key}: {error.message}")
    return defects


def _check_listed(query: Iterable[object]) -> None:
    for one in query:
        is_id = isinstance(one, Integral) and not isinstance(one, bool)
        if not is_id and not isinstance(one, _Somebody):
            message = f"a list of people holds agents and ids, got {one!r}"
            raise ConfigError(message)


def _matching(model: Queryable, query: Mapping[str, object]) -> Iterator[CityAgent]:
    tests = [_test_of(model, key, value) for key, value in query.items()]
    for agent in model.citizens:
        if all(test(agent) for test in tests):
            yield agent


def _listed(model: Queryable, given: Iterable[CityAgent | int]) -> list[CityAgent]:
    """Return agents given as such or by id; those who have left are left out."""
    asked = [one.person if isinstance(one, CityAgent) else one for one in given]
    by_id = {agent.person: agent for agent in model.citizens}
    unknown = [one for one in asked if one not in by_id and one not in model.world.gone]
    if unknown:
        shown = ", ".join(map(repr, unknown[:_SHOWN])) + (", ..." if len(unknown) > _SHOWN else "")
        message = f"no citizen has the id {shown}; give ids or agents of people who live there"
        raise ConfigError(message)
    return [by_id[one] for one in dict.fromkeys(asked) if one in by_id]


# What each condition tests.


def _test_of(model: Queryable, key: str, value: object) -> _Test:
    condition = _CONDITIONS.get(key)
    if condition is None:
        known = ", ".join(QUERY_KEYS)
        message = f"there is no such condition; use some of {known}{did_you_mean(key, QUERY_KEYS)}"
        raise ConfigError(message)
    return condition(model, value)


def _ids(_: Queryable, value: object) -> _Test:
    ids = _whole_numbers(value)
    return lambda agent: agent.person in ids


def _household(_: Queryable, value: object) -> _Test:
    ids = _whole_numbers(value)
    return lambda agent: agent.persona.household.id in ids


def _age(_: Queryable, value: object) -> _Test:
    ends = as_list(value)
    low, high = (ends[0], ends[-1]) if len(ends) in {1, 2} else (None, None)
    if not _is_number(low) or not _is_number(high) or float(low) > float(high):
        message = f"give [least, greatest] in years, or one age, got {value!r}"
        raise ConfigError(message)
    least, greatest = float(low), float(high)
    return lambda agent: least <= agent.age <= greatest


def _occupation(_: Queryable, value: object) -> _Test:
    wanted = _names(value, list(map(str, Occupation)))
    return lambda agent: str(agent.persona.occupation) in wanted


def _purpose(model: Queryable, value: object) -> _Test:
    known = [*model.city.parameters.purposes, Purpose.TRAVEL.value, OUTSIDE]
    wanted = _names(value, list(dict.fromkeys(known)))
    return lambda agent: str(agent.purpose) in wanted


def _home_zone(model: Queryable, value: object) -> _Test:
    zones, zone = frozenset(zone_rows(model.city, value)), model.city.places.zone
    return lambda agent: agent.persona.outsider is None and int(zone[agent.persona.home]) in zones


def _zone(model: Queryable, value: object) -> _Test:
    zones, city = frozenset(zone_rows(model.city, value)), model.city

    def is_there(agent: CityAgent) -> bool:
        x, y = (np.array([axis]) for axis in agent.pos)
        return not _is_outside(agent) and int(city.zones.zone_of(x, y)[0]) in zones

    return is_there


def _place(model: Queryable, value: object) -> _Test:
    places = frozenset(place_ids(model.city, value).tolist())
    return lambda agent: agent.present_at in places and not _is_outside(agent)


def _within_m(model: Queryable, value: object) -> _Test:
    pair = as_list(value)
    if len(pair) != 2 or not _is_number(pair[1]) or float(pair[1]) < 0.0:
        message = f"give [place, metres], got {value!r}"
        raise ConfigError(message)
    centres = [model.city.position(place) for place in place_ids(model.city, pair[0]).tolist()]
    radius = float(pair[1])

    def is_near(agent: CityAgent) -> bool:
        x, y = agent.pos
        near = any(math.hypot(x - east, y - north) <= radius for east, north in centres)
        return near and not _is_outside(agent)

    return is_near


def _share(model: Queryable, value: object) -> _Test:
    if not _is_number(value) or not 0.0 <= float(value) <= 1.0:
        message = f"give a share from 0 to 1, got {value!r}"
        raise ConfigError(message)
    share, seed, minute = float(value), model.run_seed, model.minute

    def is_drawn(agent: CityAgent) -> bool:
        return float(streams.rng(seed, agent.person, "query", minute).random()) < share

    return is_drawn


_CONDITIONS: Mapping[str, Callable[[Queryable, object], _Test]] = MappingProxyType(
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

QUERY_KEYS = tuple(_CONDITIONS)
"""Names of the conditions of a query."""


def _is_outside(agent: CityAgent) -> bool:
    return agent.purpose == OUTSIDE


def _is_number(value: object) -> TypeGuard[float]:
    if not isinstance(value, Real) or isinstance(value, bool):
        return False
    return not math.isnan(float(value))


def _whole_numbers(value: object) -> frozenset[int]:
    given = as_list(value)
    wrong = [one for one in given if not isinstance(one, Integral) or isinstance(one, bool)]
    if wrong:
        message = f"give whole numbers, got {wrong[0]!r}"
        raise ConfigError(message)
    return frozenset(int(one) for one in given if isinstance(one, Integral))


def _names(value: object, known: list[str]) -> frozenset[str]:
    given = [str(one) for one in as_list(value)]
    for one in given:
        if one not in known:
            message = f"{one!r} is none of {', '.join(known)}{did_you_mean(one, known)}"
            raise ConfigError(message)
    return frozenset(given)
