"""Buildings of the synthetic town, as they are drawn: at its places, and along its streets."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.random import Generator
from numpy.typing import NDArray

from mesa_llm_city.city.network import Network
from mesa_llm_city.city.place_draft import Draft
from mesa_llm_city.core.values import Float

__all__ = ["as_lines", "houses_between", "place_buildings", "street_chords"]

_OUTDOORS = ("leisure=park", "leisure=playground")
_WIDE_M, _DEEP_M = 15.0, 11.0
"""Sides of a small house along the street and away from it."""

_GROWTH = 0.2
"""Power of jobs or residents with which a side grows."""

_LARGEST = 4.0
_SETBACK_M, _PLOT_M, _CENTRE_SHARE, _REACH = 16.0, 21.0, 0.95, 0.4
"""Distance of houses from the middle of the street and from one another, the share of plots
that are built up in the centre, and how far from it that share falls to a third, in radii."""

_MOST = 12_000
_TINY_M = 1e-9


def place_buildings(chords: Float, draft: Draft) -> NDArray[np.object_]:
    """Return the outlines of the buildings of places, shape (n,), empty for those outdoors.

    Parameters
    ----------
    chords : ndarray of float64, shape (m, 2, 2)
        Both ends of each street, in metres from the centre (see `street_chords`).
    draft : Draft
        The places; a building grows with its jobs or residents.
    """
    is_built = np.array([kind not in _OUTDOORS for kind in draft.kind], dtype=np.bool_)
    at = np.column_stack([draft.x, draft.y])
    people = np.nan_to_num(draft.jobs) + np.nan_to_num(draft.residents)
    grown = np.clip(np.maximum(people, 1.0) ** _GROWTH, 1.0, _LARGEST)
    # Of a large town only the largest are drawn, so that the others need not face their street.
    faces_street = np.argsort(-grown, kind="stable")[:_MOST]
    direction = np.tile([1.0, 0.0], (len(at), 1))
    direction[faces_street] = _direction(chords, at[faces_street])
    every = _rectangles(at, direction, _WIDE_M * grown, _DEEP_M * np.sqrt(grown))
    every[~is_built] = shapely.Polygon()
    return every


def houses_between(
    rng: Generator, chords: Float, own: NDArray[np.object_], taken: NDArray[np.object_]
) -> NDArray[np.object_]:
    """Return houses along the streets that stand in nobody's way; fewer away from the centre.

    Parameters
    ----------
    rng : numpy.random.Generator
        Random stream of the drawing.
    chords : ndarray of float64, shape (m, 2, 2)
        Both ends of each street, in metres from the centre.
    own : ndarray of Polygons, shape (n,)
        Buildings of places.
    taken : ndarray of Polygons, shape (k,)
        Where no house stands.
    """
    at, direction = _plots(chords)
    reach = _REACH * np.quantile(np.hypot(*chords[:, 0].T), 0.95)
    is_built = rng.random(len(at)) < _CENTRE_SHARE * np.exp(-np.hypot(*at.T) / reach)
    chosen = np.flatnonzero(is_built)
    if len(chosen) > _MOST:
        chosen = np.sort(rng.choice(chosen, size=_MOST, replace=False))
    wide = _WIDE_M * rng.uniform(0.8, 1.35, len(chosen))
    deep = _DEEP_M * rng.uniform(0.9, 1.5, len(chosen))
    houses = _rectangles(at[chosen], direction[chosen], wide, deep)
    stands_alone = np.ones(len(houses), dtype=np.bool_)
    for others in (own, as_lines(chords), taken):
        met = shapely.STRtree(others).query(houses, predicate="intersects")[0]
        stands_alone[met] = False
    return houses[stands_alone]


def street_chords(network: Network) -> Float:
    """Return both ends of each street, shape (m, 2, 2)."""
    ends = [
        np.column_stack([network.x[row], network.y[row]]) for row in (network.start, network.end)
    ]
    return np.stack(ends, axis=1)


def as_lines(chords: Float) -> NDArray[np.object_]:
    """Return chords as lines, shape (m,)."""
    return np.asarray(shapely.linestrings(chords), dtype=np.object_)


def _direction(chords: Float, at: Float) -> Float:
    """Return the direction of the street next to each point, as unit vectors, shape (n, 2)."""
    nearest = shapely.STRtree(as_lines(chords)).nearest(shapely.points(at))
    return _unit(np.diff(chords[nearest], axis=1)[:, 0])


def _unit(step: Float) -> Float:
    """Return vectors of length 1."""
    unit: Float = step / np.maximum(np.hypot(*step.T), _TINY_M)[:, None]
    return unit


def _rectangles(middle: Float, direction: Float, wide: Float, deep: Float) -> NDArray[np.object_]:
    """Return rectangles with one side along a direction."""
    along = direction * wide[:, None] / 2.0
    across = np.column_stack([-direction[:, 1], direction[:, 0]]) * deep[:, None] / 2.0
    corners = [middle + along + across, middle + along - across]
    corners += [middle - along - across, middle - along + across]
    return np.asarray(shapely.polygons(np.stack(corners, axis=1)), dtype=np.object_)


def _plots(chords: Float) -> tuple[Float, Float]:
    """Return the middles of plots on both sides of the streets, and the direction of each."""
    step = np.diff(chords, axis=1)[:, 0]
    count = np.maximum(np.hypot(*step.T) // _PLOT_M - 1, 0).astype(np.int64)
    street = np.repeat(np.arange(len(chords)), count)
    number = np.arange(len(street)) - np.repeat(np.cumsum(count) - count, count)
    share = (number + 1.0) / (count[street] + 1.0)
    along, direction = chords[street, 0] + share[:, None] * step[street], _unit(step)[street]
    left = _SETBACK_M * np.column_stack([-direction[:, 1], direction[:, 0]])
    return np.concatenate([along + left, along - left]), np.tile(direction, (2, 1))
