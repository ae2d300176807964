"""A mechanism of spreading with settings to be fitted, and the random numbers of its trials."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Literal, NamedTuple, Protocol

import numpy as np

from mesa_llm_city.core.clock import HOUR_MIN
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.inverse_draws import normal_of
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.experiments.diffusion.cascades import Cascades
from mesa_llm_city.experiments.diffusion.random_numbers import CommonRandomNumbers
from mesa_llm_city.experiments.diffusion.spreading import (
    Draws,
    Pushes,
    spread,
)
from mesa_llm_city.parameters import default_parameters
from mesa_llm_city.parameters.society import SharingParameters
from mesa_llm_city.social.media.follower_graph import FollowerGraph
from mesa_llm_city.social.sharing_formulas import after_waking

__all__ = [
    "DELAYS",
    "Mechanism",
    "Setting",
    "Simulates",
    "by_depth",
    "depths",
    "exponential",
    "hubs_of",
]

_DEEPEST = 64  # depths told apart in a table of probabilities
_CERTAIN = 0.999


class Setting(NamedTuple):
    """A number of a mechanism that is fitted.

    Attributes
    ----------
    name : str
        Its name.
    start : float
        Where the search begins.
    low, high : float
        Where it is searched for.
    is_log : bool, default True
        Whether steps are shares of it, not amounts.
    """

    name: str
    start: float
    low: float
    high: float
    is_log: bool = True

    def at(self, place: float) -> float:
        """Return the value at a place from 0 (low) to 1 (high).

        Examples
        --------
        >>> round(Setting("p", 0.1, 0.01, 1.0).at(0.5), 4)
        0.1
        """
        if self.is_log:
            return float(self.low * (self.high / self.low) ** place)
        return float(self.low + (self.high - self.low) * place)

    def place(self, value: float) -> float:
        """Return where a value lies, from 0 (low) to 1 (high)."""
        if self.is_log:
            return float(np.log(value / self.low) / np.log(self.high / self.low))
        return float((value - self.low) / (self.high - self.low))


DELAYS = (
    Setting("delay_min", 150.0, 20.0, 1500.0),
    Setting("delay_spread", 1.5, 0.3, 3.0),
    Setting("pace_spread", 0.5, 0.02, 2.0),
)
"""Settings of the time from an exposure to the forward: a lognormal number with this median in
minutes and this standard deviation of its logarithm, times a lognormal number of the cascade with
median 1 (some news are of the hour, others are not). Heavy tails of such waits: Stouffer, Malmgren
and Amaral (2006), arXiv:physics/0605027."""


class Simulates(Protocol):
    """What can be compared with observed cascades: a `Mechanism`, or a model of one's own."""

    @property
    def name(self) -> str:
        """Name in tables."""
        ...

    def simulate(
        self,
        graph: FollowerGraph,
        values: Mapping[str, float],
        common: CommonRandomNumbers,
        *,
        batch: int = 0,
        hubs: int = 10,
        most: int | None = None,
    ) -> Cascades:
        """Return one batch of cascades (see `Mechanism.simulate`)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Mechanism:
    """How a post spreads, with numbers that can be fitted.

    Parameters
    ----------
    name : str
        Name in tables.
    settings : tuple of Setting
        What is fitted.
    pushes : callable
        Takes the graph, the values by name, and a standard normal number for each cascade;
        returns how much exposures add.
    threshold : {"exponential", "uniform"}, default "exponential"
        What the pushes have to reach (see `Draws`).
    begins : {"hubs", "anybody"}, default "hubs"
        Who posts first: one of the people with most listeners, or anybody.
    fixed : mapping of str to float, optional
        Values of settings that are not fitted.
    """

    name: str
    settings: tuple[Setting, ...]
    pushes: Callable[[FollowerGraph, Mapping[str, float], Float], Pushes]
    threshold: Literal["exponential", "uniform"] = "exponential"
    begins: Literal["hubs", "anybody"] = "hubs"
    fixed: Mapping[str, float] = field(default_factory=dict)

    def with_fixed(self, name: str, **values: float) -> Mechanism:
        """Return a mechanism of another name with some settings fixed."""
        kept = tuple(one for one in self.settings if one.name not in values)
        return replace(self, name=name, settings=kept, fixed={**self.fixed, **values})

    def starts(self) -> dict[str, float]:
        """Return the values from which a fit begins."""
        return {one.name: one.start for one in self.settings}

    def simulate(
        self,
        graph: FollowerGraph,
        values: Mapping[str, float],
        common: CommonRandomNumbers,
        *,
        batch: int = 0,
        hubs: int = 10,
        most: int | None = None,
    ) -> Cascades:
        """Return one batch of cascades.

        First posts are made in the waking hours of ``social.sharing`` (its defaults ``wakes_h``
        and ``sleeps_h``), and only these hours count for delays.

        Parameters
        ----------
        graph : FollowerGraph
            Who follows whom.
        values : mapping of str to float
            Values of the settings by name.
        common : CommonRandomNumbers
            Its draws; a batch has draws of its own.
        batch : int, default 0
            Number of the batch.
        hubs : int, default 10
            Number of people among whom the first post is, if it begins with hubs.
        most : int, optional
            Forwards after which a cascade is not followed any further.

        Raises
        ------
        ConfigError
            If a value is missing.
        """
        values = {**self.fixed, **values}
        missing = [one.name for one in self.settings if one.name not in values]
        if missing:
            message = f"{self.name} needs {', '.join(missing)}"
            raise ConfigError(message)
        waking = default_parameters().social.sharing
        appeal = normal_of(common.of_cascades("appeal", batch))
        draws = Draws(
            threshold=self._thresholds(common.of_people("share", batch)),
            delay_min=_delays(values, common, batch),
        )
        first = common.of_cascades("first", batch)
        among = hubs_of(graph, hubs) if self.begins == "hubs" else np.arange(common.people)
        seeds = among[(first * len(among)).astype(np.int64)]
        begins = _waking_minutes(common.of_cascades("begins", batch), waking)
        return spread(
            graph,
            seeds,
            self.pushes(graph, values, appeal),
            draws,
            clock=partial(_ended, begins=begins, waking=waking),
            most=most,
        )

    def _thresholds(self, drawn: Float) -> Float:
        return exponential(drawn) if self.threshold == "exponential" else drawn


def exponential(drawn: Float) -> Float:
    """Return standard exponential numbers from uniform ones."""
    numbers: Float = -np.log1p(-drawn)
    return numbers


def hubs_of(graph: FollowerGraph, hubs: int) -> Int:
    """Return the people with most listeners, the first of equals first.

    Raises
    ------
    ConfigError
        If there are fewer people.
    """
    counts = graph.follower_counts
    if not 1 <= hubs <= len(counts):
        message = f"hubs must be from 1 to the number of people, {len(counts)}, got {hubs}"
        raise ConfigError(message)
    return np.argsort(-counts, kind="stable")[:hubs]


def by_depth(chances: Float) -> Pushes:
    """Return pushes with which each exposure makes a person forward with a probability of its own.

    Parameters
    ----------
    chances : ndarray of float64, shape (cascades, depths)
        Probability by cascade and depth of the post that is seen; the last depth stands for all
        below it.
    """
    table = exponential(np.minimum(chances, _CERTAIN))
    last = table.shape[1] - 1
    return lambda cascade, _author, depth, _who: table[cascade, np.minimum(depth, last)]


def depths() -> Float:
    """Return the depths that tables of probabilities tell apart, from 0."""
    return np.arange(float(_DEEPEST))


def _waking_minutes(drawn: Float, waking: SharingParameters) -> Float:
    """Return minutes of the day at which people are awake, all equally likely."""
    hours = waking.wakes_h + (waking.sleeps_h - waking.wakes_h) * drawn
    return np.floor(hours * HOUR_MIN)


def _ended(
    minute: Float, delay_min: Float, cascade: Int, /, *, begins: Float, waking: SharingParameters
) -> Float:
    """End delays by the clock of the day, which begins at another time for each cascade."""
    begin = begins[cascade]
    ends: Float = after_waking(begin + minute, delay_min, waking) - begin
    return ends


def _delays(values: Mapping[str, float], common: CommonRandomNumbers, batch: int) -> Float:
    pace = values["pace_spread"] * normal_of(common.of_cascades("pace", batch))
    spread_ = values["delay_spread"] * normal_of(common.of_people("delay", batch))
    found: Float = values["delay_min"] * np.exp(spread_ + pace[:, np.newaxis])
    return found
