"""A draft: the plan that a thought may change, and what it notes on the way."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from mesa_llm_city.citizen.opinion import Opinion
from mesa_llm_city.core.message import Heard, Message
from mesa_llm_city.core.values import OUTSIDE, Activity, Decision, DecisionSource
from mesa_llm_city.mind import Assessment, Insight, Revision
from mesa_llm_city.mobility import BLOCK_MIN, Wish
from mesa_llm_city.social import Consolidated

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
    wishes : tuple of Wish or None
        Outings that the day is still meant to hold; None if nothing is said about them.
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
    heard : tuple of Heard
        Messages that have just been heard, and what the person makes of them.
    dangers : tuple of Message
        Dangers that the person keeps away from.
    opinions : list of Opinion
        What the person makes of posts and messages that have come.
    consolidated : Consolidated, optional
        What is left of the day in long memory.
    mind : object, optional
        Copies of the components of which opinions are formed.
    """

    plan: list[Activity]
    day: int
    wishes: tuple[Wish, ...] | None
    resting: bool
    decisions: list[Decision] = field(default_factory=list)
    insights: tuple[Insight, ...] = ()
    revision: Revision | None = None
    needs: Assessment | None = None
    heard: tuple[Heard, ...] = ()
    dangers: tuple[Message, ...] = ()
    opinions: list[Opinion] = field(default_factory=list)
    consolidated: Consolidated | None = None
    mind: Any = None

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
        block = self.plan.pop(0)
        if minute > begin:
            block = self.prolong(block, minute - begin)
        return block if block.start_min == minute else replace(block, start_min=minute)

    def free(self) -> None:
        """Give up what is planned but for nights and duties; it is filled when its time comes."""
        self.plan = [one for one in self.plan if one.fixed]

    def fulfil(self, purpose: str | None) -> None:
        """Take an outing off the wishes of the day."""
        if self.wishes:
            self.wishes = tuple(one for one in self.wishes if one.purpose != purpose)

    def give_up(self, purpose: str, *, before_min: int) -> int:
        """Free the next block for `purpose` that begins before a minute, and return its length.

        Nights and duties are never given up; 0 if there is no such block.
        """
        for row, one in enumerate(self.plan):
            if one.purpose == purpose and one.start_min < before_min and not one.fixed:
                self.plan[row] = Activity(
                    purpose=None, start_min=one.start_min, end_min=one.end_min
                )
                return one.minutes
        return 0

    def prolong(self, block: Activity, late_min: int) -> Activity:
        """Return a block that ends later by what it began late, as far as free time follows."""
        follows = self.plan[0] if self.plan else None
        is_free = follows is not None and follows.purpose is None
        if follows is None or not is_free or block.fixed or block.purpose is None:
            return block
        by = min(late_min, follows.minutes)
        self.plan[0] = replace(follows, start_min=follows.start_min + by)
        if by == follows.minutes:
            self.plan.pop(0)
        return replace(block, end_min=block.end_min + by)

    def left_for_today(self, block: Activity, gate: int) -> Activity:
        """Give up the rest of the day of an outsider, and return the time outside until the next.

        Parameters
        ----------
        block : Activity
            The block that would begin now.
        gate : int
            Place id of the gate.
        """
        end = self.plan[-1].end_min if self.plan else block.end_min
        self.plan, self.wishes = [], None
        return Activity(
            purpose=OUTSIDE, start_min=block.start_min, end_min=end, place=gate, fixed=True
        )

    def put_back(self, block: Activity, start_min: int) -> None:
        """Put what remains of `block` from `start_min` on back to the head of the plan."""
        if block.end_min - start_min >= BLOCK_MIN:
            if block.start_min != start_min:
                block = replace(block, start_min=start_min)
            self.plan.insert(0, block)
