"""Goals of one person by rule, and the formulas they follow from.

Goals are revised monthly, or after a life event, along Maslow's hierarchy of needs
(CitySim, sec. 3.1.5 and appendix A). They change which activities are preferred.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isnan
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.component import State
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.mind.goal import Goal, GoalFacts, Horizon, Revision
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.parameters.mind import GoalParameters, GoalSpec
from mesa_llm_city.population import Persona

__all__ = ["Goals", "financial_stress", "interest", "isolated"]

# Longest event that is kept, in characters.
_LONGEST = 120
# The level of the hierarchy of somebody who lacks nothing.
_NOTHING_LACKING = "growth"


def financial_stress(income: ArrayLike, expenses: ArrayLike, *, share: float) -> np.ndarray:
    """Return whether income is less than `share` times the expenses (CitySim, sec. 3.1.5).

    Parameters
    ----------
    income, expenses : array_like
        Per month, in the same unit; they broadcast.
    share : float
        Share of the expenses that income has to cover.

    Examples
    --------
    >>> financial_stress([0.8, 1.0], 1.0, share=0.9).tolist()
    [True, False]
    """
    return np.asarray(income, dtype=np.float64) < share * np.asarray(expenses, dtype=np.float64)


def isolated(contacts: ArrayLike, *, fewest: int) -> np.ndarray:
    """Return whether somebody has met too few people (CitySim, sec. 3.1.5).

    Parameters
    ----------
    contacts : array_like
        Number of people met in a week.
    fewest : int
        Fewer than this are too few.

    Examples
    --------
    >>> isolated([0, 2, 3], fewest=3).tolist()
    [True, True, False]
    """
    return np.asarray(contacts) < fewest


def interest(satisfaction: ArrayLike, *, liked_above: float) -> float:
    """Return the share of visited places that were liked.

    Parameters
    ----------
    satisfaction : array_like, shape (n,)
        Believed satisfaction of the recently visited places, in [0, 1].
    liked_above : float
        Satisfaction above which a place is liked.

    Returns
    -------
    float
        In [0, 1] (CitySim, sec. 3.1.5); NaN if no place was visited.

    Examples
    --------
    >>> interest([0.7, 0.4, 0.6, 0.5], liked_above=0.5)
    0.5
    """
    believed = np.asarray(satisfaction, dtype=np.float64)
    return float((believed > liked_above).mean()) if believed.size else float("nan")


class Goals:
    """The goals of one person.

    Parameters
    ----------
    parameters : CityParameters, optional
        Its branch `mind.goals` is read; the defaults if not given.

    Attributes
    ----------
    parameters : GoalParameters
        When goals are revised, and what makes them.
    event : str
        What has happened in life since the last revision, in words; empty for nothing.

    Examples
    --------
    >>> from mesa_llm_city.core.asking import run
    >>> goals = Goals()
    >>> lonely = GoalFacts(fulfilment=0.9, income=1.0, expenses=0.8, contacts=1, interest=0.7)
    >>> revision = run(goals.revise(lonely))
    >>> goals.adopt(revision, at_min=0)
    >>> [goal.text for goal in goals.goals], goals.leanings()
    (['see more of other people'], {'social': 0.5})
    """

    __slots__ = ("_goals", "_revised_min", "event", "parameters")

    def __init__(self, parameters: CityParameters | None = None) -> None:
        tree = default_parameters() if parameters is None else parameters
        self.parameters: GoalParameters = tree.mind.goals
        self._goals: tuple[Goal, ...] = ()
        self._revised_min: int | None = None
        self.event = ""

    @property
    def goals(self) -> tuple[Goal, ...]:
        """The goals, in the order in which they were set."""
        return self._goals

    def due(self, at_min: int) -> bool:
        """Return whether it is time to revise the goals: after a month, or a life event."""
        last = self._revised_min
        fresh = last is not None and at_min - last < self.parameters.every_days * DAY_MIN
        return bool(self.event) or not fresh

    def unsettle(self, event: str) -> None:
        """Make a revision due because of a life event (at most 120 characters are kept)."""
        self.event = event[:_LONGEST]

    async def revise(
        self,
        facts: GoalFacts,
        *,
        persona: Persona | None = None,  # noqa: ARG002 - read by the prompt form
        activities: Sequence[str] = (),  # noqa: ARG002
    ) -> Revision:
        """Return new goals, and change nothing.

        Each unmet level of the hierarchy, from the lowest up, gives the goal of a table:
        needs of the body, security, belonging, then interest; who lacks nothing gets the
        goal of growth.

        Parameters
        ----------
        facts : GoalFacts
            Needs, money, contacts and interest.
        persona : Persona, optional
            The person; told to a language model.
        activities : sequence of str, optional
            Recent activities in words; told to a language model.
        """
        parameters = self.parameters
        unmet = self._unmet(facts)[: parameters.most] or [_NOTHING_LACKING]
        goals = tuple(_goal(parameters.by_level[level]) for level in unmet)
        reason = _reason(facts)
        reason = f"after {self.event}: {reason}" if self.event else reason
        return Revision(goals, DecisionSource.RULE, reason)

    def adopt(self, revision: Revision, *, at_min: int) -> None:
        """Replace the goals by those of a revision."""
        self._goals, self._revised_min, self.event = revision.goals, at_min, ""

    def leanings(self) -> dict[str, float]:
        """Return how much the goals speak for activities, from -1 to 1."""
        total: dict[str, float] = {}
        for goal in self._goals:
            for purpose, weight in goal.favours:
                total[purpose] = total.get(purpose, 0.0) + weight
        return {purpose: min(max(weight, -1.0), 1.0) for purpose, weight in total.items()}

    def state(self) -> State:
        """Return the goals, the time of their revision, and what has happened since."""
        goals = [[goal.text, str(goal.horizon), _plain(goal.favours)] for goal in self._goals]
        return {"goals": goals, "revised_min": self._revised_min, "event": self.event}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned."""
        self._goals = tuple(
            Goal(text, Horizon(span), tuple((str(name), weight) for name, weight in favours))
            for text, span, favours in state["goals"]
        )
        self._revised_min, self.event = state["revised_min"], str(state["event"])

    def _unmet(self, facts: GoalFacts) -> list[str]:
        """Return the levels of the hierarchy that are not met, the lowest first."""
        parameters = self.parameters
        share, fewest = parameters.stress_below, parameters.few_contacts
        lacks = {
            "body": facts.fulfilment < parameters.fulfilled_from,
            "security": bool(financial_stress(facts.income, facts.expenses, share=share)),
            "belonging": bool(isolated(facts.contacts, fewest=fewest)),
            "interest": facts.interest < parameters.bored_below,
        }
        return [level for level, is_lacking in lacks.items() if is_lacking]


def _goal(spec: GoalSpec) -> Goal:
    return Goal(spec.text, Horizon(spec.horizon), tuple(spec.favours.items()))


def _reason(facts: GoalFacts) -> str:
    liked = (
        "no places visited" if isnan(facts.interest) else f"{facts.interest:.0%} of places liked"
    )
    return (
        f"needs met {facts.fulfilment:.0%} of the day, income {facts.income:.2f} for expenses "
        f"{facts.expenses:.2f}, {facts.contacts} contacts in a week, {liked}"
    )


def _plain(favours: Sequence[tuple[str, float]]) -> list[list[object]]:
    return [[str(purpose), weight] for purpose, weight in favours]
