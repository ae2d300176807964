"""Needs by prompt: a language model judges how well needs are met."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from pydantic import BaseModel, Field, create_model

from mesa_llm_city.core.asking import ask
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.mind.need_levels import Assessment, Needs
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.population import Persona
from mesa_llm_city.prompts import UNKNOWN_PERSON, Rating, Reason

__all__ = ["NeedsPrompt", "NeedsReply", "needs_reply"]

_FULL = 10.0


class NeedsReply(BaseModel):
    """How well each need is met; `needs_reply` adds one rating for each need to `levels`."""

    reason: Reason
    levels: BaseModel


@lru_cache(maxsize=16)
def needs_reply(names: tuple[str, ...]) -> type[NeedsReply]:
    """Return the form of a reply about some needs.

    Examples
    --------
    >>> form = needs_reply(("hunger", "esteem"))
    >>> form.model_validate({"reason": "so", "levels": {"hunger": 3, "esteem": 9}})
    NeedsReply(reason='so', levels=NeedLevels(need_0=3, need_1=9))
    """
    # Fields have names of their own, so that any name of a need will do.
    fields: dict[str, Any] = {
        f"need_{row}": (Rating, Field(alias=name)) for row, name in enumerate(names)
    }
    levels = create_model("NeedLevels", **fields)
    return create_model("NeedsReply", __base__=NeedsReply, levels=(levels, ...))


class NeedsPrompt:
    """Asks how well needs are met, in the morning and after activities (CitySim, sec. 3.1.4).

    The language model is told the levels that follow from the hours so far.

    Parameters
    ----------
    parameters : CityParameters, optional
        Its branch `needs` says which needs there are and what each is.
    """

    __slots__ = ("_kinds",)

    verb = "assess"

    def __init__(self, parameters: CityParameters | None = None) -> None:
        needs = (default_parameters() if parameters is None else parameters).needs
        self._kinds = {name: spec.description or spec.label for name, spec in needs.items()}

    async def ask(
        self,
        rule: Needs,
        _: Assessment,
        *,
        at: float,
        persona: Persona | None = None,
        when: str = "",
        after: str = "",
    ) -> Assessment:
        """Ask about the needs of a person (see `Needs.assess`)."""
        levels, names = rule.by_name(at=at), tuple(self._kinds)
        reply = await ask(
            "needs",
            needs_reply(names),
            person=UNKNOWN_PERSON if persona is None else persona.describe(),
            when=when or "Some day",
            after=after or "the night",
            kinds=self._kinds,
            needs={name: round(_FULL * level) for name, level in levels.items()},
        )
        ratings = {name: getattr(reply.levels, f"need_{row}") for row, name in enumerate(names)}
        judged = {name: rating / _FULL for name, rating in ratings.items()}
        return Assessment(judged, DecisionSource.PROMPT, reply.reason)
