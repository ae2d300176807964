"""The hurricane of the first evening: weather, a warning at noon, closings."""

from __future__ import annotations

from datetime import timedelta

from mesa_llm_city import City, Clock
from mesa_llm_city.city.hurricane import hurricane
from mesa_llm_city.core.clock import HOUR_MIN
from mesa_llm_city.simulation.interventions import Intervention, hurricane_interventions

__all__ = ["CLOSED_KINDS", "PEAK_MIN", "WARNED_MIN", "closings_and_warning", "with_storm"]

WARNED_MIN = 12 * HOUR_MIN
"""Minute of the warning: noon of the first day."""

PEAK_MIN = 27 * HOUR_MIN
"""Minute at which the hurricane is nearest: 3:00 in the night, so that gales begin at 15:00."""

CLOSED_KINDS = (
    *("shop", "restaurant", "fast_food", "cafe", "bar", "pub", "nightclub"),
    *("cinema", "theatre", "museum", "park", "playground", "sports_centre"),
    *("school", "college", "university", "kindergarten", "office", "industrial"),
)
"""Kinds of place, or their keys or values, that close while gales blow (assumption)."""


def with_storm(city: City, clock: Clock) -> City:
    """Return the same city with a hurricane that is nearest at `PEAK_MIN`.

    Strength and way are ``city.hurricane`` of its parameters.
    """
    storm = hurricane(clock.at(PEAK_MIN), city.parameters.city.hurricane)
    return city.with_environment(city.environment.with_episode(storm))


def closings_and_warning(city: City, clock: Clock) -> list[Intervention]:
    """Return the warning at noon, what closes while gales blow, and the all-clear.

    Parameters
    ----------
    city : City
        The city; only kinds of place that it has are closed.
    clock : Clock
        Calendar of the run.
    """
    peak = clock.at(PEAK_MIN)
    ahead_h = (peak - clock.at(WARNED_MIN)) // timedelta(hours=1)
    numbers = city.parameters.city.hurricane.model_copy(update={"warned_h": ahead_h})
    names = [part for one in city.places.category_names for part in (one, *one.split("="))]
    shut = [one for one in CLOSED_KINDS if one in names]
    return hurricane_interventions(peak, clock=clock, parameters=numbers, closed_kinds=shut)
