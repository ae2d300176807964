"""Setting: a parameter, opening hours or the weather changes in the middle of a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from numbers import Real
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

from mesa_llm_city.city.weather import COLDEST_C, HEAVIEST_MM_H, STRONGEST_KM_H, WARMEST_C
from mesa_llm_city.core.opening_hours import Hours, read_hours
from mesa_llm_city.core.suggestions import did_you_mean
from mesa_llm_city.simulation.interventions.base import Applied, Span
from mesa_llm_city.simulation.interventions.new_parameters import (
    parameter_defects,
    set_hours,
    set_parameters,
    values_of,
)
from mesa_llm_city.simulation.interventions.targets import PlaceTarget

if TYPE_CHECKING:
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["Set"]

_WEATHER = MappingProxyType(
    {
        "temperature_c": (COLDEST_C, WARMEST_C),
        "rain_mm_h": (0.0, HEAVIEST_MM_H),
        "wind_km_h": (0.0, STRONGEST_KM_H),
    }
)


@dataclass(frozen=True, kw_only=True)
class Set(PlaceTarget, Span):
    """Change parameters, opening hours or the weather; at its end all is as it was before.

    Parameters
    ----------
    parameters : mapping of str to object, optional
        Values by dotted name, of those that are read while a model runs: the fare of a mode
        is ``modes.train.cost_per_trip``, its mean wait (half a headway)
        ``modes.train.wait_min``.
    hours : str, optional
        Opening hours of the target, as OpenStreetMap writes them: ``"Mo-Fr 10:00-16:00"``.
    weather : mapping of str to float, optional
        ``temperature_c``, ``rain_mm_h`` and ``wind_km_h``; what is not given stays as it is.
    """

    kind: ClassVar[str] = "set"

    parameters: Mapping[str, object] | None = None
    hours: str | None = None
    weather: Mapping[str, float] | None = None

    def own_defects(self, model: CityModel) -> Iterator[str]:
        """Yield what is wrong with what is set."""
        given = [
            one for one in ("parameters", "hours", "weather") if getattr(self, one) is not None
        ]
        if len(given) != 1:
            yield f"give one of parameters, hours and weather, got {' and '.join(given) or 'none'}"
        if self.parameters is not None:
            yield from (f"parameters: {one}" for one in parameter_defects(model, self.parameters))
        if self.weather is not None:
            yield from _weather_defects(self.weather)
        if self.hours is not None:
            yield from self.target_defects(model.city)
            hours: object = self.hours
            if not isinstance(hours, str) or read_hours(hours) is None:
                yield f"hours must be opening hours such as 'Mo-Fr 10:00-16:00', got {self.hours!r}"
        elif any(getattr(self, name) is not None for name in self.target_names):
            yield "only hours belong to places; leave the target out"

    def apply(self, model: CityModel, number: int, minute: int) -> Applied:
        """Change it."""
        del number
        if self.parameters is not None:
            return self._set_parameters(model, self.parameters, minute)
        if self.weather is not None:
            return self._set_weather(model, self.weather)
        places = self.found(model.city).places
        before = set_hours(model, dict.fromkeys(places, _hours(self.hours)))
        memo = {"hours": [[place, hours] for place, hours in before.items()]}
        return Applied(self.target_text(model.city), f"opening hours {self.hours}", 0, memo)

    def undo(
        self, model: CityModel, number: int, minute: int, memo: Mapping[str, Any]
    ) -> Applied | None:
        """Change it back."""
        del number
        if "parameters" in memo:
            set_parameters(model, memo["parameters"], minute)
            return Applied("parameters", f"back to {_told(memo['parameters'])}")
        if "weather" in memo:
            model.world.weather_now.clear()
            model.world.weather_now.update(memo["weather"])
            return Applied("weather", "as it is by itself")
        set_hours(model, {int(place): _as_hours(hours) for place, hours in memo["hours"]})
        return Applied(self.target_text(model.city), "opening hours as before")

    def resume(self, model: CityModel, number: int, memo: Mapping[str, Any]) -> None:
        """Let it hold in a model that was made with the parameters of its beginning."""
        del number, memo
        if self.parameters is not None:
            set_parameters(model, self.parameters, model.minute)
        elif self.weather is not None:
            model.world.weather_now.update(self.weather)
        else:
            set_hours(model, dict.fromkeys(self.found(model.city).places, _hours(self.hours)))

    def _set_parameters(
        self, model: CityModel, given: Mapping[str, object], minute: int
    ) -> Applied:
        before = values_of(model.parameters, given)
        set_parameters(model, given, minute)
        people = len(model.citizens)
        people += 0 if model.crowd_or_none is None else len(model.crowd)
        return Applied("parameters", self.text or _told(given), people, {"parameters": before})

    def _set_weather(self, model: CityModel, given: Mapping[str, float]) -> Applied:
        before = dict(model.world.weather_now)
        model.world.weather_now.update({name: float(value) for name, value in given.items()})
        return Applied("weather", self.text or _told(given), 0, {"weather": before})


def _weather_defects(given: object) -> Iterator[str]:
    if not isinstance(given, Mapping) or not given:
        yield f"weather must be a table with some of {', '.join(_WEATHER)}, got {given!r:.80}"
        return
    for name, value in given.items():
        if name not in _WEATHER:
            yield (
                f"weather.{name}: there is no such field; use {', '.join(_WEATHER)}"
                f"{did_you_mean(str(name), _WEATHER)}"
            )
            continue
        low, high = _WEATHER[name]
        is_number = isinstance(value, Real) and not isinstance(value, bool)
        if not is_number or not low <= value <= high:
            yield f"weather.{name}: must be a number from {low:g} to {high:g}, got {value!r}"


def _hours(text: str | None) -> Hours:
    return read_hours(text or "") or ""


def _as_hours(saved: Any) -> Hours:  # noqa: ANN401 - as JSON holds hours
    if isinstance(saved, str):
        return saved
    return tuple(tuple((int(a), int(b)) for a, b in spans) for spans in saved)


def _told(given: Mapping[str, object]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in given.items())
