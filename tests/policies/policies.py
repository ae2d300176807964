"""A small policy about modes, by whether a car can be driven and by distance."""

from __future__ import annotations

import numpy as np

from mesa_llm_city.parameters import default_parameters
from mesa_llm_city.policies import Policy, PolicyCard, dimensions_of

CARD = PolicyCard(
    model="scripted",
    prompt_version="mode@2",
    package="0",
    per_cell=2,
    strength=1.0,
    people=4,
    days=1,
    seed=7,
    held_out=0.1,
    moments=10,
    cells=2,
    compiled=2,
    possible=8,
    coverage=1.0,
    answers=4,
    failed=0,
    calls=4,
    tokens=400,
    usd=0.01,
    entropy=0.5,
)


def mode_policy(strength: float = 1.0) -> Policy:
    """Return a policy with two of eight cells: near without a car (walk), far with one."""
    dimensions = dimensions_of(
        ["car", "distance"], frozenset({"distance_km", "purpose"}), default_parameters()
    )
    return Policy.of_counts(
        "mode",
        dimensions=dimensions,
        answers=("car", "train", "walk"),
        codes=np.array([0, 7]),
        counts=np.array([[0, 0, 2], [1, 1, 0]]),
        moments=np.array([6, 4]),
        strength=strength,
        card=CARD,
    )
