"""Familiarity: which places a person has been to, and how often."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from mesa_llm_city.core.component import State
from mesa_llm_city.core.place_slots import MOST_VISITS, NO_PLACE, slot_of
from mesa_llm_city.core.values import Int
from mesa_llm_city.mobility.exploration import PlaceHistory, exploration_probability
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.parameters.mobility import ExplorationParameters

__all__ = ["Familiarity"]


class Familiarity:
    """Counts the visits of one person, and says how readily the person tries a new place.

    Exploration and preferential return (Song et al. 2010): with probability
    ``rho * S ** -gamma`` a person goes to a new place, S being the number of different places
    that the person has come to know for any purpose; else back to a known one. As many places
    are known as there are slots for beliefs about them, and the same ones (see
    `mind.BeliefSlots`); one that has been forgotten counts as a new place when it is visited.

    Parameters
    ----------
    parameters : CityParameters, optional
        Reads `mobility.exploration` and `mind.beliefs.slots`.

    Examples
    --------
    >>> familiarity = Familiarity()
    >>> for place in (4, 9, 4):
    ...     familiarity.visited(place)
    >>> familiarity.history(np.array([4, 9, 11])).visits
    array([2, 1, 0])
    """

    __slots__ = ("_different", "_last", "_place", "_turn", "_visits", "parameters")

    def __init__(self, parameters: CityParameters | None = None) -> None:
        tree = default_parameters() if parameters is None else parameters
        self.parameters: ExplorationParameters = tree.mobility.exploration
        self._start(tree.mind.beliefs.slots)

    def _start(self, slots: int) -> None:
        """Know no place, with so many slots; empty ones come last."""
        self._place: Int = np.full((1, slots), NO_PLACE, dtype=np.int64)
        self._visits: Int = np.zeros((1, slots), dtype=np.int64)
        self._last: Int = np.zeros((1, slots), dtype=np.int64)
        # The visits are numbered, so that it is known which were longest ago.
        self._turn = 0
        self._different = 0

    @property
    def places(self) -> Int:
        """Ids of the known places, in the order of their slots, shape (n,)."""
        return self._place[0, : self._count()].copy()

    def visited(self, place: int) -> None:
        """Count a visit to a place."""
        slots, known = slot_of(self._place, self._visits, self._last, np.array([place]))
        slot, is_known = int(slots[0]), bool(known[0])
        self._turn += 1
        self._different += not is_known
        self._place[0, slot], self._last[0, slot] = place, self._turn
        been = int(self._visits[0, slot]) if is_known else 0
        self._visits[0, slot] = min(been + 1, MOST_VISITS)

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
        explores = float(exploration_probability(self._different, rho, numbers.gamma))
        is_there = places[:, np.newaxis] == self._place[0]
        visits: Int = np.where(is_there, self._visits[0], 0).sum(axis=1)
        return PlaceHistory(visits, explores)

    def state(self) -> State:
        """Return places, numbers and order of visits, and how many places came to be known."""
        count = self._count()
        return {
            "places": self._place[0, :count].tolist(),
            "visits": self._visits[0, :count].tolist(),
            "last": self._last[0, :count].tolist(),
            "different": self._different,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned."""
        count = len(state["places"])
        self._start(max(self._place.shape[1], count))
        self._place[0, :count] = state["places"]
        self._visits[0, :count] = state["visits"]
        self._last[0, :count] = state["last"]
        self._turn = max(state["last"], default=0)
        self._different = state["different"]

    def _count(self) -> int:
        return int(np.count_nonzero(self._visits))
