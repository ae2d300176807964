"""Place choice by policy: which kind of area a language model goes to; the place by rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from mesa_llm_city.core.values import Bool, ChoiceSet, DecisionSource, Float
from mesa_llm_city.mobility.exploration import PlaceHistory
from mesa_llm_city.mobility.place_choice import (
    GravityChoice,
    PlaceChosen,
    PlaceOpinions,
    draw_place,
)
from mesa_llm_city.mobility.place_prompt import Area, areas_of
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import Persona

__all__ = ["AREA_KINDS", "PlacePolicy", "kinds_of_areas"]

AREA_KINDS = ("usual", "likeliest", "nearest", "known", "new")
"""Kinds of area: the one most visited, the likeliest by rule, the nearest, others that the person
has been to, and all others; an area that is several of them is the first of these."""


def kinds_of_areas(areas: Sequence[Area]) -> tuple[str, ...]:
    """Return the kind of each area, one of `AREA_KINDS`.

    Parameters
    ----------
    areas : sequence of Area
        The areas, at least one.

    Examples
    --------
    >>> near = Area(0, "Mitte", 300.0, 4, known=0, visits=0, share=0.3)
    >>> far = near._replace(code=1, distance_m=900.0, visits=2, share=0.5)
    >>> kinds_of_areas([far, near, near._replace(code=2, distance_m=500.0, share=0.2)])
    ('usual', 'nearest', 'new')
    """
    kinds = ["known" if one.visits else "new" for one in areas]
    rows = range(len(areas))
    # The last one given holds.
    kinds[min(rows, key=lambda row: areas[row].distance_m)] = "nearest"
    kinds[min(rows, key=lambda row: -areas[row].share)] = "likeliest"
    usual = max(rows, key=lambda row: areas[row].visits)
    if areas[usual].visits:
        kinds[usual] = "usual"
    return tuple(kinds)


class PlacePolicy:
    """The policy form of `GravityChoice.choose`; an answer is one of `AREA_KINDS`.

    Parameters
    ----------
    parameters : CityParameters, optional
        Reads `mobility.gravity`, `mobility.exploration` and the purposes.
    """

    __slots__ = ("_gravity", "_purposes", "parameters")

    prompt = "place"
    verb = "choose"
    columns = frozenset({"purpose"})

    def __init__(self, parameters: CityParameters | None = None) -> None:
        self._gravity = GravityChoice(parameters)
        self.parameters = self._gravity.parameters
        self._purposes = {name: code for code, name in enumerate(self.parameters.purposes)}

    def case(
        self,
        rule: object,  # noqa: ARG002 - its decision is enough
        by_rule: object,
        places: ChoiceSet,
        beliefs: PlaceOpinions | None,
        *,
        persona: Persona | None = None,
        purpose: str | None = None,
        history: PlaceHistory | None = None,
        rng: np.random.Generator,
        **_: object,
    ) -> _PlaceCase | None:
        """Return the case of a choice (see `GravityChoice.choose`); None for one area only."""
        likely = getattr(by_rule, "probabilities", None)
        if likely is None:
            likely = self._gravity.probabilities(places, beliefs, history)
        areas = areas_of(places, likely, (), history)
        if len(areas) < 2:
            return None
        case = _PlaceCase(places, likely, areas, rng)
        case.persona = persona
        if purpose in self._purposes:
            case.values = {"purpose": self._purposes[purpose]}
        return case

    def outcome(self, answer: str) -> str:
        """Return the kind of area."""
        return answer


class _PlaceCase:
    """Places to choose among, in areas of different kinds."""

    __slots__ = ("_areas", "_kinds", "_likely", "_places", "_rng", "persona", "values")

    def __init__(
        self,
        places: ChoiceSet,
        likely: Float,
        areas: Sequence[Area],
        rng: np.random.Generator,
    ) -> None:
        self._places, self._likely, self._areas, self._rng = places, likely, areas, rng
        self._kinds = kinds_of_areas(areas)
        self.persona: Persona | None = None
        self.values: Mapping[str, float] = {}

    def possible(self, answers: tuple[str, ...]) -> Bool:
        """Return of which kinds there is an area."""
        return np.array([one in self._kinds for one in answers], dtype=np.bool_)

    def answer_of(self, decision: PlaceChosen) -> str:
        """Return the kind of area of the place that was chosen."""
        (row,) = np.flatnonzero(self._places.places == decision.place)[:1].tolist()
        code = int(self._in_areas()[row])
        return next(
            kind for kind, area in zip(self._kinds, self._areas, strict=True) if area.code == code
        )

    def decision(self, answer: str, reason: str) -> PlaceChosen:
        """Return a place in the areas of a kind, drawn by rule."""
        codes = [
            area.code for kind, area in zip(self._kinds, self._areas, strict=True) if kind == answer
        ]
        inside = np.where(np.isin(self._in_areas(), codes), self._likely, 0.0)
        chosen = draw_place(self._places, inside / float(inside.sum()), self._rng)
        told = f"{answer} area; {reason} ({chosen.reason})"
        return chosen._replace(source=DecisionSource.POLICY, reason=told)

    def _in_areas(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """Return the area of each place; there are areas, else there were no case."""
        return np.asarray(self._places.area)
