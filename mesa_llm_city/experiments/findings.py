"""The key figures of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

import numpy as np

from mesa_llm_city.core.values import Float
from mesa_llm_city.parameters import CityParameters, default_parameters

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from mesa_llm_city.population import Persona
    from mesa_llm_city.simulation.records.person_sample import PersonSample

__all__ = ["Findings", "findings", "of_residents", "recorded"]


class Findings(TypedDict):
    """Key figures of a run; those of residents, if there are outsiders.

    Attributes
    ----------
    trips_per_person_day : float
        Trips that ended, per person and day.
    median_trip_min : float or None
        Door-to-door time in minutes; None without any trip.
    time_shares : dict of str to float
        Share of all person-time by purpose, in the order of the parameters.
    mode_shares : dict of str to float
        Share of the trips by mode, in the order of the parameters.
    """

    trips_per_person_day: float
    median_trip_min: float | None
    time_shares: dict[str, float]
    mode_shares: dict[str, float]


def of_residents(
    frames: Mapping[str, pd.DataFrame], people: Iterable[Persona]
) -> Mapping[str, pd.DataFrame]:
    """Return tables without the rows of outsiders; the same tables if there are none.

    Parameters
    ----------
    frames : mapping of str to pandas.DataFrame
        Tables with a column ``person``.
    people : iterable of Persona
        Everybody.
    """
    outsiders = [one.id for one in people if one.outsider is not None]
    if not outsiders:
        return frames
    return {name: frame[~frame["person"].isin(outsiders)] for name, frame in frames.items()}


def recorded(people: Iterable[Persona], sample: PersonSample | None) -> list[Persona]:
    """Return those of whom the tables of a run have rows.

    Parameters
    ----------
    people : iterable of Persona
        People of the run.
    sample : PersonSample or None
        Whose rows are kept; None for everybody.
    """
    everybody = list(people)
    if sample is None:
        return everybody
    keeps = sample.keeps(np.array([one.id for one in everybody], dtype=np.int64))
    return [one for one, is_kept in zip(everybody, keeps.tolist(), strict=True) if is_kept]


def findings(
    frames: Mapping[str, pd.DataFrame],
    *,
    people: int,
    days: int,
    parameters: CityParameters | None = None,
) -> Findings:
    """Return the key figures of the tables of a run.

    Parameters
    ----------
    frames : mapping of str to pandas.DataFrame
        The tables by name; ``activities`` and ``trips`` are read.
    people, days : int
        Number of people who have rows, and of days.
    parameters : CityParameters, optional
        With the purposes and modes of the run; the default ones by default.
    """
    tree = default_parameters() if parameters is None else parameters
    activities, trips = frames["activities"], frames["trips"]
    length = activities["end"] - activities["start"]
    minutes: Float = length.dt.total_seconds().to_numpy(dtype=np.float64) / np.float64(60.0)
    median = float(trips["travel_min"].median()) if len(trips) else None
    return {
        "trips_per_person_day": round(len(trips) / max(people * days, 1), 4),
        "median_trip_min": None if median is None else round(median, 2),
        "time_shares": _shares(activities["purpose"], minutes, tree.purposes),
        "mode_shares": _shares(trips["mode"], np.ones(len(trips)), tree.modes),
    }


def _shares(labels: pd.Series[Any], weights: Float, kinds: Iterable[str]) -> dict[str, float]:
    """Return the weight of each kind that occurs, as shares of the whole; known kinds first."""
    names, total = labels.astype(str).to_numpy(), float(weights.sum())
    found = np.unique(names).tolist()
    known = [kind for kind in kinds if kind in found]
    order = [*known, *(kind for kind in found if kind not in known)]
    shares = {kind: float(weights[names == kind].sum()) for kind in order}
    return {kind: round(share / total, 4) for kind, share in shares.items() if share}
