"""Habits of a person: hours of sleep, work and meals, and preferences for free time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mesa_llm_city.core.clock import DAY_MIN, WEEK_DAYS
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.parameters import FrozenMap
from mesa_llm_city.parameters.population import HabitParameters

__all__ = ["Habits", "Preferences"]


class Preferences(FrozenMap[str, float]):
    """How much a person likes to spend free time on a purpose, by its name.

    Weights are in [0, 1]; drawn ones add up to 1. A purpose that is not listed is liked as
    much as its specification says (`PurposeSpec.free_time_weight`).

    Examples
    --------
    >>> preferences = Preferences(leisure=0.2, sport=0.1)
    >>> preferences.of("sport", otherwise=0.3), preferences.of("worship", otherwise=0.3)
    (0.1, 0.3)
    """

    def of(self, purpose: str, otherwise: float) -> float:
        """Return the weight of `purpose`, or `otherwise` if the person has none for it."""
        return self.get(purpose, otherwise)

    @classmethod
    def _types(cls, source: Any) -> tuple[Any, Any]:  # noqa: ANN401, ARG003 - an annotation
        return str, float


_RANGES = (
    ("wake_min", 0, DAY_MIN - 1),
    ("work_days", 0, 2**WEEK_DAYS - 1),
    ("work_start_min", 0, DAY_MIN - 1),
    ("work_minutes", 0, DAY_MIN),
    ("lunch_min", 0, 2 * DAY_MIN - 1),
    ("dinner_min", 0, 2 * DAY_MIN - 1),
    ("eats_out", 0.0, 1.0),
)
"""Least and greatest value of what does not depend on other hours."""


def _defect(name: str, value: float, low: float, high: float) -> str:
    return f"{name} must be in [{low}, {high}], got {value}"


_USUAL = HabitParameters()
_UNKNOWN = Preferences()


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """Routines of a person (CitySim, sec. 3.1.1, "habits and preferences").

    Minutes count from midnight of the day on which the person gets up, in
    [0, 2880). So `bed_min` is above 1440 for people who go to bed after midnight,
    as may be the hours of a night shift and its meals. The defaults are those of
    `population.schedules.usual` in the default parameters.

    Parameters
    ----------
    wake_min, bed_min : int
        When the person usually gets up and goes to bed.
    work_days : int
        Days of work or school as seven bits, Monday the lowest; 0 for none.
    work_start_min : int
        When work or school begins.
    work_minutes : int
        From its begin to its end, breaks included.
    lunch_min, dinner_min : int
        When the midday and the evening meal begin.
    eats_out : float
        Share of these meals eaten neither at home nor brought along, in [0, 1].
    preferences : Preferences
        How much the person likes what free time can be spent on; by default nothing is
        known, and the weights of the specifications hold.

    Raises
    ------
    ConfigError
        If a value lies outside its range; the message lists all that do.

    Examples
    --------
    >>> habits = Habits(work_days=0b0011111, work_start_min=540, work_minutes=540)
    >>> habits.works_on(4), habits.works_on(5)
    (True, False)
    """

    wake_min: int = _USUAL.wake_min
    bed_min: int = _USUAL.bed_min
    work_days: int = 0
    work_start_min: int = 0
    work_minutes: int = 0
    lunch_min: int = _USUAL.lunch_min
    dinner_min: int = _USUAL.dinner_min
    eats_out: float = _USUAL.eats_out
    preferences: Preferences = _UNKNOWN

    def __post_init__(self) -> None:
        """Check every range."""
        if defects := self.defects():
            raise ConfigError("; ".join(defects))

    def defects(self) -> list[str]:
        """Return what is wrong with the values, one line each."""
        wake = self.wake_min
        found = [
            _defect(name, value, low, high)
            for name, low, high in _RANGES
            if not low <= (value := getattr(self, name)) <= high
        ]
        if not wake < self.bed_min <= wake + DAY_MIN:
            found.append(_defect("bed_min", self.bed_min, wake + 1, wake + DAY_MIN))
        liked = self.preferences.items()
        found += [_defect(name, one, 0.0, 1.0) for name, one in liked if not 0.0 <= one <= 1.0]
        return found

    @property
    def sleep_minutes(self) -> int:
        """Usual length of the night in minutes."""
        return self.wake_min + DAY_MIN - self.bed_min

    def works_on(self, weekday: int) -> bool:
        """Tell whether `weekday` (0 for Monday to 6 for Sunday) is a day of work or school."""
        return bool(self.work_days >> weekday & 1)

    def to_row(self) -> dict[str, int | float]:
        """Return the values flat, preferences as ``likes_...``."""
        likes = {f"likes_{name}": weight for name, weight in self.preferences.items()}
        return {
            "wake_min": self.wake_min,
            "bed_min": self.bed_min,
            "work_days": self.work_days,
            "work_start_min": self.work_start_min,
            "work_minutes": self.work_minutes,
            "lunch_min": self.lunch_min,
            "dinner_min": self.dinner_min,
            "eats_out": self.eats_out,
            **likes,
        }
