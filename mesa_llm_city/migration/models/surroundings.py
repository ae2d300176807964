"""Places of migrants: wages, prices, subsidy and distance, and what they add to the log odds."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.values import Float
from mesa_llm_city.parameters import default_parameters
from mesa_llm_city.parameters.migration import PushPullParameters

__all__ = ["Surroundings", "place_utility"]

_MAY_BE_ZERO = frozenset({"subsidy", "distance_km"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """The city and the village of each person, as arrays of shape (n,).

    Parameters
    ----------
    city_wage, village_wage : ndarray of float64
        Mean wage there, in RMB a year; positive.
    city_price : ndarray of float64
        Price level of the city, relative to that of the village; positive.
    subsidy : ndarray of float64
        Additional income of people who live in the village, in RMB a year.
    distance_km : ndarray of float64
        Distance between the two, in km.

    Raises
    ------
    DataError
        If lengths differ, or a number is outside its range; all defects are listed.
    """

    city_wage: Float
    village_wage: Float
    city_price: Float
    subsidy: Float
    distance_km: Float

    def __post_init__(self) -> None:
        """Check all arrays and list all defects."""
        defects = [defect for one in fields(self) for defect in self._defects(one.name)]
        if defects:
            source = "the surroundings"
            raise DataError.listing(source, defects)

    def __len__(self) -> int:
        """Return the number of persons."""
        return len(self.city_wage)

    def _defects(self, name: str) -> list[str]:
        values: Float = getattr(self, name)
        if values.shape != self.city_wage.shape:
            return [f"{name} has shape {values.shape}, city_wage {self.city_wage.shape}"]
        may_be_zero = name in _MAY_BE_ZERO
        is_valid = np.isfinite(values) & ((values >= 0.0) if may_be_zero else (values > 0.0))
        count = np.count_nonzero(~is_valid)
        bound = "at least 0" if may_be_zero else "above 0"
        return [f"{name} must be {bound}, and is not in {count} rows"] if count else []


def place_utility(around: Surroundings, parameters: PushPullParameters | None = None) -> Float:
    """Return the utility of the village relative to the city, as log odds.

    ``v = income log((village wage + subsidy) / (city wage / price))
    + distance log(1 + d / distance_km)`` with d in km; for the sources of the weights see
    `PushPullParameters`.

    Parameters
    ----------
    around : Surroundings
        Places of n persons.
    parameters : PushPullParameters, optional
        Weights of income and distance.

    Returns
    -------
    ndarray of float64, shape (n,)
        Log odds.

    Examples
    --------
    >>> one = np.ones(1)
    >>> around = Surroundings(city_wage=60e3 * one, village_wage=20e3 * one, city_price=1.5 * one,
    ...     subsidy=20e3 * one, distance_km=0 * one)
    >>> float(place_utility(around)[0])
    0.0
    """
    weights = parameters or default_parameters().migration.push_pull
    ratio = (around.village_wage + around.subsidy) * around.city_price / around.city_wage
    distance = np.log1p(around.distance_km / weights.distance_km)
    utility: Float = weights.income * np.log(ratio) + weights.distance * distance
    return utility
