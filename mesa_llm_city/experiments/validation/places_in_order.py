"""The places that people were at, one after another, and the same with visits exchanged."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mesa_llm_city.core import streams
from mesa_llm_city.core.values import Int
from mesa_llm_city.experiments.validation.run_tables import Bool, RunTables, Stays

__all__ = ["EXCHANGED", "exchanged", "is_flexible", "merged_stays"]

EXCHANGED = "visits exchanged between people"
"""Name of the naive prediction that `exchanged` makes."""


def merged_stays(activities: Stays) -> Stays:
    """Return stays at places: activities in a row at the same place are one.

    Parameters
    ----------
    activities : Stays
        Ordered by person and time; those under way are left out.

    Returns
    -------
    Stays
        With the purpose of the first activity of each.

    Examples
    --------
    >>> day = Stays(person=np.zeros(4, dtype=int), start_min=np.array([0, 400, 480, 500]),
    ...             end_min=np.array([400, 480, 500, 900]),
    ...             purpose=np.array(["sleep", "meal", "travel", "work"]),
    ...             place=np.array([7, 7, -1, 9]))
    >>> merged = merged_stays(day)
    >>> merged.place.tolist(), merged.start_min.tolist(), merged.end_min.tolist()
    ([7, 9], [0, 500], [480, 900])
    """
    at = activities.only(activities.place >= 0)
    same = (np.diff(at.place) == 0) & (np.diff(at.person) == 0)
    first = np.concatenate([[True], ~same]) if len(at) else np.zeros(0, dtype=np.bool_)
    last = np.concatenate([first[1:], [True]]) if len(at) else first
    return replace(at.only(first), end_min=at.end_min[last])


def is_flexible(tables: RunTables, stays: Stays) -> Bool:
    """Tell which stays are elsewhere than at home, at work and at school."""
    away: Bool = (stays.place != tables.home[stays.person]) & (
        stays.place != tables.work[stays.person]
    )
    return away


def exchanged(stays: Stays, flexible: Bool, seed: int = 0) -> Int:
    """Return places such that visits for the same purpose are exchanged between all people.

    Each place is visited as often as before and each person makes as many visits, but nobody
    returns or lives near where they go: a naive prediction for laws of mobility.

    Parameters
    ----------
    stays : Stays
        The stays.
    flexible : ndarray of bool, shape of `stays`
        Those whose places are exchanged.
    seed : int, default 0
        Seed of the exchange.
    """
    place = stays.place.copy()
    for purpose in np.unique(stays.purpose[flexible]).tolist():
        rows = np.flatnonzero(flexible & (stays.purpose == purpose))
        rng = streams.rng(seed, 0, f"validation exchange {purpose}", 0)
        place[rows] = place[rng.permutation(rows)]
    return place
