"""When people talk: constants, and the probability that follows from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Float
from mesa_llm_city.social.encounter import GAP_MIN

__all__ = ["ContactConfig", "contact_probability"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactConfig:
    """When people talk; the paper gives the gap and the rule of drawing only.

    Parameters
    ----------
    gap_min : int, default 30
        Minutes from one contact to the next: at most one partner per 30 minutes
        (CitySim, appendix A). It holds for calls as well, since nobody has two
        conversations at once.
    online_below : float, default 0.2
        Level of the social need from which down people far away are contacted;
        the paper's "defined threshold" (sec. 3.3), taken to be that of the need.
    online_free_min : int, default 15
        Least free time for such a contact, in minutes; an assumption.
    constant : float, default -2.0
        Utility of talking as such. This and the weights below are assumptions.
    need, extraversion, belief, time, mood : float
        Weights of the terms of `contact_probability`.
    ample_min : int, default 30
        Free time beyond which more makes no difference, in minutes.
    ask_above : float, default 0.5
        A language model is asked only where the rule finds a contact at least
        this likely; else the rule decides. 0 asks at every chance.
    told : int, default 6
        How many people a language model is told at most; half of them may be far
        away if somebody is near.

    Raises
    ------
    ConfigError
        If a number lies outside its range.
    """

    gap_min: int = GAP_MIN
    online_below: float = 0.2
    online_free_min: int = 15
    constant: float = -2.0
    need: float = 3.0
    extraversion: float = 0.5
    belief: float = 4.0
    time: float = 1.0
    mood: float = 0.5
    ample_min: int = 30
    ask_above: float = 0.5
    told: int = 6

    def __post_init__(self) -> None:
        """Check ranges."""
        for name in ("online_below", "ask_above"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                message = f"{name} must lie in [0, 1], got {getattr(self, name)}"
                raise ConfigError(message)
        for name, least in (("gap_min", 0), ("online_free_min", 0), ("ample_min", 1), ("told", 1)):
            if getattr(self, name) < least:
                message = f"{name} must be at least {least}, got {getattr(self, name)}"
                raise ConfigError(message)


def contact_probability(
    social: ArrayLike,
    extraversion: ArrayLike,
    belief: ArrayLike,
    free_min: ArrayLike,
    mood: ArrayLike,
    *,
    config: ContactConfig,
) -> Float:
    """Return how likely somebody is to talk to the one she has drawn.

    Binary logit, ``p = 1 / (1 + exp(-v))``, of ``v = constant
    + need (1 - social) + extraversion (level - 2) + belief (b - 0.5)
    + time (min(free / ample, 1) - 1) + mood m``. The paper leaves the decision
    to a language model and names what it weighs (sec. 3.3 and appendix A.1.2);
    the form of the rule is an assumption.

    Parameters
    ----------
    social : array_like
        Level of the social need, in [0, 1]; 1 is wholly met.
    extraversion : array_like
        Level of the trait, 1 to 3.
    belief : array_like
        Score of the tie, in [0, 1] (see `belief_score`).
    free_min : array_like
        Free time, in minutes.
    mood : array_like
        Valence, in [-1, 1].
    config : ContactConfig
        Weights.

    Returns
    -------
    ndarray of float64
        Probability in (0, 1); all inputs broadcast.

    Examples
    --------
    >>> contact_probability([1.0, 0.2], 2, 0.5, 60, 0.0, config=ContactConfig()).round(3)
    array([0.119, 0.599])
    """
    haste = np.minimum(np.divide(free_min, config.ample_min), 1.0) - 1.0
    utility = (
        config.constant
        + config.need * (1.0 - np.asarray(social, dtype=np.float64))
        + config.extraversion * (np.asarray(extraversion, dtype=np.float64) - 2.0)
        + config.belief * (np.asarray(belief, dtype=np.float64) - 0.5)
        + config.time * haste
        + config.mood * np.asarray(mood, dtype=np.float64)
    )
    probability: Float = 1.0 / (1.0 + np.exp(-utility))
    return probability
