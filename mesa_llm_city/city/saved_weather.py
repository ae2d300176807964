"""Weather and events as plain values, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from mesa_llm_city.city.environment import Event
from mesa_llm_city.city.weather import SyntheticWeather, WeatherEpisode, WeatherSource, WeatherTable
from mesa_llm_city.core.errors import DataError
from mesa_llm_city.parameters.city import WeatherParameters

__all__ = ["events_of", "events_state", "weather_of", "weather_state"]


def weather_state(weather: WeatherSource) -> dict[str, Any]:
    """Return a source of weather as plain values; of one of your own, the name of its class."""
    if type(weather) is SyntheticWeather:
        climate = weather.climate.model_dump(mode="json")
        return {"kind": "synthetic", "seed": weather.seed, "climate": climate}
    if type(weather) is WeatherTable:
        return {"kind": "table", **_tables().dump_python(weather, mode="json")}
    if type(weather) is WeatherEpisode:
        return {
            "kind": "episode",
            "during": weather_state(weather.during),
            "usual": weather_state(weather.usual),
            "own_temperature": weather.own_temperature,
        }
    return {"kind": "own", "class": type(weather).__qualname__}


def weather_of(state: Mapping[str, Any], own: WeatherSource | None = None) -> WeatherSource:
    """Return the source of weather that `weather_state` has written.

    Parameters
    ----------
    state : mapping
        What `weather_state` returned.
    own : WeatherSource, optional
        What is returned if that was a source of your own.

    Raises
    ------
    DataError
        If it was one of another class than `own`.
    """
    given = {name: value for name, value in state.items() if name != "kind"}
    if state["kind"] == "synthetic":
        climate = WeatherParameters(**given["climate"])
        return SyntheticWeather(seed=given["seed"], climate=climate)
    if state["kind"] == "table":
        return _tables().validate_python(given)
    if state["kind"] == "episode":
        during = {name: one for name, one in given["during"].items() if name != "kind"}
        return WeatherEpisode(
            during=_tables().validate_python(during),
            usual=weather_of(given["usual"], _usual_of(own)),
            own_temperature=given["own_temperature"],
        )
    if own is None or type(own).__qualname__ != given["class"]:
        message = (
            f"the weather is of a class of your own, {given['class']}, which cannot be saved; "
            "give city=, the same city with that weather"
        )
        raise DataError(message)
    return own


def _usual_of(own: WeatherSource | None) -> WeatherSource | None:
    return own.usual if isinstance(own, WeatherEpisode) else own


def events_state(events: Sequence[Event]) -> list[Any]:
    """Return events as plain values."""
    plain: list[Any] = _events().dump_python(tuple(events), mode="json")
    return plain


def events_of(state: Sequence[Any]) -> tuple[Event, ...]:
    """Return the events that `events_state` has written."""
    return _events().validate_python(state)


@cache
def _tables() -> TypeAdapter[WeatherTable]:
    return TypeAdapter(WeatherTable)


@cache
def _events() -> TypeAdapter[tuple[Event, ...]]:
    return TypeAdapter(tuple[Event, ...])
