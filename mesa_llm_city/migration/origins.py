"""Where people who move come from: the city, their hometowns, and what a survey knows of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import TypeAlias

from mesa_llm_city.core.errors import ConfigError

__all__ = ["Answers", "Background", "Circumstances", "Origins", "Settlement"]

Answers: TypeAlias = Mapping[str, int | float | str | None]
"""Answers of a person to questions of a survey, by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """A city or a village, as a survey of migration sees it.

    Parameters
    ----------
    name : str
        Name, such as ``"village 3"``.
    wage : float
        Mean wage, in units of money a year; above 0.
    price : float, default 1.0
        Price level relative to that of villages; above 0.
    distance_km : float, default 0.0
        Distance from the city, in km; at least 0.
    subsidy : float, default 0.0
        Additional income of a person who lives there, in units of money a year; at least 0.

    Raises
    ------
    ConfigError
        If a number is outside its range.
    """

    name: str
    wage: float
    price: float = 1.0
    distance_km: float = 0.0
    subsidy: float = 0.0

    def __post_init__(self) -> None:
        """Check all numbers and list all defects."""
        wrong = [f"{one} must be above 0" for one in ("wage", "price") if not self._get(one) > 0.0]
        wrong += [
            f"{one} must be at least 0"
            for one in ("distance_km", "subsidy")
            if not self._get(one) >= 0.0
        ]
        if wrong:
            message = f"settlement {self.name}: {'; '.join(wrong)}, got {self}"
            raise ConfigError(message)

    def _get(self, name: str) -> float:
        value: float = getattr(self, name)
        return value


SETTLEMENT_FIELDS = tuple(one.name for one in fields(Settlement))


@dataclass(frozen=True, slots=True, kw_only=True)
class Background:
    """What a survey knows of a person and a persona does not.

    Parameters
    ----------
    hometown : str, default ""
        Name of the settlement the person comes from; empty if unknown.
    answers : mapping of str to number, str or None
        Other answers, such as ``{"hukou": 1, "total_asset": 250_000}``.
    """

    hometown: str = ""
    answers: Answers = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What a person's row of a survey is made from, besides the persona.

    Parameters
    ----------
    city, hometown : Settlement, optional
        The city of the model, and where the person comes from; None if unknown.
    is_home : bool, default False
        Whether the person lives in the hometown.
    answers : mapping of str to number, str or None
        See `Background`.
    """

    city: Settlement | None = None
    hometown: Settlement | None = None
    is_home: bool = False
    answers: Answers = field(default_factory=dict)

    @property
    def here(self) -> Settlement | None:
        """Where the person lives."""
        return self.hometown if self.is_home else self.city


@dataclass(frozen=True, slots=True, kw_only=True)
class Origins:
    """The city, the hometowns of its people, and what is known of them, when a run begins.

    Parameters
    ----------
    city : Settlement, optional
        The city of the model.
    hometowns : tuple of Settlement
        Where people come from, with different names.
    backgrounds : mapping of int to Background
        By id of the person. Who has none takes the hometown of the household.

    Raises
    ------
    ConfigError
        If two hometowns have one name, or a background names another one.
    """

    city: Settlement | None = None
    hometowns: tuple[Settlement, ...] = ()
    backgrounds: Mapping[int, Background] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check the names of hometowns."""
        names = [one.name for one in self.hometowns]
        if len(set(names)) < len(names):
            message = f"hometowns must have different names, got {', '.join(names)}"
            raise ConfigError(message)
        named = {one.hometown for one in self.backgrounds.values()} - {""}
        if unknown := sorted(named - set(names)):
            message = f"there is no hometown {', '.join(unknown)}; give it in hometowns"
            raise ConfigError(message)
