"""What the places of a city offer for a purpose, and how much of it."""

from __future__ import annotations

import numpy as np

from mesa_llm_city.city.places import Places
from mesa_llm_city.core.values import Float, Int, Purpose, Supply

__all__ = ["supply_of"]


def supply_of(places: Places, purpose: str) -> Supply:
    """Return the places for a purpose with their weights.

    Weights are residents for ``"sleep"``, jobs for ``"work"``, and jobs (or 1 where there
    are none) for ``"school"``, since seats grow with staff; otherwise 1.
    """
    ids = places.offering(purpose)
    return Supply(
        places=ids,
        x=places.x[ids],
        y=places.y[ids],
        zone=places.zone[ids],
        weight=_weight(places, ids, purpose),
    )


def _weight(places: Places, ids: Int, purpose: str) -> Float:
    if purpose == Purpose.SLEEP:
        return places.residents[ids]
    if purpose == Purpose.WORK:
        return places.jobs[ids]
    if purpose == Purpose.SCHOOL:
        return np.where(places.jobs[ids] > 0, places.jobs[ids], 1.0)
    return np.ones(len(ids))
