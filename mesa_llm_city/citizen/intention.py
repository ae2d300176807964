"""What a citizen means to do: thought out on a draft, told as an intention."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NamedTuple

from mesa_llm_city.citizen.world import World
from mesa_llm_city.core.values import Activity, Decision, DecisionSource, Observation, Trip
from mesa_llm_city.mind import Assessment, Insight, Ratings, Revision
from mesa_llm_city.mobility import BLOCK_MIN
from mesa_llm_city.social import Contact

__all__ = ["Draft", "Intention", "Outcome", "Scene", "Step"]


class Step(StrEnum):
    """What an intention amounts to."""

    STAY = "stay"
    EXTEND = "extend"
    ARRIVE = "arrive"
    GO = "go"


@dataclass(frozen=True, slots=True, kw_only=True)
class Intention:
    """What a citizen means to do, as thought out at a minute.

    Parameters
    ----------
    step : Step
        Stay as one is, do the same for longer, arrive, or go on to something else.
    minute : int
        When.
    activity : Activity, optional
        What comes next, its place settled; it starts on arrival.
    trip : Trip, optional
        The way there, if it is elsewhere.
    plan : tuple of Activity
        What is planned after that.
    day : int
        The last day that has been planned.
    resting : bool
        Whether free time is spent at home until the next night.
    ratings : Ratings, optional
        How the place was that is left behind.
    decisions : tuple of Decision
        Who decided what, and why.
    contact : Contact, optional
        Whether there is somebody to talk to, and whom.
    insights : tuple of Insight
        What has been learnt about oneself.
    revision : Revision, optional
        New goals.
    needs : Assessment, optional
        How well needs are met, if a language model has said so.
    """

    step: Step
    minute: int
    activity: Activity | None = None
    trip: Trip | None = None
    plan: tuple[Activity, ...] = ()
    day: int = -1
    resting: bool = False
    ratings: Ratings | None = None
    decisions: tuple[Decision, ...] = ()
    contact: Contact | None = None
    insights: tuple[Insight, ...] = ()
    revision: Revision | None = None
    needs: Assessment | None = None


class Outcome(NamedTuple):
    """What has come to its end by a commit.

    Attributes
    ----------
    activity : Activity or None
        The stay that ended, from its true start to its true end.
    ratings : Ratings or None
        How its place was, if it was a visit.
    trip : Trip or None
        The trip that ended.
    """

    activity: Activity | None = None
    ratings: Ratings | None = None
    trip: Trip | None = None


@dataclass(slots=True)
class Draft:
    """What is being thought out: a copy of the plan that may be scribbled on.

    Parameters
    ----------
    plan : list of Activity
        Blocks ahead, in order of time.
    day : int
        The last day that has been planned.
    resting : bool
        Whether free time is spent at home until the next night.
    decisions : list of Decision
        Noted so far.
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


class Scene(NamedTuple):
    """What a citizen thinks with at a moment.

    Attributes
    ----------
    seen : Observation
        What can be seen.
    world : World
        The city at that time.
    draft : Draft
        The plan ahead, to be scribbled on.
    """

    seen: Observation
    world: World
    draft: Draft

    @property
    def minute(self) -> int:
        """When, in minutes."""
        return self.seen.minute

    @property
    def when(self) -> str:
        """Weekday, month and time of day, in words."""
        return f"{self.world.clock.at(self.minute):%A in %B, %H:%M}"
