"""What a day of a metropolis leaves behind: where people were, how they travelled, their words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mesa_llm_city.city import City
from mesa_llm_city.core.clock import HOUR_MIN
from mesa_llm_city.core.values import Float, ReactionKind

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city.simulation.crowd.crowd_agent import CrowdAgent
    from mesa_llm_city.simulation.model import CityModel

__all__ = [
    "HOURS",
    "Grid",
    "MetropolisDay",
    "Said",
    "density",
    "modes_by_hour",
    "said",
    "staying_in",
]

HOURS = (4, 9, 14, 20)
"""Hours of the first day at which the density of people is kept."""

_CELLS = 70
_MOST_SAID = 5


class Grid(NamedTuple):
    """Square cells over a city.

    Attributes
    ----------
    x, y : ndarray of float64
        Edges of the cells, in metres.
    """

    x: Float
    y: Float

    @classmethod
    def over(cls, city: City) -> Grid:
        """Return cells over all places of a city, 70 along its longer side."""
        x, y = np.asarray(city.places.x), np.asarray(city.places.y)
        side = max(float(np.ptp(x)), float(np.ptp(y)), 1.0) / _CELLS
        return cls(_edges(x, side), _edges(y, side))


class Said(NamedTuple):
    """What a citizen made of the warning.

    Attributes
    ----------
    who : str
        Name and age.
    time : str
        Hour and minute.
    reaction : str
        What the person did: one of `ReactionKind`.
    words : str
        The reason that was given.
    """

    who: str
    time: str
    reaction: str
    words: str


@dataclass(frozen=True, slots=True, eq=False)
class MetropolisDay:
    """What is kept of the first day of a `Metropolis`; it can be sent between processes.

    Parameters
    ----------
    people, citizens : int
        Number of rows of the crowd, and of thinking citizens.
    warned : bool
        Whether there was a hurricane and a warning.
    grid : Grid
        Cells of the densities.
    densities : dict of int to ndarray
        People in each cell, shape (y cells, x cells), by hour.
    series : DataFrame
        ``minute``; ``out``, the share of the crowd away from home; ``on_the_way``, the share
        under way.
    modes : DataFrame
        ``hour``, ``mode``, ``trips`` of the crowd.
    said : tuple of Said
        Words of citizens about the warning.
    staying_in : int
        How many rows decided to stay in when they were warned.
    trips : int
        Trips of the crowd that have ended.
    digest : str
        Fingerprint of the crowd.
    """

    people: int
    citizens: int
    warned: bool
    grid: Grid
    densities: dict[int, Float]
    series: pd.DataFrame
    modes: pd.DataFrame
    said: tuple[Said, ...]
    staying_in: int
    trips: int
    digest: str


def density(crowd: CrowdAgent, grid: Grid) -> Float:
    """Return the number of rows in each cell now, shape (y cells, x cells)."""
    x, y = crowd.values("x"), crowd.values("y")
    counts, _, _ = np.histogram2d(y, x, bins=(grid.y, grid.x))
    return np.asarray(counts)


def said(model: CityModel) -> tuple[Said, ...]:
    """Return what citizens made of warnings, in words, each word and reaction once.

    Parameters
    ----------
    model : CityModel
        The model; only what was decided by prompt counts.
    """
    told = model.messages()
    told = told[(told["decided_by"].astype(str) == "prompt") & (told["danger"] > 0.0)]
    told = told[told["reaction"].astype(str) != str(ReactionKind.INFORM)]
    told = told.sort_values(["time", "person"]).drop_duplicates("person")
    told = told.drop_duplicates("reason").head(_MOST_SAID)
    personas = {one.id: one for one in model.population}
    found = []
    columns = (told[name].tolist() for name in ("person", "time", "reaction", "reason"))
    for person, time, reaction, reason in zip(*columns, strict=True):
        persona = personas[int(person)]
        who = f"{persona.name}, {persona.age}"
        found.append(Said(who, f"{time:%H:%M}", str(reaction), str(reason)))
    return tuple(found)


def modes_by_hour(crowd: CrowdAgent) -> pd.DataFrame:
    """Return trips of the crowd by hour of the first day and mode."""
    found = crowd.hourly_modes()
    hour = (found["time"] - crowd.model.clock.at(0)).dt.total_seconds() // (60 * HOUR_MIN)
    found = found.assign(hour=hour.astype(int), mode=found["mode"].astype(str))
    return found.loc[found["hour"] < 24, ["hour", "mode", "trips"]].reset_index(drop=True)


def staying_in(crowd: CrowdAgent) -> int:
    """Return how many rows decided to stay in when they heard of a danger."""
    heard = crowd.heard()
    return int(heard.loc[heard["danger"] > 0.0, str(ReactionKind.STAY_IN)].sum())


def _edges(along: Float, side: float) -> Float:
    count = int(np.ptp(along) // side) + 2
    first = float(along.min()) - 0.5 * side
    return np.array([first + side * row for row in range(count + 1)], dtype=np.float64)
