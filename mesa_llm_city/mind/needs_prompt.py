"""Needs by prompt: how somebody feels on getting up, or after an activity."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel

from mesa_llm_city.core.asking import ask
from mesa_llm_city.population import Persona
from mesa_llm_city.prompts import Rating, Reason

__all__ = ["NeedsReply", "needs_by_prompt"]

_ANYBODY = "An adult of whom nothing more is known."
_FULL = 10.0


class NeedsReply(BaseModel):
    """How well each need is met, in whole numbers."""

    reason: Reason
    hunger: Rating
    energy: Rating
    safety: Rating
    social: Rating


async def needs_by_prompt(
    levels: Mapping[str, float], *, persona: Persona | None, when: str, after: str
) -> tuple[dict[str, float], str]:
    """Ask how well the needs of somebody are met (CitySim, sec. 3.1.4).

    Parameters
    ----------
    levels : mapping of str to float
        Levels as they follow from the hours so far, in [0, 1].
    persona : Persona or None
        Who.
    when : str
        Weekday, month and time of day.
    after : str
        What has come to its end, in words; empty for the night.

    Returns
    -------
    dict of str to float
        Levels in [0, 1], by need.
    str
        The reason given.
    """
    reply = await ask(
        "needs",
        NeedsReply,
        person=_ANYBODY if persona is None else persona.describe(),
        when=when or "Some day",
        after=after or "the night",
        needs={name: round(_FULL * level) for name, level in levels.items()},
    )
    told = {name: getattr(reply, name) / _FULL for name in ("hunger", "energy", "safety", "social")}
    return told, reply.reason
