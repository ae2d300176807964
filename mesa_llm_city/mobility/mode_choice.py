"""Mode choice: how a trip is made (the paper's "vehicle selection").

This is the rule; `mode_prompt` asks a language model.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.asking import together
from mesa_llm_city.core.component import Stateless
from mesa_llm_city.core.errors import ChoiceError
from mesa_llm_city.core.stages import Stage
from mesa_llm_city.core.values import DecisionSource, Float, TravelOption, Weather
from mesa_llm_city.mobility.choice import draw, logit_probabilities
from mesa_llm_city.parameters import CityParameters, ModeSpec, default_parameters
from mesa_llm_city.parameters.mobility import ModeChoiceParameters
from mesa_llm_city.population import Persona

__all__ = [
    "LogitModeChoice",
    "ModeChosen",
    "TripTastes",
    "expected_minutes",
    "in_service",
    "mode_utilities",
    "mode_utility",
    "travel_times",
    "weather_utility",
]

_UNKNOWN_MODE = ModeSpec()


class ModeChosen(NamedTuple):
    """A way to travel, and the probabilities it was drawn from.

    Attributes
    ----------
    option : TravelOption
        The way that was chosen.
    probabilities : ndarray of float64, shape (k,)
        In the order of the options; 1 for the chosen one if a language model chose, since it
        gives no others.
    source : DecisionSource
        Who chose.
    reason : str
        Door-to-door times of the options, the chosen one first; by prompt after the reason
        that the model gave.
    """

    option: TravelOption
    probabilities: Float
    source: DecisionSource
    reason: str


class TripTastes(NamedTuple):
    """What all modes of a trip have in common: the tastes of a traveller, and the weather.

    Attributes
    ----------
    time_per_min, access_weight, cost : float
        As in `mobility.mode_choice`.
    scale : float or ndarray of float64, shape (m,)
        Root of the income, by which costs are divided.
    wet, discomfort, wind : float
        What the weather is worth to a mode that is fully exposed to it.
    """

    time_per_min: float
    access_weight: float
    cost: float
    scale: float | Float
    wet: float
    discomfort: float
    wind: float

    @classmethod
    def of(
        cls, income: float | Float, weather: Weather, parameters: ModeChoiceParameters
    ) -> TripTastes:
        """Return the tastes of one traveller, or of many by their incomes."""
        cold, hot = parameters.coldest_c, parameters.warmest_c
        # A plain number for one traveller, since those of NumPy are slow one by one.
        scale: float | Float = (
            math.sqrt(max(income, parameters.least_income))
            if isinstance(income, int | float)
            else np.sqrt(np.maximum(income, parameters.least_income))
        )
        degrees = max(cold - weather.temperature_c, weather.temperature_c - hot, 0.0)
        strong = max(weather.wind_km_h - parameters.calm_up_to_km_h, 0.0)
        return cls(
            parameters.time_per_min,
            parameters.access_weight,
            parameters.cost,
            scale,
            parameters.wet if weather.is_wet else 0.0,
            parameters.discomfort_per_c * degrees,
            parameters.wind_per_10_km_h * strong / 10.0,
        )


Number = TypeVar("Number", float, Float)


def mode_utility(
    spec: ModeSpec, minutes: Number, access_min: Number, cost: Number, tastes: TripTastes
) -> Number:
    """Return the utility of a mode for one trip or for many (see `mode_utilities`).

    Parameters
    ----------
    spec : ModeSpec
        The mode.
    minutes, access_min, cost : float or ndarray of float64, shape (m,)
        Door-to-door time, the part of it on foot or waiting, and the fare.
    tastes : TripTastes
        Of the traveller or of the m travellers.
    """
    riding = spec.time_weight * (minutes - access_min)
    # Of the type of the times, since a single traveller has a single scale.
    utility: Any = (
        spec.constant
        + tastes.time_per_min * (riding + tastes.access_weight * access_min)
        + tastes.cost * cost / tastes.scale
        + weather_utility(spec, tastes)
    )
    return utility  # type: ignore[no-any-return]


def weather_utility(spec: ModeSpec, tastes: TripTastes) -> float:
    """Return the part of the utility of a mode that comes from the weather."""
    return (
        tastes.wet * spec.wet_weight
        + tastes.discomfort * spec.discomfort_weight
        + tastes.wind * spec.wind_weight
    )


def mode_utilities(
    options: Sequence[TravelOption],
    *,
    income: float,
    weather: Weather,
    parameters: CityParameters,
) -> Float:
    """Return the utility of each option.

    ``v = constant + time_per_min (time_weight riding + access_weight access)
    + cost fare / sqrt(income) + weather``, where ``weather = wet_weight wet`` in rain, plus
    ``discomfort_weight discomfort_per_c`` for each degree outside the comfortable range, plus
    ``wind_weight wind_per_10_km_h`` for each 10 km/h of wind beyond `calm_up_to_km_h`.

    Parameters
    ----------
    options : sequence of TravelOption, length k
        The ways to make the trip.
    income : float
        Income, 1 being the median; below `least_income` it counts as that.
    weather : Weather
        The weather outside.
    parameters : CityParameters
        Reads `mobility.mode_choice` and the modes; a mode without a row has the defaults of
        `ModeSpec`.

    Returns
    -------
    ndarray of float64, shape (k,)
        Utilities for `logit_probabilities`.
    """
    tastes = TripTastes.of(income, weather, parameters.mobility.mode_choice)
    modes = parameters.modes
    return np.array(
        [
            mode_utility(
                modes.get(one.mode, _UNKNOWN_MODE), one.minutes, one.access_min, one.cost, tastes
            )
            for one in options
        ]
    )


def expected_minutes(likely: ArrayLike, minutes: ArrayLike) -> Float:
    """Return the mean time of ways weighted by their probabilities, in minutes.

    Parameters
    ----------
    likely, minutes : array_like, shape (..., k)
        Probability and time of each way; times of ways with probability 0 do not count.

    Examples
    --------
    >>> float(expected_minutes([0.25, 0.75, 0.0], [10.0, 20.0, float("inf")]))
    17.5
    """
    share = np.asarray(likely, dtype=np.float64)
    # Summed one after the other, so that ways that are not open do not change the last digit.
    counted = np.multiply(share, minutes, out=np.zeros_like(share), where=share > 0.0)
    mean: Float = np.cumsum(counted, axis=-1)[..., -1]
    return mean


def in_service(
    options: Sequence[TravelOption], weather: Weather, parameters: CityParameters
) -> Sequence[TravelOption]:
    """Return the ways that are open in the wind there is; all of them if none is.

    Parameters
    ----------
    options : sequence of TravelOption
        The ways to make a trip.
    weather : Weather
        The weather outside.
    parameters : CityParameters
        Reads ``stops_from_km_h`` of the modes.

    Examples
    --------
    >>> ways = [TravelOption(mode=one, distance_m=900.0, minutes=9.0) for one in ("walk", "bus")]
    >>> [one.mode for one in in_service(ways, Weather(wind_km_h=90.0), CityParameters())]
    ['walk']
    """
    if weather.wind_km_h <= 0.0:
        return options
    modes = parameters.modes
    limits = [modes.get(one.mode, _UNKNOWN_MODE).stops_from_km_h for one in options]
    running = [
        one
        for one, limit in zip(options, limits, strict=True)
        if not 0.0 < limit <= weather.wind_km_h
    ]
    return running or options


class LogitModeChoice(Stateless):
    """Draws a mode by multinomial logit over the ways that are open to the person.

    Parameters
    ----------
    parameters : CityParameters, optional
        Reads `mobility.mode_choice` and the modes.

    Examples
    --------
    >>> from mesa_llm_city.core.asking import run
    >>> ways = [
    ...     TravelOption(mode="walk", distance_m=5000.0, minutes=62.0),
    ...     TravelOption(mode="train", distance_m=5200.0, minutes=21.0, access_min=11.0),
    ... ]
    >>> chosen = run(LogitModeChoice().choose(ways, rng=np.random.default_rng(1)))
    >>> chosen.option.mode, chosen.reason
    ('train', 'train 21 min, walk 62 min')
    """

    __slots__ = ("parameters",)

    def __init__(self, parameters: CityParameters | None = None) -> None:
        self.parameters = default_parameters() if parameters is None else parameters

    def expected_min(self, options: Sequence[TravelOption], *, income: float = 1.0) -> float:
        """Return how long a trip usually takes in fair weather, in minutes.

        The mean over `options` (not empty), weighted by the probability of each.
        """
        likely = logit_probabilities(self._utilities(options, income=income, weather=Weather()))
        return float(expected_minutes(likely, [option.minutes for option in options]))

    async def choose(
        self,
        options: Sequence[TravelOption],
        *,
        income: float = 1.0,
        weather: Weather | None = None,
        persona: Persona | None = None,  # noqa: ARG002 - told to a language model
        purpose: str | None = None,  # noqa: ARG002 - told to a language model
        when: str = "",  # noqa: ARG002 - told to a language model
        rng: np.random.Generator,
    ) -> ModeChosen:
        """Choose among `options`.

        Parameters
        ----------
        options : sequence of TravelOption
            The ways open to the person: vehicles at hand, stations in reach.
        income : float, default 1.0
            Income, 1 being the median.
        weather : Weather, optional
            The weather outside; fair by default.
        persona : Persona, optional
            The traveller; read by the prompt form only.
        purpose : str, optional
            What the trip is for; read by the prompt form only.
        when : str, optional
            Weekday, month and time of day; read by the prompt form only.
        rng : numpy.random.Generator
            Draws the mode.

        Raises
        ------
        ChoiceError
            If there is no option.
        """
        if not options:
            message = "there is no way to make the trip; allow walking"
            raise ChoiceError(message)
        utilities = self._utilities(options, income=income, weather=weather or Weather())
        return await together(_drawn, _Asked(options, utilities, rng), stage=Stage.MODE)

    def _utilities(
        self, options: Sequence[TravelOption], *, income: float, weather: Weather
    ) -> Float:
        return mode_utilities(options, income=income, weather=weather, parameters=self.parameters)


class _Asked(NamedTuple):
    """A choice that a person waits for."""

    options: Sequence[TravelOption]
    utilities: Float
    rng: np.random.Generator


def _drawn(asked: Sequence[_Asked]) -> list[ModeChosen]:
    """Return the modes that persons wait for; none depends on another."""
    # Those with as many options are rows of one table.
    groups: dict[int, list[int]] = {}
    for row, one in enumerate(asked):
        groups.setdefault(len(one.options), []).append(row)
    found: dict[int, ModeChosen] = {}
    for rows in groups.values():
        some = [asked[row] for row in rows]
        likely = logit_probabilities(np.array([one.utilities for one in some]))
        chosen = draw(likely, np.array([one.rng.random() for one in some])).tolist()
        for row, one, each, at in zip(rows, some, likely, chosen, strict=True):
            told = travel_times(one.options, at)
            found[row] = ModeChosen(one.options[at], each, DecisionSource.RULE, told)
    return [found[row] for row in range(len(asked))]


def travel_times(options: Sequence[TravelOption], row: int) -> str:
    """Return the door-to-door times of the options in words, that of `row` first."""
    ordered = [options[row], *options[:row], *options[row + 1 :]]
    return ", ".join(f"{option.mode} {option.minutes:.0f} min" for option in ordered)
