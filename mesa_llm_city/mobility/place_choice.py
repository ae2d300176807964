"""Place choice: which part of the city, and where there, to do what one is going to do.

Here stands the rule; `place_prompt` asks a language model for the part of the city instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from mesa_llm_city.core.component import Stateless
from mesa_llm_city.core.errors import ChoiceError, ConfigError, LLMError
from mesa_llm_city.core.values import ChoiceSet, DecisionSource, Float, Int, Purpose
from mesa_llm_city.mobility.choice import draw, gravity_probabilities
from mesa_llm_city.mobility.place_prompt import Area, area_by_prompt
from mesa_llm_city.population import Persona
from mesa_llm_city.prompts import rules_after

__all__ = ["GravityChoice", "GravityConfig", "PlaceChosen", "PlaceOpinions"]


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
    probabilities : ndarray, shape (k,)
        In the order of the choice set.
    source : DecisionSource
        Who chose.
    reason : str
        The terms of the chosen place.
    """

    place: int
    probabilities: Float
    source: DecisionSource
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GravityConfig:
    """Constants of the gravity model.

    Parameters
    ----------
    gamma : float, default 2.0
        How belief bends the distance decay (CitySim, appendix A).
    epsilon : float, default 1e-3
        Small positive constant (CitySim, appendix A).
    unit_m : float, optional
        Unit of distance in metres. By default it is the median distance of the
        choice set, so that the choice does not depend on the size of the city.
    reversed_sign : bool, default False
        Whether belief makes a longer way worth it (see `gravity_probabilities`).
    curiosity : float, default 0.0
        What a standard deviation of a belief adds to the attractiveness of a place:
        above 0 the unknown attracts, below 0 it deters. The paper says that uncertainty
        guides the choice and not how.
    areas : int, default 10
        Number of parts of the city that come into question (CitySim, sec. 3.2.2).

    Raises
    ------
    ConfigError
        If `epsilon` or `unit_m` is not positive, or there is no area.
    """

    gamma: float = 2.0
    epsilon: float = 1e-3
    unit_m: float | None = None
    reversed_sign: bool = False
    curiosity: float = 0.0
    areas: int = 10

    def __post_init__(self) -> None:
        """Check ranges."""
        if self.epsilon <= 0.0:
            message = f"epsilon must be positive, got {self.epsilon}; the paper uses 1e-3"
            raise ConfigError(message)
        if self.unit_m is not None and self.unit_m <= 0.0:
            message = f"unit_m must be positive, got {self.unit_m}; use None for the median"
            raise ConfigError(message)
        if self.areas < 1:
            message = f"areas must be at least 1, got {self.areas}; the paper uses 10"
            raise ConfigError(message)


class GravityChoice(Stateless):
    """Draws a place by the belief-weighted gravity model (CitySim, sec. 3.2.2).

    First an area is settled: by rule one of those that weigh most, with the probability of
    all its places together, or by a language model. Then a place in it is drawn. By rule the
    two steps amount to one draw among the places of the ten areas that weigh most.

    Parameters
    ----------
    config : GravityConfig, optional
        Constants of the model.
    source : DecisionSource, default DecisionSource.RULE
        Who chooses the area where there are several.

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

    __slots__ = ("config", "source")

    def __init__(
        self, config: GravityConfig | None = None, *, source: DecisionSource = DecisionSource.RULE
    ) -> None:
        self.config = config or _DEFAULT
        self.source = source

    def attractiveness(self, places: ChoiceSet, beliefs: PlaceOpinions | None) -> Float:
        """Return how attractive each place is, shape (k,); override to value other things."""
        if beliefs is None:
            return np.full(len(places), 0.5)
        liked = beliefs.attractiveness(places)
        if not self.config.curiosity:
            return liked
        return liked + self.config.curiosity * np.sqrt(beliefs.uncertainty(places))

    def probabilities(self, places: ChoiceSet, beliefs: PlaceOpinions | None) -> Float:
        """Return the probability of each place, shape (k,)."""
        config = self.config
        unit = config.unit_m or max(float(np.median(places.distance_m)), 1.0)
        belief = np.minimum(np.maximum(self.attractiveness(places, beliefs), 0.0), 1.0)
        likely = gravity_probabilities(
            belief,
            places.distance_m / unit,
            config.gamma,
            config.epsilon,
            reversed_sign=config.reversed_sign,
        )
        return self._in_likely_areas(likely * places.boost, places.area)

    def _in_likely_areas(self, weight: Float, area: Int | None) -> Float:
        """Return weights as probabilities, those beyond the heaviest areas being 0."""
        if area is not None:
            codes, row = np.unique(area, return_inverse=True)
            if len(codes) > self.config.areas:
                total = np.bincount(row, weights=weight)
                heaviest = np.argsort(-total, kind="stable")[: self.config.areas]
                weight = np.where(np.isin(row, heaviest), weight, 0.0)
        return weight / float(weight.sum())

    async def choose(
        self,
        places: ChoiceSet,
        beliefs: PlaceOpinions | None,
        *,
        persona: Persona | None = None,
        purpose: Purpose | None = None,
        when: str = "",
        mood: float = 0.0,
        area_names: Sequence[str] = (),
        rng: np.random.Generator,
    ) -> PlaceChosen:
        """Choose among `places`.

        Parameters
        ----------
        places : ChoiceSet
            Those in reach that are open and serve the purpose.
        beliefs : PlaceOpinions or None
            What is believed of them.
        persona, purpose, when, mood, area_names : optional
            Who, what for, weekday and time, valence, and names of the areas in the
            order of their codes; told to a
            language model.
        rng : numpy.random.Generator
            RandomStreams.

        Raises
        ------
        ChoiceError
            If `places` is empty.
        LLMError
            If there is no reply, and the run is not configured to use rules then.
        """
        if not len(places):
            message = "the choice set is empty; widen the radius or stay where you are"
            raise ChoiceError(message)
        likely = self.probabilities(places, beliefs)
        luck = rng.random()
        by_rule = _drawn(places, likely, luck)
        areas = _areas(places, likely, area_names)
        if self.source is DecisionSource.RULE or len(areas) < 2:
            return by_rule
        try:
            code, reason = await area_by_prompt(
                areas, persona=persona, purpose=purpose, when=when, mood=mood, rng=rng
            )
        except LLMError as error:
            return by_rule._replace(reason=rules_after(error))
        inside = np.where(places.area == code, likely, 0.0)
        chosen = _drawn(places, inside / float(inside.sum()), luck)
        return chosen._replace(source=DecisionSource.PROMPT, reason=f"{reason} ({chosen.reason})")


def _drawn(places: ChoiceSet, likely: Float, luck: float) -> PlaceChosen:
    row = int(draw(likely, luck))
    count = int(np.count_nonzero(likely))
    reason = f"{places.distance_m[row] / 1000.0:.2f} km, p {likely[row]:.3f} of {count} places"
    return PlaceChosen(int(places.places[row]), likely, DecisionSource.RULE, reason)


def _areas(places: ChoiceSet, likely: Float, names: Sequence[str]) -> list[Area]:
    """Return the areas that come into question, the likeliest first."""
    if places.area is None:
        return []
    codes, row = np.unique(places.area, return_inverse=True)
    total = np.bincount(row, weights=likely)
    order = [at for at in np.argsort(-total, kind="stable").tolist() if total[at] > 0.0]
    return [
        Area(
            int(codes[at]),
            names[codes[at]] if codes[at] < len(names) else f"area {codes[at]}",
            float(places.distance_m[row == at].min()),
            int((row == at).sum()),
            float(total[at]),
        )
        for at in order
    ]


_DEFAULT = GravityConfig()
