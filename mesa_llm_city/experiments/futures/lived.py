"""What is read of a future: its tables, its calendar, and words for what is in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.core.clock import Clock
from mesa_llm_city.core.values import Int

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city.simulation.model import CityModel

__all__ = ["Lived", "lived_of", "since"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lived:
    """A future as far as it is known: of a model, or of anything else that has its tables.

    Parameters
    ----------
    table : callable
        Returns a table by name, with time stamps, ordered by person and time: ``activities``
        without gaps, ``trips`` and ``visits`` that have ended, and ``decisions``.
    clock : Clock
        Calendar of the run.
    minute : int
        Minute up to which it is known, in minutes since the start of the run.
    place : callable
        Returns a place in words, by its id.
    place_kind : ndarray of int64, shape (p,)
        Kind of each place, as row of `kinds`.
    kinds : sequence of str
        Kinds of place.
    decision : callable
        Returns in words what a component has decided, from the component and its choice.
    kind : callable
        Returns a purpose or a mode in words.
    goes_on : bool, default False
        Whether life goes on after `minute`: then an activity that ends there, and a trip that
        began and is not among the trips, have not ended yet.
    """

    table: Callable[[str], pd.DataFrame]
    clock: Clock
    minute: int
    place: Callable[[int], str]
    place_kind: Int
    kinds: Sequence[str]
    decision: Callable[[str, str], str] = "{}: {}".format
    kind: Callable[[str], str] = str
    goes_on: bool = False


def lived_of(model: CityModel) -> Lived:
    """Return what is read of a model after its last step.

    Parameters
    ----------
    model : CityModel
        The model.
    """
    places, world = model.city.places, model.world

    def table(name: str) -> pd.DataFrame:
        frame: pd.DataFrame = getattr(model, name)()
        return frame

    return Lived(
        table=table,
        clock=model.clock,
        minute=model.minute,
        place=lambda place: f"{place} ({world.described(place)})",
        place_kind=places.category.astype(np.int64),
        kinds=[str(one) for one in places.category_names],
    )


def since(clock: Clock, frame: pd.DataFrame, minute: int) -> pd.DataFrame:
    """Return the rows of a table that end, or happen, from a minute on.

    Parameters
    ----------
    clock : Clock
        Calendar of the run.
    frame : pandas.DataFrame
        The table, with time stamps.
    minute : int
        Minutes since the start of the run.
    """
    moment = np.datetime64(clock.at(minute), "s")
    if "end" in frame:
        return frame[frame["end"] > moment]
    return frame[frame["time"] >= moment]
