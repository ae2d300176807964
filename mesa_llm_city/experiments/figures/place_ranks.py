"""Which places are visited most: visits by rank of the place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.experiments.palette import Palette
from mesa_llm_city.experiments.panels import key_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["draw_place_ranks"]

_LEAST_PLACES = 3


def draw_place_ranks(
    axes: Axes, visits: pd.DataFrame, palette: Palette, *, key_below: bool = False
) -> None:
    """Draw visits to places by their rank, for each group of purposes, on logarithmic axes.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    visits : pandas.DataFrame
        The columns place and purpose of the table of visits.
    palette : Palette
        Colours and labels; groups with less than three places are left out.
    key_below : bool, default False
        Whether the key is below the figure instead of beside the axes.
    """
    place = visits["place"].to_numpy(dtype=np.int64)
    kinds = {one: palette.group_of(one) for one in visits["purpose"].unique()}
    group = np.array([kinds[one] for one in visits["purpose"]], dtype=np.int64)
    for row, one in enumerate(palette.groups):
        counts = np.unique_counts(place[group == row]).counts
        if len(counts) >= _LEAST_PLACES:
            _draw_ranked(axes, counts, one.colour, one.label, size=7.0)
    _draw_ranked(axes, np.unique_counts(place).counts, "#222222", "all places", size=4.0)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("rank of the place")
    axes.set_ylabel("visits")
    axes.spines[["top", "right"]].set_visible(False)
    key_of(axes, below=key_below)


def _draw_ranked(axes: Axes, counts: np.ndarray, colour: str, label: str, *, size: float) -> None:
    ranked = np.sort(counts)[::-1]
    rank = np.arange(1, len(ranked) + 1)
    axes.plot(rank, ranked, color=colour, linewidth=0.7, alpha=0.6)
    axes.scatter(rank, ranked, s=size, color=colour, label=label, linewidths=0, zorder=3)
