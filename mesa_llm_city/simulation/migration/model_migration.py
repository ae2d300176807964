"""The part of a city model that lets households move away and come."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mesa_llm_city.citizen.components import ComponentOption, is_maker
from mesa_llm_city.core.clock import Clock
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import Persona
from mesa_llm_city.simulation.agent import CityAgent
from mesa_llm_city.simulation.records import Records
from mesa_llm_city.simulation.registration import Registration
from mesa_llm_city.simulation.residents import Residents

if TYPE_CHECKING:
    from mesa_llm_city.simulation.migration.migration import Migration

__all__ = ["ModelMigration"]

_SLOT = "migration"


class ModelMigration:
    """What a city model does with a component in the slot ``migration``."""

    clock: Clock
    minute: int
    parameters: CityParameters
    records: Records
    registration: Registration
    residents: Residents
    run_seed: int
    move_in: Callable[..., list[CityAgent]]
    move_out: Callable[..., list[Persona]]
    _migration: Migration | None = None

    @property
    def migration(self) -> Migration:
        """Those away, all moves, and the places and backgrounds that decide.

        Raises
        ------
        ConfigError
            If the model has no such component.
        """
        if self._migration is None:
            message = (
                "nobody decides about moving away here; give "
                "components={'migration': HouseholdMigration(mapping, decision)}"
            )
            raise ConfigError(message)
        return self._migration

    @property
    def migration_or_none(self) -> Migration | None:
        """The same; None if the model has no such component."""
        return self._migration

    def begin_migration(self) -> None:
        """Make what lets households decide, if there is a component for it."""
        option = self.registration.setup.components.get(_SLOT)
        if option is None:
            return
        from mesa_llm_city.migration.origins import Origins
        from mesa_llm_city.simulation.migration.migration import Migration

        self._migration = Migration(
            _Components(option, self.residents),
            getattr(option, "origins", None) or Origins(),
            seed=self.run_seed,
            clock=self.clock,
            residents=self.residents,
            records=self.records,
            move_out=self.move_out,
            move_in=self.move_in,
            life_events=_listed(self.parameters.migration.decision.life_events),
        )

    def migrate(self) -> None:
        """At midnight, let the households decide whose date has come."""
        if self._migration is not None and self.clock.starts_day(self.minute):
            self._migration.decide_due(self.minute)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (one.strip() for one in text.split(","))))


class _Components:
    """Finds the component of a person who lives in the city, or has lived there."""

    def __init__(self, option: ComponentOption, residents: Residents) -> None:
        self._option, self._residents = option, residents

    def __call__(self, person: Persona) -> Any:  # noqa: ANN401 - a component of any class
        agent = self._residents.by_id.get(person.id)
        if agent is not None:
            return agent.citizen.components.migration
        makes: Any = self._option
        return makes(person) if is_maker(_SLOT, makes) else makes
