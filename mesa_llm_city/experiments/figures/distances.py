"""How far people go: lengths of trips by mode, and the modes of trips by length."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.palette import OTHER, Palette
from mesa_llm_city.experiments.panels import key_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["draw_lengths", "draw_mode_shares", "shares_by_length"]

_EDGES_KM = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, np.inf)
_LEAST_TRIPS = 20


def shares_by_length(length_km: Float, mode: np.ndarray, modes: int) -> tuple[Float, Float]:
    """Return the share of each mode among trips by class of length.

    Parameters
    ----------
    length_km : ndarray of float64, shape (n,)
        Lengths of the trips.
    mode : ndarray of int64, shape (n,)
        Their modes, from 0.
    modes : int
        Number of modes, m.

    Returns
    -------
    ndarray of float64, shape (m, 7)
        Shares in [0, 1]; NaN where there are no trips.
    ndarray of float64, shape (7,)
        Numbers of trips.

    Examples
    --------
    >>> shares, trips = shares_by_length(np.array([0.2, 0.3, 7.0]), np.array([0, 1, 1]), 2)
    >>> shares[:, 0].tolist(), shares[:, 4].tolist(), trips.tolist()
    ([0.5, 0.5], [0.0, 1.0], [2.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0])
    """
    row = np.searchsorted(_EDGES_KM, length_km, side="right") - 1
    counts = np.zeros((modes, len(_EDGES_KM) - 1))
    np.add.at(counts, (mode, row), 1.0)
    trips = counts.sum(axis=0)
    shares = np.full_like(counts, np.nan)
    np.divide(counts, trips, out=shares, where=trips > 0)
    return shares, trips


def draw_mode_shares(
    axes: Axes, trips: pd.DataFrame, palette: Palette, *, key_below: bool = False
) -> None:
    """Stack the shares of modes by the length of the trip, with the number of trips above.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    trips : pandas.DataFrame
        The columns mode and distance_m of the table of trips.
    palette : Palette
        Colours and labels.
    key_below : bool, default False
        Whether the key is below the figure instead of beside the axes.
    """
    names = [*palette.modes]
    known = [names.index(one) if one in names else len(names) for one in trips["mode"]]
    mode = np.array(known, dtype=np.int64)
    length_km = trips["distance_m"].to_numpy(dtype=np.float64) / 1000.0
    shares, number = shares_by_length(length_km, mode, len(names) + 1)
    at, bottom = np.arange(len(number)), np.zeros(len(number))
    for row, (label, colour) in enumerate([*palette.modes.values(), OTHER[:2]]):
        height = 100.0 * np.nan_to_num(shares[row])
        if not height.any():
            continue
        axes.bar(at, height, 0.86, bottom, color=colour, label=label, edgecolor="white", lw=0.3)
        bottom = bottom + height
    for x, n in zip(at.tolist(), number.tolist(), strict=True):
        axes.text(x, 101.5, f"{n:,.0f}", ha="center", fontsize=6)
    axes.set_ylim(0, 108)
    axes.set_yticks(range(0, 101, 25))
    axes.set_xticks(at, [_class_name(*ends) for ends in pairwise(_EDGES_KM)])
    axes.set_xlabel("length of the trip (km); numbers of trips above")
    axes.set_ylabel("share of trips (%)")
    axes.spines[["top", "right"]].set_visible(False)
    key_of(axes, below=key_below, reverse=True)


def _class_name(low: float, high: float) -> str:
    """Return the name of a class of lengths.

    Examples
    --------
    >>> _class_name(0.5, 1.0), _class_name(20.0, np.inf)
    ('0.5-1', '20+')
    """
    return f"{low:g}+" if high == np.inf else f"{low:g}-{high:g}"


def draw_lengths(
    axes: Axes, trips: pd.DataFrame, palette: Palette, *, key_below: bool = False
) -> None:
    """Draw the share of trips that are longer, by mode, on logarithmic axes.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    trips : pandas.DataFrame
        The columns mode and distance_m of the table of trips.
    palette : Palette
        Colours and labels; modes with less than 20 trips are left out.
    key_below : bool, default False
        Whether the key is below the figure instead of beside the axes.
    """
    length_km = trips["distance_m"].to_numpy(dtype=np.float64) / 1000.0
    mode = trips["mode"].astype(str).to_numpy()
    _draw_longer(axes, length_km, "#222222", "all", width=1.6)
    for name, (label, colour) in palette.modes.items():
        if np.count_nonzero(mode == name) >= _LEAST_TRIPS:
            _draw_longer(axes, length_km[mode == name], colour, label, width=1.1)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("length of the trip (km)")
    axes.set_ylabel("share of trips that are longer")
    axes.spines[["top", "right"]].set_visible(False)
    key_of(axes, below=key_below)


def _draw_longer(axes: Axes, length_km: Float, colour: str, label: str, *, width: float) -> None:
    ranked = np.sort(length_km[length_km > 0.0])
    longer = 1.0 - np.arange(len(ranked)) / max(len(ranked), 1)
    axes.step(ranked, longer, where="post", color=colour, label=label, linewidth=width)
