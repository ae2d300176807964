"""Who left the zone, when and why, from the tables of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from mesa_llm_city.models.evacuation.model import Evacuation

from mesa_llm_city.core.values import Float

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["departures", "left_by", "rayleigh_share"]

_SCALE_MIN2 = 1800.0
_STRONGEST_FIRST = ("flee", "stay_in", "replan", "inform", "continue")


def departures(model: Evacuation) -> pd.DataFrame:
    """Return who was in the zone at the warning, and when each of them left it.

    Parameters
    ----------
    model : Evacuation
        The model, some hours after the warning.

    Returns
    -------
    pandas.DataFrame
        ``person``; ``left_min``, minutes from the warning until the person goes to a place
        outside the zone, missing for who has not; ``reaction``, the strongest to a message:
        flee, stay_in, replan, inform or continue, and "not told" for who heard none.
    """
    import pandas as pd

    inside = _inside_at(model)
    left = _first_way_out(model).reindex(inside)
    reactions = _reactions(model).reindex(inside)
    return pd.DataFrame(
        {
            "person": inside,
            "left_min": left.to_numpy(),
            "reaction": reactions.fillna("not told").to_numpy(),
        }
    )


def left_by(table: pd.DataFrame, minutes: Float) -> Float:
    """Return which share of those inside at the warning has left after so many minutes.

    Parameters
    ----------
    table : pandas.DataFrame
        From `departures`.
    minutes : ndarray of float64, shape (n,)
        Minutes after the warning.
    """
    left = np.sort(table["left_min"].dropna().to_numpy(dtype=np.float64))
    gone: Float = np.searchsorted(left, minutes, side="right") / max(len(table), 1)
    return gone


def rayleigh_share(minutes: Float) -> Float:
    """Return the share that has set out some minutes after an order to leave.

    ``1 - exp(-t**2 / 1800)``, the curve of Tweedie et al. [1]_ for the area of a nuclear plant,
    by the judgement of experts; half have set out after 35 minutes.

    References
    ----------
    .. [1] Tweedie, Rowland, Walsh, Rhoten and Hagle (1986), A methodology for estimating
       emergency evacuation times. The Social Science Journal 23(2), 189-204.

    Examples
    --------
    >>> rayleigh_share(np.array([0.0, 35.3])).round(2)
    array([0. , 0.5])
    """
    share: Float = 1.0 - np.exp(-np.square(minutes) / _SCALE_MIN2)
    return share


def _inside_at(model: Evacuation) -> list[int]:
    """Return who was at a place of the zone just before the warning, by rising id."""
    stays = model.activities()
    at = np.datetime64(model.clock.at(model.warned_min - 1))
    now = stays[(stays["start"] <= at) & (at < stays["end"]) & stays["place"].notna()]
    zone = model.city.places.zone[now["place"].to_numpy(dtype=np.int64)]
    return sorted(now["person"].to_numpy()[zone == model.zone].tolist())


def _first_way_out(model: Evacuation) -> pd.Series[float]:
    """Return the minutes from the warning to the first trip out of the zone, by person."""
    trips, zone = model.trips(), model.city.places.zone
    ends = [zone[trips[name].to_numpy(dtype=np.int64)] for name in ("origin", "destination")]
    out = (ends[0] == model.zone) & (ends[1] != model.zone)
    at = np.datetime64(model.clock.at(model.warned_min))
    after = (trips["start"] - at).dt.total_seconds() / 60.0
    found = trips.assign(after=after)[out & (after >= 0.0)]
    first: pd.Series[float] = found.groupby("person")["after"].min()
    return first


def _reactions(model: Evacuation) -> pd.Series[str]:
    """Return the strongest reaction of each person to any message of danger."""
    heard = model.messages()
    heard = heard[heard["danger"] > 0.0]
    rank = heard["reaction"].map(_STRONGEST_FIRST.index).astype("int64")
    strongest = heard.assign(rank=rank).groupby("person")["rank"].min()
    named: pd.Series[str] = strongest.map(dict(enumerate(_STRONGEST_FIRST)))
    return named
