"""The flood beside its control: two futures of one town that part at the warning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mesa_llm_city.models.evacuation.model import Evacuation, flood
from mesa_llm_city.models.evacuation.who_left import departures, left_by

from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments import Futures, fork

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city import City, CityModel

__all__ = ["CONTROL", "FLOOD", "WATCHED_MIN", "flood_futures", "left_shares", "models_of"]

CONTROL, FLOOD = "control", "flood"
WATCHED_MIN = 240
"""How long departures are counted, in minutes after the warning."""


def flood_futures(
    citizens: int = 300, *, rng: int | None = 7, seeds: int = 1, city: City | None = None
) -> Futures:
    """Live to the warning once, then a day on without and with the flood.

    Parameters
    ----------
    citizens : int, default 300
        Number of people.
    rng : int, optional
        Seed of the town up to the warning, and of the first replicate after it.
    seeds : int, default 1
        Number of replicates of what comes after the warning; with 1 there are no intervals.
    city : City, optional
        A city of one's own, as in `Evacuation`.

    Returns
    -------
    Futures
        ``control`` and ``flood``, at 11:30 of day 3.
    """
    model = Evacuation(citizens, rng=rng, city=city, flooded=False)
    while model.minute < model.warned_min:
        model.step()
    return fork(model, {CONTROL: [], FLOOD: flood(model.zone)}, days=1, seeds=seeds)


def models_of(futures: Futures, name: str) -> list[Evacuation]:
    """Return the models of one future, a replicate each."""
    return [one for one in futures.models[name] if isinstance(one, Evacuation)]


def left_shares(model: CityModel) -> pd.Series[float]:
    """Return the share of those inside at the warning who have left, by minute after it.

    Parameters
    ----------
    model : Evacuation
        A model of either future, for `Futures.difference`.

    Raises
    ------
    TypeError
        If it is another model.
    """
    import numpy as np
    import pandas as pd

    if not isinstance(model, Evacuation):
        message = f"left_shares takes a model of class Evacuation, got {type(model).__name__}"
        raise TypeError(message)
    minutes: Float = np.arange(WATCHED_MIN + 1, dtype=np.float64)
    index = pd.RangeIndex(WATCHED_MIN + 1, name="minute")
    return pd.Series(left_by(departures(model), minutes), index=index)
