"""The streets of the synthetic town: an irregular grid, a river and its bridges.

Numbers for the size and the density of the town are parameters (``city.town``). The waves of
its outline, of its streets and of its river are a drawing, and so stand here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from mesa_llm_city.city.network import Network, largest_part
from mesa_llm_city.city.town.place_names import STREET_KINDS, STREET_NAMES
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.parameters.city import TownParameters

__all__ = ["StreetPlan", "lay_streets", "outline_m", "river_y"]

Bool = NDArray[np.bool_]

_TURN = 0.25


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StreetPlan:
    """Streets of the town, around its centre at (0, 0).

    Parameters
    ----------
    network : Network
        The streets in metres from the centre.
    street : ndarray of int64, shape (m,)
        For each street of the network, the row of its name.
    names : tuple of str
        Names of streets.
    is_main : ndarray of bool, shape (m,)
        Whether it is one of the two arterials that cross in the centre.
    """

    network: Network
    street: Int
    names: tuple[str, ...]
    is_main: Bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Lines:
    """Pieces of street between crossings: the line each is part of, and its kind."""

    start: Int
    end: Int
    line: Int
    is_arterial: Bool
    may_bridge: Bool


def outline_m(angle: Float, radius_m: float) -> Float:
    """Return the distance of the town's edge from its centre in each direction (radians)."""
    lobes = 0.10 * np.cos(2 * angle + 0.6) + 0.07 * np.cos(3 * angle + 2.0)
    return radius_m * (1.0 + lobes + 0.03 * np.cos(7 * angle))


def river_y(x: Float, radius_m: float) -> Float:
    """Return the northing of the middle of the river."""
    bend = 0.09 * np.sin(3.1 * x / radius_m + 0.5) + 0.05 * np.sin(7.0 * x / radius_m)
    return radius_m * (bend - 0.30 + 0.12 * x / radius_m)


def lay_streets(rng: Generator, radius_m: float, town: TownParameters) -> StreetPlan:
    """Lay the streets of a town.

    A grid of blocks, tighter in the centre, is bent, jittered and thinned; some blocks are
    crossed by a diagonal, and only arterials cross the river.

    Parameters
    ----------
    rng : numpy.random.Generator
        Random stream of the streets.
    radius_m : float
        Mean radius of the town in metres.
    town : TownParameters
        Size of the blocks, share of streets that are missing, speeds.
    """
    side = 2 * int(1.2 * radius_m / town.block_m) + 1
    x, y = _crossings(rng, side, radius_m)
    lines = _lines(rng, side, town)
    is_built = _is_built(rng, (x, y), lines, radius_m, town)
    built = is_built & ~_needs_bridge((x, y), lines, radius_m, town.river_half_width_m)
    start, end, line = lines.start[built], lines.end[built], lines.line[built]
    length = np.hypot(x[end] - x[start], y[end] - y[start])
    part = largest_part(start, end, length)
    speed = np.where(lines.is_arterial, town.arterial_km_h, town.street_km_h)[built]
    network = Network.of_edges(x, y, start=start[part], end=end[part], speed_km_h=speed[part])
    every = [f"{name} {kind}" for kind in STREET_KINDS for name in STREET_NAMES]
    names = tuple(every[row] for row in rng.permutation(len(every)).tolist())
    return StreetPlan(
        network=network,
        street=line[part] % len(names),
        names=names,
        is_main=np.isin(line[part], (side // 2, side + side // 2)),
    )


def _crossings(rng: Generator, side: int, radius_m: float) -> tuple[Float, Float]:
    """Place the crossings: denser in the middle, bent by slow waves, jittered."""
    rank = np.linspace(-1.0, 1.0, side)
    spread = 1.2 * radius_m * np.sign(rank) * np.abs(rank) ** 1.25
    x, y = (part.ravel() for part in np.meshgrid(spread, spread))
    wave, phase = 0.07 * radius_m, rng.uniform(0, 2 * np.pi, 2)
    bent_x = x + wave * np.sin(2.2 * y / radius_m + phase[0]) + rng.normal(0, 14, side**2)
    bent_y = y + wave * np.sin(2.6 * x / radius_m + phase[1]) + rng.normal(0, 14, side**2)
    turned_x = bent_x * np.cos(_TURN) - bent_y * np.sin(_TURN)
    return turned_x, bent_x * np.sin(_TURN) + bent_y * np.cos(_TURN)


def _lines(rng: Generator, side: int, town: TownParameters) -> _Lines:
    """Join neighbours along rows and columns, and cross a few blocks by a diagonal."""
    node = np.arange(side * side).reshape(side, side)
    corner = node[:-1, :-1].ravel()
    crossed = corner[rng.random(len(corner)) < town.diagonal_share]
    row, column = np.repeat(np.arange(side), side - 1), np.tile(np.arange(side), side - 1)
    diagonal = np.full(len(crossed), 2 * side) + np.arange(len(crossed))
    heads = (node[:, :-1].ravel(), node[:-1].ravel(), crossed)
    tails = (node[:, 1:].ravel(), node[1:].ravel(), crossed + side + 1)
    # Arterials lie at the same distance from the middle line on both sides.
    every = town.arterial_every
    major = ((row - side // 2) % every == 0, (column - side // 2) % every == 0)
    minor = np.zeros(len(crossed), dtype=np.bool_)
    return _Lines(
        start=np.concatenate(heads),
        end=np.concatenate(tails),
        line=np.concatenate([row, side + column, diagonal]),
        is_arterial=np.concatenate([*major, minor]),
        may_bridge=np.concatenate([np.zeros(len(row), dtype=np.bool_), major[1], minor]),
    )


def _is_built(
    rng: Generator,
    nodes: tuple[Float, Float],
    lines: _Lines,
    radius_m: float,
    town: TownParameters,
) -> Bool:
    """Choose the streets that are built: inside the town, fewer towards its edge."""
    x, y = ((part[lines.start] + part[lines.end]) / 2 for part in nodes)
    away = np.hypot(x, y) / outline_m(np.arctan2(y, x), radius_m)
    missing = town.missing_centre + town.missing_edge_more * np.clip(away, 0, 1) ** 2
    return (away < 1.0) & (lines.is_arterial | (rng.random(len(away)) > missing))


def _needs_bridge(
    nodes: tuple[Float, Float], lines: _Lines, radius_m: float, half_width_m: float
) -> Bool:
    """Return which streets touch the river and get no bridge."""
    offset = nodes[1] - river_y(nodes[0], radius_m)
    wet = np.abs(offset) < half_width_m
    over = (offset[lines.start] * offset[lines.end] < 0) | wet[lines.start] | wet[lines.end]
    return over & ~lines.may_bridge
