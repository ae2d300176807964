"""Place choice: which place to go to for an activity.

This is the rule; `place_prompt` asks a language model for the part of the city.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np

from mesa_llm_city.core.asking import together
from mesa_llm_city.core.component import Stateless
from mesa_llm_city.core.errors import ChoiceError
from mesa_llm_city.core.ragged import Ragged
from mesa_llm_city.core.stages import Stage
from mesa_llm_city.core.values import ChoiceSet, DecisionSource, Float
from mesa_llm_city.mobility.choice import draw
from mesa_llm_city.mobility.exploration import PlaceHistory
from mesa_llm_city.mobility.place_weights import place_probabilities
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.population import Persona

__all__ = ["GravityChoice", "PlaceChosen", "PlaceOpinions", "draw_place"]

_OfAll = Callable[[Sequence[Any], Sequence[ChoiceSet]], Float]
_COLUMNS = ("correction", "attraction", "boost", "area")


class PlaceOpinions(Protocol):
    """What place choice asks of beliefs: numbers, never the object."""

    def attractiveness(self, places: ChoiceSet) -> Float:
        """Return the mean belief about each place, shape (k,), in [0, 1]."""
        ...

    def uncertainty(self, places: ChoiceSet) -> Float:
        """Return the variance of each belief, shape (k,)."""
        ...


class PlaceChosen(NamedTuple):
    """A place, and the probabilities it was drawn from.

    Attributes
    ----------
    place : int
        Id in the city.
    probabilities : ndarray of float64, shape (k,)
        In the order of the choice set.
    source : DecisionSource
        Who chose.
    reason : str
        Distance and probability of the chosen place; by prompt after the reason that the
        model gave.
    """

    place: int
    probabilities: Float
    source: DecisionSource
    reason: str


class GravityChoice(Stateless):
    """Draws a place: a new one by the belief-weighted gravity model, or a known one.

    New places are weighed by CitySim, sec. 3.2.2, eq. 1, times their attraction. Known ones
    are gone back to in proportion to earlier visits (Song et al. 2010), times the belief about
    them; how often is told by the person's `PlaceHistory`. Without one every place is weighed
    as a new one.

    In the paper an area is chosen first, then a place in it. By rule an area is as likely as
    all its places together, so the two steps amount to one draw among the places of the
    `areas` that weigh most. The formulas are those of `place_probabilities`.

    Parameters
    ----------
    parameters : CityParameters, optional
        Reads `mobility.gravity` and `mobility.exploration`.

    Examples
    --------
    >>> from mesa_llm_city.core.asking import run
    >>> near_and_far = ChoiceSet(
    ...     places=np.array([4, 9]),
    ...     distance_m=np.array([200.0, 600.0]),
    ...     category=np.array([0, 0]),
    ...     boost=np.ones(2),
    ... )
    >>> chosen = run(GravityChoice().choose(near_and_far, None, rng=np.random.default_rng(1)))
    >>> chosen.probabilities.round(3)
    array([0.75, 0.25])
    """

    __slots__ = ("parameters",)

    def __init__(self, parameters: CityParameters | None = None) -> None:
        self.parameters = default_parameters() if parameters is None else parameters

    def attractiveness(self, places: ChoiceSet, beliefs: PlaceOpinions | None) -> Float:
        """Return how attractive each place is, shape (k,); override to value other things."""
        gravity = self.parameters.mobility.gravity
        if beliefs is None:
            return np.full(len(places), gravity.unknown)
        liked = beliefs.attractiveness(places)
        if not gravity.curiosity:
            return liked
        return liked + gravity.curiosity * np.sqrt(beliefs.uncertainty(places))

    def probabilities(
        self,
        places: ChoiceSet,
        beliefs: PlaceOpinions | None,
        history: PlaceHistory | None = None,
    ) -> Float:
        """Return the probability of each place, shape (k,) (see `place_probabilities`)."""
        return place_probabilities(
            self.attractiveness(places, beliefs),
            places.distance_m,
            correction=places.correction,
            attraction=places.attraction,
            boost=places.boost,
            area=places.area,
            visits=None if history is None else history.visits,
            explores=1.0 if history is None else history.explores,
            parameters=self.parameters,
        )

    async def choose(
        self,
        places: ChoiceSet,
        beliefs: PlaceOpinions | None,
        *,
        persona: Persona | None = None,  # noqa: ARG002 - told to a language model
        purpose: str | None = None,  # noqa: ARG002 - told to a language model
        when: str = "",  # noqa: ARG002 - told to a language model
        mood: float = 0.0,  # noqa: ARG002 - told to a language model
        area_names: Sequence[str] = (),  # noqa: ARG002 - told to a language model
        history: PlaceHistory | None = None,
        rng: np.random.Generator,
    ) -> PlaceChosen:
        """Choose among `places`.

        Parameters
        ----------
        places : ChoiceSet
            Those in reach that are open and serve the purpose.
        beliefs : PlaceOpinions or None
            What the person believes about them.
        persona : Persona, optional
            The person; read by the prompt form only.
        purpose : str, optional
            What for; read by the prompt form only.
        when : str, optional
            Weekday, month and time of day; read by the prompt form only.
        mood : float, default 0
            Valence from -1 to 1; read by the prompt form only.
        area_names : sequence of str, optional
            Names of the areas in the order of their codes; read by the prompt form only.
        history : PlaceHistory, optional
            The person's earlier visits to `places`; by default all are new to the person.
        rng : numpy.random.Generator
            Draws the place.

        Raises
        ------
        ChoiceError
            If `places` is empty.
        """
        if not len(places):
            message = "the choice set is empty; widen the radius or stay where you are"
            raise ChoiceError(message)
        asked = _Asked(self, places, beliefs, history, rng)
        return await together(_drawn, asked, stage=Stage.PLACE)


class _Asked(NamedTuple):
    """A choice that a person waits for."""

    choice: GravityChoice
    places: ChoiceSet
    beliefs: PlaceOpinions | None
    history: PlaceHistory | None
    rng: np.random.Generator


class _Alike(NamedTuple):
    """What choices must have in common to be made at once: numbers, and what is known."""

    parameters: CityParameters
    has_history: bool
    columns: tuple[str, ...]


def _drawn(asked: Sequence[_Asked]) -> list[PlaceChosen]:
    """Return the places that persons wait for; none depends on another."""
    groups: dict[_Alike | int, list[int]] = {}
    for row, one in enumerate(asked):
        groups.setdefault(_alike(one, row), []).append(row)
    found: dict[int, PlaceChosen] = {}
    for alike, rows in groups.items():
        some = [asked[row] for row in rows]
        if isinstance(alike, _Alike) and len(some) > 1:
            found |= zip(rows, _drawn_together(some, alike), strict=True)
            continue
        for row, one in zip(rows, some, strict=True):
            likely = one.choice.probabilities(one.places, one.beliefs, one.history)
            found[row] = draw_place(one.places, likely, one.rng)
    return [found[row] for row in range(len(asked))]


def _alike(asked: _Asked, row: int) -> _Alike | int:
    """Return what a choice has in common with others; its row, if it has a rule of its own."""
    if type(asked.choice).probabilities is not GravityChoice.probabilities:
        return row
    columns = tuple(one for one in _COLUMNS if getattr(asked.places, one) is not None)
    return _Alike(asked.choice.parameters, asked.history is not None, columns)


def _drawn_together(asked: Sequence[_Asked], alike: _Alike) -> list[PlaceChosen]:
    """Return the places of several persons, with the numbers that each has alone."""
    sizes = [len(one.places) for one in asked]
    persons = Ragged.of(np.repeat(np.arange(len(asked)), sizes))
    histories = [one.history for one in asked if one.history is not None]
    likely = place_probabilities(
        _attractiveness(asked),
        np.concatenate([one.places.distance_m for one in asked]),
        persons=persons,
        **{
            name: np.concatenate([getattr(one.places, name) for one in asked])
            for name in alike.columns
        },
        visits=np.concatenate([one.visits for one in histories]) if alike.has_history else None,
        explores=np.array([one.explores for one in histories]) if alike.has_history else 1.0,
        parameters=alike.parameters,
    )
    rows = draw(persons.padded(likely), np.array([one.rng.random() for one in asked]))
    each = np.split(likely, persons.begins[1:])
    return [
        _as_chosen(one.places, some, row)
        for one, some, row in zip(asked, each, rows.tolist(), strict=True)
    ]


def _attractiveness(asked: Sequence[_Asked]) -> Float:
    """Return how attractive the places of all persons are, at once where beliefs can tell that."""
    kinds = dict.fromkeys(type(one.beliefs) for one in asked)
    at_once: _OfAll | None = getattr(next(iter(kinds)), "attractiveness_of_all", None)
    is_plain = all(
        type(one.choice).attractiveness is GravityChoice.attractiveness
        and not one.choice.parameters.mobility.gravity.curiosity
        for one in asked
    )
    if len(kinds) == 1 and at_once is not None and is_plain:
        return at_once([one.beliefs for one in asked], [one.places for one in asked])
    return np.concatenate([one.choice.attractiveness(one.places, one.beliefs) for one in asked])


def draw_place(places: ChoiceSet, likely: Float, rng: np.random.Generator) -> PlaceChosen:
    """Draw one of `places` with the probabilities `likely`, shape (k,)."""
    return _as_chosen(places, likely, int(draw(likely, rng.random())))


def _as_chosen(places: ChoiceSet, likely: Float, row: int) -> PlaceChosen:
    """Return the place of a row of the choice, with the terms that decided."""
    count = int(np.count_nonzero(likely))
    reason = f"{places.distance_m[row] / 1000.0:.2f} km, p {likely[row]:.3f} of {count} places"
    return PlaceChosen(int(places.places[row]), likely, DecisionSource.RULE, reason)
