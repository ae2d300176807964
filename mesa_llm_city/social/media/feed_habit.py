"""How long one person reads feeds on a day, and when they begin to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.component import State
from mesa_llm_city.core.inverse_draws import normal_of
from mesa_llm_city.core.streams import RandomStreams
from mesa_llm_city.parameters.media import MediaUseParameters

__all__ = ["FeedHabit", "wanted_min"]


def wanted_min(
    mean_min: np.ndarray[Any, Any] | float, uniform: np.ndarray[Any, Any] | float, spread: float
) -> Any:  # noqa: ANN401 - a number or an array
    """Return the time that people want to read on a day, in minutes: a lognormal.

    Parameters
    ----------
    mean_min : float or ndarray
        Its mean, in minutes.
    uniform : float or ndarray
        Uniform numbers in [0, 1).
    spread : float
        Standard deviation of the logarithm.

    Examples
    --------
    >>> float(wanted_min(40.0, 0.5, 0.5).round(1))
    35.3
    """
    return mean_min * np.exp(spread * normal_of(uniform) - 0.5 * spread**2)


class FeedHabit:
    """The feeds of one person's day: how long they want to read, and have read already.

    Examples
    --------
    >>> habit, streams = FeedHabit(), RandomStreams(seed=1, person=4)
    >>> use = MediaUseParameters(begins=1.0, spread=0.0)
    >>> habit.session(30, 600, streams=streams, use=use)
    15
    >>> habit.read(40, at_min=600)
    >>> habit.session(30, 660, streams=streams, use=use)
    0
    """

    __slots__ = ("_day", "_read_min")

    def __init__(self) -> None:
        self._day, self._read_min = -1, 0

    def session(
        self, age: int, minute: int, *, streams: RandomStreams, use: MediaUseParameters
    ) -> int:
        """Return how long the person reads from now on, in minutes; 0 for not at all.

        Parameters
        ----------
        age : int
            Age of the person, in years.
        minute : int
            Now, in minutes since midnight of the first day.
        streams : RandomStreams
            Random numbers of the person.
        use : MediaUseParameters
            How long people read.
        """
        day = minute // DAY_MIN
        mean = use.alone_share * use.minutes_at(age)
        if mean <= 0.0 or streams.at("feed session", step=minute).random() >= use.begins:
            return 0
        wanted = wanted_min(mean, streams.on("feed time", day=day).random(), use.spread)
        left = float(wanted) - (self._read_min if day == self._day else 0)
        # Sessions are whole, and the last one is begun with the chance that keeps the mean.
        if left < use.session_min:
            last = streams.on("last feed", day=day).random() * use.session_min
            return use.session_min if last < left else 0
        return use.session_min

    def read(self, minutes: int, *, at_min: int) -> None:
        """Note that the person has read for some minutes."""
        day = at_min // DAY_MIN
        self._read_min = minutes + (self._read_min if day == self._day else 0)
        self._day = day

    def state(self) -> State:
        """Return the last day of reading, and for how long it was."""
        return {"day": self._day, "read_min": self._read_min}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned."""
        self._day, self._read_min = int(state["day"]), int(state["read_min"])
