"""Plain models of spreading that a richer one has to beat: independent cascades, thresholds."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.experiments.diffusion.mechanism import DELAYS, Mechanism, Setting, by_depth
from mesa_llm_city.experiments.diffusion.spreading import Pushes
from mesa_llm_city.social.media.follower_graph import FollowerGraph

__all__ = ["BASELINES", "INDEPENDENT", "INDEPENDENT_HUBS", "LINEAR_THRESHOLD"]

_CHANCE = Setting("chance", 0.01, 0.0005, 0.3)
_WEIGHT = Setting("weight", 0.8, 0.05, 1.0, is_log=False)


def _one_chance(_graph: FollowerGraph, values: Mapping[str, float], appeal: Float) -> Pushes:
    """Return the pushes of independent cascades: one probability for every exposure."""
    return by_depth(np.full((len(appeal), 1), values["chance"]))


def _by_neighbours(graph: FollowerGraph, values: Mapping[str, float], _appeal: Float) -> Pushes:
    """Return the pushes of linear thresholds: each neighbour counts alike, together `weight`."""
    heard = graph.following_counts
    each = values["weight"] / np.maximum(heard, 1)

    def pushes(_cascade: Int, _author: Int, _depth: Int, who: Int) -> Float:
        found: Float = each[who]
        return found

    return pushes


INDEPENDENT = Mechanism(
    name="independent cascades",
    settings=(_CHANCE, *DELAYS),
    pushes=_one_chance,
    begins="anybody",
)
"""Independent cascades from anybody: each exposure leads to a forward with the same probability
(Goldenberg, Libai and Muller 2001, Marketing Letters 12(3), 211-223)."""

INDEPENDENT_HUBS = Mechanism(
    name="independent cascades, hubs", settings=(_CHANCE, *DELAYS), pushes=_one_chance
)
"""Independent cascades that begin with people of many listeners."""

LINEAR_THRESHOLD = Mechanism(
    name="linear threshold, hubs",
    settings=(_WEIGHT, *DELAYS),
    pushes=_by_neighbours,
    threshold="uniform",
)
"""A person forwards once the share of neighbours who have, times `weight`, passes a uniform
threshold (Granovetter 1978, Am. J. Sociol. 83(6), 1420-1443; Kempe, Kleinberg and Tardos 2003, KDD
'03, 137-146)."""

BASELINES = (INDEPENDENT, INDEPENDENT_HUBS, LINEAR_THRESHOLD)
"""The baselines in the order of reports."""
