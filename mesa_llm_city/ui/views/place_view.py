"""One place at a moment: who is there, when people come, when it is open, what they think of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN, clock_time
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.opening_hours import spans_on
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.mind import ASPECTS
from mesa_llm_city.ui.map.place_look import label_of
from mesa_llm_city.ui.views.arrivals import arrivals_of
from mesa_llm_city.ui.views.counts import model_of
from mesa_llm_city.ui.views.protocols import CityView
from mesa_llm_city.ui.views.replay import Replay

if TYPE_CHECKING:
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["Opinion", "PlaceView", "see_place"]

_NO_OPINION: Mapping[str, float] = MappingProxyType({})


class Opinion(NamedTuple):
    """What people think of a place.

    Attributes
    ----------
    means : mapping of str to float
        Mean of each of `ASPECTS`, in [0, 1]; empty if nobody thinks anything of it.
    number : int
        Of how many beliefs or visits.
    is_belief : bool
        Whether it is what people believe now; else how visitors have rated their visits.
    """

    means: Mapping[str, float]
    number: int
    is_belief: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlaceView:
    """One place at a moment.

    Parameters
    ----------
    id : int
        Id of the place.
    name, kind, zone : str
        Its name, its kind in words, and the name of its zone; empty where they are unknown.
    here : tuple of (int, str)
        Ids and names of those who are there.
    arrivals : ndarray of int64, shape (24,)
        How many stays have begun in each hour of the day, all days together.
    hours : str
        When it is open on the day that is shown, in words; empty if the view does not know.
    opinion : Opinion
        What people think of it.
    """

    id: int
    name: str
    kind: str
    zone: str
    here: tuple[tuple[int, str], ...]
    arrivals: Int
    hours: str
    opinion: Opinion


def see_place(view: CityView, place: int) -> PlaceView:
    """Return one place at the present minute of a view.

    Parameters
    ----------
    view : CityView
        A live model or a replay.
    place : int
        Id of the place.

    Raises
    ------
    ConfigError
        If there is none of this id.
    """
    basemap, model = view.basemap(), model_of(view)
    if not 0 <= place < len(basemap.names):
        message = f"no place has the id {place}; ids run from 0 to {len(basemap.names) - 1}"
        raise ConfigError(message)
    return PlaceView(
        id=place,
        name=basemap.names[place],
        kind=label_of(basemap.kinds[basemap.kind[place]]),
        zone=_zone(view, place),
        here=tuple(_here(view, place)),
        arrivals=arrivals_of(view, place),
        hours="" if model is None else _hours(model, place),
        opinion=_rated(view, place) if model is None else _believed(model, place),
    )


def _zone(view: CityView, place: int) -> str:
    model = model_of(view)
    if model is not None:
        return str(model.city.zones.names[model.city.places.zone[place]])
    return str(view.history.places["zone"].iloc[place]) if isinstance(view, Replay) else ""


def _here(view: CityView, place: int) -> Iterator[tuple[int, str]]:
    """Yield who is there; in a replay, those who stand where it is and are not under way."""
    model = model_of(view)
    if model is not None:
        for agent in model.citizens:
            stay = agent.citizen.so_far(model.minute)
            if stay is not None and stay[3] == place:
                yield agent.person, model.world.names[agent.person]
        return
    crowd, at = view.crowd(), view.basemap().places[place]
    is_here = (crowd.x == at[0]) & (crowd.y == at[1]) & (crowd.mode < 0)
    names = view.names()
    for row in np.flatnonzero(is_here).tolist():
        yield int(crowd.person[row]), names[row]


def _hours(model: CityModel, place: int) -> str:
    """Return when a place is open today."""
    places, clock = model.city.places, model.clock
    times = places.opening_times
    day = clock.date_of(clock.day(model.minute))
    hours = times.hours[places.hours[place]]
    spans = spans_on(hours, day, times.calendar, clock.holidays)
    if not spans:
        return "closed today"
    if any(start <= 0 and end >= DAY_MIN for start, end in spans):
        return "open all day"
    told = ", ".join(f"{clock_time(start)}-{clock_time(end % DAY_MIN)}" for start, end in spans)
    return f"open today {told}"


def _believed(model: CityModel, place: int) -> Opinion:
    """Return what the citizens believe of a place."""
    known = [
        beliefs.belief(place, at_min=model.minute)
        for agent in model.citizens
        if (beliefs := agent.citizen.components.beliefs) is not None and place in beliefs.places
    ]
    return _opinion(np.array(known).reshape(-1, len(ASPECTS)), is_belief=True)


def _rated(view: CityView, place: int) -> Opinion:
    """Return how visitors have rated a place."""
    visits = view.table("visits")
    mine = visits[visits["place"].to_numpy(dtype=np.int64) == place]
    ratings = mine[list(ASPECTS)].to_numpy(dtype=np.float64, na_value=np.nan)
    return _opinion(ratings[~np.isnan(ratings).any(axis=1)], is_belief=False)


def _opinion(rows: Float, *, is_belief: bool) -> Opinion:
    if not len(rows):
        return Opinion(_NO_OPINION, 0, is_belief)
    means = dict(zip(ASPECTS, rows.mean(axis=0).tolist(), strict=True))
    return Opinion(MappingProxyType(means), len(rows), is_belief)
