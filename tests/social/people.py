"""People for the tests: two colleagues and a pensioner, and a speaker of a conversation."""

from __future__ import annotations

from dataclasses import replace

from mesa_llm_city.population import BigFive, Persona
from mesa_llm_city.social import Relation, Speaker, Tie
from tests.mobility.people import clerk, pensioner

__all__ = ["aya", "ben", "cora", "speaker"]


def aya() -> Persona:
    """Return an outgoing clerk who likes museums and running."""
    return replace(clerk(), hobbies=("museums", "running"), big_five=BigFive(extraversion=3))


def ben() -> Persona:
    """Return a colleague of Aya, four years older, with one hobby in common."""
    return replace(clerk(), id=2, name="Ben Lund", age=38, hobbies=("cinema", "museums"))


def cora() -> Persona:
    """Return a pensioner who has little in common with either."""
    return pensioner()


def speaker(persona: Persona, *, affinity: float = 0.6, mood: float = 0.0) -> Speaker:
    """Return one of two colleagues who are about to talk."""
    return Speaker(
        persona=persona,
        tie=Tie(Relation.COLLEAGUE, affinity, 0.5, 0.5),
        mood=mood,
        needs={"social": 0.3, "hunger": 0.94},
        memories=[f"{hour:02d}:10 work: stayed {hour} min" for hour in range(9)],
        thought="The week is nearly over.",
    )
