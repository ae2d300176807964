"""Daily motifs: which networks the trips of a day make (Schneider et al. 2013)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise, permutations
from typing import Any

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.experiments.validation.bootstrap import Bootstrap
from mesa_llm_city.experiments.validation.measure import Family, Measure, Reference
from mesa_llm_city.experiments.validation.places_in_order import (
    EXCHANGED,
    exchanged,
    is_flexible,
    merged_stays,
)
from mesa_llm_city.experiments.validation.run_tables import RunTables, Stays

__all__ = ["MOST_NODES", "daily_networks", "motif", "motifs"]

MOST_NODES = 6
"""Days with more places are no motif; nine in ten people have fewer (Schneider et al. 2013)."""

_MOTIFS = 17
_COMMON = 0.005
_DAY_BEGINS_MIN = 4 * HOUR_MIN
_OTHER = -1

_SCHNEIDER = Reference(0.90, "surveys and phones, up to (Schneider et al. 2013)")
_AT_HOME = Reference(0.136, "United States, ages 15+, ATUS 2003-2015")


def motifs(tables: RunTables, bootstrap: Bootstrap) -> Family:
    """Measure how much of the days is covered by the 17 commonest networks of trips.

    The places of a day are the nodes of its network and the trips its directed edges; networks
    are the same if they differ only by which place is which. Days go from 4:00 to 4:00, as those
    of travel surveys, and the whole day at home is a network of one node.
    """
    stays = merged_stays(tables.activities)
    person, network = daily_networks(stays, stays.place, tables.days)
    naive_place = exchanged(stays, is_flexible(tables, stays))
    of_naive = daily_networks(stays, naive_place, tables.days)
    counts, common = _counts(person, network, tables.persons)

    alone = motif([0])
    at_home = common.index(alone) + 1 if alone in common else None

    def figures(count: Float) -> Float:
        totals = count @ counts
        home = 0.0 if at_home is None else float(totals[at_home] / totals.sum())
        return np.array([_covered(totals), home])

    found = bootstrap.estimate(figures)
    naive_counts, _ = _counts(*of_naive, tables.persons)
    covered, interval = found.at(0)
    home, home_interval = found.at(1)
    measures = (
        Measure(
            name="share of days in the 17 commonest networks",
            value=covered,
            interval=interval,
            better="nearer",
            naive={EXCHANGED: _covered(naive_counts.sum(axis=0))},
            reference=_SCHNEIDER,
            n=len(network),
            units="person-days",
        ),
        Measure(
            name="share of days at one place",
            value=home,
            interval=home_interval,
            better="nearer",
            reference=_AT_HOME,
            n=len(network),
            units="person-days",
        ),
    )
    return Family(name="motifs", measures=measures, details=_details(counts, common))


def daily_networks(stays: Stays, place: Int, days: int) -> tuple[Int, Int]:
    """Return the network of each day of each person.

    Parameters
    ----------
    stays : Stays
        Stays in the order of persons and time.
    place : ndarray of int64, shape of `stays`
        Where they are.
    days : int
        Number of days; a last day without its night counts.

    Returns
    -------
    person, network : ndarray of int64, shape (d,)
        Row of the person, and number of the network (see `motif`).
    """
    found = [(person, motif(tuple(places))) for person, places in _days(stays, place, days)]
    both = np.array(found, dtype=np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def motif(places: Sequence[int]) -> int:
    """Return the number of the network of a day: equal for networks of the same shape.

    Parameters
    ----------
    places : sequence of int
        The places of the day in order; the same place twice in a row is one stay.

    Returns
    -------
    int
        The number of nodes times 2**36, plus the least number that the adjacency matrix can be
        written as over all orders of the nodes; -1 with more than six nodes.

    Examples
    --------
    Home, work, shop, home is the same shape as home, shop, work, home, but not as home, work,
    home, shop, home:

    >>> motif([1, 2, 3, 1]) == motif([1, 3, 2, 1]), motif([1, 2, 3, 1]) == motif([1, 2, 1, 3, 1])
    (True, False)
    """
    nodes = {place: row for row, place in enumerate(dict.fromkeys(places))}
    if len(nodes) > MOST_NODES:
        return _OTHER
    path = [nodes[place] for place in places]
    edges = sorted({(one, other) for one, other in pairwise(path) if one != other})
    return _canonical(len(nodes), tuple(edges))


@cache
def _canonical(nodes: int, edges: tuple[tuple[int, int], ...]) -> int:
    """Return the least number of a directed graph over all orders of its nodes."""
    orders = _orders(nodes)
    bits = np.zeros(len(orders), dtype=np.int64)
    for one, other in edges:
        bits |= np.left_shift(1, orders[:, one] * nodes + orders[:, other])
    return nodes << 36 | int(bits.min())


@cache
def _orders(nodes: int) -> Int:
    return np.array(list(permutations(range(nodes))), dtype=np.int64)


def _days(stays: Stays, place: Int, days: int) -> Iterator[tuple[int, list[int]]]:
    """Yield the places of each day of each person, from 4:00 on."""
    first = (stays.start_min - _DAY_BEGINS_MIN) // DAY_MIN
    last = (stays.end_min - 1 - _DAY_BEGINS_MIN) // DAY_MIN
    columns = (stays.person.tolist(), place.tolist(), first.tolist(), last.tolist())
    found: dict[tuple[int, int], list[int]] = {}
    for person, where, begin, end in zip(*columns, strict=True):
        for day in range(max(begin, 0), min(end, days - 1) + 1):
            found.setdefault((person, day), []).append(where)
    yield from ((person, places) for (person, _), places in found.items())


def _counts(person: Int, network: Int, persons: int) -> tuple[Float, list[int]]:
    """Return days by person and network, shape (p, k + 1), and the k networks, commonest first.

    The first column is that of days which are no motif.
    """
    order = [one for one, _ in Counter(network.tolist()).most_common() if one != _OTHER]
    column = {one: row + 1 for row, one in enumerate(order)} | {_OTHER: 0}
    counts = np.zeros((persons, len(order) + 1))
    at = np.array([column[one] for one in network.tolist()], dtype=np.int64)
    np.add.at(counts, (person, at), 1.0)
    return counts, order


def _covered(totals: Float) -> float:
    """Return the share of days in the 17 commonest networks; the first column is no motif."""
    return float(np.sort(totals[1:])[::-1][:_MOTIFS].sum() / totals.sum())


def _details(counts: Float, common: Sequence[int]) -> dict[str, Any]:
    shares = counts.sum(axis=0) / max(counts.sum(), 1.0)
    frequent = [float(one) for one in shares[1:] if one > _COMMON]
    rows = [
        {
            "nodes": number >> 36,
            "trips_between_pairs": (number & ((1 << 36) - 1)).bit_count(),
            "share": round(float(share), 5),
        }
        for number, share in zip(common[:_MOTIFS], shares[1:], strict=False)
    ]
    return {
        "commonest": rows,
        "networks_above_half_a_percent": len(frequent),
        "share_of_days_in_them": round(float(np.sum(frequent)), 5),
        "share_of_days_with_more_than_six_places": round(float(shares[0]), 5),
    }
