"""Homes, workplaces and schools for those who come later: drawn as for the first, where room is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from mesa_llm_city.core.values import Float, Int, Purpose, Supply
from mesa_llm_city.parameters.population import CommutingParameters
from mesa_llm_city.population import Occupation, Persona, PlaceSupply
from mesa_llm_city.population.synthesis.spatial_interaction import deterrence

__all__ = ["RoomSupply", "draw_home", "draw_work"]

_KM = 1000.0


class RoomSupply:
    """A city as newcomers find it: residences and workplaces count as far as they have room.

    Where all are full, they count as if they were empty.

    Parameters
    ----------
    city : PlaceSupply
        The city.
    people : iterable of Persona
        Those who live there.
    is_open : callable, optional
        Which of places, an array of ids, are not closed for the moment; all by default.
    may_live : callable, optional
        Which of places, an array of ids, may be homes; all residences by default.
    """

    def __init__(
        self,
        city: PlaceSupply,
        people: Iterable[Persona],
        *,
        is_open: Callable[[Int], NDArray[np.bool_]] | None = None,
        may_live: Callable[[Int], NDArray[np.bool_]] | None = None,
    ) -> None:
        known = [one for one in people if one.outsider is None]
        self._city, self._is_open, self._may_live = city, is_open, may_live
        self._taken: dict[str, Counter[int | None]] = {
            Purpose.SLEEP: Counter(one.home for one in known),
            Purpose.WORK: Counter(
                one.work for one in known if one.is_employed and one.work != one.home
            ),
        }

    def supply(self, purpose: str, /) -> Supply:
        """Return the places for sleep, work or school, weighted by what they still offer."""
        whole, taken = self._offered(purpose), self._taken.get(purpose)
        if not taken:
            return whole
        used = np.array([taken[place] for place in whole.places.tolist()], dtype=np.float64)
        room = np.maximum(whole.weight - used, 0.0)
        return replace(whole, weight=room) if room.any() else whole

    def _offered(self, purpose: str) -> Supply:
        """Return the places for a purpose, without weight where they are closed."""
        whole = self._city.supply(purpose)
        if self._may_live is not None and purpose == Purpose.SLEEP:
            whole = _limited(whole, self._may_live(whole.places))
        return whole if self._is_open is None else _limited(whole, self._is_open(whole.places))

    def project(self, lon: Float, lat: Float, /) -> tuple[Float, Float]:
        """Turn degrees (WGS 84) into metres."""
        return self._city.project(lon, lat)

    def contains(self, x: Float, y: Float, /) -> NDArray[np.bool_]:
        """Tell which points, in metres, lie on the map."""
        return self._city.contains(x, y)

    def add_residences(self, x: Float, y: Float, /) -> Int:
        """Add a residence without residents at each point, in metres, and return the place ids."""
        return self._city.add_residences(x, y)

    def position(self, place: int, /) -> tuple[float, float]:
        """Return where a place lies, in metres."""
        return self._city.position(place)


def _limited(supply: Supply, is_offered: NDArray[np.bool_]) -> Supply:
    """Return the places without weight where they are not offered, unless none would be."""
    weight = np.where(is_offered, supply.weight, 0.0)
    return replace(supply, weight=weight) if weight.any() else supply


def draw_home(supply: PlaceSupply, rng: Generator, *, but: int | None = None) -> int | None:
    """Draw a residence in proportion to the room that it has.

    Parameters
    ----------
    supply : PlaceSupply
        Offers residences.
    rng : numpy.random.Generator
        Random numbers.
    but : int, optional
        A place that is not drawn.

    Returns
    -------
    int or None
        Place id; None if there is no residence.
    """
    homes = supply.supply(Purpose.SLEEP)
    return _drawn(homes, np.where(homes.places == but, 0.0, homes.weight), rng)


def draw_work(
    persona: Persona,
    supply: PlaceSupply,
    rng: Generator,
    *,
    parameters: CommutingParameters,
    but: int | None = None,
) -> int | None:
    """Draw a place of work or school, as the synthesis does for a person alone.

    Chances go with the room of a place, and fall exponentially with its distance from home.

    Parameters
    ----------
    persona : Persona
        Who works or learns.
    supply : PlaceSupply
        Offers workplaces and schools.
    rng : numpy.random.Generator
        Random numbers.
    parameters : CommutingParameters
        How far people go.
    but : int, optional
        A place that is not drawn.

    Returns
    -------
    int or None
        Place id, the home for some of the self-employed; None for those who neither work nor
        learn, or if there is no place for it.
    """
    at_home = float(rng.random()) < parameters.self_employed_at_home
    if persona.occupation is Occupation.SELF_EMPLOYED and at_home and persona.home != but:
        return persona.home
    is_pupil = persona.occupation is Occupation.PUPIL
    if not (is_pupil or persona.occupation is Occupation.STUDENT or persona.is_employed):
        return None
    offered = supply.supply(Purpose.WORK if persona.is_employed else Purpose.SCHOOL)
    beta = parameters.school_beta_per_km if is_pupil else parameters.beta_per_km
    x, y = supply.position(persona.home)
    km = np.hypot(offered.x - x, offered.y - y) / _KM
    weight = np.where(offered.places == but, 0.0, offered.weight)
    if not weight.any():
        weight = offered.weight
    return _drawn(offered, weight * deterrence(km - km.min(initial=np.inf), beta), rng)


def _drawn(supply: Supply, weight: Float, rng: Generator) -> int | None:
    """Draw a place with chances in proportion to weights, shape (n,).

    Each place runs a race of its own: a change of one weight changes the outcome only if that
    place wins or would have won.
    """
    times = rng.exponential(size=len(weight))
    if not weight.any():
        return None
    arrives = np.divide(times, weight, out=np.full(len(weight), np.inf), where=weight > 0.0)
    return int(supply.places[int(arrives.argmin())])
