"""What a tie is: a relation, three beliefs, and the constants that move them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from mesa_llm_city.core.errors import ConfigError

__all__ = ["DIMENSIONS", "Outcome", "Relation", "Tie", "TieConfig"]

DIMENSIONS = ("affinity", "trust", "familiarity")
"""What a tie consists of, in the order of every array of ties (CitySim, sec. 3.3)."""

Three: TypeAlias = tuple[float, float, float]


class Relation(StrEnum):
    """What another is to a person, from the closest to the most distant.

    An acquaintance is somebody met without any other relation, a stranger
    somebody never met.
    """

    HOUSEHOLD = "household"
    FRIEND = "friend"
    CLASSMATE = "classmate"
    COLLEAGUE = "colleague"
    NEIGHBOUR = "neighbour"
    ACQUAINTANCE = "acquaintance"
    STRANGER = "stranger"


class Outcome(StrEnum):
    """How an encounter was for one of the two (CitySim, sec. 3.3)."""

    POSITIVE = "positive"
    NEUTRAL = "neutral"
    NEGATIVE = "negative"


class Tie(NamedTuple):
    """What one person believes about another at a moment.

    Attributes
    ----------
    relation : Relation
        What the other is to the person.
    affinity, trust, familiarity : float
        Beliefs in [0, 1].
    met_min : int or None
        When they last talked, in minutes; None for never.
    """

    relation: Relation
    affinity: float
    trust: float
    familiarity: float
    met_min: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TieConfig:
    """How ties begin, move and fade; the paper names no constants.

    Parameters
    ----------
    start : tuple of seven triples
        Tie with which each `Relation` begins, in its order, between people
        neither alike nor unlike. The order of trust from family to friends,
        neighbours and strangers is that of surveys (Delhey, Newton and Welzel
        2011, Am. Sociol. Rev. 76(5), 786-807); the values are assumptions.
    homophily : triple, default (0.3, 0.15, 0.0)
        Difference that likeness makes (see `initial_tie`); an assumption.
    steps : tuple of three triples
        Shares of the way by which a positive, a neutral and a negative outcome
        move a tie (see `moved_tie`). They are small, since it takes weeks to make
        a friend (Hall 2019, J. Soc. Pers. Relat. 36(4), 1278-1296). Any encounter
        makes familiar, and trust is lost three times faster than won (that it is
        lost faster: Slovic 1993, Risk Analysis 13(6), 675-682). The values are
        assumptions.
    fade_per_day : float, default 0.0
        Share of the familiarity beyond that of the relation which a day without
        contact takes away (see `faded_familiarity`); the paper has none.
    acquaintances : int, default 100
        How many people without a relation are kept; beyond, the one met longest
        ago is forgotten. With the related they make some 150, the number of ties
        that people keep up (Dunbar 1992, J. Hum. Evol. 22(6), 469-493).

    Raises
    ------
    ConfigError
        If the numbers are too few or too many, or lie outside their range.
    """

    start: tuple[Three, ...] = (
        (0.80, 0.85, 0.95),
        (0.70, 0.70, 0.70),
        (0.50, 0.45, 0.50),
        (0.45, 0.45, 0.50),
        (0.40, 0.40, 0.30),
        (0.30, 0.20, 0.00),
        (0.30, 0.20, 0.00),
    )
    homophily: Three = (0.3, 0.15, 0.0)
    steps: tuple[Three, ...] = ((0.03, 0.02, 0.03), (0.0, 0.0, 0.03), (-0.06, -0.06, 0.03))
    fade_per_day: float = 0.0
    acquaintances: int = 100

    def __post_init__(self) -> None:
        """Check lengths and ranges."""
        self._check("start", len(Relation), 0.0)
        self._check("steps", len(Outcome), -1.0)
        if not 0.0 <= self.fade_per_day <= 1.0:
            message = f"fade_per_day must lie in [0, 1], got {self.fade_per_day}; 0 is no fading"
            raise ConfigError(message)
        if self.acquaintances < 1:
            message = f"acquaintances must be at least 1, got {self.acquaintances}"
            raise ConfigError(message)

    def _check(self, name: str, count: int, low: float) -> None:
        told = getattr(self, name)
        if len(told) != count or any(len(one) != len(DIMENSIONS) for one in told):
            message = f"{name} needs {count} triples of {', '.join(DIMENSIONS)}, got {told}"
            raise ConfigError(message)
        if not all(low <= number <= 1.0 for one in told for number in one):
            message = f"{name} must lie in [{low:g}, 1], got {told}"
            raise ConfigError(message)
