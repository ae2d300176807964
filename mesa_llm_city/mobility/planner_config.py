"""Durations and frequencies of a day."""

from __future__ import annotations

from dataclasses import dataclass

from mesa_llm_city.core.errors import ConfigError

__all__ = ["PlannerConfig"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannerConfig:
    """Durations and frequencies of a day; assumptions unless a source is named.

    Parameters
    ----------
    recursive : bool, default True
        Whether meals, hygiene, housework and errands are fitted into what sleep and duties
        leave, and into what is left of that in turn. Without, all of it stays free until
        its time comes (CitySim, appendix C.5).
    candidates : int, default 3
        Number of activities imagined for a free block (CitySim, appendix A: N = 3).
    lie_in_min : int, default 75
        How much later one gets up on a day off.
    jitter_min : float, default 12.0
        Standard deviation of getting up and going to bed, from day to day.
    care_min, breakfast_min, lunch_min, dinner_min : int
        Length of washing and dressing, and of the meals.
    shopping_per_day, errand_per_day, health_per_day : float
        Chance that a day off, of an adult, holds one; on working days it is halved.
    habit_share : float, default 0.5
        Chance that something one has a habit of doing is planned for a day.
    outing_min : int, default 45
        Free time shorter than this is spent at home.
    outing_cost : float, default 0.25
        Value of an outing that the way there takes off; twice that in rain.
    relief_weight : float, default 0.5
        Value of meeting a need that is wholly unmet, per unit of gain in an hour.
    whim : float, default 0.1
        Scale of what decides beyond preference and need (Gumbel noise, so that
        the choice among the imagined is a logit).

    Raises
    ------
    ConfigError
        If a number is negative, or no candidate is imagined.
    """

    recursive: bool = True
    candidates: int = 3
    lie_in_min: int = 75
    jitter_min: float = 12.0
    care_min: int = 30
    breakfast_min: int = 20
    lunch_min: int = 45
    dinner_min: int = 45
    shopping_per_day: float = 0.6
    errand_per_day: float = 0.2
    health_per_day: float = 0.04
    habit_share: float = 0.5
    outing_min: int = 45
    outing_cost: float = 0.25
    relief_weight: float = 0.5
    whim: float = 0.1

    def __post_init__(self) -> None:
        """Check ranges."""
        for name in self.__slots__:
            if getattr(self, name) < 0:
                message = f"{name} must be at least 0, got {getattr(self, name)}"
                raise ConfigError(message)
        if self.candidates < 1:
            message = f"candidates must be at least 1, got {self.candidates}; the paper uses 3"
            raise ConfigError(message)
