"""Vehicles: where one has left the car and the bicycle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mesa_llm_city.core.component import State
from mesa_llm_city.core.values import Mode, TravelOption
from mesa_llm_city.population import Persona

__all__ = ["Vehicles"]


class Vehicles:
    """The vehicles of one person, each standing somewhere.

    Parameters
    ----------
    persona : Persona
        Whose; a car takes a licence.

    Notes
    -----
    A vehicle can only be taken where it stands, and is taken along from where it
    was parked, unless one comes back there next (lunch near the office).
    """

    __slots__ = ("_home", "_stands")

    def __init__(self, persona: Persona) -> None:
        self._home = persona.home
        self._stands: dict[Mode, int] = {}
        if persona.has_car and persona.has_licence:
            self._stands[Mode.CAR] = persona.home
        if persona.has_bicycle:
            self._stands[Mode.BICYCLE] = persona.home

    def usable(
        self, options: Sequence[TravelOption], *, place: int, returns: bool
    ) -> list[TravelOption]:
        """Return the options open to the person.

        Parameters
        ----------
        options : sequence of TravelOption
            The ways the city offers.
        place : int
            Where the trip begins.
        returns : bool
            Whether the person will come back to `place` next.
        """
        parked = [mode for mode, stands in self._stands.items() if stands == place != self._home]
        if parked and not returns:
            taken_along = [option for option in options if option.mode in parked]
            if taken_along:
                return taken_along
        return [option for option in options if self._has(option.mode, place)]

    def move(self, mode: Mode, to: int) -> None:
        """Park the vehicle of `mode`, if it is one's own, at the place `to`."""
        if mode in self._stands:
            self._stands[mode] = to

    def state(self) -> State:
        """Return where each vehicle stands."""
        return {"stands": {str(mode): place for mode, place in self._stands.items()}}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned."""
        self._stands = {Mode(mode): int(place) for mode, place in state["stands"].items()}

    def _has(self, mode: Mode, place: int) -> bool:
        if mode in {Mode.CAR, Mode.BICYCLE}:
            return self._stands.get(mode) == place
        return True
