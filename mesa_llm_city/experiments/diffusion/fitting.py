"""Fit a mechanism of spreading to observed cascades of some sizes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.core import streams
from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.calibration.search import nelder_mead
from mesa_llm_city.experiments.diffusion.cascades import selected, shapes
from mesa_llm_city.experiments.diffusion.mechanism import Mechanism, Simulates
from mesa_llm_city.experiments.diffusion.random_numbers import CommonRandomNumbers
from mesa_llm_city.social.media.follower_graph import FollowerGraph

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "MEASURES",
    "Fitted",
    "Selection",
    "check_enough",
    "distances",
    "fit",
    "halves",
    "simulated_shapes",
]

MEASURES: Mapping[str, bool] = {
    "max_depth": True,
    "mean_depth": True,
    "share_depth1": False,
    "within_1h": False,
    "within_24h": False,
    "median_delay_min": True,
    "p90_delay_min": True,
}
"""Columns of shapes that are compared, and whether their logarithm is."""

Loss = Callable[[Float], float]
_QUANTILES = (np.arange(100) + 0.5) / 100.0
_TOO_FEW = 20
_WORST = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """How cascades are simulated and selected, like those of a collection.

    Parameters
    ----------
    least, most : int
        Least and greatest number of events of a cascade that is compared.
    wanted : int, default 150
        Number of selected cascades after which no further batch is simulated.
    cascades : int, default 150
        Number of cascades of a batch.
    batches : int, default 10
        Greatest number of batches.
    hubs : int, default 10
        Number of people, those with most listeners, among whom the first post is.
    """

    least: int = 100
    most: int = 1000
    wanted: int = 150
    cascades: int = 150
    batches: int = 10
    hubs: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A mechanism with the values that fit best.

    Parameters
    ----------
    mechanism : Simulates
        The mechanism.
    values : mapping of str to float
        Its settings.
    loss : float
        Mean distance on the cascades that it was fitted to.
    """

    mechanism: Simulates
    values: Mapping[str, float]
    loss: float


def halves(table: pd.DataFrame, *, seed: int = 0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a random half of the cascades, and the others.

    Examples
    --------
    >>> import pandas as pd
    >>> one, other = halves(pd.DataFrame({"events": range(100, 110)}))
    >>> len(one), len(other), set(one.index) & set(other.index)
    (5, 5, set())
    """
    order = streams.rng(seed, 0, "halves", 0).permutation(len(table))
    is_first = np.zeros(len(table), dtype=bool)
    is_first[order[: len(table) // 2]] = True
    return table[is_first], table[~is_first]


def simulated_shapes(
    mechanism: Simulates,
    values: Mapping[str, float],
    graph: FollowerGraph,
    common: CommonRandomNumbers,
    selection: Selection,
) -> pd.DataFrame:
    """Return the shapes of simulated cascades of the sizes of a selection.

    Batches are simulated until there are enough; so a mechanism of which few cascades have such a
    size is judged by those few.

    Returns
    -------
    pandas.DataFrame
        As that of `shapes`; ``attrs["tried"]`` is the number of cascades simulated.
    """
    import pandas as pd

    found: list[pd.DataFrame] = []
    count = 0
    for batch in range(selection.batches):
        cascades = mechanism.simulate(
            graph, values, common, batch=batch, hubs=selection.hubs, most=selection.most
        )
        found.append(selected(shapes(cascades), least=selection.least, most=selection.most))
        count += len(found[-1])
        if count >= selection.wanted:
            break
    table = pd.concat(found, ignore_index=True)
    table.attrs["tried"] = len(found) * common.cascades
    return table


def distances(
    simulated: pd.DataFrame, observed: pd.DataFrame, *, measures: Iterable[str] = tuple(MEASURES)
) -> Float:
    """Return how far the distributions of measures are apart.

    The distance is the mean difference of 100 quantiles, which is the Wasserstein distance, over
    the interquartile range of the observed cascades (their standard deviation, if half of them are
    equal). Depths and delays are compared by their logarithm. So 0 means equal distributions, and
    1 a shift by as much as the middle half of observed cascades differ.

    Parameters
    ----------
    simulated, observed : pandas.DataFrame
        Shapes.
    measures : iterable of str
        Columns, of `MEASURES`.

    Returns
    -------
    ndarray of float64
        In the order of `measures`; NaN without any simulated cascade.

    Examples
    --------
    >>> import pandas as pd
    >>> one = pd.DataFrame({"within_1h": np.linspace(0.0, 0.8, 1001)})
    >>> distances(one + 0.1, one, measures=["within_1h"]).round(3).tolist()
    [0.25]
    """
    found = [_distance(*(_scaled(one, name) for one in (simulated, observed))) for name in measures]
    return np.array(found)


def fit(
    mechanism: Mechanism,
    graph: FollowerGraph,
    observed: pd.DataFrame,
    *,
    evaluations: int = 80,
    seed: int = 0,
    selection: Selection | None = None,
    common: CommonRandomNumbers | None = None,
    starts: Iterable[Mapping[str, float]] = (),
) -> Fitted:
    """Return the settings with which simulated cascades are most like the observed ones.

    Parameters
    ----------
    mechanism : Mechanism
        What is fitted.
    graph : FollowerGraph
        Who follows whom.
    observed : pandas.DataFrame
        Shapes of observed cascades; those outside the selection are left out.
    evaluations : int, default 80
        Greatest number of values that are tried: a quarter of them spread over the ranges, the
        others by the method of Nelder and Mead from the best of those.
    seed : int, default 0
        Seed of the simulated cascades.
    selection : Selection, optional
        Sizes and numbers.
    common : CommonRandomNumbers, optional
        Draws of an earlier fit of the same size and seed, which need not be made again.
    starts : iterable of mapping of str to float
        Values that are tried as well before the search begins, such as those with which the
        mechanism is the same as a simpler one that has been fitted; what is left out is as usual.

    Raises
    ------
    DataError
        If hardly any observed cascade is of the sizes of the selection.
    """
    chosen = selection or Selection()
    seen = selected(observed, least=chosen.least, most=chosen.most)
    check_enough(seen, chosen)
    drawn = common or CommonRandomNumbers(seed, chosen.cascades, graph.n)

    def loss(place: Float) -> float:
        values = _values(mechanism, place)
        table = simulated_shapes(mechanism, values, graph, drawn, chosen)
        if len(table) < _TOO_FEW:
            return _WORST + 1.0 - len(table) / float(table.attrs["tried"])
        return float(np.mean(distances(table, seen)))

    begun = [_place(mechanism, one) for one in starts]
    start = _best_of_spread(mechanism, loss, evaluations // 4, seed, begun)
    found = nelder_mead(loss, start, evaluations=evaluations - evaluations // 4)
    return Fitted(mechanism=mechanism, values=_values(mechanism, found), loss=loss(found))


def _best_of_spread(
    mechanism: Mechanism, loss: Loss, tries: int, seed: int, begun: Sequence[Float]
) -> Float:
    """Return the best of the usual values, of given ones, and of some spread over the ranges."""
    usual = _place(mechanism, {})
    rng, count = streams.rng(seed, 0, "spread", 0), max(tries - 1, 0)
    # A Latin hypercube: each range is cut into as many slices as there are tries.
    slices = np.array([rng.permutation(count) for _ in usual]).reshape(len(usual), count).T
    places = (slices + rng.random(slices.shape)) / max(count, 1)
    return min([usual, *begun, *places], key=loss)


def _place(mechanism: Mechanism, values: Mapping[str, float]) -> Float:
    """Return where values lie in the ranges; the usual ones where none are given."""
    found = [one.place(values.get(one.name, one.start)) for one in mechanism.settings]
    place: Float = np.clip(np.array(found), 0.0, 1.0)
    return place


def _values(mechanism: Mechanism, place: Float) -> dict[str, float]:
    pairs = zip(mechanism.settings, place.tolist(), strict=True)
    return {one.name: one.at(at) for one, at in pairs}


def _scaled(table: pd.DataFrame, name: str) -> Float:
    values: Float = table[name].to_numpy(dtype=np.float64)
    # A first event may come in the minute of the post.
    return np.log(np.maximum(values, 0.1)) if MEASURES[name] else values


def _distance(simulated: Float, observed: Float) -> float:
    if not len(simulated):
        return float("nan")
    ours, theirs = (np.quantile(one, _QUANTILES) for one in (simulated, observed))
    return float(np.mean(np.abs(ours - theirs)) / _scale(observed))


def _scale(observed: Float) -> float:
    """Return the interquartile range, or the standard deviation if half are equal, or 1."""
    low, high = np.quantile(observed, [0.25, 0.75])
    return float(high - low) or float(observed.std()) or 1.0


def check_enough(seen: pd.DataFrame, chosen: Selection) -> None:
    """Raise an error if hardly any observed cascade is of the sizes of a selection."""
    if len(seen) < _TOO_FEW:
        message = (
            f"only {len(seen)} observed cascades have {chosen.least} to {chosen.most} events; "
            f"at least {_TOO_FEW} are needed"
        )
        raise DataError(message)
