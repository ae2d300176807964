"""A city as plain values and arrays, and back; the files it was made of are not needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Any, TypeVar

from mesa_llm_city.city.city import City
from mesa_llm_city.city.environment import Environment
from mesa_llm_city.city.land import Land
from mesa_llm_city.city.network import Network
from mesa_llm_city.city.opening_times import OpeningTimes
from mesa_llm_city.city.place_draft import Draft
from mesa_llm_city.city.places import Places
from mesa_llm_city.city.saved_land import land_of, land_state, shapes_of, shapes_state
from mesa_llm_city.city.saved_weather import events_of, events_state, weather_of, weather_state
from mesa_llm_city.city.skims import Skims
from mesa_llm_city.city.stations import Stations
from mesa_llm_city.city.town import (
    town_land,
    town_land_state,
    town_maker,
    town_maker_state,
)
from mesa_llm_city.city.zones import Zones
from mesa_llm_city.core.local_calendar import LocalCalendar
from mesa_llm_city.parameters import CityParameters

__all__ = ["city_of", "city_state"]

T = TypeVar("T")
_State = dict[str, Any]

# Worked out from the city where it is first needed; kept, since it takes long, and since
# processors may differ in the last digit.
_KEPT = ("attraction", "pull")


def city_state(city: City) -> _State:
    """Return a city as plain values and NumPy arrays, without its parameters.

    Weather of a class of your own is left out; only the name of the class is kept.

    Examples
    --------
    >>> city = City.synthetic(rng=1, places=300)
    >>> again = city_of(city_state(city), city.parameters)
    >>> len(again.places) == len(city.places), again.travel(0, 9) == city.travel(0, 9)
    (True, True)
    """
    # The rows that are in use nowhere and the maker of places are private to a city.
    return {
        **{name: getattr(city, name) for name in ("name", "crs", "seed")},
        "notes": list(city.notes),
        "inputs": [list(one) for one in city.inputs],
        "places": _columns(city.places, without=("opening_times",)),
        "opening_times": _opening_state(city.places.opening_times),
        "zones": _columns(city.zones, without=("polygons",)),
        "polygons": shapes_state(city.zones.polygons),
        "stations": _columns(city.stations),
        "network": None if city.network is None else _columns(city.network),
        "unused": _columns(city._unused),  # noqa: SLF001
        "maker": town_maker_state(city._maker),  # noqa: SLF001
        **_land_state(city),
        "skims": _columns(city.skims),
        "weather": weather_state(city.environment.weather),
        "events": events_state(city.environment.events),
        "derived": {name: vars(city)[name] for name in _KEPT if name in vars(city)},
    }


def city_of(
    state: Mapping[str, Any], parameters: CityParameters, *, other: City | None = None
) -> City:
    """Return the city that `city_state` has written.

    Parameters
    ----------
    state : mapping
        What `city_state` returned.
    parameters : CityParameters
        The parameters that the city had.
    other : City, optional
        Another city, whose weather is taken where it is of a class of your own.

    Raises
    ------
    DataError
        If the weather is of such a class, and no city is given.
    """
    network = state["network"]
    city = City(
        places=_places(state),
        zones=_made(Zones, {**state["zones"], "polygons": shapes_of(state["polygons"])}),
        crs=state["crs"],
        stations=_made(Stations, state["stations"]),
        network=None if network is None else _made(Network, network),
        parameters=parameters,
        unused=_made(Draft, state["unused"]),
        maker=town_maker(state["maker"]),
        land=_land(state),
        name=state["name"],
        notes=tuple(state["notes"]),
        inputs=tuple((name, digest) for name, digest in state["inputs"]),
        seed=state["seed"],
    )
    weather = weather_of(state["weather"], None if other is None else other.environment.weather)
    usual = replace(city.environment, weather=weather, events=events_of(state["events"]))
    city.environment = _under(usual, parameters)
    vars(city).update(skims=_made(Skims, state["skims"]), **state["derived"])
    return city


def _under(environment: Environment, parameters: CityParameters) -> Environment:
    return replace(environment, usual_boost=parameters.city.events.boost)


def _places(state: Mapping[str, Any]) -> Places:
    columns = {**state["places"], "opening_times": _opening_times(state["opening_times"])}
    return _made(Places, columns)


def _land_state(city: City) -> _State:
    """Return the map of a city, or what a town is drawn anew from."""
    source = city._land  # noqa: SLF001 - what draws a town is private to the city
    town = town_land_state(source)
    return {"town_land": town, "land": land_state(city.land) if town is None else None}


def _land(state: Mapping[str, Any]) -> Land | Callable[[], Land] | None:
    """Return the map; None for a city that was saved before there were any."""
    if state.get("land") is not None:
        return land_of(state["land"])
    return town_land(state.get("town_land"))


def _columns(thing: object, without: tuple[str, ...] = ()) -> _State:
    """Return the fields of something that consists of columns."""
    names = (field.name for field in fields(thing))  # type: ignore[arg-type]
    return {name: getattr(thing, name) for name in names if name not in without}


def _made(kind: type[T], columns: Mapping[str, Any]) -> T:
    return kind(**{name: _tuples(one) for name, one in columns.items()})


def _tuples(value: Any) -> Any:  # noqa: ANN401 - any field
    """Turn lists, as JSON has them, into tuples."""
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def _opening_state(times: OpeningTimes) -> _State:
    calendar = times.calendar
    return {
        "hours": list(times.hours),
        "country": calendar.country,
        "public_holidays": sorted(day.isoformat() for day in calendar.public_holidays),
        "position": calendar.position,
        "timezone": calendar.timezone,
    }


def _opening_times(state: Mapping[str, Any]) -> OpeningTimes:
    calendar = LocalCalendar(
        country=state["country"],
        public_holidays=frozenset(map(date.fromisoformat, state["public_holidays"])),
        position=_tuples(state["position"]),
        timezone=state["timezone"],
    )
    return OpeningTimes(_tuples(state["hours"]), calendar)
