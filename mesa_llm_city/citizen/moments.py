"""The moment of a decision, for components that decide by policy."""

from __future__ import annotations

from typing import Any

from mesa_llm_city.citizen.person import Person
from mesa_llm_city.citizen.situation import Situation
from mesa_llm_city.core.clock import HOUR_MIN
from mesa_llm_city.policies import Moment

__all__ = ["moment_facts"]


def moment_facts(
    person: Person,
    component: object,
    prompt: str,
    situation: Situation,
    *,
    day: int | None = None,
    about: str = "",
) -> dict[str, Any]:
    """Return the argument ``moment`` for a component that decides by policy; nothing for others.

    Parameters
    ----------
    person : Person
        Who decides.
    component : object
        The component that is asked to.
    prompt : str
        Name of the prompt for which the policy stands.
    situation : Situation
        The moment.
    day : int, optional
        The day that is planned, if one is.
    about : str, optional
        Tells decisions of one kind in one minute apart, so that each has its own random number.
    """
    if not getattr(component, "takes_moment", False):
        return {}
    minute, clock = situation.minute, situation.world.clock
    address = f"policy {prompt} {about}".rstrip()
    rng = (
        person.streams.at(address, step=minute)
        if day is None
        else person.streams.on(address, day=day)
    )
    needs = person.components.needs
    need = None if needs is None else needs.dominant(at=minute / HOUR_MIN)
    moment = Moment(
        minute=minute,
        day_kind=clock.day_type(clock.day(minute) if day is None else day),
        weather=situation.seen.weather,
        need=0 if need is None else 1 + list(person.parameters.needs).index(need),
        uniform=float(rng.random()),
    )
    return {"moment": moment}
