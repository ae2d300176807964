"""Goals of one person by rule.

Goals are revised monthly, or after a life event, along Maslow's hierarchy of needs
(CitySim, sec. 3.1.5 and appendix A). They change which activities are preferred.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import isnan
from typing import Any

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.component import State
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.mind.goal import Goal, GoalFacts, Horizon, Revision, favoured
from mesa_llm_city.mind.goal_columns import LEVELS, NEVER, RowFacts, unmet_levels
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.parameters.mind import GoalParameters, GoalSpec
from mesa_llm_city.population import Persona

__all__ = ["Goals", "goal_texts", "goals_of_levels", "levels_of_goals"]

# Longest event that is kept, in characters.
_LONGEST = 120


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
        of_one = RowFacts(*(np.atleast_1d(one) for one in facts))
        lacks = unmet_levels(of_one, parameters)[0].tolist()
        unmet = [level for level, is_lacking in zip(LEVELS, lacks, strict=True) if is_lacking]
        goals = tuple(_goal(parameters.by_level[level]) for level in unmet)
        reason = _reason(facts)
        reason = f"after {self.event}: {reason}" if self.event else reason
        return Revision(goals, DecisionSource.RULE, reason)

    def adopt(self, revision: Revision, *, at_min: int) -> None:
        """Replace the goals by those of a revision."""
        self._goals, self._revised_min, self.event = revision.goals, at_min, ""

    def leanings(self) -> dict[str, float]:
        """Return how much the goals speak for activities, from -1 to 1."""
        return favoured(goal.favours for goal in self._goals)

    def state(self) -> State:
        """Return the goals, the time of their revision, and what has happened since."""
        return _state_of(self._goals, self._revised_min, self.event)

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned."""
        self._goals = tuple(
            Goal(text, Horizon(span), tuple((str(name), weight) for name, weight in favours))
            for text, span, favours in state["goals"]
        )
        self._revised_min, self.event = state["revised_min"], str(state["event"])


def goals_of_levels(unmet: int, revised: int, parameters: CityParameters) -> State:
    """Return the goals of a row of `GoalColumns`, as `Goals.restore` takes them.

    Parameters
    ----------
    unmet, revised : int
        As the row has them.
    parameters : CityParameters
        Reads `mind.goals.by_level`.
    """
    specs = parameters.mind.goals.by_level
    own = [_goal(specs[level]) for bit, level in enumerate(LEVELS) if unmet >> bit & 1]
    return _state_of(own, None if revised == NEVER else revised, "")


@lru_cache(maxsize=8)
def goal_texts(parameters: CityParameters) -> tuple[str, ...]:
    """Return the goals of each set of levels in words, by the bits of `GoalColumns.unmet`.

    Parameters
    ----------
    parameters : CityParameters
        Reads `mind.goals.by_level`.

    Examples
    --------
    >>> texts = goal_texts(default_parameters())
    >>> texts[0], texts[4], texts[8 + 4].count("; ")
    ('', 'see more of other people', 1)
    """
    sets, specs = range(2 ** len(LEVELS)), parameters.mind.goals.by_level
    return tuple(
        "; ".join(specs[level].text for bit, level in enumerate(LEVELS) if one >> bit & 1)
        for one in sets
    )


def levels_of_goals(state: Mapping[str, Any], parameters: CityParameters) -> tuple[int, int]:
    """Return what a row of `GoalColumns` keeps of goals: `unmet` and `revised`.

    Goals in other words than those of a rule are left out; then, or if something has happened in
    life since, the row sets goals anew when it next plans a day.

    Parameters
    ----------
    state : mapping
        What `Goals.state` returned.
    parameters : CityParameters
        Reads `mind.goals.by_level`.
    """
    specs, texts = parameters.mind.goals.by_level, {text for text, *_ in state["goals"]}
    kept = [specs[level].text in texts for level in LEVELS]
    revised, is_whole = state["revised_min"], np.count_nonzero(kept) == len(state["goals"])
    lasts = revised is not None and is_whole and not state["event"]
    return int(np.packbits(kept, bitorder="little")[0]), int(revised) if lasts else NEVER


def _state_of(goals: Sequence[Goal], revised_min: int | None, event: str) -> State:
    told = [[goal.text, str(goal.horizon), _plain(goal.favours)] for goal in goals]
    return {"goals": told, "revised_min": revised_min, "event": event}


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
