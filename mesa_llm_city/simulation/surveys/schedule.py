"""When a survey is held: at a time, at several, or again every few days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from numbers import Integral
from typing import Any, TypeAlias, TypeGuard

from mesa_llm_city.core.clock import DAY_MIN, Clock
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.simulation.interventions.times import as_minute

__all__ = ["Moment", "SurveySchedule", "Timetable", "When", "timetable"]

Moment: TypeAlias = int | str | datetime
"""Minutes since the start, ``"day 2 20:00"`` (day 1 is the first), or a date and time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveySchedule:
    """A panel: a survey that is held again every few days.

    Parameters
    ----------
    every_days : int, default 7
        Days from one wave to the next, at least 1.
    at : int, str or datetime, optional
        The first wave: minutes since the start of the run, ``"day 2 20:00"``, or a date and time;
        at once by default.
    waves : int, optional
        Greatest number of waves; as long as the model runs by default.

    Raises
    ------
    ConfigError
        If a number is below 1.
    """

    every_days: int = 7
    at: Moment | None = None
    waves: int | None = None

    def __post_init__(self) -> None:
        """Check that both numbers are at least 1."""
        given = {"every_days": self.every_days, "waves": 1 if self.waves is None else self.waves}
        for name, value in given.items():
            if not _is_whole(value) or value < 1:
                message = f"{name} must be a whole number of at least 1, got {value!r}"
                raise ConfigError(message)


When: TypeAlias = Moment | SurveySchedule | Mapping[str, Any] | Iterable[Moment]
"""A moment, several, or a schedule, also as a mapping of its parameters."""


@dataclass(frozen=True, slots=True)
class Timetable:
    """The minutes at which a survey is held.

    Parameters
    ----------
    minutes : tuple of int
        Minutes since the start of the run, rising; with `every_min` the first one alone.
    every_min : int, optional
        Minutes from one wave to the next.
    waves : int, optional
        Greatest number of waves; None for no end.

    Examples
    --------
    >>> week = Timetable((1200,), every_min=7 * 1440)
    >>> week.minute_of(0), week.minute_of(2), Timetable((5,)).minute_of(1)
    (1200, 21360, None)
    """

    minutes: tuple[int, ...]
    every_min: int | None = None
    waves: int | None = None

    def minute_of(self, wave: int) -> int | None:
        """Return the minute of a wave, counted from 0; None if there is no such wave."""
        if self.every_min is None:
            return self.minutes[wave] if wave < len(self.minutes) else None
        is_over = self.waves is not None and wave >= self.waves
        return None if is_over else self.minutes[0] + wave * self.every_min


def timetable(when: When | None, clock: Clock, *, now: int) -> Timetable:
    """Return the minutes at which a survey is held.

    Parameters
    ----------
    when : Moment, SurveySchedule, mapping, iterable of Moment or None
        As a user gives it; None for now.
    clock : Clock
        Calendar of the run.
    now : int
        Present minute.

    Raises
    ------
    ConfigError
        If a moment lies before `now`, or cannot be understood.
    """
    if when is None:
        return Timetable((now,))
    if isinstance(when, Mapping):
        return timetable(_schedule(when), clock, now=now)
    if isinstance(when, SurveySchedule):
        first = now if when.at is None else _moment(when.at, clock, now)
        return Timetable((first,), when.every_days * DAY_MIN, when.waves)
    if isinstance(when, Iterable) and not isinstance(when, str):
        minutes = tuple(sorted({_moment(one, clock, now) for one in when}))
    else:
        minutes = (_moment(when, clock, now),)
    if not minutes:
        message = "when names no moment; give at least one, or None for now"
        raise ConfigError(message)
    return Timetable(minutes)


def _schedule(given: Mapping[str, Any]) -> SurveySchedule:
    if wrong := [name for name in given if name not in SurveySchedule.__dataclass_fields__]:
        known = ", ".join(SurveySchedule.__dataclass_fields__)
        message = f"when has no {', '.join(map(str, wrong))}; a schedule has {known}"
        raise ConfigError(message)
    return SurveySchedule(**given)


def _moment(given: object, clock: Clock, now: int) -> int:
    try:
        minute = as_minute(given, clock)
    except ConfigError as error:
        message = f"when {error.message}"
        raise ConfigError(message) from None
    if minute < now:
        message = f"when is minute {minute}, but minute {now} has come; give a later time"
        raise ConfigError(message)
    return minute


def _is_whole(value: object) -> TypeGuard[int]:
    return isinstance(value, Integral) and not isinstance(value, bool)
