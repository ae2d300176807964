"""Compare mechanisms of spreading with cascades that they were not fitted to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mesa_llm_city.core import streams
from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.diffusion.cascades import selected
from mesa_llm_city.experiments.diffusion.fitting import (
    MEASURES,
    Fitted,
    Selection,
    check_enough,
    distances,
    simulated_shapes,
)
from mesa_llm_city.experiments.diffusion.random_numbers import CommonRandomNumbers
from mesa_llm_city.social.media.follower_graph import FollowerGraph

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["report"]

_NORMAL_95 = 1.959964


def report(
    fitted: Sequence[Fitted],
    graph: FollowerGraph,
    observed: pd.DataFrame,
    *,
    seed: int = 1,
    selection: Selection | None = None,
    resamples: int = 200,
) -> pd.DataFrame:
    """Compare mechanisms with cascades that none of them was fitted to.

    Parameters
    ----------
    fitted : sequence of Fitted
        Mechanisms; the others are compared with the first.
    graph : FollowerGraph
        Who follows whom.
    observed : pandas.DataFrame
        Shapes of observed cascades.
    seed : int, default 1
        Seed of the simulated cascades, another one than that of the fit.
    selection : Selection, optional
        Sizes and numbers.
    resamples : int, default 200
        Number of resamples of both kinds of cascades, for the intervals.

    Returns
    -------
    pandas.DataFrame
        A row for each mechanism and measure: medians ``observed`` and ``simulated``; ``distance``
        with the ends ``low`` and ``high`` of its 95 % interval; ``excess``, how much greater it is
        than that of the first mechanism, with ``excess_low`` and ``excess_high``; ``cascades``
        selected among ``tried``.
    """
    import pandas as pd

    chosen = selection or Selection()
    seen = selected(observed, least=chosen.least, most=chosen.most)
    check_enough(seen, chosen)
    common = CommonRandomNumbers(seed, chosen.cascades, graph.n)
    tables = [simulated_shapes(one.mechanism, one.values, graph, common, chosen) for one in fitted]
    value = np.array([distances(one, seen) for one in tables])
    errors = _standard_errors(tables, seen, resamples, seed)
    rows = [
        _rows(one, table, seen, _Figures(value[row], value[row] - value[0], *errors[row]))
        for row, (one, table) in enumerate(zip(fitted, tables, strict=True))
    ]
    return pd.concat(rows, ignore_index=True)


class _Figures(NamedTuple):
    """Distances and their excess over those of the first mechanism, with standard errors."""

    distance: Float
    excess: Float
    error: Float
    excess_error: Float


def _rows(one: Fitted, table: pd.DataFrame, seen: pd.DataFrame, found: _Figures) -> pd.DataFrame:
    import pandas as pd

    names = list(MEASURES)
    half, excess_half = _NORMAL_95 * found.error, _NORMAL_95 * found.excess_error
    return pd.DataFrame(
        {
            "mechanism": one.mechanism.name,
            "measure": names,
            "observed": seen[names].median().to_numpy(),
            "simulated": table[names].median().to_numpy(),
            "distance": found.distance,
            "low": found.distance - half,
            "high": found.distance + half,
            "excess": found.excess,
            "excess_low": found.excess - excess_half,
            "excess_high": found.excess + excess_half,
            "cascades": len(table),
            "tried": table.attrs["tried"],
        }
    )


def _standard_errors(
    tables: Sequence[pd.DataFrame], seen: pd.DataFrame, resamples: int, seed: int
) -> list[tuple[Float, Float]]:
    """Return standard errors of distances and of their excess over the first, by bootstrap."""
    drawn = np.array([_resampled(tables, seen, seed, draw) for draw in range(resamples)])
    excess = drawn - drawn[:, :1]
    return [
        (drawn[:, row].std(axis=0, ddof=1), excess[:, row].std(axis=0, ddof=1))
        for row in range(len(tables))
    ]


def _resampled(tables: Sequence[pd.DataFrame], seen: pd.DataFrame, seed: int, draw: int) -> Float:
    rng = streams.rng(seed, 0, "resample", draw)
    again = seen.iloc[rng.integers(0, len(seen), len(seen))]
    return np.array(
        [
            distances(one.iloc[rng.integers(0, len(one), len(one))] if len(one) else one, again)
            for one in tables
        ]
    )
