"""A hurricane that passes a city: wind, rain and warnings by hour.

References
----------
.. [1] Holland (1980), An analytic model of the wind and pressure profiles in hurricanes.
   Monthly Weather Review 108(8), 1212-1218. https://doi.org/10.1175/1520-0493(1980)108
.. [2] Tuleya, DeMaria and Kuligowski (2007), Evaluation of GFDL and simple statistical model
   rainfall forecasts for U.S. landfalling tropical storms. Weather and Forecasting 22(1),
   56-70. https://doi.org/10.1175/WAF972.1
"""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.city.weather import HIGHEST_WARNING, WeatherTable
from mesa_llm_city.core.values import Float, Weather
from mesa_llm_city.parameters.city import HurricaneParameters

__all__ = ["holland_wind", "hurricane", "rain_by_distance", "storm_distance_km"]

_DEFAULTS = HurricaneParameters()
_KM_H_PER_KNOT = 1.852
_MM_H_PER_INCH_DAY = 25.4 / 24.0


def holland_wind(
    distance_km: ArrayLike, *, max_wind_km_h: float, radius_km: float, shape: float
) -> Float:
    """Return the wind around a hurricane by distance from its centre [1]_.

    ``v = v_max sqrt(x exp(1 - x))`` with ``x = (radius / distance) ** B``, which is the
    profile of cyclostrophic balance, scaled to the strongest wind.

    Parameters
    ----------
    distance_km : array_like
        Distances from the centre, at least 0.
    max_wind_km_h : float
        Strongest wind, at `radius_km`.
    radius_km : float
        Distance of the strongest wind.
    shape : float
        Parameter B, from 1 to 2.5.

    Returns
    -------
    ndarray of float64
        Wind in km/h, of the shape of `distance_km`; 0 in the centre.

    References
    ----------
    .. [1] Holland (1980), Monthly Weather Review 108(8), 1212-1218.

    Examples
    --------
    >>> holland_wind([40.0, 80.0, 0.0], max_wind_km_h=160.0, radius_km=40.0, shape=1.5).round()
    array([160., 131.,   0.])
    """
    gap = np.maximum(np.asarray(distance_km, dtype=np.float64), 1e-9)
    ratio = (radius_km / gap) ** shape
    return np.asarray(max_wind_km_h * np.sqrt(ratio * np.exp(1.0 - ratio)), dtype=np.float64)


def rain_by_distance(distance_km: ArrayLike, *, max_wind_km_h: float) -> Float:
    """Return the mean rain around a hurricane by distance from its centre (R-CLIPER [1]_).

    Parameters
    ----------
    distance_km : array_like
        Distances from the centre, at least 0.
    max_wind_km_h : float
        Strongest wind of the hurricane.

    Returns
    -------
    ndarray of float64
        Rain in mm/h, of the shape of `distance_km`.

    References
    ----------
    .. [1] Tuleya, DeMaria and Kuligowski (2007), Weather and Forecasting 22(1), 56-70, eqs. 3
       to 5 and table 2 (NHC). Inches a day and kilometres.

    Examples
    --------
    >>> rain_by_distance([0.0, 50.0, 300.0], max_wind_km_h=160.0).round(1)
    array([9.6, 9.5, 1. ])
    """
    gap = np.asarray(distance_km, dtype=np.float64)
    strength = 1.0 + (max_wind_km_h / _KM_H_PER_KNOT - 35.0) / 33.0
    centre, peak = max(-1.10 + 3.96 * strength, 0.0), max(-1.60 + 4.80 * strength, 0.0)
    inner_km, outer_km = max(64.5 - 13.0 * strength, 1.0), max(150.0 - 16.0 * strength, 1.0)
    inside = centre + (peak - centre) * gap / inner_km
    outside = peak * np.exp(-(gap - inner_km) / outer_km)
    return np.asarray(np.where(gap < inner_km, inside, outside) * _MM_H_PER_INCH_DAY)


def storm_distance_km(hours: ArrayLike, *, passes_km: float, speed_km_h: float) -> Float:
    """Return how far away the centre is some hours before or after it is nearest, in km.

    It moves along a straight line at a steady speed.

    Examples
    --------
    >>> storm_distance_km([0.0, -4.0], passes_km=60.0, speed_km_h=20.0)
    array([ 60., 100.])
    """
    return np.hypot(passes_km, speed_km_h * np.asarray(hours, dtype=np.float64))


def hurricane(peak: datetime, parameters: HurricaneParameters | None = None) -> WeatherTable:
    """Return the weather of a hurricane that is nearest to the city at `peak`.

    The wind is that of `holland_wind`, the rain that of `rain_by_distance`, in each hour. The
    highest warning is given `warned_h` before the peak and holds until the last gale; the day
    before there is a warning of level 2. Temperatures are not told: put it over the usual
    weather by `Environment.with_episode`.

    Parameters
    ----------
    peak : datetime.datetime
        Naive local time at which the centre is nearest.
    parameters : HurricaneParameters, optional
        Strength, way and warnings: ``city.hurricane`` of the parameters.

    Examples
    --------
    >>> storm = hurricane(datetime(2024, 9, 3, 12))
    >>> [round(storm.at(datetime(2024, 9, 3, hour)).wind_km_h) for hour in (0, 6, 12, 18)]
    [65, 98, 148, 98]
    """
    numbers = _DEFAULTS if parameters is None else parameters
    hours = np.arange(-numbers.lasts_h // 2, numbers.lasts_h // 2 + 1)
    gap = storm_distance_km(hours, passes_km=numbers.passes_km, speed_km_h=numbers.speed_km_h)
    wind = holland_wind(
        gap,
        max_wind_km_h=numbers.max_wind_km_h,
        radius_km=numbers.radius_km,
        shape=numbers.shape,
    )
    rain = rain_by_distance(gap, max_wind_km_h=numbers.max_wind_km_h)
    over_h = int(hours[wind >= numbers.gale_km_h].max(initial=-numbers.lasts_h))
    return WeatherTable(
        times=tuple(peak + timedelta(hours=int(hour)) for hour in hours),
        weather=tuple(
            Weather(
                wind_km_h=round(float(blows), 1),
                rain_mm_h=round(float(falls), 1),
                warning=_warning(int(hour), over_h, numbers.warned_h),
            )
            for hour, blows, falls in zip(hours, wind, rain, strict=True)
        ),
        hold=timedelta(hours=1),
    )


def _warning(hour: int, over_h: int, warned_h: int) -> int:
    if hour > over_h:
        return 0
    return HIGHEST_WARNING if hour >= -warned_h else 2
