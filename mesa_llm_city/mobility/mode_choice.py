"""Mode choice: how to get there (the paper's "vehicle selection").

Here stands the rule; `mode_prompt` asks a language model instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.component import Stateless
from mesa_llm_city.core.errors import ChoiceError, LLMError
from mesa_llm_city.core.values import DecisionSource, Float, Mode, Purpose, TravelOption, Weather
from mesa_llm_city.mobility.choice import draw, logit_probabilities
from mesa_llm_city.mobility.mode_prompt import mode_by_prompt
from mesa_llm_city.population import Persona
from mesa_llm_city.prompts import rules_after

__all__ = ["LogitModeChoice", "ModeChosen", "ModeConfig", "mode_utilities"]

_ACTIVE = (Mode.WALK, Mode.BICYCLE)


class ModeChosen(NamedTuple):
    """A way to travel, and the probabilities it was drawn from.

    Attributes
    ----------
    option : TravelOption
        What was chosen.
    probabilities : ndarray, shape (k,)
        In the order of the options; 1 for the chosen one if a language model
        chose, since it tells no others.
    source : DecisionSource
        Who chose.
    reason : str
        Door-to-door times of the options, the chosen one first; by prompt, after
        the model's own reason.
    """

    option: TravelOption
    probabilities: Float
    source: DecisionSource
    reason: str


def _constants() -> Mapping[Mode, float]:
    return {Mode.WALK: 0.6, Mode.BICYCLE: -1.2, Mode.CAR: -0.6, Mode.BUS: -0.9, Mode.TRAIN: 0.2}


def _time_weights() -> Mapping[Mode, float]:
    return {Mode.WALK: 1.6, Mode.BICYCLE: 1.4, Mode.CAR: 1.0, Mode.BUS: 1.0, Mode.TRAIN: 0.9}


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeConfig:
    """Tastes of the mode choice; set by hand, not fitted to any survey.

    Parameters
    ----------
    constant : mapping of Mode to float
        Utility of a mode as such.
    time_per_min : float, default -0.05
        Utility of a minute in a car.
    time_weight : mapping of Mode to float
        A minute of each mode in minutes of car. Walking and waiting count
        about twice riding time (Wardman 2004, Transport Policy 11, 363-377).
    access_weight : float, default 1.8
        A minute of access and waiting, likewise.
    cost : float, default -0.35
        Utility of a cost of one train fare at median income.
    wet : float, default -1.0
        Added to walking and cycling in rain; halved for walking.
    discomfort_per_c : float, default -0.04
        Added to walking and cycling per degree outside 5 to 28 degrees Celsius.
    """

    constant: Mapping[Mode, float] = field(default_factory=_constants)
    time_per_min: float = -0.05
    time_weight: Mapping[Mode, float] = field(default_factory=_time_weights)
    access_weight: float = 1.8
    cost: float = -0.35
    wet: float = -1.0
    discomfort_per_c: float = -0.04


def mode_utilities(
    options: Sequence[TravelOption], *, income: float, weather: Weather, config: ModeConfig
) -> Float:
    """Return the utility of each option.

    ``v = constant + time_per_min (weight riding + access_weight access)
    + cost fare / sqrt(income) + weather``.

    Parameters
    ----------
    options : sequence of TravelOption, length k
        The ways to make the trip.
    income : float
        Income, 1 being the median; below 0.25 it counts as 0.25.
    weather : Weather
        Outside.
    config : ModeConfig
        Tastes.

    Returns
    -------
    ndarray of float64, shape (k,)
        Utilities for `logit_probabilities`.
    """
    purse = float(np.sqrt(max(income, 0.25)))
    return np.array(
        [
            config.constant[option.mode]
            + config.time_per_min
            * (
                config.time_weight[option.mode] * (option.minutes - option.access_min)
                + config.access_weight * option.access_min
            )
            + config.cost * option.cost / purse
            + _exposure(option.mode, weather, config)
            for option in options
        ]
    )


def _exposure(mode: Mode, weather: Weather, config: ModeConfig) -> float:
    if mode not in _ACTIVE:
        return 0.0
    beyond = max(5.0 - weather.temperature_c, weather.temperature_c - 28.0, 0.0)
    wet = config.wet * (0.5 if mode == Mode.WALK else 1.0) if weather.is_wet else 0.0
    return wet + config.discomfort_per_c * beyond


class LogitModeChoice(Stateless):
    """Draws a mode by multinomial logit over the ways that are open, or asks a language model.

    Parameters
    ----------
    config : ModeConfig, optional
        Tastes.
    source : DecisionSource, default DecisionSource.RULE
        Who chooses where there is a choice.

    Examples
    --------
    >>> from mesa_llm_city.core.asking import run
    >>> ways = [
    ...     TravelOption(mode=Mode.WALK, distance_m=5000.0, minutes=62.0),
    ...     TravelOption(mode=Mode.TRAIN, distance_m=5200.0, minutes=21.0, access_min=11.0),
    ... ]
    >>> chosen = run(LogitModeChoice().choose(ways, rng=np.random.default_rng(1)))
    >>> chosen.option.mode, chosen.reason
    (<Mode.TRAIN: 'train'>, 'train 21 min, walk 62 min')
    """

    __slots__ = ("config", "source")

    def __init__(
        self, config: ModeConfig | None = None, *, source: DecisionSource = DecisionSource.RULE
    ) -> None:
        self.config = config or _DEFAULT
        self.source = source

    def expected_min(self, options: Sequence[TravelOption], *, income: float = 1.0) -> float:
        """Return how long a trip usually takes in fair weather, in minutes.

        The mean over `options` (not empty), weighted by how likely each is chosen.
        """
        utilities = mode_utilities(options, income=income, weather=Weather(), config=self.config)
        return float(logit_probabilities(utilities) @ [option.minutes for option in options])

    async def choose(
        self,
        options: Sequence[TravelOption],
        *,
        income: float = 1.0,
        weather: Weather | None = None,
        persona: Persona | None = None,
        purpose: Purpose | None = None,
        when: str = "",
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
            Outside; fair by default.
        persona : Persona, optional
            Who travels; told to a language model.
        purpose : Purpose, optional
            What for; told to a language model.
        when : str, optional
            Weekday, month and time of day; told to a language model.
        rng : numpy.random.Generator
            RandomStreams.

        Raises
        ------
        ChoiceError
            If there is no option.
        LLMError
            If there is no reply, and the run is not configured to use rules then.
        """
        if not options:
            message = "there is no way to make the trip; allow walking"
            raise ChoiceError(message)
        outside = weather or Weather()
        by_rule = self._choose_by_rule(options, income=income, weather=outside, rng=rng)
        if self.source is DecisionSource.RULE or len(options) == 1:
            return by_rule
        try:
            row, reason = await mode_by_prompt(
                options, persona=persona, purpose=purpose, when=when, weather=outside, rng=rng
            )
        except LLMError as error:
            return by_rule._replace(reason=rules_after(error))
        certain = np.eye(len(options))[row]
        told = f"{reason} ({_times(options, row)})"
        return ModeChosen(options[row], certain, DecisionSource.PROMPT, told)

    def _choose_by_rule(
        self,
        options: Sequence[TravelOption],
        *,
        income: float,
        weather: Weather,
        rng: np.random.Generator,
    ) -> ModeChosen:
        utilities = mode_utilities(options, income=income, weather=weather, config=self.config)
        likely = logit_probabilities(utilities)
        row = int(draw(likely, rng.random()))
        return ModeChosen(options[row], likely, DecisionSource.RULE, _times(options, row))


def _times(options: Sequence[TravelOption], row: int) -> str:
    ordered = [options[row], *options[:row], *options[row + 1 :]]
    return ", ".join(f"{option.mode} {option.minutes:.0f} min" for option in ordered)


_DEFAULT = ModeConfig()
