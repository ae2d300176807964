"""Feeds: free time in which a person reads social media instead of doing something else."""

from __future__ import annotations

from mesa_llm_city.citizen.person import Person
from mesa_llm_city.core.values import Activity, DecisionSource
from mesa_llm_city.mobility import FreeTimeChosen
from mesa_llm_city.mobility.free_time import free_activity

__all__ = ["FEED_HABIT", "READING", "feed_session"]

FEED_HABIT = "feed_habit"
"""Name of the component that says when a person reads feeds, such as a `FeedHabit`."""

READING = "media"
"""Purpose of the time in which feeds are read."""


def feed_session(person: Person, block: Activity, minute: int) -> FreeTimeChosen | None:
    """Return the reading with which a free block begins; None if the person does not read then.

    Only those read who have a component of the name `FEED_HABIT`; it changes nothing.
    """
    habit = person.components.own.get(FEED_HABIT)
    if habit is None or READING not in person.parameters.purposes:
        return None
    if person.persona.outsider is not None:
        return None
    minutes = habit.session(  # type: ignore[attr-defined]
        person.persona.age, minute, streams=person.streams, use=person.parameters.social.media.use
    )
    if minutes <= 0:
        return None
    activity = free_activity(READING, block, minutes, person.persona, person.parameters)
    return FreeTimeChosen(activity, DecisionSource.RULE, f"reads feeds for {activity.minutes} min")
