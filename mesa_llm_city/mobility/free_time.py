"""Free time by rule: of a few activities that come to mind, the one of highest value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.values import Activity, DecisionSource, Float, Purpose, Weather
from mesa_llm_city.mobility.planner_config import PlannerConfig
from mesa_llm_city.mobility.schedule import round_to_block, use_up
from mesa_llm_city.parameters.purposes import PURPOSES
from mesa_llm_city.population import Persona

__all__ = [
    "FREE_TIME",
    "NO_LEANINGS",
    "SCHOOL_AGE",
    "Filled",
    "filled_by_rule",
    "leant",
    "thinkable",
]

SCHOOL_AGE = 7
"""Younger children do not decide for themselves."""

FREE_TIME = (Purpose.REST, Purpose.LEISURE, Purpose.SOCIAL, Purpose.SPORT, Purpose.SHOPPING)
"""What free time can be used for; all but rest is done away from home."""

# Between which minutes of the day each is thinkable away from home.
_HOURS: Mapping[Purpose, tuple[int, int]] = {
    Purpose.LEISURE: (540, 1380),
    Purpose.SOCIAL: (660, 1410),
    Purpose.SPORT: (360, 1320),
    Purpose.SHOPPING: (570, 1260),
}

_USUAL_MIN: Mapping[Purpose, float] = {
    Purpose.REST: 90.0,
    Purpose.LEISURE: 110.0,
    Purpose.SOCIAL: 120.0,
    Purpose.SPORT: 85.0,
    Purpose.SHOPPING: 70.0,
}


class Filled(NamedTuple):
    """What an empty block was filled with.

    Attributes
    ----------
    activity : Activity
        From the start of the block; it may end before the block does.
    source : DecisionSource
        Who decided.
    reason : str
        The candidates and their values, best first.
    """

    activity: Activity
    source: DecisionSource
    reason: str


NO_LEANINGS: Mapping[Purpose, float] = MappingProxyType({})
"""Of one whom neither goals nor insights lean anywhere."""


def leant(liking: ArrayLike, leaning: ArrayLike) -> Float:
    """Return how much something is liked by one who leans to it: ``liking 2 ** leaning``.

    Parameters
    ----------
    liking : array_like
        Not negative.
    leaning : array_like
        From -1 (half as much) to 1 (twice as much); an assumption.

    Examples
    --------
    >>> leant([0.2, 0.4], [1.0, -1.0])
    array([0.4, 0.2])
    """
    return np.asarray(liking, dtype=np.float64) * np.exp2(np.asarray(leaning, dtype=np.float64))


def thinkable(block: Activity, persona: Persona, config: PlannerConfig) -> tuple[Purpose, ...]:
    """Return what can be done in a free `block` at its hour; rest always can."""
    if block.minutes < config.outing_min or persona.age < SCHOOL_AGE:
        return (Purpose.REST,)
    begin = block.start_min % DAY_MIN
    return tuple(
        one
        for one in FREE_TIME
        if one is Purpose.REST or _HOURS[one][0] <= begin <= _HOURS[one][1] - 60
    )


def filled_by_rule(
    block: Activity,
    persona: Persona,
    purposes: Sequence[Purpose],
    *,
    relief: Mapping[Purpose, float],
    weather: Weather,
    config: PlannerConfig,
    rng: np.random.Generator,
    leanings: Mapping[Purpose, float] = NO_LEANINGS,
) -> Filled:
    """Fill a free `block` with the most valuable of a few `purposes` (see `Planner.fill_block`)."""
    liking = {one: float(leant(_liking(persona, one), leanings.get(one, 0.0))) for one in purposes}
    imagined = _imagine(liking, config.candidates, rng)
    whims = config.whim * rng.gumbel(size=len(imagined))
    value = {
        one: liking[one] + _use(one, relief, weather, config) + whim
        for one, whim in zip(imagined, whims.tolist(), strict=True)
    }
    ranked = sorted(imagined, key=lambda one: -value[one])
    minutes = _free_minutes(ranked[0], block.minutes, rng)
    activity = Activity(
        purpose=ranked[0],
        start_min=block.start_min,
        end_min=block.start_min + minutes,
        place=persona.home if ranked[0] is Purpose.REST else None,
    )
    reason = " > ".join(f"{one} {value[one]:.2f}" for one in ranked)
    return Filled(activity, DecisionSource.RULE, reason)


def _liking(persona: Persona, purpose: str) -> float:
    return persona.preferences.of(purpose, PURPOSES[purpose].free_time_weight)


def _imagine(
    liking: Mapping[Purpose, float], count: int, rng: np.random.Generator
) -> list[Purpose]:
    purposes = list(liking)
    weight = np.fromiter(liking.values(), dtype=np.float64) + 1e-6
    # The largest of log-weight plus Gumbel noise are a weighted sample without replacement.
    order = np.argsort(-(np.log(weight) + rng.gumbel(size=len(weight))), kind="stable")
    return [purposes[row] for row in order[:count].tolist()]


def _use(
    purpose: Purpose, relief: Mapping[Purpose, float], weather: Weather, config: PlannerConfig
) -> float:
    use = config.relief_weight * relief.get(purpose, 0.0)
    if purpose is Purpose.REST:
        return use
    return use - config.outing_cost * (2.0 if weather.is_wet else 1.0)


def _free_minutes(purpose: Purpose, available: int, rng: np.random.Generator) -> int:
    wished = _USUAL_MIN[purpose] * float(np.exp(0.35 * rng.standard_normal()))
    return use_up(round_to_block(wished), available)
