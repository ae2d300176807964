"""Options of the economy of a city, and the component of people that goes with it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.economy import Finances
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import Persona

__all__ = ["Economy", "as_economy", "finances_maker"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Economy:
    """An economy for a city: ``CityModel(economy=Economy())``.

    Parameters
    ----------
    changes_hours : bool, default True
        Whether people who choose other hours have shorter or longer days of work.
    feeds_goals : bool, default True
        Whether goals follow from what months have brought and cost, rather than from the usual
        income of a person.
    """

    changes_hours: bool = True
    feeds_goals: bool = True

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)


def as_economy(
    given: Economy | bool | None,  # noqa: FBT001 - as CityModel takes it
    *,
    enabled: bool = False,
) -> Economy | None:
    """Return the economy that is meant: None for none, the default one for True.

    Parameters
    ----------
    given : Economy, bool or None
        The argument of the model; False for none in any case.
    enabled : bool, default False
        Whether there is one if the argument is None (`economy.enabled`).

    Raises
    ------
    ConfigError
        If it is none of these.
    """
    if given is False or (given is None and not enabled):
        return None
    if given is True or given is None:
        return Economy()
    if isinstance(given, Economy):
        return given
    message = f"economy must be an Economy, True or None, got {given!r:.80}"
    raise ConfigError(message)


def finances_maker(parameters: CityParameters) -> partial[Finances]:
    """Return what makes the component ``finances`` of a person."""
    return partial(_finances, parameters)


def _finances(parameters: CityParameters, _: Persona) -> Finances:
    return Finances(parameters)
