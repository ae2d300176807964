"""The key figures of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

import numpy as np

from mesa_llm_city.core.values import Float, Mode, Purpose

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

__all__ = ["Findings", "findings"]


class Findings(TypedDict):
    """What comes out, in a few numbers.

    Attributes
    ----------
    trips_per_person_day : float
        Trips that ended, per person and day.
    median_trip_min : float or None
        Door-to-door time in minutes; None without any trip.
    time_shares : dict of str to float
        Share of all person-time by purpose, in the order of `Purpose`.
    mode_shares : dict of str to float
        Share of the trips by mode, in the order of `Mode`.
    """

    trips_per_person_day: float
    median_trip_min: float | None
    time_shares: dict[str, float]
    mode_shares: dict[str, float]


def findings(frames: Mapping[str, pd.DataFrame], *, people: int, days: int) -> Findings:
    """Return the key figures of the tables of a run.

    Parameters
    ----------
    frames : mapping of str to pandas.DataFrame
        The tables by name; ``activities`` and ``trips`` are read.
    people, days : int
        Size and length of the run, at least 1.
    """
    activities, trips = frames["activities"], frames["trips"]
    lasted = activities["end"] - activities["start"]
    minutes: Float = lasted.dt.total_seconds().to_numpy(dtype=np.float64) / np.float64(60.0)
    median = float(trips["travel_min"].median()) if len(trips) else None
    return {
        "trips_per_person_day": round(len(trips) / (people * days), 4),
        "median_trip_min": None if median is None else round(median, 2),
        "time_shares": _shares(activities["purpose"], minutes, Purpose),
        "mode_shares": _shares(trips["mode"], np.ones(len(trips)), Mode),
    }


def _shares(
    labels: pd.Series[Any], weights: Float, kinds: type[Purpose | Mode]
) -> dict[str, float]:
    """Return the weight of each kind that occurs, as shares of the whole."""
    names, total = labels.astype(str).to_numpy(), float(weights.sum())
    shares = {str(kind): float(weights[names == str(kind)].sum()) for kind in kinds}
    return {kind: round(share / total, 4) for kind, share in shares.items() if share}
