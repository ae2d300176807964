"""Shares with Wilson's interval."""

from __future__ import annotations

import math
from typing import NamedTuple

from mesa_llm_city.core.errors import ConfigError

__all__ = ["Share", "wilson_interval"]


class Share(NamedTuple):
    """A share and its interval.

    Attributes
    ----------
    value : float
        The share, in [0, 1]; NaN without trials.
    low, high : float
        The interval.
    """

    value: float
    low: float
    high: float


def wilson_interval(successes: float, trials: float, *, level: float = 0.95) -> Share:
    """Return a share with Wilson's score interval [1]_.

    Parameters
    ----------
    successes : float
        Number of successes, in [0, trials]; a tie may count as a half. The variance of halves
        is smaller than that of wins and losses, so the interval is then too wide rather than
        too narrow.
    trials : float
        Number of trials.
    level : float, default 0.95
        Confidence level, in (0, 1).

    Returns
    -------
    Share
        ``(p + z²/2n ± z sqrt(p(1 - p)/n + z²/4n²)) / (1 + z²/n)``; [0, 1] without trials.

    Raises
    ------
    ConfigError
        If a number is outside its range.

    References
    ----------
    .. [1] Wilson (1927), Probable inference, the law of succession, and statistical inference.
       J. American Statistical Association 22(158), 209-212.

    Examples
    --------
    >>> [round(one, 3) for one in wilson_interval(8, 10)]
    [0.8, 0.49, 0.943]
    """
    from scipy.special import ndtri

    if not 0.0 < level < 1.0:
        message = f"level must be between 0 and 1, got {level!r}; use 0.95"
        raise ConfigError(message)
    if not 0.0 <= successes <= trials:
        message = f"successes must be from 0 to the {trials} trials, got {successes}"
        raise ConfigError(message)
    if trials == 0.0:
        return Share(math.nan, 0.0, 1.0)
    z2 = float(ndtri((1.0 + level) / 2.0)) ** 2
    share = successes / trials
    middle = share + z2 / (2.0 * trials)
    half = math.sqrt(z2 * (share * (1.0 - share) / trials + z2 / (4.0 * trials**2)))
    scale = 1.0 + z2 / trials
    return Share(share, max((middle - half) / scale, 0.0), min((middle + half) / scale, 1.0))
