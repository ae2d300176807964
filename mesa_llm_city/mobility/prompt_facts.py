"""What several prompts tell about the world, as plain values."""

from __future__ import annotations

from typing import TypeAlias

from mesa_llm_city.core.values import Weather

__all__ = ["Fact", "out_of_ten", "weather_fact"]

Fact: TypeAlias = dict[str, str | int | float | bool]
"""Values by name, as a prompt can tell them."""


def weather_fact(weather: Weather) -> Fact:
    """Return the weather in whole degrees, wet or dry.

    Examples
    --------
    >>> weather_fact(Weather(temperature_c=8.7, rain_mm_h=2.0))
    {'temperature_c': 9, 'rain': True}
    """
    return {"temperature_c": round(weather.temperature_c), "rain": weather.is_wet}


def out_of_ten(share: float) -> int:
    """Return a share in [0, 1] as a whole number from 0 to 10; what lies outside is cut.

    Examples
    --------
    >>> out_of_ten(0.72), out_of_ten(1.3)
    (7, 10)
    """
    return round(10.0 * min(max(share, 0.0), 1.0))
