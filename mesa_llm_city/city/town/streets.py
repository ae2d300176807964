"""The streets of the synthetic town: an irregular grid, a river and its bridges."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from mesa_llm_city.city.network import Network, largest_part
from mesa_llm_city.city.town.place_names import STREET_KINDS, STREET_NAMES
from mesa_llm_city.core.values import Float, Int

__all__ = ["RIVER_HALF_WIDTH_M", "StreetPlan", "lay_streets", "outline_m", "river_y"]

RIVER_HALF_WIDTH_M = 65.0

_BLOCK_M = 165.0
_ARTERIAL_EVERY = 6
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
    """

    network: Network
    street: Int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Lines:
    """Pieces of street between crossings: the line each is part of, and its kind."""

    start: Int
    end: Int
    line: Int
    is_arterial: NDArray[np.bool_]
    may_bridge: NDArray[np.bool_]


def outline_m(angle: Float, radius_m: float) -> Float:
    """Return the distance of the town's edge from its centre in each direction (radians)."""
    lobes = 0.10 * np.cos(2 * angle + 0.6) + 0.07 * np.cos(3 * angle + 2.0)
    return radius_m * (1.0 + lobes + 0.03 * np.cos(7 * angle))


def river_y(x: Float, radius_m: float) -> Float:
    """Return the northing of the middle of the river."""
    bend = 0.09 * np.sin(3.1 * x / radius_m + 0.5) + 0.05 * np.sin(7.0 * x / radius_m)
    return radius_m * (bend - 0.30 + 0.12 * x / radius_m)


def lay_streets(luck: Generator, radius_m: float) -> StreetPlan:
    """Lay the streets of a town.

    A grid with blocks of 165 m, tighter in the centre, is bent, jittered and
    thinned; some blocks are crossed by a diagonal, and only every sixth street
    crosses the river.

    Parameters
    ----------
    luck : numpy.random.Generator
        Random stream of the streets.
    radius_m : float
        Mean radius of the town in metres.
    """
    side = 2 * int(1.2 * radius_m / _BLOCK_M) + 1
    x, y = _crossings(luck, side, radius_m)
    lines = _lines(luck, side)
    built = _is_built(luck, (x, y), lines, radius_m) & ~_needs_bridge((x, y), lines, radius_m)
    start, end, line = lines.start[built], lines.end[built], lines.line[built]
    length = np.hypot(x[end] - x[start], y[end] - y[start])
    part = largest_part(start, end, length)
    speed = np.where(lines.is_arterial, 50.0, 30.0)[built]
    network = Network.of_edges(x, y, start=start[part], end=end[part], speed_km_h=speed[part])
    every = [f"{name} {kind}" for kind in STREET_KINDS for name in STREET_NAMES]
    names = tuple(every[row] for row in luck.permutation(len(every)).tolist())
    return StreetPlan(network=network, street=line[part] % len(names), names=names)


def _crossings(luck: Generator, side: int, radius_m: float) -> tuple[Float, Float]:
    """Place the crossings: denser in the middle, bent by slow waves, jittered."""
    rank = np.linspace(-1.0, 1.0, side)
    spread = 1.2 * radius_m * np.sign(rank) * np.abs(rank) ** 1.25
    x, y = (part.ravel() for part in np.meshgrid(spread, spread))
    wave, phase = 0.07 * radius_m, luck.uniform(0, 2 * np.pi, 2)
    bent_x = x + wave * np.sin(2.2 * y / radius_m + phase[0]) + luck.normal(0, 14, side**2)
    bent_y = y + wave * np.sin(2.6 * x / radius_m + phase[1]) + luck.normal(0, 14, side**2)
    turned_x = bent_x * np.cos(_TURN) - bent_y * np.sin(_TURN)
    return turned_x, bent_x * np.sin(_TURN) + bent_y * np.cos(_TURN)


def _lines(luck: Generator, side: int) -> _Lines:
    """Join neighbours along rows and columns, and cross a few blocks by a diagonal."""
    node = np.arange(side * side).reshape(side, side)
    corner = node[:-1, :-1].ravel()
    crossed = corner[luck.random(len(corner)) < 0.03]
    row, column = np.repeat(np.arange(side), side - 1), np.tile(np.arange(side), side - 1)
    diagonal = np.full(len(crossed), 2 * side) + np.arange(len(crossed))
    heads = (node[:, :-1].ravel(), node[:-1].ravel(), crossed)
    tails = (node[:, 1:].ravel(), node[1:].ravel(), crossed + side + 1)
    # Arterials lie at the same distance from the middle line on both sides.
    major = ((row - side // 2) % _ARTERIAL_EVERY == 0, (column - side // 2) % _ARTERIAL_EVERY == 0)
    minor = np.zeros(len(crossed), dtype=np.bool_)
    return _Lines(
        start=np.concatenate(heads),
        end=np.concatenate(tails),
        line=np.concatenate([row, side + column, diagonal]),
        is_arterial=np.concatenate([*major, minor]),
        may_bridge=np.concatenate([np.zeros(len(row), dtype=np.bool_), major[1], minor]),
    )


def _is_built(
    luck: Generator, nodes: tuple[Float, Float], lines: _Lines, radius_m: float
) -> NDArray[np.bool_]:
    """Choose the streets that are built: inside the town, fewer towards its edge."""
    x, y = ((part[lines.start] + part[lines.end]) / 2 for part in nodes)
    away = np.hypot(x, y) / outline_m(np.arctan2(y, x), radius_m)
    missing = 0.06 + 0.22 * np.clip(away, 0, 1) ** 2
    return (away < 1.0) & (lines.is_arterial | (luck.random(len(away)) > missing))


def _needs_bridge(nodes: tuple[Float, Float], lines: _Lines, radius_m: float) -> NDArray[np.bool_]:
    """Tell which streets touch the river and get no bridge."""
    offset = nodes[1] - river_y(nodes[0], radius_m)
    wet = np.abs(offset) < RIVER_HALF_WIDTH_M
    over = (offset[lines.start] * offset[lines.end] < 0) | wet[lines.start] | wet[lines.end]
    return over & ~lines.may_bridge
