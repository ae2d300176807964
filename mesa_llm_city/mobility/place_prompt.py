"""Place choice by prompt: which part of the city to go to; the place in it is drawn by rule."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from pydantic import BaseModel, Field, create_model

from mesa_llm_city.core.asking import ask
from mesa_llm_city.core.values import ChoiceSet, DecisionSource, Float
from mesa_llm_city.mobility.exploration import PlaceHistory
from mesa_llm_city.mobility.place_choice import (
    GravityChoice,
    PlaceChosen,
    PlaceOpinions,
    draw_place,
)
from mesa_llm_city.mobility.prompt_facts import Fact, out_of_ten, person_text, purpose_text
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import Persona
from mesa_llm_city.prompts import Reason

__all__ = ["Area", "AreaReply", "PlacePrompt", "area_reply", "areas_of"]

_FULL = 10.0
_BEST_MOOD = 5.0


class Area(NamedTuple):
    """A part of the city, and what it offers.

    Attributes
    ----------
    code : int
        Its number in the choice set.
    name : str
        Its name.
    distance_m : float
        Distance to its nearest place, in metres.
    places : int
        Number of its places.
    known, visits : int
        Number of those that the person has been to, and how often altogether.
    share : float
        How likely it is by rule, distance, liking and earlier visits together, in [0, 1].
    """

    code: int
    name: str
    distance_m: float
    places: int
    known: int
    visits: int
    share: float


class AreaReply(BaseModel):
    """The area that a language model chooses, by its number."""

    reason: Reason
    choice: int = Field(ge=1)


@lru_cache(maxsize=32)
def area_reply(areas: int) -> type[AreaReply]:
    """Return the form of a reply that can name only the `areas` that were told.

    Examples
    --------
    >>> area_reply(3)(reason="near", choice=1).choice
    1
    """
    return create_model("AreaReply", __base__=AreaReply, choice=(int, Field(ge=1, le=areas)))


class PlacePrompt:
    """Asks a language model for the area: the prompt form of `GravityChoice.choose`.

    Told are the areas that come into question by rule. A place in the chosen one is drawn
    with the probabilities of the rule. Nothing is asked where there is one area only.

    Parameters
    ----------
    parameters : CityParameters, optional
        Reads labels and descriptions of purposes; and `mobility.gravity` and
        `mobility.exploration`, if the component it is joined to gives no probabilities.
    """

    verb = "choose"

    def __init__(self, parameters: CityParameters | None = None) -> None:
        self._gravity = GravityChoice(parameters)
        self.parameters = self._gravity.parameters

    async def ask(
        self,
        rule: object,  # noqa: ARG002 - its decision is enough
        by_rule: object,
        places: ChoiceSet,
        beliefs: PlaceOpinions | None,
        *,
        persona: Persona | None = None,
        purpose: str | None = None,
        when: str = "",
        mood: float = 0.0,
        area_names: Sequence[str] = (),
        history: PlaceHistory | None = None,
        rng: np.random.Generator,
    ) -> PlaceChosen | None:
        """Ask which area to go to (see `GravityChoice.choose` for the arguments).

        The areas are told in an order drawn from `rng`, since language models prefer what
        comes first.

        Returns
        -------
        PlaceChosen or None
            A place in the area that was answered; None if there is one area only.
        """
        likely = getattr(by_rule, "probabilities", None)
        if likely is None:
            likely = self._gravity.probabilities(places, beliefs, history)
        areas = areas_of(places, likely, area_names, history)
        if len(areas) < 2:
            return None
        told = [areas[row] for row in rng.permutation(len(areas)).tolist()]
        reply = await ask(
            "place",
            area_reply(len(told)),
            person=person_text(persona),
            purpose="not known" if purpose is None else purpose_text(purpose, self.parameters),
            when=when or "Some day",
            mood=round(_BEST_MOOD * mood),
            explores=-1 if history is None else out_of_ten(history.explores),
            areas=[_fact(one) for one in told],
        )
        inside = np.where(places.area == told[reply.choice - 1].code, likely, 0.0)
        chosen = draw_place(places, inside / float(inside.sum()), rng)
        reason = f"{reply.reason} ({chosen.reason})"
        return chosen._replace(source=DecisionSource.PROMPT, reason=reason)


def _fact(area: Area) -> Fact:
    return {
        "name": area.name,
        "km": round(area.distance_m / 1000.0, 1),
        "places": area.places,
        "known": area.known,
        "visits": area.visits,
        "liking": round(_FULL * area.share),
    }


def areas_of(
    places: ChoiceSet, likely: Float, names: Sequence[str], history: PlaceHistory | None
) -> list[Area]:
    """Return the areas that come into question, the likeliest first.

    Parameters
    ----------
    places : ChoiceSet
        The places, k of them.
    likely : ndarray of float64, shape (k,)
        Their probabilities by rule.
    names : sequence of str
        Names of the areas in the order of their codes.
    history : PlaceHistory or None
        Earlier visits to the places.

    Returns
    -------
    list of Area
        Empty if nothing is said about areas.
    """
    if places.area is None:
        return []
    codes, row = np.unique(places.area, return_inverse=True)
    total = np.bincount(row, weights=likely)
    visits = np.zeros(len(places), dtype=np.int64) if history is None else history.visits
    order = [at for at in np.argsort(-total, kind="stable").tolist() if total[at] > 0.0]
    return [
        Area(
            int(codes[at]),
            names[codes[at]] if codes[at] < len(names) else f"area {codes[at]}",
            float(places.distance_m[row == at].min()),
            int((row == at).sum()),
            int(np.count_nonzero(visits[row == at])),
            int(visits[row == at].sum()),
            float(total[at]),
        )
        for at in order
    ]
