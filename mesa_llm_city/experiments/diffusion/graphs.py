"""The structure of a graph, and that of a made graph beside a real one."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.streams import rng
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.experiments.diffusion.graph_null import simple_edges
from mesa_llm_city.experiments.diffusion.motifs import adjacency, triangles
from mesa_llm_city.experiments.validation.similarity import gini

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["GraphStructure", "compare_graphs", "graph_structure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphStructure:
    """Measures of a graph. All but `reciprocity` take ties as undirected.

    Attributes
    ----------
    people, ties : int
        Number of nodes, and of edges without loops and repetitions (arcs, if directed).
    mean_degree, median_degree, highest_degree : float
        Neighbours of a person.
    degree_gini : float
        Inequality of degrees, from 0.
    isolated : float
        Share of people without ties.
    clustering : float
        Mean share of pairs of neighbours who are tied themselves; 0 with fewer than two.
    transitivity : float
        Three times the triangles over the wedges.
    assortativity : float
        Correlation of the degrees at both ends of ties (Newman 2002, Phys. Rev. Lett. 89,
        208701).
    reciprocity : float
        Share of arcs that are answered; NaN for undirected ties.
    largest_component : float
        Share of people in the largest component.
    mean_distance, distance_90 : float
        Mean and 90th percentile of steps between people who can reach each other.
    degrees : ndarray of int64, shape (people,)
        Neighbours of each person.
    """

    people: int
    ties: int
    mean_degree: float
    median_degree: float
    highest_degree: float
    degree_gini: float
    isolated: float
    clustering: float
    transitivity: float
    assortativity: float
    reciprocity: float
    largest_component: float
    mean_distance: float
    distance_90: float
    degrees: Int


def graph_structure(
    edges: ArrayLike, people: int, *, directed: bool = False, sources: int = 100, seed: int = 0
) -> GraphStructure:
    """Measure a graph.

    Parameters
    ----------
    edges : array_like of int, shape (m, 2)
        Rows of two people, numbered from 0.
    people : int
        Number of people.
    directed : bool, default False
        Whether edges are arcs, such as who follows whom.
    sources : int, default 100
        People from whom distances are measured, all if there are no more.
    seed : int, default 0
        Seed of the choice of those people.

    Examples
    --------
    >>> found = graph_structure([[0, 1], [1, 2], [0, 2], [2, 3]], 4)
    >>> found.transitivity, found.highest_degree
    (0.6, 3.0)
    """
    ties = adjacency(edges, people)
    degrees = np.asarray(ties.sum(axis=1)).ravel().astype(np.int64)
    wedges = degrees * (degrees - 1) / 2.0
    closed = triangles(edges, people)
    local = np.divide(closed, wedges, out=np.zeros(people), where=wedges > 0)
    distance = _distances(ties, sources, seed)
    arcs = simple_edges(edges, people, directed=directed)
    return GraphStructure(
        people=people,
        ties=len(arcs),
        mean_degree=float(degrees.mean()),
        median_degree=float(np.median(degrees)),
        highest_degree=float(degrees.max(initial=0)),
        degree_gini=gini(degrees.astype(np.float64)),
        isolated=float((degrees == 0).mean()),
        clustering=float(local.mean()),
        transitivity=float(closed.sum() / wedges.sum()) if wedges.any() else float("nan"),
        assortativity=_assortativity(ties, degrees),
        reciprocity=_reciprocity(arcs, people) if directed else float("nan"),
        largest_component=_largest(ties),
        mean_distance=float(distance.mean()) if len(distance) else float("nan"),
        distance_90=float(np.quantile(distance, 0.9)) if len(distance) else float("nan"),
        degrees=degrees,
    )


def compare_graphs(made: GraphStructure, real: GraphStructure) -> pd.DataFrame:
    """Return the measures of a made graph beside those of a real one.

    Parameters
    ----------
    made, real : GraphStructure
        What is compared.

    Returns
    -------
    pandas.DataFrame
        One row per measure: ``made``, ``real``, ``difference`` and ``ratio``. The last row,
        ``degree_distance``, has as its difference the largest distance of the cumulative
        distributions of degrees (Kolmogorov-Smirnov), each over its mean, so that graphs of
        another density compare by shape.
    """
    import pandas as pd

    names = [one.name for one in fields(GraphStructure) if one.name != "degrees"]
    ours = np.array([getattr(made, name) for name in names], dtype=np.float64)
    theirs = np.array([getattr(real, name) for name in names], dtype=np.float64)
    ratio = np.divide(ours, theirs, out=np.full(len(names), np.nan), where=theirs != 0)
    table = pd.DataFrame(
        {"made": ours, "real": theirs, "difference": ours - theirs, "ratio": ratio}, index=names
    )
    table.loc["degree_distance", "difference"] = _degree_distance(made.degrees, real.degrees)
    return table.rename_axis("measure")


def _degree_distance(ours: Int, theirs: Int) -> float:
    relative = [np.sort(one / max(float(one.mean()), 1e-12)) for one in (ours, theirs)]
    at = np.concatenate(relative)
    below = [np.searchsorted(one, at, side="right") / len(one) for one in relative]
    return float(np.abs(below[0] - below[1]).max())


def _assortativity(ties: Any, degrees: Int) -> float:  # noqa: ANN401 - a sparse array
    ends = ties.tocoo()
    one, other = degrees[ends.row], degrees[ends.col]
    if not len(one) or not np.ptp(one):
        return float("nan")
    return float(np.corrcoef(one, other)[0, 1])


def _reciprocity(arcs: Int, people: int) -> float:
    if not len(arcs):
        return float("nan")
    keys = arcs[:, 0] * people + arcs[:, 1]
    return float(np.isin(keys, arcs[:, 1] * people + arcs[:, 0]).mean())


def _largest(ties: Any) -> float:  # noqa: ANN401 - a sparse array
    from scipy.sparse.csgraph import connected_components

    _, component = connected_components(ties, directed=False)
    return float(np.bincount(component).max() / ties.shape[0])


def _distances(ties: Any, sources: int, seed: int) -> Float:  # noqa: ANN401 - a sparse array
    """Return the steps from some people to all others in their reach."""
    from scipy.sparse.csgraph import dijkstra

    people = ties.shape[0]
    chosen = rng(seed, 0, "sources of distances", 0).permutation(people)[:sources]
    reached = []
    for one in np.sort(chosen):
        steps: Float = dijkstra(ties, directed=False, indices=[int(one)])[0]
        reached.append(steps[np.isfinite(steps) & (steps > 0)])
    return np.concatenate(reached) if reached else np.empty(0)
