"""Goals: what a person is after for the coming weeks and years, and how that leans her days.

Revised monthly, or after something has changed in life, along Maslow's hierarchy
of needs (CitySim, sec. 3.1.5 and appendix A). Here stand the rules;
`goals_prompt` asks a language model instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isnan
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.component import State
from mesa_llm_city.core.errors import ConfigError, LLMError
from mesa_llm_city.core.values import DecisionSource, Float, Purpose
from mesa_llm_city.mind.goals_prompt import goals_by_prompt
from mesa_llm_city.population import Persona
from mesa_llm_city.prompts import rules_after

__all__ = [
    "Goal",
    "GoalConfig",
    "GoalFacts",
    "Goals",
    "Horizon",
    "Revision",
    "financial_stress",
    "interest",
    "isolated",
    "need_fulfilment",
]


class Horizon(StrEnum):
    """For how long a goal is meant: some weeks, or longer."""

    SHORT = "short"
    LONG = "long"


class Goal(NamedTuple):
    """Something a person is after.

    Attributes
    ----------
    text : str
        In words, at most 120 characters; by rule from a table.
    horizon : Horizon
        For some weeks, or longer.
    favours : tuple of (Purpose, float)
        Activities it speaks for or against, from -1 to 1.
    """

    text: str
    horizon: Horizon
    favours: tuple[tuple[Purpose, float], ...]


class GoalFacts(NamedTuple):
    """What goals follow from.

    Attributes
    ----------
    fulfilment : float
        Share of the day with all needs above their thresholds (see `need_fulfilment`).
    income, expenses : float
        Per month, in the same unit.
    contacts : int
        Different people talked to in the last seven days.
    interest : float
        Share of the places visited in the last 30 days that were liked (see `interest`);
        NaN if there was none.
    """

    fulfilment: float
    income: float
    expenses: float
    contacts: int
    interest: float


class Revision(NamedTuple):
    """Goals as thought out.

    Attributes
    ----------
    goals : tuple of Goal
        The new ones, which replace the old.
    source : DecisionSource
        Who set them.
    reason : str
        The terms that decided, or the language model's own reason.
    """

    goals: tuple[Goal, ...]
    source: DecisionSource
    reason: str


def need_fulfilment(levels: ArrayLike, thresholds: ArrayLike) -> Float:
    """Return the share of moments at which every need exceeds its threshold.

    Parameters
    ----------
    levels : array_like, shape (..., t, 4)
        Levels of the needs at t moments of a day.
    thresholds : array_like, shape (4,)
        Thresholds, in the same order.

    Returns
    -------
    ndarray of float64, shape (...)
        In [0, 1] (CitySim, sec. 3.1.5).

    Examples
    --------
    >>> float(need_fulfilment([[0.9, 0.9, 0.9, 0.9], [0.2, 0.9, 0.9, 0.9]], [0.3, 0.3, 0.2, 0.2]))
    0.5
    """
    met = np.asarray(levels, dtype=np.float64) > np.asarray(thresholds, dtype=np.float64)
    share: Float = np.asarray(met.all(axis=-1).mean(axis=-1), dtype=np.float64)
    return share


def financial_stress(income: ArrayLike, expenses: ArrayLike, share: float = 0.9) -> np.ndarray:
    """Return whether income is less than `share` times the expenses (CitySim, sec. 3.1.5).

    Examples
    --------
    >>> financial_stress([0.8, 1.0], 1.0).tolist()
    [True, False]
    """
    return np.asarray(income, dtype=np.float64) < share * np.asarray(expenses, dtype=np.float64)


def isolated(contacts: ArrayLike, fewest: int = 3) -> np.ndarray:
    """Return whether somebody has met fewer than three people in a week (CitySim, sec. 3.1.5).

    Examples
    --------
    >>> isolated([0, 2, 3]).tolist()
    [True, True, False]
    """
    return np.asarray(contacts) < fewest


def interest(satisfaction: ArrayLike, liked_above: float = 0.5) -> float:
    """Return the share of visited places whose satisfaction is believed above a half.

    Parameters
    ----------
    satisfaction : array_like, shape (n,)
        Beliefs about the places visited in the last 30 days, in [0, 1].
    liked_above : float, default 0.5
        Above it a place is liked.

    Returns
    -------
    float
        In [0, 1] (CitySim, sec. 3.1.5); NaN if no place was visited.

    Examples
    --------
    >>> interest([0.7, 0.4, 0.6, 0.5])
    0.5
    """
    believed = np.asarray(satisfaction, dtype=np.float64)
    return float((believed > liked_above).mean()) if believed.size else float("nan")


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalConfig:
    """When goals are revised, and what makes them.

    Parameters
    ----------
    every_days : int, default 30
        Goals last so long (CitySim, sec. 3.1.5: monthly).
    stress_below : float, default 0.9
        Income under this share of the expenses is stress (CitySim, sec. 3.1.5).
    few_contacts : int, default 3
        Fewer people in seven days are isolation (CitySim, sec. 3.1.5).
    fulfilled_from : float, default 0.8
        Share of the day from which basic needs count as met; an assumption.
    bored_below : float, default 0.5
        Share of liked places under which one looks for new ones; an assumption.

    Raises
    ------
    ConfigError
        If a number is negative, or there is no day between revisions.
    """

    every_days: int = 30
    stress_below: float = 0.9
    few_contacts: int = 3
    fulfilled_from: float = 0.8
    bored_below: float = 0.5

    def __post_init__(self) -> None:
        """Check ranges."""
        for name in self.__slots__:
            least = 1 if name == "every_days" else 0
            if getattr(self, name) < least:
                message = f"{name} must be at least {least}, got {getattr(self, name)}"
                raise ConfigError(message)


class Goals:
    """What one person is after, by rule or as a language model words it.

    Parameters
    ----------
    config : GoalConfig, optional
        When goals are revised, and what makes them.
    source : DecisionSource, default DecisionSource.RULE
        Who sets goals.

    Attributes
    ----------
    event : str
        What has happened in life since they were revised, in words; mostly nothing.

    Examples
    --------
    >>> from mesa_llm_city.core.asking import run
    >>> goals = Goals()
    >>> lonely = GoalFacts(fulfilment=0.9, income=1.0, expenses=0.8, contacts=1, interest=0.7)
    >>> revision = run(goals.revise(lonely))
    >>> goals.adopt(revision, at_min=0)
    >>> [goal.text for goal in goals], goals.leanings()[Purpose.SOCIAL]
    (['see more of other people'], 0.5)
    """

    __slots__ = ("_goals", "_revised_min", "config", "event", "source")

    def __init__(
        self, config: GoalConfig | None = None, *, source: DecisionSource = DecisionSource.RULE
    ) -> None:
        self.config = config or _DEFAULT
        self.source = source
        self._goals: tuple[Goal, ...] = ()
        self._revised_min: int | None = None
        self.event = ""

    def __len__(self) -> int:
        """Return the number of goals."""
        return len(self._goals)

    def __iter__(self) -> Iterator[Goal]:
        """Iterate over the goals."""
        return iter(self._goals)

    def due(self, at_min: int) -> bool:
        """Tell whether it is time to revise them: after a month, or after a life event."""
        last = self._revised_min
        fresh = last is not None and at_min - last < self.config.every_days * DAY_MIN
        return bool(self.event) or not fresh

    def unsettle(self, event: str) -> None:
        """Have the goals revised soon, since something has happened (at most 120 characters)."""
        self.event = event[:_LONGEST]

    async def revise(
        self,
        facts: GoalFacts,
        *,
        persona: Persona | None = None,
        activities: Sequence[str] = (),
    ) -> Revision:
        """Think about what to be after.

        By rule each unmet level of the hierarchy, from the lowest up, gives the goal
        of a table, two at most: needs of the body, security, belonging, then interest;
        who lacks nothing goes on growing. By prompt a language model words up to two
        goals for the coming weeks and two for longer.

        Parameters
        ----------
        facts : GoalFacts
            Needs, money, contacts and interest.
        persona : Persona, optional
            Whose goals; told to a language model.
        activities : sequence of str, optional
            What the person has been doing of late; told to a language model.

        Raises
        ------
        LLMError
            If there is no reply, and the run is not configured to use rules then.
        """
        by_rule = self._by_rule(facts)
        if self.source is DecisionSource.RULE:
            return by_rule
        try:
            texts, reason = await goals_by_prompt(
                facts._asdict(),
                person="" if persona is None else persona.describe(),
                activities=activities,
                goals=[goal.text for goal in self._goals],
                event=self.event,
            )
        except LLMError as error:
            return by_rule._replace(reason=rules_after(error))
        worded = tuple(Goal(text, Horizon(span), favours) for text, span, favours in texts)
        return Revision(worded, DecisionSource.PROMPT, reason)

    def _by_rule(self, facts: GoalFacts) -> Revision:
        config = self.config
        stress = bool(financial_stress(facts.income, facts.expenses, config.stress_below))
        unmet = {
            "body": facts.fulfilment < config.fulfilled_from,
            "security": stress,
            "belonging": bool(isolated(facts.contacts, config.few_contacts)),
            "interest": facts.interest < config.bored_below,
        }
        levels = [level for level, lacks in unmet.items() if lacks][:2] or ["growth"]
        liked = (
            "no places visited"
            if isnan(facts.interest)
            else f"{facts.interest:.0%} of places liked"
        )
        reason = (
            f"needs met {facts.fulfilment:.0%} of the day, income {facts.income:.2f} for expenses "
            f"{facts.expenses:.2f}, {facts.contacts} contacts in a week, {liked}"
        )
        reason = f"after {self.event}: {reason}" if self.event else reason
        return Revision(tuple(_GOALS[level] for level in levels), DecisionSource.RULE, reason)

    def adopt(self, revision: Revision, *, at_min: int) -> None:
        """Make goals that were thought out one's own."""
        self._goals, self._revised_min, self.event = revision.goals, at_min, ""

    def leanings(self) -> dict[Purpose, float]:
        """Return how much the goals speak for activities, from -1 to 1."""
        total: dict[Purpose, float] = {}
        for goal in self._goals:
            for purpose, weight in goal.favours:
                total[purpose] = total.get(purpose, 0.0) + weight
        return {purpose: min(max(weight, -1.0), 1.0) for purpose, weight in total.items()}

    def state(self) -> State:
        """Return the goals and when they were revised."""
        told = [[goal.text, str(goal.horizon), _plain(goal.favours)] for goal in self._goals]
        return {"goals": told, "revised_min": self._revised_min, "event": self.event}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned."""
        self._goals = tuple(
            Goal(text, Horizon(span), tuple((Purpose(name), weight) for name, weight in favours))
            for text, span, favours in state["goals"]
        )
        self._revised_min, self.event = state["revised_min"], str(state["event"])


def _plain(favours: Sequence[tuple[Purpose, float]]) -> list[list[object]]:
    return [[str(purpose), weight] for purpose, weight in favours]


_LONGEST = 120
_DEFAULT = GoalConfig()
# What each level of the hierarchy asks for when it is not met; the weights are assumptions.
_GOALS: Mapping[str, Goal] = MappingProxyType(
    {
        "body": Goal(
            "eat and sleep regularly",
            Horizon.SHORT,
            ((Purpose.REST, 0.5), (Purpose.LEISURE, -0.2)),
        ),
        "security": Goal(
            "spend less",
            Horizon.SHORT,
            ((Purpose.SHOPPING, -0.5), (Purpose.LEISURE, -0.3), (Purpose.REST, 0.2)),
        ),
        "belonging": Goal("see more of other people", Horizon.SHORT, ((Purpose.SOCIAL, 0.5),)),
        "interest": Goal("find places worth going to", Horizon.SHORT, ((Purpose.LEISURE, 0.4),)),
        "growth": Goal(
            "stay fit and learn something new",
            Horizon.LONG,
            ((Purpose.SPORT, 0.3), (Purpose.LEISURE, 0.2)),
        ),
    }
)
