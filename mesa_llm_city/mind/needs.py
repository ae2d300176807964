"""Hunger, energy, safety and company: levels that fall with time and that acts restore."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.component import State
from mesa_llm_city.core.errors import ConfigError, LLMError
from mesa_llm_city.core.values import DecisionSource, Float, Int, Purpose
from mesa_llm_city.mind.needs_prompt import needs_by_prompt
from mesa_llm_city.population import Persona
from mesa_llm_city.prompts import rules_after

__all__ = [
    "NEEDS",
    "Assessment",
    "Crossing",
    "Needs",
    "NeedsConfig",
    "decay",
    "dominant",
    "hours_to_threshold",
    "pressing_hours",
    "unmet_hours",
]

NEEDS = ("hunger", "energy", "safety", "social")
"""Names of the needs, in the order of every array of levels, rates or thresholds."""

# CitySim, appendix A: hunger > safety > energy > social, as positions in NEEDS.
_PRIORITY = np.array([0, 2, 1, 3])


def decay(levels: ArrayLike, rates_per_h: ArrayLike, hours: ArrayLike) -> Float:
    """Return the levels after some hours of linear decay.

    ``max(0, level - rate * hours)`` (CitySim, sec. 3.1.4). A negative rate is a
    need being met; levels then stop at 1.

    Parameters
    ----------
    levels : array_like
        Levels in [0, 1]; 1 is fully satisfied.
    rates_per_h : array_like
        Loss per hour.
    hours : array_like
        Time passed, in hours.

    Returns
    -------
    ndarray of float64
        Levels in [0, 1]; all three inputs broadcast.

    Examples
    --------
    >>> decay([1.0, 0.1], 0.15, 2.0)
    array([0.7, 0. ])
    """
    fallen = np.asarray(levels, dtype=np.float64) - np.multiply(rates_per_h, hours)
    return np.minimum(np.maximum(fallen, 0.0), 1.0)


def dominant(levels: ArrayLike, thresholds: ArrayLike) -> Int:
    """Return the position in `NEEDS` of the most pressing need, or -1.

    Among the needs at or below their threshold it is the first in the order
    hunger, safety, energy, social (CitySim, sec. 3.1.4 and appendix A).

    Parameters
    ----------
    levels, thresholds : array_like, shape (..., 4)
        Levels and thresholds in [0, 1], in the order of `NEEDS`.

    Returns
    -------
    ndarray of int64, shape (...)
        Position in `NEEDS`, or -1 where every need is above its threshold.

    Examples
    --------
    >>> dominant([[0.9, 0.2, 0.1, 0.1], [0.9, 0.9, 0.9, 0.9]], [0.3, 0.3, 0.2, 0.2])
    array([ 2, -1])
    """
    low = np.less_equal(levels, thresholds)[..., _PRIORITY]
    return np.where(low.any(axis=-1), _PRIORITY[low.argmax(axis=-1)], -1)


def hours_to_threshold(levels: ArrayLike, rates_per_h: ArrayLike, thresholds: ArrayLike) -> Float:
    """Return after how many hours each level will have fallen to its threshold.

    The closed form ``(level - threshold) / rate`` of `decay`.

    Parameters
    ----------
    levels, rates_per_h, thresholds : array_like
        They broadcast; levels and thresholds in [0, 1], rates per hour.

    Returns
    -------
    ndarray of float64
        Hours; infinite where the level does not fall, or has fallen already.

    Examples
    --------
    >>> hours_to_threshold([1.0, 0.2, 0.5], [0.15, 0.08, -0.1], 0.3).round(2)
    array([4.67,  inf,  inf])
    """
    above = np.subtract(levels, thresholds)
    rates = np.broadcast_to(np.asarray(rates_per_h, dtype=np.float64), above.shape)
    falls = (above > 0.0) & (rates > 0.0)
    hours = np.full(above.shape, np.inf)
    return np.divide(above, rates, out=hours, where=falls)


# What an hour of each activity gives back, in the order of NEEDS. The paper names no
# rates; these are set so that meals, nights and company restore what a day consumes.
_GAINS_PER_H: Mapping[Purpose, tuple[float, float, float, float]] = MappingProxyType(
    {
        Purpose.SLEEP: (0.13, 0.21, 0.10, 0.10),
        Purpose.CARE: (0.0, 0.08, 0.10, 0.02),
        Purpose.HOUSEWORK: (0.0, 0.0, 0.10, 0.04),
        Purpose.REST: (0.0, 0.10, 0.10, 0.05),
        Purpose.MEAL: (1.75, 0.20, 0.05, 0.25),
        Purpose.WORK: (0.0, 0.0, 0.05, 0.08),
        Purpose.SCHOOL: (0.0, 0.0, 0.05, 0.10),
        Purpose.SHOPPING: (0.0, 0.0, 0.05, 0.04),
        Purpose.ERRAND: (0.0, 0.0, 0.05, 0.04),
        Purpose.HEALTH: (0.0, 0.0, 0.40, 0.05),
        Purpose.LEISURE: (0.0, 0.06, 0.05, 0.20),
        Purpose.SPORT: (0.0, -0.04, 0.05, 0.20),
        Purpose.SOCIAL: (0.0, 0.04, 0.05, 0.60),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedsConfig:
    """Rates and thresholds, in the order of `NEEDS`.

    Parameters
    ----------
    rates_per_h : tuple of float
        Loss per hour. CitySim states none; the defaults are AgentSociety's
        .15/.08/.05/.10 (Piao et al. 2025, arXiv:2502.08691, released code).
    thresholds : tuple of float
        Level at or below which a need presses (CitySim, appendix A).
    start : tuple of float
        Levels at the beginning.
    gains_per_h : mapping of Purpose to tuple of float
        What an hour of an activity gives back. Asleep, hunger all but rests.

    Raises
    ------
    ConfigError
        If a tuple has not four numbers, or a level or threshold is outside [0, 1].
    """

    rates_per_h: tuple[float, ...] = (0.15, 0.08, 0.05, 0.10)
    thresholds: tuple[float, ...] = (0.3, 0.3, 0.2, 0.2)
    start: tuple[float, ...] = (1.0, 1.0, 1.0, 1.0)
    gains_per_h: Mapping[Purpose, tuple[float, ...]] = field(default_factory=lambda: _GAINS_PER_H)

    def __post_init__(self) -> None:
        """Check lengths and ranges."""
        for name in ("rates_per_h", "thresholds", "start"):
            numbers = getattr(self, name)
            if len(numbers) != len(NEEDS):
                message = f"{name} needs one number for each of {', '.join(NEEDS)}, got {numbers}"
                raise ConfigError(message)
            if name != "rates_per_h" and not all(0.0 <= number <= 1.0 for number in numbers):
                message = f"{name} must lie in [0, 1], got {numbers}"
                raise ConfigError(message)

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle with a plain dict, since a mapping proxy cannot be pickled."""
        return (_config, (self.rates_per_h, self.thresholds, self.start, dict(self.gains_per_h)))


def _config(
    rates_per_h: tuple[float, ...],
    thresholds: tuple[float, ...],
    start: tuple[float, ...],
    gains_per_h: Mapping[Purpose, tuple[float, ...]],
) -> NeedsConfig:
    return NeedsConfig(
        rates_per_h=rates_per_h, thresholds=thresholds, start=start, gains_per_h=gains_per_h
    )


class Crossing(NamedTuple):
    """The moment at which a need falls to its threshold."""

    need: str
    at: float


def unmet_hours(
    levels: ArrayLike, rates_per_h: ArrayLike, thresholds: ArrayLike, hours: ArrayLike
) -> Float:
    """Return for how long each level is at or below its threshold in the hours to come.

    Parameters
    ----------
    levels, rates_per_h, thresholds : array_like
        As in `decay`; a negative rate is a need being met.
    hours : array_like
        Time ahead, in hours.

    Returns
    -------
    ndarray of float64
        In [0, hours]; all inputs broadcast.

    Examples
    --------
    >>> unmet_hours([0.9, 0.2], [0.15, -0.1], 0.3, 8.0)
    array([4., 1.])
    """
    rates = np.asarray(rates_per_h, dtype=np.float64)
    above = np.asarray(levels, dtype=np.float64) - np.asarray(thresholds, dtype=np.float64)
    ahead = np.asarray(hours, dtype=np.float64)
    # Where the line crosses its threshold; a level that stays put never does.
    crossing = np.divide(
        above, rates, out=np.full(above.shape, np.inf), where=np.abs(rates) > 1e-12
    )
    falls, is_above = rates > 0.0, above > 0.0
    unmet = np.where(is_above, np.where(falls, ahead - crossing, 0.0), ahead)
    recovering = ~is_above & (rates < 0.0)
    unmet = np.where(recovering, np.minimum(crossing, ahead), unmet)
    return np.minimum(np.maximum(unmet, 0.0), ahead)


class Assessment(NamedTuple):
    """How well needs are met at a moment, as thought out.

    Attributes
    ----------
    levels : mapping of str to float
        In [0, 1], by need.
    source : DecisionSource
        Who said so.
    reason : str
        Why.
    """

    levels: Mapping[str, float]
    source: DecisionSource
    reason: str


def pressing_hours(
    levels: ArrayLike, rates_per_h: ArrayLike, thresholds: ArrayLike, hours: ArrayLike
) -> Float:
    """Return for how long any need is at or below its threshold in the hours to come.

    A level moves one way only, so a need presses either from the start on or until the
    end: the longest of each kind add up, less what they share.

    Parameters
    ----------
    levels, rates_per_h, thresholds : array_like, shape (..., 4)
        As in `unmet_hours`.
    hours : array_like, shape (...)
        Time ahead, in hours.

    Returns
    -------
    ndarray of float64, shape (...)
        In [0, hours].

    Examples
    --------
    Energy recovers within two hours, hunger begins to press after four:

    >>> pressing_hours([[0.9, 0.1, 1.0, 1.0]], [0.15, -0.1, 0.0, 0.0], 0.3, [8.0]).round(2)
    array([6.])
    """
    ahead = np.asarray(hours, dtype=np.float64)
    unmet = unmet_hours(levels, rates_per_h, thresholds, ahead[..., np.newaxis])
    at_first = np.less_equal(levels, thresholds)
    until = np.where(at_first, unmet, 0.0).max(axis=-1)
    since = np.where(at_first, 0.0, unmet).max(axis=-1)
    pressing: Float = np.minimum(until + since, ahead)
    return pressing


class Needs:
    """The needs of one person, as functions of time.

    Nothing happens between two acts: levels are computed when they are read.

    Parameters
    ----------
    config : NeedsConfig, optional
        Rates, thresholds and start levels.
    at : float, default 0.0
        Time of the start, in hours.
    source : DecisionSource, default DecisionSource.RULE
        Who says how well they are met in the morning and after what was done.

    Examples
    --------
    >>> needs = Needs()
    >>> needs.dominant(at=4.0), needs.dominant(at=5.0)
    (None, 'hunger')
    >>> needs.satisfy("hunger", 0.6, at=5.0)
    >>> round(needs.level("hunger", at=5.0), 2)
    0.85
    """

    __slots__ = ("_counted", "_levels", "_rates", "_since", "_unmet_h", "config", "source")

    def __init__(
        self,
        config: NeedsConfig | None = None,
        *,
        at: float = 0.0,
        source: DecisionSource = DecisionSource.RULE,
    ) -> None:
        self.config = config or _DEFAULT
        self.source = source
        self._levels = np.array(self.config.start)
        self._rates = np.array(self.config.rates_per_h)
        self._since = self._counted = at
        self._unmet_h = 0.0

    def levels_at(self, at: float) -> Float:
        """Return the four levels at time `at` (hours), shape (4,)."""
        return decay(self._levels, self._rates, at - self._since)

    def level(self, need: str, *, at: float) -> float:
        """Return the level of one need at time `at` (hours), in [0, 1]."""
        return float(self.levels_at(at)[_position(need)])

    def dominant(self, *, at: float) -> str | None:
        """Return the most pressing need at time `at` (hours), or None."""
        position = int(dominant(self.levels_at(at), self.config.thresholds))
        return NEEDS[position] if position >= 0 else None

    def next_crossing(self, *, at: float) -> Crossing | None:
        """Return the next need to fall to its threshold after `at` (hours), if nothing is done."""
        hours = hours_to_threshold(self.levels_at(at), self._rates, self.config.thresholds)
        position = int(hours.argmin())
        if not np.isfinite(hours[position]):
            return None
        return Crossing(NEEDS[position], at + float(hours[position]))

    def relief(self, purposes: Iterable[Purpose], *, at: float) -> dict[Purpose, float]:
        """Return how much an hour of each activity would meet of what is missing at `at` (hours).

        The gains of the activity, weighted by how far each level is below 1.
        """
        missing = 1.0 - self.levels_at(at)
        gains = self.config.gains_per_h
        return {one: float(missing @ gains[one]) for one in purposes if one in gains}

    def satisfy(self, need: str, amount: float, *, at: float) -> None:
        """Raise (or, with a negative amount, lower) one level at time `at` (hours)."""
        position = _position(need)
        self._anchor(at)
        self._levels[position] = min(1.0, max(0.0, self._levels[position] + amount))

    def engage(self, purpose: Purpose, *, at: float) -> None:
        """Begin an activity at time `at` (hours): its gains now offset the losses."""
        self._anchor(at)
        gains = self.config.gains_per_h.get(purpose)
        rates = np.array(self.config.rates_per_h)
        self._rates = rates if gains is None else rates - gains

    async def assess(
        self, *, at: float, persona: Persona | None = None, when: str = "", after: str = ""
    ) -> Assessment:
        """Say how well needs are met as a day begins, or after an activity (CitySim, sec. 3.1.4).

        By rule they are what the hours so far have left; the paper has a language model
        draw them, as the prompt ``needs`` does.

        Parameters
        ----------
        at : float
            When, in hours.
        persona : Persona, optional
            Who; told to a language model.
        when : str, optional
            Weekday, month and time of day; told to a language model.
        after : str, optional
            What has come to its end, in words; by default the night.

        Raises
        ------
        LLMError
            If there is no reply, and the run is not configured to use rules then.
        """
        levels = dict(zip(NEEDS, self.levels_at(at).tolist(), strict=True))
        by_rule = Assessment(levels, DecisionSource.RULE, "as the hours so far have left them")
        if self.source is DecisionSource.RULE:
            return by_rule
        try:
            told, reason = await needs_by_prompt(levels, persona=persona, when=when, after=after)
        except LLMError as error:
            return by_rule._replace(reason=rules_after(error))
        return Assessment(told, DecisionSource.PROMPT, reason)

    def adopt(self, assessment: Assessment, *, at: float) -> None:
        """Go on from time `at` (hours) with levels that were thought out."""
        self._anchor(at)
        self._levels = np.array([assessment.levels[need] for need in NEEDS])

    def described(self, *, at: float) -> str:
        """Return the dominant need in a word, to stand with the persona; empty if none presses."""
        need = self.dominant(at=at)
        return "" if need is None else _FELT[need]

    def fulfilment(self) -> float:
        """Return the share of the time in which no need was pressing, in [0, 1].

        Counted is from the last `recount` up to the latest act (CitySim, sec. 3.1.5).
        """
        counted = self._since - self._counted
        return 1.0 - self._unmet_h / counted if counted > 0.0 else 1.0

    def recount(self, *, at: float) -> None:
        """Begin counting for `fulfilment` anew at time `at` (hours)."""
        self._anchor(at)
        self._counted, self._unmet_h = at, 0.0

    @property
    def course(self) -> tuple[Float, Float, float]:
        """Levels (4,), net losses per hour (4,) and the hour since which they hold."""
        return self._levels, self._rates, self._since

    def state(self) -> State:
        """Return levels, current rates and their time."""
        return {
            "levels": self._levels.tolist(),
            "rates_per_h": self._rates.tolist(),
            "since_h": self._since,
            "counted_h": self._counted,
            "unmet_h": self._unmet_h,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned."""
        self._levels = np.array(state["levels"])
        self._rates = np.array(state["rates_per_h"])
        self._since = float(state["since_h"])
        self._counted, self._unmet_h = float(state["counted_h"]), float(state["unmet_h"])

    def _anchor(self, at: float) -> None:
        thresholds = self.config.thresholds
        passed = at - self._since
        self._unmet_h += float(pressing_hours(self._levels, self._rates, thresholds, passed))
        self._levels = self.levels_at(at)
        self._since = at


_DEFAULT = NeedsConfig()
_FELT: Mapping[str, str] = MappingProxyType(
    {"hunger": "hungry", "energy": "tired", "safety": "uneasy", "social": "lonely"}
)


def _position(need: str) -> int:
    if need not in NEEDS:
        message = f"unknown need {need!r}; the needs are {', '.join(NEEDS)}"
        raise ConfigError(message)
    return NEEDS.index(need)
