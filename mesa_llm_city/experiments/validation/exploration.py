"""New and known places: S(t), visits to new places, and how often places are visited (Zipf)."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.experiments.validation.bootstrap import Bootstrap
from mesa_llm_city.experiments.validation.measure import Family, Figure, Reference, measures_of
from mesa_llm_city.experiments.validation.places_in_order import (
    EXCHANGED,
    exchanged,
    is_flexible,
    merged_stays,
)
from mesa_llm_city.experiments.validation.run_tables import Bool, RunTables, Stays

__all__ = [
    "DISTINCT",
    "ZIPF",
    "distinct_places",
    "exploration",
    "is_new_place",
    "log_log_slope",
    "rank_frequencies",
    "visit_numbers",
]

_FIRST, _LAST = 20, 39
_FROM_DAY = 3
_FEWEST_DAYS = 6
_RANKS = 10

DISTINCT = Reference(0.6, "phones (Song et al. 2010)")
"""Exponent of the number of distinct places by time."""

ZIPF = Reference(1.2, "phones (Gonzalez et al. 2008; Song et al. 2010)")
"""Exponent of the frequency of visits by rank of the place, without its sign."""

_CHECKINS = Reference(0.21, "check-ins in New York, 2012-13 (Yang et al. 2015)")


_Curves: TypeAlias = tuple[Float, Float, Float]


def exploration(tables: RunTables, bootstrap: Bootstrap) -> Family:
    """Measure whether people explore and return as people do.

    Reported are the exponent of the number of distinct places by day (home and work counted, the
    mean over persons, from day 3 on), the share of the visits 20 to 39 of each person that go to
    a new place (visits elsewhere than at home, work and school), and the exponent of the
    frequency of visits by rank of the place. The naive prediction exchanges visits between people.
    """
    stays = merged_stays(tables.activities)
    naive_place = exchanged(stays, is_flexible(tables, stays))
    ours = _curves(tables, stays, stays.place)
    naive = _curves(tables, stays, naive_place)
    p, visits = tables.persons, int(ours[1][:, 1].sum())
    figures = (
        Figure("exponent of S(t), distinct places by day", p, "persons", reference=DISTINCT),
        Figure("share of visits 20 to 39 to a new place", visits, "visits", reference=_CHECKINS),
        Figure("exponent of visits by rank of the place (Zipf)", p, "persons", reference=ZIPF),
    )
    found = bootstrap.estimate(lambda count: _figures(count, *ours))
    of_naive = {EXCHANGED: _figures(np.ones(p), *naive)}
    return Family(
        name="exploration and return",
        measures=tuple(measures_of(figures, found, of_naive)),
        details=_details(ours, naive),
        notes=() if tables.days >= _FEWEST_DAYS else (f"S(t) needs {_FEWEST_DAYS} days",),
    )


def visit_numbers(person: Int) -> Int:
    """Return the number of each visit among those of its person, from 1 on.

    Parameters
    ----------
    person : ndarray of int64, shape (n,)
        Rows of the persons, in rising order.

    Examples
    --------
    >>> visit_numbers(np.array([0, 0, 0, 2, 2])).tolist()
    [1, 2, 3, 1, 2]
    """
    first = np.searchsorted(person, person, side="left")
    numbers: Int = np.arange(len(person)) - first + 1
    return numbers


def is_new_place(person: Int, place: Int) -> Bool:
    """Tell which visits are the first of their person to a place, in the order given.

    Examples
    --------
    >>> is_new_place(np.array([0, 0, 0, 1]), np.array([5, 6, 5, 5])).tolist()
    [True, True, False, True]
    """
    pairs = person * (int(place.max(initial=0)) + 1) + place
    _, first = np.unique(pairs, return_index=True)
    new = np.zeros(len(person), dtype=np.bool_)
    new[first] = True
    return new


def distinct_places(person: Int, day: Int, place: Int, *, persons: int, days: int) -> Float:
    """Return how many places each person has been at by the end of each day, shape (p, days).

    Examples
    --------
    >>> distinct_places(np.array([0, 0, 0]), np.array([0, 0, 2]), np.array([4, 5, 6]),
    ...                 persons=1, days=3).tolist()
    [[2.0, 2.0, 3.0]]
    """
    new = is_new_place(person, place) & (day < days)
    found = np.zeros((persons, days))
    np.add.at(found, (person[new], day[new]), 1.0)
    return found.cumsum(axis=1)


def rank_frequencies(person: Int, place: Int, *, persons: int, ranks: int = _RANKS) -> Float:
    """Return the share of a person's visits that go to the place of each rank, shape (p, ranks).

    Examples
    --------
    >>> rank_frequencies(np.array([0, 0, 0, 0]), np.array([7, 8, 7, 7]), persons=1, ranks=3)
    array([[0.75, 0.25, 0.  ]])
    """
    width = int(place.max(initial=0)) + 1
    pairs, counts = np.unique(person * width + place, return_counts=True)
    who = pairs // width
    order = np.lexsort((-counts, who))
    rank = visit_numbers(who[order]) - 1
    kept = rank < ranks
    found = np.zeros((persons, ranks))
    found[who[order][kept], rank[kept]] = counts[order][kept]
    totals = np.bincount(person, minlength=persons).astype(np.float64)
    return np.divide(found, totals[:, None], out=np.zeros_like(found), where=totals[:, None] > 0)


def log_log_slope(x: Float, y: Float) -> float:
    """Return the slope of a line through log x and log y by least squares; NaN below two points.

    Examples
    --------
    >>> log_log_slope(np.array([1.0, 2.0, 4.0]), np.array([3.0, 12.0, 48.0])).__round__(9)
    2.0
    """
    known = (x > 0) & (y > 0)
    if int(known.sum()) < 2:
        return float("nan")
    one, other = np.log(x[known]), np.log(y[known])
    centred = one - one.mean()
    return float(centred @ (other - other.mean()) / (centred @ centred))


def _curves(tables: RunTables, stays: Stays, place: Int) -> _Curves:
    """Return S(t) by person, shares of new visits by person, and shares by rank of the place."""
    day = stays.start_min // DAY_MIN
    p = tables.persons
    distinct = distinct_places(stays.person, day, place, persons=p, days=tables.days)
    flexible = is_flexible(tables, stays)
    new = _new_by_person(stays.person[flexible], place[flexible], p)
    return distinct, new, rank_frequencies(stays.person, place, persons=p)


def _new_by_person(person: Int, place: Int, persons: int) -> Float:
    """Return new and all visits from number 20 to 39 of each person, shape (p, 2)."""
    number = visit_numbers(person)
    late = (number >= _FIRST) & (number <= _LAST)
    new = is_new_place(person, place)
    counts = [np.bincount(person[some], minlength=persons) for some in (late & new, late)]
    return np.stack(counts, axis=-1).astype(np.float64)


def _figures(count: Float, distinct: Float, new: Float, frequency: Float) -> Float:
    days = np.arange(1, distinct.shape[1] + 1, dtype=np.float64)
    from_day = slice(_FROM_DAY - 1, None)
    long_enough = len(days) >= _FEWEST_DAYS
    slope = log_log_slope(days[from_day], (count @ distinct)[from_day])
    fresh, late = count @ new
    ranks = np.arange(1, frequency.shape[1] + 1, dtype=np.float64)
    return np.array(
        [
            slope if long_enough else np.nan,
            fresh / late if late else np.nan,
            -log_log_slope(ranks, count @ frequency),
        ]
    )


def _details(ours: _Curves, naive: _Curves) -> dict[str, Any]:
    return {
        "distinct_places_by_day": ours[0].mean(axis=0).round(3).tolist(),
        "distinct_places_by_day_naive": naive[0].mean(axis=0).round(3).tolist(),
        "share_of_visits_by_rank": ours[2].mean(axis=0).round(5).tolist(),
        "share_of_visits_by_rank_naive": naive[2].mean(axis=0).round(5).tolist(),
    }
