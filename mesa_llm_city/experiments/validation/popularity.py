"""Popularity of places in a run against observed numbers of users."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_array

from mesa_llm_city.core import streams
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.experiments.observed.popularity import ObservedPopularity
from mesa_llm_city.experiments.validation.bootstrap import Bootstrap
from mesa_llm_city.experiments.validation.measure import Family, Measure, Reference
from mesa_llm_city.experiments.validation.projection import to_metres
from mesa_llm_city.experiments.validation.run_tables import Bool, Places, RunTables
from mesa_llm_city.experiments.validation.similarity import gini, spearman

__all__ = ["Matched", "match_places", "popularity", "visits_by_place"]

_NEAR_M = 50.0
"""A place without an id is that of the run which is nearest, up to this distance."""

_SHUFFLES = 200
_FEWEST = 3
_KIND = "mean users of the kind of place, learnt from other places"


class Matched(NamedTuple):
    """Places that are in the run and in the table.

    Attributes
    ----------
    place : ndarray of int64, shape (n,)
        Rows of the places of the run.
    row : ndarray of int64, shape (n,)
        Rows of the table.
    """

    place: Int
    row: Int


def popularity(tables: RunTables, observed: ObservedPopularity, bootstrap: Bootstrap) -> Family:
    """Compare how often places are visited with how many people use them.

    Places are compared by Spearman's rank correlation: by the number of different visitors, and
    by the number of visits; all places, and those alone that people go to in free time or for
    meals. Naive predictions are the mean number of users of the kind of place, learnt from places
    of the table that are not in the run (from the other half of the places, if there are none),
    and an order of chance: what 95 % of shuffles stay below.
    """
    found = match_places(tables, observed)
    if len(found.place) < _FEWEST:
        note = f"{len(found.place)} places of the table are in the run; {_FEWEST} are needed"
        return Family(name="popularity", measures=(), notes=(note,))
    visits = visits_by_place(tables)[:, found.place]
    truth = observed.users[found.row]
    told = _kind_means(observed, found)
    measures: list[Measure] = []
    sets = {
        "all places": np.full(len(truth), fill_value=True),
        "free time": _is_visited(tables, found),
    }
    for name, some in sets.items():
        if int(some.sum()) >= _FEWEST and (name == "all places" or not some.all()):
            naive = _naive(None if told is None else told[some], truth[some])
            measures += _ranks(name, visits[:, some], truth[some], naive, bootstrap)
    return Family(
        name="popularity",
        measures=(*measures, *_ginis(visits, truth, bootstrap)),
        details=_details(tables, visits, found, truth),
        notes=(f"{len(found.place)} of {len(observed)} places of the table are in the run",),
    )


def visits_by_place(tables: RunTables) -> csr_array:
    """Return the visits of each person to each place, shape (p, places)."""
    visits = tables.visits
    counts = np.ones(len(visits))
    shape = (tables.persons, len(tables.places))
    return csr_array((counts, (visits.person, visits.place)), shape=shape)


def match_places(tables: RunTables, observed: ObservedPopularity) -> Matched:
    """Return which places of the table are which of the run: by id, else by position."""
    places = tables.places
    by_id = _by_id(places)
    place = np.array([by_id.get(one, -1) if one else -1 for one in observed.ids], dtype=np.int64)
    lost = (place < 0) & np.isfinite(observed.lon + observed.lat)
    if lost.any() and not (place >= 0).any():
        place[lost] = _nearest(places, observed.lon[lost], observed.lat[lost])
    known = place >= 0
    _, first = np.unique(place[known], return_index=True)
    rows = np.flatnonzero(known)[np.sort(first)]
    return Matched(place[rows], rows)


def _by_id(places: Places) -> dict[str, int]:
    """Return rows by the id in the file that places came from, else by their own id."""
    theirs = {one: row for row, one in enumerate(places.source_ids) if one}
    return theirs or {str(one): row for row, one in enumerate(places.ids.tolist())}


def _nearest(places: Places, lon: Float, lat: Float) -> Int:
    from scipy.spatial import KDTree

    x, y = to_metres(lon, lat, places.crs)
    gap, row = KDTree(np.stack([places.x, places.y], axis=-1)).query(np.stack([x, y], axis=-1))
    rows: Int = np.where(gap <= _NEAR_M, row, -1)
    return rows


def _is_visited(tables: RunTables, found: Matched) -> Bool:
    """Tell which places are gone to in free time or for meals; homes and offices alone are not."""
    purposes = tables.parameters.purposes
    visited = {
        name
        for name, one in purposes.items()
        if not one.at_home and not one.is_duty and name != "travel"
    }
    offers = [tables.places.purposes[row].split() for row in found.place.tolist()]
    return np.array([bool(visited & set(offered)) for offered in offers])


def _ranks(
    places: str, visits: csr_array, truth: Float, naive: dict[str, float], bootstrap: Bootstrap
) -> Iterator[Measure]:
    visitors = (visits > 0).astype(np.float64)
    for name, counts in (("visits", visits), ("different visitors", visitors)):
        by_place = csr_array(counts.T)
        found = bootstrap.estimate(
            lambda count, table=by_place: np.array([spearman(table @ count, truth)])  # type: ignore[misc]
        )
        value, interval = found.at(0)
        yield Measure(
            name=f"{places}: rank correlation of {name} and users",
            value=value,
            interval=interval,
            better="higher",
            naive=naive,
            n=len(truth),
            units="places",
        )


def _naive(told: Float | None, truth: Float) -> dict[str, float]:
    """Return the rank correlations of what kinds of place tell, and of an order of chance."""
    rng = streams.rng(0, 0, "validation by chance", 0)
    chance = [spearman(rng.permutation(truth), truth) for _ in range(_SHUFFLES)]
    by_kind = {} if told is None else {_KIND: spearman(told, truth)}
    return by_kind | {"an order of chance, 95 % below": float(np.quantile(chance, 0.95))}


def _kind_means(observed: ObservedPopularity, found: Matched) -> Float | None:
    """Return the mean users of each place's kind, learnt from other places than itself."""
    kinds, users = np.array(observed.kinds), observed.users
    if not any(observed.kinds):
        return None
    outside = np.ones(len(observed), dtype=np.bool_)
    outside[found.row] = False
    if len(np.unique(kinds[outside])) > 1:
        return _means(kinds[outside], users[outside], kinds[found.row])
    half = np.arange(len(found.row)) % 2 == 0
    told = np.empty(len(found.row))
    for learnt, asked in ((half, ~half), (~half, half)):
        rows = found.row[learnt]
        told[asked] = _means(kinds[rows], users[rows], kinds[found.row[asked]])
    return told


def _means(kinds: Any, users: Float, asked: Any) -> Float:  # noqa: ANN401 - arrays of str
    """Return the mean of the users of each kind that is asked for; of all, if it is unknown."""
    names, code = np.unique(kinds, return_inverse=True)
    means = np.bincount(code, weights=users) / np.bincount(code)
    by_name = dict(zip(names.tolist(), means.tolist(), strict=True))
    return np.array([by_name.get(kind, float(users.mean())) for kind in asked.tolist()])


def _ginis(visits: csr_array, truth: Float, bootstrap: Bootstrap) -> Iterator[Measure]:
    by_place = csr_array(visits.T)
    value, interval = bootstrap.estimate(lambda count: np.array([gini(by_place @ count)])).at(0)
    total, places = int(visits.sum()), visits.shape[1]
    rng = streams.rng(0, 0, "validation by chance", 1)
    draws = rng.multinomial(total, np.full(places, 1.0 / places), size=20).astype(np.float64)
    even = [gini(one) for one in draws]
    yield Measure(
        name="Gini coefficient of visits by place",
        value=value,
        interval=interval,
        better="nearer",
        naive={"every place as likely": float(np.mean(even)) if total else float("nan")},
        reference=Reference(gini(truth), "users in the table"),
        n=places,
        units="places",
    )


def _details(tables: RunTables, visits: csr_array, found: Matched, truth: Float) -> dict[str, Any]:
    counts = np.asarray(visits.sum(axis=0)).ravel()
    ids = tables.places.ids[found.place]
    return {
        "place": ids.tolist(),
        "visits": counts.astype(int).tolist(),
        "users": truth.tolist(),
    }
