"""Familiarity: which places a person has been to, and how often."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from mesa_llm_city.core.component import State
from mesa_llm_city.core.values import Int
from mesa_llm_city.mobility.exploration import PlaceHistory, exploration_probability
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.parameters.mobility import ExplorationParameters

__all__ = ["Familiarity"]


class Familiarity:
    """Counts the visits of one person, and says how readily the person tries a new place.

    Exploration and preferential return (Song et al. 2010): with probability
    ``rho * S ** -gamma`` a person goes to a new place, S being the number of different places
    that the person has visited for any purpose; else back to a known one.

    Parameters
    ----------
    parameters : CityParameters, optional
        Reads `mobility.exploration`.

    Examples
    --------
    >>> familiarity = Familiarity()
    >>> for place in (4, 9, 4):
    ...     familiarity.visited(place)
    >>> familiarity.history(np.array([4, 9, 11])).visits
    array([2, 1, 0])
    """

    __slots__ = ("_visits", "parameters")

    def __init__(self, parameters: CityParameters | None = None) -> None:
        tree = default_parameters() if parameters is None else parameters
        self.parameters: ExplorationParameters = tree.mobility.exploration
        self._visits: dict[int, int] = {}

    @property
    def places(self) -> Int:
        """Ids of the known places, in the order of the first visit, shape (n,)."""
        return np.fromiter(self._visits, dtype=np.int64, count=len(self._visits))

    def visited(self, place: int) -> None:
        """Count a visit to a place."""
        self._visits[place] = self._visits.get(place, 0) + 1

    def history(self, places: Int, curiosity: float = 0.0) -> PlaceHistory:
        """Return the visits to some places, and the probability of trying a new one.

        Parameters
        ----------
        places : ndarray of int64, shape (k,)
            Ids of the places.
        curiosity : float, default 0
            How readily the person tries new places, in standard deviations among people.
        """
        numbers = self.parameters
        rho = numbers.rho + numbers.rho_sd * curiosity
        explores = exploration_probability(len(self._visits), rho, numbers.gamma)
        known = self._visits
        visits = np.array([known.get(place, 0) for place in places.tolist()], dtype=np.int64)
        return PlaceHistory(visits, explores)

    def state(self) -> State:
        """Return places and numbers of visits."""
        return {"places": list(self._visits), "visits": list(self._visits.values())}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned."""
        self._visits = dict(zip(state["places"], state["visits"], strict=True))
