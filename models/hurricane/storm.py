"""The storm as data: weather, orders to leave, warnings, closings and the all-clear."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from mesa_llm_city import City, Clock
from mesa_llm_city.city.hurricane import hurricane
from mesa_llm_city.city.weather import WeatherEpisode
from mesa_llm_city.core.clock import HOUR_MIN
from mesa_llm_city.parameters.city import HurricaneParameters
from mesa_llm_city.simulation.interventions import (
    Intervention,
    close,
    hurricane_interventions,
    tell,
)

__all__ = ["CLOSED_KINDS", "ORDERS", "Order", "public_holiday", "storm_interventions", "with_storm"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What people in the area at risk are told.

    Parameters
    ----------
    danger : float
        Danger that the message states, in [0, 1].
    text : str
        The words.
    """

    danger: float
    text: str


ORDERS = MappingProxyType(
    {
        "mandatory": Order(
            danger=0.9, text="The sea will flood this area. Everybody has to leave now."
        ),
        "voluntary": Order(
            danger=0.6, text="The sea may flood this area. People are advised to leave."
        ),
        "none": None,
    }
)
"""Orders to leave by level; the dangers stated are assumptions."""

CLOSED_KINDS = (
    *("shop", "restaurant", "fast_food", "cafe", "bar", "pub", "nightclub"),
    *("cinema", "theatre", "museum", "park", "playground"),
)
"""Kinds of place, or their keys or values, that close while gales blow (assumption).

Schools and sports centres stay open, since they are shelters.
"""

_HOLIDAY_KINDS = ("office", "industrial", "school", "college", "university", "kindergarten")
_TOPIC = "flood by the sea"


def with_storm(city: City, peak_min: int, clock: Clock) -> City:
    """Return the same city with a hurricane that is nearest at a minute of the run.

    Strength and way are ``city.hurricane`` of its parameters. A city that has this storm already
    is returned as it is.
    """
    during = hurricane(clock.at(peak_min), city.parameters.city.hurricane)
    weather = city.environment.weather
    if isinstance(weather, WeatherEpisode) and weather.during == during:
        return city
    return city.with_environment(city.environment.with_episode(during))


def storm_interventions(
    city: City, zones: tuple[int, ...], *, order: str, lead_h: float, peak_min: int, clock: Clock
) -> list[Intervention]:
    """Return what people are told and what closes.

    Parameters
    ----------
    city : City
        The city, with ``city.hurricane`` among its parameters.
    zones : tuple of int
        Rows of the zones at risk.
    order : {"mandatory", "voluntary", "none"}
        Whether people of these zones are told to leave.
    lead_h : float
        How long before the peak they are told, in hours.
    peak_min : int
        Minute at which the hurricane is nearest.
    clock : Clock
        Calendar of the run.

    Returns
    -------
    list of Intervention
        The warning of `hurricane_interventions` to stay in, and its all-clear; places of
        `CLOSED_KINDS` closed while gales blow; the order, and its end.
    """
    numbers = city.parameters.city.hurricane
    peak = clock.at(peak_min)
    planned = hurricane_interventions(peak, clock=clock, parameters=numbers)
    over_min = int(planned[-1].at_min(clock) or 0)
    shut = [one for one in CLOSED_KINDS if _is_there(city, one)]
    begin_min = peak_min - _gale_h(numbers) * HOUR_MIN
    if shut:
        planned.append(close(start=begin_min, end=over_min, place_kind=shut, text="hurricane"))
    if (words := ORDERS[order]) is not None and zones:
        at = peak_min - round(lead_h * HOUR_MIN)
        planned += [
            tell(
                at=at,
                text=words.text,
                danger=words.danger,
                zone=list(zones),
                topic=_TOPIC,
                until=over_min,
            ),
            tell(at=over_min, text="The area at the sea is safe again.", topic=_TOPIC),
        ]
    return planned


def public_holiday(city: City, day: int) -> list[Intervention]:
    """Return a public holiday on a day, 0 being the first: places of work and schools close.

    Some who work in offices work at home then (``mobility.closing.works_at_home``).
    """
    kinds = [one for one in _HOLIDAY_KINDS if _is_there(city, one)]
    if not kinds:
        return []
    start, end = f"day {day + 1} 0:00", f"day {day + 2} 0:00"
    return [close(start=start, end=end, place_kind=kinds, text="public holiday")]


def _gale_h(numbers: HurricaneParameters) -> int:
    """Return for how many hours before the peak gales blow."""
    from datetime import datetime

    peak = datetime(2000, 1, 1)  # noqa: DTZ001 - any local time
    storm = hurricane(peak, numbers)
    blowing = [
        (peak - time) // timedelta(hours=1)
        for time, one in zip(storm.times, storm.weather, strict=True)
        if one.wind_km_h >= numbers.gale_km_h
    ]
    return max(blowing, default=0)


def _is_there(city: City, kind: str) -> bool:
    return any(kind == one or kind in one.split("=") for one in city.places.category_names)
