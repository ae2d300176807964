"""Place choice: where to do what one is going to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from mesa_llm_city.component import Stateless
from mesa_llm_city.errors import ChoiceError, ConfigError
from mesa_llm_city.mobility.choice import draw, gravity_probabilities
from mesa_llm_city.values import ChoiceSet, Float, Mind

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
    mind : Mind
        Who chose.
    reason : str
        The terms of the chosen place.
    """

    place: int
    probabilities: Float
    mind: Mind
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

    Raises
    ------
    ConfigError
        If `epsilon` or `unit_m` is not positive.
    """

    gamma: float = 2.0
    epsilon: float = 1e-3
    unit_m: float | None = None

    def __post_init__(self) -> None:
        """Check ranges."""
        if self.epsilon <= 0.0:
            message = f"epsilon must be positive, got {self.epsilon}; the paper uses 1e-3"
            raise ConfigError(message)
        if self.unit_m is not None and self.unit_m <= 0.0:
            message = f"unit_m must be positive, got {self.unit_m}; use None for the median"
            raise ConfigError(message)


class GravityChoice(Stateless):
    """Draws a place by the belief-weighted gravity model (CitySim, sec. 3.2.2).

    Parameters
    ----------
    config : GravityConfig, optional
        Constants of the model.

    Examples
    --------
    >>> from mesa_llm_city.thinking import run
    >>> near_and_far = ChoiceSet(
    ...     places=np.array([4, 9]),
    ...     distance_m=np.array([200.0, 600.0]),
    ...     category=np.array([0, 0]),
    ...     boost=np.ones(2),
    ... )
    >>> chosen = run(GravityChoice().choose(near_and_far, None, rng=np.random.default_rng(1)))
    >>> chosen.probabilities
    array([0.75, 0.25])
    """

    __slots__ = ("config",)

    def __init__(self, config: GravityConfig | None = None) -> None:
        self.config = config or _DEFAULT

    def attractiveness(self, places: ChoiceSet, beliefs: PlaceOpinions | None) -> Float:
        """Return how attractive each place is, shape (k,); override to value other things."""
        if beliefs is None:
            return np.full(len(places), 0.5)
        return beliefs.attractiveness(places)

    def probabilities(self, places: ChoiceSet, beliefs: PlaceOpinions | None) -> Float:
        """Return the probability of each place, shape (k,)."""
        unit = self.config.unit_m or max(float(np.median(places.distance_m)), 1.0)
        belief = np.minimum(np.maximum(self.attractiveness(places, beliefs), 0.0), 1.0)
        config = self.config
        likely = gravity_probabilities(
            belief, places.distance_m / unit, config.gamma, config.epsilon
        )
        boosted: Float = likely * places.boost
        return boosted / float(boosted.sum())

    async def choose(
        self, places: ChoiceSet, beliefs: PlaceOpinions | None, *, rng: np.random.Generator
    ) -> PlaceChosen:
        """Choose among `places` by rule.

        Raises
        ------
        ChoiceError
            If `places` is empty.
        """
        if not len(places):
            message = "the choice set is empty; widen the radius or stay where you are"
            raise ChoiceError(message)
        likely = self.probabilities(places, beliefs)
        row = int(draw(likely, rng.random()))
        reason = (
            f"{places.distance_m[row] / 1000.0:.2f} km, p {likely[row]:.3f} of {len(places)} places"
        )
        return PlaceChosen(int(places.places[row]), likely, Mind.RULE, reason)


_DEFAULT = GravityConfig()
