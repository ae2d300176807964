"""Broadcast-like forwarding: many forward from the source, few from those who forwarded."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.diffusion.mechanism import (
    DELAYS,
    Mechanism,
    Setting,
    by_depth,
    depths,
)
from mesa_llm_city.experiments.diffusion.spreading import Network, Pushes

__all__ = ["BROADCAST", "forward_chance"]


def forward_chance(depth: Float, first: float, later: float | Float, decay: float) -> Float:
    """Return the probability that a post of some depth is forwarded by one who sees it.

    Parameters
    ----------
    depth : ndarray of float64
        Depth of the post that is seen: 0 for the first of a cascade.
    first : float
        Probability at depth 0, in [0, 1].
    later : float or ndarray of float64
        Probability at depth 1, in [0, 1].
    decay : float
        Factor for each further step, in (0, 1].

    Examples
    --------
    >>> forward_chance(np.array([0.0, 1.0, 3.0]), 0.3, 0.01, 0.5).tolist()
    [0.3, 0.01, 0.0025]
    """
    found: Float = np.where(depth < 1.0, first, later * decay ** np.maximum(depth - 1.0, 0.0))
    return found


def _pushes(_network: Network, values: Mapping[str, float], appeal: Float) -> Pushes:
    later = values["later"] * np.exp(values["appeal_spread"] * appeal)
    chances = forward_chance(depths(), values["first"], later[:, np.newaxis], values["decay"])
    return by_depth(chances)


BROADCAST = Mechanism(
    name="broadcast",
    settings=(
        Setting("first", 0.3, 0.03, 0.9),
        Setting("later", 0.01, 0.0005, 0.1),
        Setting("decay", 0.75, 0.2, 1.0, is_log=False),
        Setting("appeal_spread", 0.4, 0.02, 1.5),
        *DELAYS,
    ),
    pushes=_pushes,
)
"""Forwarding that depends on the depth: cascades in social media are broad and not deep (Goel,
Anderson, Hofman and Watts 2016, Management Science 62(1), 180-196). How much an item appeals
beyond the listeners of its source differs between cascades (lognormal, assumption)."""
