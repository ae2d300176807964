"""The part of a city model by which its population changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, cast

from mesa_llm_city.population import Persona
from mesa_llm_city.simulation.agent import CityAgent
from mesa_llm_city.simulation.demography.coming_and_going import Whom
from mesa_llm_city.simulation.demography.demography import Demography
from mesa_llm_city.simulation.registration import Registration
from mesa_llm_city.simulation.residents import Residents

if TYPE_CHECKING:
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["ModelDemography"]


class ModelDemography:
    """The part of a city model by which people come and go.

    Attributes
    ----------
    agent_class : type
        Class of the citizens.
    population : sequence of Persona
        Those who lived there at first.
    registration : Registration
        How people come to live there, and leave.
    residents : Residents
        The citizens.
    """

    agent_class: type[CityAgent]
    population: Sequence[Persona]
    registration: Registration
    residents: Residents

    @cached_property
    def demography(self) -> Demography:
        """Births, deaths, marriages, moves, new jobs, arrivals and departures."""
        return Demography(cast("CityModel", self))

    @property
    def everybody(self) -> Sequence[Persona]:
        """All who ever lived in the model, as they are now or were at last.

        Those of `population` first, then the others in the order in which they came.
        """
        present = (agent.persona for agent in self.residents.agents)
        return self.registration.history.everybody(self.population, present)

    def move_in(self, personas: Iterable[Persona], *, reason: str = "") -> list[CityAgent]:
        """Let people, such as a household, live in the model (see `ComingAndGoing.move_in`)."""
        return self.demography.move_in(personas, reason=reason)

    def move_out(self, whom: Whom, reason: str = "") -> list[Persona]:
        """Let a household, or people, leave for good (see `ComingAndGoing.move_out`)."""
        return self.demography.move_out(whom, reason)
