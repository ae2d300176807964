"""An intention: what a thought of a citizen has come to, before it is carried out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from mesa_llm_city.citizen.opinion import Opinion
from mesa_llm_city.core.message import Heard
from mesa_llm_city.core.quick_values import quickly_made
from mesa_llm_city.core.values import Activity, Decision, Trip
from mesa_llm_city.mind import Assessment, Insight, Ratings, Revision
from mesa_llm_city.mobility import Wish
from mesa_llm_city.social import Consolidated, Contact

__all__ = ["Completed", "Intention", "Step"]


class Step(StrEnum):
    """What an intention amounts to.

    To turn away is to arrive at a closed place, where nothing is done.
    """

    STAY = "stay"
    EXTEND = "extend"
    ARRIVE = "arrive"
    GO = "go"
    TURN = "turn"


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Intention:
    """What a citizen is going to do, as decided at a minute.

    Parameters
    ----------
    step : Step
        Stay as one is, do the same for longer, arrive, find it closed, or go on to something
        else.
    minute : int
        Minute of the decision, since midnight of the first day.
    activity : Activity, optional
        What comes next, its place settled; it starts on arrival.
    trip : Trip, optional
        The trip there, if it is elsewhere.
    plan : tuple of Activity
        What is planned after that.
    day : int
        The last day that has been planned.
    wishes : tuple of Wish or None
        Outings that the day is still meant to hold after that.
    resting : bool
        Whether free time is spent at home until the next night.
    ratings : Ratings, optional
        Ratings of the place that is left, if it was a visit.
    decisions : tuple of Decision
        What was decided on the way, by rule or by prompt, and why.
    contact : Contact, optional
        Whom the person wishes to talk to.
    insights : tuple of Insight
        New insights about the own life.
    revision : Revision, optional
        New goals.
    needs : Assessment, optional
        How well needs are met, if a language model has said so.
    people : tuple of int
        Ids of the people who are at the place that is left.
    heard : tuple of Heard
        Messages that have been heard, and what the person makes of them.
    opinions : tuple of Opinion
        What the person makes of posts that have come, and of the topics of messages.
    consolidated : Consolidated, optional
        What is left of the day's news in long memory.
    """

    step: Step
    minute: int
    activity: Activity | None = None
    trip: Trip | None = None
    plan: tuple[Activity, ...] = ()
    day: int = -1
    wishes: tuple[Wish, ...] | None = None
    resting: bool = False
    ratings: Ratings | None = None
    decisions: tuple[Decision, ...] = ()
    contact: Contact | None = None
    insights: tuple[Insight, ...] = ()
    revision: Revision | None = None
    needs: Assessment | None = None
    people: tuple[int, ...] = ()
    heard: tuple[Heard, ...] = ()
    opinions: tuple[Opinion, ...] = ()
    consolidated: Consolidated | None = None


class Completed(NamedTuple):
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
