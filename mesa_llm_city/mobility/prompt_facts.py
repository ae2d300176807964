"""What several prompts tell about persons, kinds and the weather, as plain values."""

from __future__ import annotations

from typing import TypeAlias

from mesa_llm_city.core.values import Weather
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.parameters.modes import MODES
from mesa_llm_city.parameters.purposes import PURPOSES
from mesa_llm_city.population import Persona

__all__ = ["Fact", "mode_text", "out_of_ten", "person_text", "purpose_text", "weather_fact"]

Fact: TypeAlias = dict[str, str | int | float | bool]
"""Values by name, as a prompt can tell them."""

_ANYBODY = "An adult of whom nothing more is known."


def person_text(persona: Persona | None) -> str:
    """Return the description of a person, or that nothing is known."""
    return _ANYBODY if persona is None else persona.describe()


def weather_fact(weather: Weather) -> Fact:
    """Return the weather in whole degrees, wet or dry, and wind and warnings if there are any.

    Examples
    --------
    >>> weather_fact(Weather(temperature_c=8.7, rain_mm_h=2.0))
    {'temperature_c': 9, 'rain': True}
    """
    facts: Fact = {
        "temperature_c": round(weather.temperature_c),
        "rain": weather.is_wet,
    }
    if weather.wind_km_h > 0.0:
        facts["wind_km_h"] = round(weather.wind_km_h)
    if weather.warning:
        facts["official_warning_of_4"] = weather.warning
    return facts


def out_of_ten(share: float) -> int:
    """Return a share in [0, 1] as a whole number from 0 to 10; what lies outside is cut.

    Examples
    --------
    >>> out_of_ten(0.72), out_of_ten(1.3)
    (7, 10)
    """
    return round(10.0 * min(max(share, 0.0), 1.0))


def mode_text(mode: str, parameters: CityParameters) -> str:
    """Return a mode as a prompt tells it: its label, and what it is unless it is built in.

    Examples
    --------
    >>> scooter = {"label": "scooter", "description": "a shared electric scooter"}
    >>> parameters = CityParameters(modes={"scooter": scooter})
    >>> mode_text("bus", parameters), mode_text("scooter", parameters)
    ('bus', 'scooter (a shared electric scooter)')
    """
    spec = parameters.modes.get(mode)
    label = (spec and spec.label) or mode
    return label if spec is None or mode in MODES else _with_details(label, spec.description)


def purpose_text(purpose: str, parameters: CityParameters) -> str:
    """Return a purpose as a prompt tells it: its label, and what it is unless it is built in.

    Examples
    --------
    >>> parameters = CityParameters(purposes={"gaming": {"at_home": True}})
    >>> purpose_text("sport", parameters), purpose_text("gaming", parameters)
    ('sport', 'gaming (at home)')
    """
    spec = parameters.purposes.get(purpose)
    label = (spec and spec.label) or purpose
    if spec is None or purpose in PURPOSES:
        return label
    return _with_details(label, spec.description, "at home" if spec.at_home else "")


def _with_details(label: str, *details: str) -> str:
    told = ", ".join(filter(None, details))
    return f"{label} ({told})" if told else label
