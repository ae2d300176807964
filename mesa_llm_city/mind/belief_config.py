"""Constants of learning about places, and of forgetting."""

from __future__ import annotations

from dataclasses import dataclass

from mesa_llm_city.core.errors import ConfigError

__all__ = ["BeliefConfig"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BeliefConfig:
    """Constants of learning and forgetting.

    Parameters
    ----------
    prior_variance : float, default 0.25
        Uncertainty about a place never visited (CitySim, appendix A).
    observation_variance : float, default 0.2
        Uncertainty of one visit (CitySim, appendix A).
    decay_per_day : float, default 0.03
        Share forgotten in a day (CitySim, appendix A).
    neutral : float, default 0.5
        Belief of one who knows nothing.
    similar : int, default 10
        An unknown place is judged by up to this many known ones, the most alike first
        (CitySim, appendix A: k = 10 by embedding).
    alike_from : float, default 0.4
        Places whose kinds are less alike say nothing of each other; an assumption.
    variance_growth_per_day : float, default 0.0
        How much surer beliefs become unsure again per day, up to `prior_variance`. The
        paper has none, so that visits count for less and less; an option.
    taste_sd : float, default 0.15
        Spread of personal taste; an assumption.
    noise_sd : float, default 0.05
        Spread between two visits to the same place; an assumption.
    tolerance_min : float, default 30.0
        Travel time at which convenience has fallen to 1/e; an assumption.
    mood_weight : float, default 0.1
        How much the best mood adds to the atmosphere one finds; an assumption.

    Raises
    ------
    ConfigError
        If a variance is not positive or a share lies outside [0, 1].
    """

    prior_variance: float = 0.25
    observation_variance: float = 0.2
    decay_per_day: float = 0.03
    neutral: float = 0.5
    similar: int = 10
    alike_from: float = 0.4
    variance_growth_per_day: float = 0.0
    taste_sd: float = 0.15
    noise_sd: float = 0.05
    tolerance_min: float = 30.0
    mood_weight: float = 0.1

    def __post_init__(self) -> None:
        """Check ranges."""
        for name in ("prior_variance", "observation_variance", "tolerance_min"):
            if not getattr(self, name) > 0.0:
                message = f"{name} must be positive, got {getattr(self, name)}"
                raise ConfigError(message)
        for name in ("decay_per_day", "neutral"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                message = f"{name} must lie in [0, 1], got {getattr(self, name)}"
                raise ConfigError(message)
