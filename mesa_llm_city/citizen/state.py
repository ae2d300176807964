"""Where a citizen is and what it is doing: the state that acts change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from mesa_llm_city.citizen.opinion import Delivered
from mesa_llm_city.core.message import Heard, Message
from mesa_llm_city.core.values import Activity, TravelOption, Trip
from mesa_llm_city.mobility import Wish

__all__ = ["CitizenState"]


@dataclass(slots=True)
class CitizenState:
    """Where a citizen is, what it is doing, and what it has planned.

    Parameters
    ----------
    place : int
        Id of the place, or of the origin of the trip under way.
    activity : Activity, optional
        What the person does, or will do on arrival; None before the first thought.
    trip : Trip, optional
        The trip under way.
    plan : tuple of Activity
        What is planned next, in order of time.
    day : int, default -2
        The last day that has been planned; a run begins in the middle of day -1.
    wishes : tuple of Wish or None
        Outings that the day is still meant to hold; None if nothing is said about them.
    resting : bool, default False
        Whether free time is spent at home until the next night.
    came_min : float, default 0
        How long the last trip took, in minutes.
    next_due : int, default 0
        Minute at which the person has to think again.
    news : tuple of Message
        Messages that have come, and of which the person has not thought yet.
    heard : tuple of Heard
        The last message of each topic, and what the person made of it.
    refuge : int, optional
        Id of the place where the person stays while the home is closed.
    posts : tuple of Delivered
        Posts that have come, and of which the person has not thought yet.

    Examples
    --------
    >>> state = CitizenState(place=4, next_due=300)
    >>> CitizenState.from_json(state.to_json()) == state
    True
    """

    place: int
    activity: Activity | None = None
    trip: Trip | None = None
    plan: tuple[Activity, ...] = ()
    day: int = -2
    wishes: tuple[Wish, ...] | None = None
    resting: bool = False
    came_min: float = 0.0
    next_due: int = 0
    news: tuple[Message, ...] = ()
    heard: tuple[Heard, ...] = ()
    refuge: int | None = None
    posts: tuple[Delivered, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        wishes = None if self.wishes is None else [list(one) for one in self.wishes]
        news = [one.to_json() for one in self.news]
        heard = [one.to_json() for one in self.heard]
        plan = [asdict(one) for one in self.plan]
        posts = [one.to_json() for one in self.posts]
        return asdict(replace(self, plan=(), wishes=None, news=(), heard=(), posts=())) | {
            "plan": plan,
            "wishes": wishes,
            "news": news,
            "heard": heard,
            "posts": posts,
        }

    @classmethod
    def from_json(cls, state: Mapping[str, Any]) -> CitizenState:
        """Return what `to_json` has written; without messages in states written before any."""
        trip, wishes = state["trip"], state["wishes"]
        return cls(
            **{
                **state,
                "activity": None if state["activity"] is None else Activity(**state["activity"]),
                "trip": None
                if trip is None
                else Trip(**{**trip, "option": TravelOption(**trip["option"])}),
                "plan": tuple(Activity(**one) for one in state["plan"]),
                "wishes": None if wishes is None else tuple(Wish(*one) for one in wishes),
                "news": tuple(Message.from_json(one) for one in state.get("news", ())),
                "heard": tuple(Heard.from_json(one) for one in state.get("heard", ())),
                "posts": tuple(Delivered.from_json(one) for one in state.get("posts", ())),
            }
        )
