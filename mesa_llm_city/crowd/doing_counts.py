"""How many rows of a crowd do what."""

from __future__ import annotations

from collections import Counter

import numpy as np

from mesa_llm_city.core.kernels import compiled
from mesa_llm_city.core.values import Int
from mesa_llm_city.crowd.codes import Codes
from mesa_llm_city.crowd.doing_loops import count_purposes
from mesa_llm_city.crowd.state import NOT_TRAVELLING, CrowdState

__all__ = ["count_doing"]


def count_doing(state: CrowdState, codes: Codes) -> Counter[str]:
    """Return the number of rows by what they do, of each purpose; who has not begun sleeps.

    Parameters
    ----------
    state : CrowdState
        The crowd.
    codes : Codes
        Positions of the purposes.
    """
    counts = np.zeros(len(codes.names) + 1, dtype=np.int64)
    destination, purpose = state.trip.destination, state.doing.purpose
    loop = compiled(count_purposes)
    if loop is not None:
        loop(state.present, destination, purpose, codes.travel, counts)
    else:
        counts += _counted(state, codes.travel, len(codes.names))
    counts[codes.sleep] += counts[-1]
    return Counter(dict(zip(codes.names, counts[:-1].tolist(), strict=True)))


def _counted(state: CrowdState, travel: int, last: int) -> Int:
    kinds = np.where(state.doing.purpose < 0, np.int8(last), state.doing.purpose)
    kinds[state.trip.destination != NOT_TRAVELLING] = travel
    some = kinds if state.present.all() else kinds[state.present]
    return np.bincount(some, minlength=last + 1)
