"""What a model of migration tells its page: places, moves, decisions and what drove them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol, runtime_checkable

from mesa_llm_city.migration.decision import MigrationDecision
from mesa_llm_city.migration.survey.table import SurveyTable

__all__ = ["Considered", "Drivers", "MigrationRun", "Moved", "Region"]


class Region(NamedTuple):
    """A place where people live.

    Attributes
    ----------
    name : str
        Name, different from that of every other place.
    kind : str
        Kind of place, such as ``"city"`` or ``"village"``.
    where_km : (float, float) or None
        Position east and north, in km; None if there is none.
    facts : mapping of str to str
        What else is known of it, in words.
    belong : int
        Number of people whose home it is, wherever they live; 0 if that means nothing here.
    """

    name: str
    kind: str
    where_km: tuple[float, float] | None = None
    facts: Mapping[str, str] = {}
    belong: int = 0


class Moved(NamedTuple):
    """A move of some people from one place to another, in a year.

    Attributes
    ----------
    year : int
        Year of the run, from 1.
    origin, destination : str
        Names of regions.
    people : int
        Number of people.
    is_return : bool
        Whether they go home.
    """

    year: int
    origin: str
    destination: str
    people: int
    is_return: bool


class Considered(NamedTuple):
    """What a household, or a person alone, decided in a year.

    Attributes
    ----------
    key : int
        Number of the household.
    persons : tuple of int
        Ids of those who took part in the decision.
    place : str
        Where they lived.
    is_home : bool
        Whether that is their home.
    p : float
        Probability of being at home, places included, in [0, 1].
    risk : float
        Risk of moving in this year, in [0, 1].
    moves : bool
        Whether they moved.
    decided_by : str
        Name of the rule or model.
    reason : str
        Reason in words; empty if they stay.
    """

    key: int
    persons: tuple[int, ...]
    place: str
    is_home: bool
    p: float
    risk: float
    moves: bool
    decided_by: str
    reason: str


class Drivers(NamedTuple):
    """What led to a probability: contributions that add up to its log odds.

    Attributes
    ----------
    base : float
        Log odds without any column; NaN if contributions do not add up to anything.
    parts : tuple of (str, float)
        Columns and their contributions, the mean over the members of a household.
    places : float
        Effect of the places: wages, prices, subsidy and distance.
    calibration : float
        Shift of a calibration to observed flows; 0 without one.
    unit : str
        What is added up, such as ``"log odds"``.
    """

    base: float
    parts: tuple[tuple[str, float], ...]
    places: float
    calibration: float
    unit: str


@runtime_checkable
class MigrationRun(Protocol):
    """A run of a model of migration, as its page sees it; a step is a year."""

    @property
    def year(self) -> int:
        """Years since the start."""
        ...

    @property
    def years(self) -> int:
        """Years after which the run ends."""
        ...

    @property
    def decision(self) -> MigrationDecision:
        """What decides."""
        ...

    @property
    def rows(self) -> SurveyTable:
        """Rows of the survey that the people are, as they were at the start."""
        ...

    def step(self) -> None:
        """Let a year pass."""
        ...

    def set_lever(self, name: str, value: float) -> None:
        """Set a lever of policy, which acts from the next year on."""
        ...

    def regions(self) -> Sequence[Region]:
        """Return all places."""
        ...

    def population(self) -> Mapping[str, int]:
        """Return the number of people who live in each region, by name."""
        ...

    def moves(self) -> Sequence[Moved]:
        """Return the moves of the last year."""
        ...

    def considered(self) -> Sequence[Considered]:
        """Return what was decided in the last year."""
        ...

    def drivers(self, year: int, key: int) -> Drivers | None:
        """Return what drove the decision of a household in a year; None if that is not known."""
        ...

    def shares(self) -> Mapping[str, Mapping[str, float]]:
        """Return the share at home of each group, by grouping; the first grouping is everybody."""
        ...

    def cost(self) -> float:
        """Return what policies cost this year, in RMB."""
        ...
