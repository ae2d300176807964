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
from mesa_llm_city.experiments.diffusion.spreading import Pushes
from mesa_llm_city.parameters.society import SharingParameters
from mesa_llm_city.social.media.follower_graph import FollowerGraph
from mesa_llm_city.social.sharing_formulas import base_probability

__all__ = ["BROADCAST"]


def _pushes(_graph: FollowerGraph, values: Mapping[str, float], appeal: Float) -> Pushes:
    numbers = SharingParameters(**{name: values[name] for name in ("broadcast", "later", "decay")})
    depth = depths()
    chances = base_probability(depth, depth == 0.0, numbers)
    factor = np.exp(values["appeal_spread"] * appeal)[:, np.newaxis]
    return by_depth(chances * np.where(depth > 0.0, factor, 1.0))


BROADCAST = Mechanism(
    name="broadcast",
    settings=(
        Setting("broadcast", 0.3, 0.03, 0.9),
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
