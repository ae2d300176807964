"""A hurricane as interventions: warnings, closings, and the return to usual days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from mesa_llm_city.city.hurricane import hurricane
from mesa_llm_city.city.weather import WeatherTable
from mesa_llm_city.core.clock import Clock
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.parameters.city import HurricaneParameters
from mesa_llm_city.simulation.interventions.base import Intervention
from mesa_llm_city.simulation.interventions.close import Close
from mesa_llm_city.simulation.interventions.tell import Tell

__all__ = ["hurricane_interventions"]

_TOPIC = "hurricane"


def hurricane_interventions(
    peak: datetime,
    *,
    clock: Clock,
    parameters: HurricaneParameters | None = None,
    closed_kinds: Sequence[str] = (),
) -> list[Intervention]:
    """Return the warnings of a hurricane, what closes, and the all-clear.

    The weather itself is part of the city: ``city.environment.with_episode(hurricane(peak))``.
    With the highest warning people are told to stay in; `closed_kinds` close from the first to
    the last hour of a gale; after that people are told that it is over.

    Parameters
    ----------
    peak : datetime.datetime
        Naive local time at which the centre is nearest.
    clock : Clock
        Calendar of the run.
    parameters : HurricaneParameters, optional
        Strength, way and warnings: ``city.hurricane`` of the parameters.
    closed_kinds : sequence of str
        Kinds of place that close, such as ``"school"``; none by default.

    Raises
    ------
    ConfigError
        If the wind never reaches a gale, or it begins before the run.

    Examples
    --------
    >>> peak = datetime(2024, 4, 3, 12)
    >>> [(one.kind, one.time) for one in hurricane_interventions(peak, clock=Clock())]
    [('tell', 2160), ('tell', 4380)]
    """
    numbers = HurricaneParameters() if parameters is None else parameters
    first, last = _gale(hurricane(peak, numbers), numbers.gale_km_h)
    warned = peak - timedelta(hours=numbers.warned_h)
    begin, over, told = (_minute(one, clock) for one in (first, last, warned))
    danger = min(numbers.max_wind_km_h / numbers.deadly_km_h, 1.0)
    rising = f"A hurricane is coming, with winds of {numbers.max_wind_km_h:.0f} km/h. Stay in."
    closings = [Close(start=begin, end=over, place_kind=kind, text=_TOPIC) for kind in closed_kinds]
    return [
        Tell(at=told, text=rising, danger=danger, topic=_TOPIC, until=over),
        *closings,
        Tell(at=over, text="The hurricane has passed.", topic=_TOPIC),
    ]


def _gale(storm: WeatherTable, gale_km_h: float) -> tuple[datetime, datetime]:
    """Return when the first hour of a gale begins and the last one ends."""
    hours = [
        time
        for time, one in zip(storm.times, storm.weather, strict=True)
        if one.wind_km_h >= gale_km_h
    ]
    if not hours:
        message = f"the wind never reaches a gale, {gale_km_h:g} km/h; give a stronger hurricane"
        raise ConfigError(message)
    return hours[0], hours[-1] + timedelta(hours=1)


def _minute(moment: datetime, clock: Clock) -> int:
    minute = round((moment - clock.at(0)).total_seconds() / 60.0)
    if minute < 0:
        message = f"the hurricane begins before the run, {clock.at(0)}; give a later peak"
        raise ConfigError(message)
    return minute
