"""Items: stories that are true or not, how they are told, and when they are corrected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN, Clock
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.inverse_draws import normal_of
from mesa_llm_city.core.option_checks import OptionChecks
from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.parameters.society import SharingParameters
from mesa_llm_city.simulation.interventions.times import as_minute

__all__ = [
    "CORRECTIONS",
    "NEWS",
    "RUMOUR",
    "Item",
    "correction_minutes",
    "many_items",
    "minutes_of",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A story with which a cascade begins.

    Parameters
    ----------
    topic : str
        Its name; no two items have the same.
    is_true : bool
        Whether it is true. People are not told.
    text : str
        What the first post says.
    stance : float, default 0.6
        What it says of its topic, in [-1, 1].
    intensity : float, default 0.5
        How emotional it is, in [0, 1].
    minute : int, default 540
        When it is posted, in minutes since midnight of the first day.
    author : int, optional
        Who posts it; one of the broadcasters by default.
    appeal : float, default 1
        How much more likely it is passed on than usual, beyond the followers of the source.
    pace : float, default 1
        How much longer than usual it takes people to pass it on.

    Raises
    ------
    ConfigError
        If a number lies outside its range.
    """

    topic: str
    is_true: bool
    text: str = ""
    stance: float = 0.6
    intensity: float = 0.5
    minute: int = 9 * HOUR_MIN
    author: int | None = None
    appeal: float = 1.0
    pace: float = 1.0

    def __post_init__(self) -> None:
        """Check the numbers."""
        wrong = [
            f"{name} must be {accepted}, got {value!r}"
            for name, value, accepted, is_right in (
                ("stance", self.stance, "in [-1, 1]", -1.0 <= self.stance <= 1.0),
                ("intensity", self.intensity, "in [0, 1]", 0.0 <= self.intensity <= 1.0),
                ("minute", self.minute, "at least 0", self.minute >= 0),
                ("appeal", self.appeal, "above 0", self.appeal > 0.0),
                ("pace", self.pace, "above 0", self.pace > 0.0),
            )
            if not is_right
        ]
        if wrong:
            message = f"item {self.topic}: {'; '.join(wrong)}"
            raise ConfigError(message)


RUMOUR = Item(
    topic="rumour",
    is_true=False,
    text="They say that the water of the town is poisoned and that nobody will tell us!",
    intensity=0.8,
)
"""The false item of the default: news that rouse (false news are met with surprise, fear and
disgust; Vosoughi, Roy and Aral 2018, Science 359, 1146-1151). Its numbers are assumptions."""

NEWS = Item(
    topic="news",
    is_true=True,
    text="The waterworks have laid a new main; the water was off for an hour last night.",
    intensity=0.3,
)
"""The true item of the default."""

_NOON = 12 * HOUR_MIN
_MOST_DAYS = 365

CORRECTIONS: Mapping[str, tuple[int, ...]] = MappingProxyType(
    {
        "none": (),
        "early": (_NOON,),
        "late": (3 * DAY_MIN + _NOON,),
        "often": tuple(day * DAY_MIN + _NOON for day in range(_MOST_DAYS)),
    }
)
"""Minutes of official corrections by name: never, three hours after the default items, three days
later than that, and every noon."""


def correction_minutes(corrections: str, at: str | int | Sequence[str | int] | None) -> list[int]:
    """Return the minutes at which the false items are corrected.

    Parameters
    ----------
    corrections : str
        One of `CORRECTIONS`.
    at : str, int or sequence of them, optional
        Further times, such as ``"1 12:00"`` for noon of the first day, or minutes.

    Raises
    ------
    ConfigError
        If there is no such name, or a time cannot be read.

    Examples
    --------
    >>> correction_minutes("late", "1 12:00")
    [720, 5040]
    """
    checks = OptionChecks()
    checks.one_of("corrections", corrections, CORRECTIONS)
    checks.finish()
    return sorted({*CORRECTIONS[corrections], *minutes_of("correction_at", at)})


def minutes_of(name: str, at: str | int | Sequence[str | int] | None) -> list[int]:
    """Return the times that an option gives, in minutes since midnight of the first day.

    Parameters
    ----------
    name : str
        Name of the option, for messages.
    at : str, int or sequence of them, optional
        Times; None or an empty text for none.

    Raises
    ------
    ConfigError
        If a time cannot be read.
    """
    several = isinstance(at, Sequence) and not isinstance(at, str)
    times: list[Any] = [] if at is None or at == "" else [*at] if several else [at]  # type: ignore[misc]
    try:
        return [as_minute(one, Clock()) for one in times]
    except ConfigError as error:
        message = f"{name} {error.message}"
        raise ConfigError(message) from error


def many_items(
    count: int,
    *,
    seed: int,
    appeal_spread: float,
    pace_spread: float,
    waking: SharingParameters,
) -> tuple[Item, ...]:
    """Return items that differ in appeal, pace and hour, for the study of their cascades.

    Parameters
    ----------
    count : int
        Number of items.
    seed : int
        Seed of appeals, paces and hours.
    appeal_spread, pace_spread : float
        Standard deviations of the logarithms of appeal and pace.
    waking : SharingParameters
        Its waking hours: the first posts are made then.
    """
    drawn = uniforms(seed, np.arange(count), "items", 0, 3)
    appeal = np.exp(appeal_spread * normal_of(drawn[:, 0]))
    pace = np.exp(pace_spread * normal_of(drawn[:, 1]))
    hours = waking.wakes_h + (waking.sleeps_h - waking.wakes_h) * drawn[:, 2]
    return tuple(
        Item(
            topic=f"item {row}",
            is_true=False,
            minute=int(hours[row] * HOUR_MIN),
            appeal=float(appeal[row]),
            pace=float(pace[row]),
        )
        for row in range(count)
    )
