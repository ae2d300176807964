"""A draft: the plan that a thought may change, and what it notes on the way."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from mesa_llm_city.core.values import Activity, Decision, DecisionSource
from mesa_llm_city.mind import Assessment, Insight, Revision
from mesa_llm_city.mobility import BLOCK_MIN

__all__ = ["Draft"]


@dataclass(slots=True)
class Draft:
    """What a thought comes to: a copy of the plan that it may change, and its notes.

    Parameters
    ----------
    plan : list of Activity
        Blocks ahead, in order of time.
    day : int
        The last day that has been planned.
    resting : bool
        Whether free time is spent at home until the next night.
    decisions : list of Decision
        Decisions noted so far.
    insights : tuple of Insight
        What has been learnt about oneself.
    revision : Revision, optional
        New goals.
    needs : Assessment, optional
        How well needs are met, if a language model has said so.
    """

    plan: list[Activity]
    day: int
    resting: bool
    decisions: list[Decision] = field(default_factory=list)
    insights: tuple[Insight, ...] = ()
    revision: Revision | None = None
    needs: Assessment | None = None

    def note(
        self, component: str, choice: str, reason: str, source: DecisionSource = DecisionSource.RULE
    ) -> None:
        """Note who decided what, and why."""
        self.decisions.append(Decision(component, source, choice, reason))

    def take(self, minute: int) -> Activity | None:
        """Take the block of `minute` off the plan, or None if the plan has come to its end."""
        while self.plan and self.plan[0].end_min - minute < BLOCK_MIN:
            self.plan.pop(0)
        if not self.plan:
            return None
        if (begin := self.plan[0].start_min) > minute:
            return Activity(purpose=None, start_min=minute, end_min=begin)
        return replace(self.plan.pop(0), start_min=minute)

    def free(self) -> None:
        """Give up what is planned but for nights and duties; it is filled when its time comes."""
        self.plan = [one for one in self.plan if one.fixed]

    def put_back(self, block: Activity, start_min: int) -> None:
        """Put what remains of `block` from `start_min` on back to the head of the plan."""
        if block.end_min - start_min >= BLOCK_MIN:
            self.plan.insert(0, replace(block, start_min=start_min))
