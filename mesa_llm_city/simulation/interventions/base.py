"""An intervention: something that changes people or the world at a time or under a condition."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from numbers import Integral
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np

from mesa_llm_city.core.clock import Clock
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.simulation.interventions.condition import (
    Condition,
    as_threshold,
    reporter_of,
)
from mesa_llm_city.simulation.interventions.times import LAST_MIN, as_minute

if TYPE_CHECKING:
    # Interventions change the model; only annotations close the circle.
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["Applied", "Intervention", "Moment", "Span"]


class Applied(NamedTuple):
    """What an intervention has done: a row of the table ``interventions``.

    Attributes
    ----------
    target : str
        What it was about: places, people or a parameter, in words.
    text : str
        What was said, or changed.
    people : int
        Number of people whom it concerns at once.
    memo : mapping
        What has to be known to undo it later or to go on from a saved model; plain values.
    """

    target: str
    text: str = ""
    people: int = 0
    memo: Mapping[str, Any] = {}


@dataclass(frozen=True, kw_only=True)
class Intervention(ABC):
    """Base of all kinds; each is a file of `simulation.interventions` and a row of the registry.

    Parameters
    ----------
    when : callable or str, optional
        A condition in place of a time: ``when(model)`` true or false, or a reporter of the
        model and a threshold, such as ``"travel > 50"``. It is looked at once a step.
    repeats : bool, default False
        Whether it happens each time that the condition becomes true, rather than once.
    text : str, optional
        What people hear of it, and why it is done.
    """

    kind: ClassVar[str] = ""
    """Name in the registry and in files."""

    time_name: ClassVar[str] = "at"
    """Name of the field with its time."""

    when: Condition | None = None
    repeats: bool = False
    text: str = ""

    @property
    def time(self) -> object:
        """Its time as given; None if there is none."""
        return getattr(self, self.time_name)

    def at_min(self, clock: Clock) -> int | None:
        """Return its time in minutes since the start of the run; None under a condition."""
        return None if self.time is None else as_minute(self.time, clock)

    def defects(self, model: CityModel) -> Iterator[str]:
        """Yield all that is wrong with it in a model, one line each."""
        yield from self._time_defects(model)
        if not isinstance(self.text, str):
            yield f"text must be a text, got {self.text!r}"
        yield from self.own_defects(model)

    def _time_defects(self, model: CityModel) -> Iterator[str]:
        if self.time is not None and self.when is not None:
            yield f"{self.time_name} and when are both given; give one of them"
        elif self.when is not None:
            yield from _condition_defects(model, self.when)
        elif self.time is not None:
            yield from self._moment_defects(model)
        repeats: object = self.repeats
        if not isinstance(repeats, bool):
            yield f"repeats must be true or false, got {repeats!r:.80}"
        elif repeats and self.when is None:
            yield "repeats belongs to a condition; give when as well, or leave it out"

    def _moment_defects(self, model: CityModel) -> Iterator[str]:
        try:
            minute = as_minute(self.time, model.clock)
        except ConfigError as error:
            yield f"{self.time_name} {error.message}"
            return
        if minute < model.minute:
            now = model.clock.at(model.minute)
            yield f"{self.time_name} lies before now, {now:%Y-%m-%d %H:%M}: {self.time}"

    @abstractmethod
    def own_defects(self, model: CityModel) -> Iterator[str]:
        """Yield what is wrong with the fields of its kind."""

    @abstractmethod
    def apply(self, model: CityModel, number: int, minute: int) -> Applied:
        """Do it.

        Parameters
        ----------
        model : CityModel
            The model, between two rounds.
        number : int
            Its number among those of the model; what lasts is kept under it.
        minute : int
            When it happens.
        """

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values, of which `registry.read` makes the same.

        Raises
        ------
        ConfigError
            If it holds a function, which cannot be written down.
        """
        given = {one.name: getattr(self, one.name) for one in fields(self)}
        kept = {
            one.name: _plain(one.name, given[one.name])
            for one in fields(self)
            if given[one.name] is not None and given[one.name] != one.default
        }
        return {"kind": self.kind, **kept}


@dataclass(frozen=True, kw_only=True)
class Moment(Intervention):
    """An intervention that happens and is over.

    Parameters
    ----------
    at : str, int or datetime, optional
        When, see `times.as_minute`.
    """

    at: object = None


@dataclass(frozen=True, kw_only=True)
class Span(Intervention):
    """An intervention that lasts.

    Parameters
    ----------
    start : str, int or datetime, optional
        From when on, see `times.as_minute`.
    end : str, int or datetime, optional
        Until when; by default it is not undone.
    minutes : int, optional
        How long it lasts, in place of `end`; with a condition only this can be given.
    """

    time_name: ClassVar[str] = "start"

    start: object = None
    end: object = None
    minutes: int | None = None

    def until_min(self, begin: int, clock: Clock) -> int | None:
        """Return when it ends that begins at a minute; None if it does not."""
        if self.minutes is not None:
            return begin + self.minutes
        return None if self.end is None else as_minute(self.end, clock)

    def _time_defects(self, model: CityModel) -> Iterator[str]:
        yield from super()._time_defects(model)
        if self.end is not None and self.minutes is not None:
            yield "end and minutes are both given; give one of them"
        elif self.minutes is not None:
            is_whole = isinstance(self.minutes, Integral) and not isinstance(self.minutes, bool)
            if not is_whole or not 1 <= self.minutes <= LAST_MIN:
                yield (
                    f"minutes must be a whole number from 1 to {LAST_MIN}, got {self.minutes!r}; "
                    "without minutes and end it is not undone"
                )
        elif self.end is not None:
            yield from self._end_defects(model)

    def _end_defects(self, model: CityModel) -> Iterator[str]:
        if self.when is not None:
            yield "end belongs to a start; give minutes with a condition"
            return
        try:
            end = as_minute(self.end, model.clock)
            begin = self.at_min(model.clock)
        except ConfigError as error:
            if error.message not in "".join(self._moment_defects(model)):
                yield f"end {error.message}"
            return
        if end <= (model.minute if begin is None else begin):
            yield f"end {self.end} is not after its start, {self.start or 'now'}"

    @abstractmethod
    def undo(
        self, model: CityModel, number: int, minute: int, memo: Mapping[str, Any]
    ) -> Applied | None:
        """End it at a minute; return what is written down, None for nothing.

        Parameters
        ----------
        model, number, minute
            As for `apply`.
        memo : mapping
            What `apply` has left.
        """

    def resume(self, model: CityModel, number: int, memo: Mapping[str, Any]) -> None:
        """Let it hold in a model that was saved while it lasted, without touching people."""


def _condition_defects(model: CityModel, when: object) -> Iterator[str]:
    if callable(when):
        return
    if not isinstance(when, str):
        yield f"when must be a function of the model or a text such as 'travel > 50', got {when!r}"
        return
    try:
        reporter_of(model, as_threshold(when).reporter)
    except ConfigError as error:
        yield f"when: {error.message}"


def _plain(name: str, value: object) -> object:
    """Return a value as JSON holds it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    if isinstance(value, Mapping):
        return {str(key): _plain(name, one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(name, one) for one in value]
    if callable(value):
        message = f"{name} is a function, which cannot be written down; give it as data"
        raise ConfigError(message)
    if hasattr(value, "__geo_interface__"):
        return value.__geo_interface__["coordinates"]
    return value
