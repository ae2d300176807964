"""Vehicles: where a person has left the car and the bicycle, and which modes are open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mesa_llm_city.core.component import State
from mesa_llm_city.core.values import TravelOption
from mesa_llm_city.parameters import CityParameters, ModeSpec, default_parameters
from mesa_llm_city.population import Persona

__all__ = ["Vehicles"]

_UNKNOWN_MODE = ModeSpec()


class Vehicles:
    """The vehicles of one person, each parked somewhere.

    Parameters
    ----------
    persona : Persona
        The owner; age and licence decide which modes are open.
    parameters : CityParameters, optional
        Reads of each mode whether it is `enabled`, its `least_age`, whether it
        `needs_licence`, and the own vehicle that it takes (`needs_vehicle`). A mode without a
        row has the defaults of `ModeSpec`.

    Notes
    -----
    A vehicle can only be taken where it is parked. A person who leaves the place where it is
    parked, away from home, takes it along, unless the person comes back there next (lunch
    near the office).
    """

    __slots__ = ("_age", "_has_licence", "_home", "_modes", "_parked")

    def __init__(self, persona: Persona, parameters: CityParameters | None = None) -> None:
        tree = default_parameters() if parameters is None else parameters
        self._modes: Mapping[str, ModeSpec] = tree.modes
        self._parked: dict[str, int] = {}
        self.renew(persona)

    def renew(self, persona: Persona) -> None:
        """Take over age, licence, home and vehicles of the owner, who may have moved house.

        A new vehicle stands at home, and those at the former home come along; others stay where
        they are, and those that the person may no longer use are given up.

        Parameters
        ----------
        persona : Persona
            The owner from now on.
        """
        former = getattr(self, "_home", persona.home)
        self._home, self._age = persona.home, persona.age
        self._has_licence = persona.has_licence
        owned = {"car": persona.has_car, "bicycle": persona.has_bicycle}
        before = self._parked
        self._parked = {
            spec.needs_vehicle: persona.home
            if before.get(spec.needs_vehicle, former) == former
            else before[spec.needs_vehicle]
            for spec in self._modes.values()
            if owned.get(spec.needs_vehicle) and self._may_use(spec)
        }

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
        open_to = [option for option in options if self._is_open(option.mode, place)]
        if place == self._home or returns:
            return open_to
        taken_along = [option for option in open_to if self._vehicle(option.mode)]
        return taken_along or open_to

    def move(self, mode: str, to: int) -> None:
        """Park the vehicle that `mode` takes, if the person owns one, at the place `to`."""
        vehicle = self._vehicle(mode)
        if vehicle in self._parked:
            self._parked[vehicle] = to

    def state(self) -> State:
        """Return where each vehicle is parked."""
        return {"parked": dict(self._parked)}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned."""
        self._parked = {str(name): int(place) for name, place in state["parked"].items()}

    def _vehicle(self, mode: str) -> str:
        return self._modes.get(mode, _UNKNOWN_MODE).needs_vehicle

    def _may_use(self, spec: ModeSpec) -> bool:
        licensed = self._has_licence or not spec.needs_licence
        return spec.enabled and licensed and self._age >= spec.least_age

    def _is_open(self, mode: str, place: int) -> bool:
        spec = self._modes.get(mode, _UNKNOWN_MODE)
        if not self._may_use(spec):
            return False
        return not spec.needs_vehicle or self._parked.get(spec.needs_vehicle) == place
