"""Two colleagues, a pensioner next door, and what they believe about each other."""

from __future__ import annotations

from dataclasses import replace

from mesa_llm_city.population import BigFive, Persona
from mesa_llm_city.social import Relation, Speaker, Tie
from tests.mobility.people import clerk, pensioner

__all__ = ["aya", "ben", "cora", "speaker"]


def aya() -> Persona:
    """Like museums and running."""
    return replace(clerk(), hobbies=("museums", "running"), big_five=BigFive(extraversion=3))


def ben() -> Persona:
    """Be like Aya, but a man, a little older, and fond of other things as well."""
    return replace(clerk(), id=2, name="Ben Lund", age=38, hobbies=("cinema", "museums"))


def cora() -> Persona:
    """Have little in common with either."""
    return pensioner()


def speaker(persona: Persona, *, affinity: float = 0.6, mood: float = 0.0) -> Speaker:
    """Return one of two colleagues who is about to talk."""
    return Speaker(
        persona=persona,
        tie=Tie(Relation.COLLEAGUE, affinity, 0.5, 0.5),
        mood=mood,
        needs={"social": 0.3, "hunger": 0.94},
        memories=[f"{hour:02d}:10 work: stayed {hour} min" for hour in range(9)],
        thought="The week is nearly over.",
    )
