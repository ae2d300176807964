"""Many cascades at once on one graph: who forwards, from whom and when, over columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.experiments.diffusion.cascades import NO_PARENT, Cascades
from mesa_llm_city.social.media.follower_graph import FollowerGraph

__all__ = ["Clock", "Draws", "Pushes", "all_day", "draw_people", "spread"]

Pushes = Callable[[Int, Int, Int, Int], Float]
"""How much each exposure adds to a person: of cascade, forwarder, depth of the forward, and who
is exposed, all of shape (exposures,)."""

_WINDOW_MIN, _WINDOW_SHARE = 1.0, 0.02
_HORIZON_MIN = 30 * 1440.0


class Clock(Protocol):
    """When delays end: of the minutes at which they begin, their lengths, and the cascades."""

    def __call__(self, minute: Float, delay_min: Float, cascade: Int, /) -> Float:
        """Return minutes since the first post of each cascade, none before `minute`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """What chance decides about each person in each cascade, fixed before anything spreads.

    Parameters
    ----------
    threshold : ndarray of float64, shape (cascades, people)
        A person forwards once the pushes of all exposures together reach it. If each exposure
        makes the person forward with a probability p of its own, the threshold is a standard
        exponential number and the push -log(1 - p): that is the independent cascade. With a
        uniform threshold and pushes that add up to 1 it is the linear threshold model (Kempe,
        Kleinberg and Tardos 2003, KDD '03, 137-146).
    delay_min : ndarray of float64, shape (cascades, people)
        Minutes from that exposure to the forward.
    """

    threshold: Float
    delay_min: Float


def draw_people(seed: int, cascades: int, people: int, purpose: str) -> Float:
    """Return a uniform number in [0, 1) for each person in each cascade.

    Row c depends on the seed, c and the purpose only, so one more cascade changes no other.

    Returns
    -------
    ndarray of float64, shape (cascades, people)
    """
    rows = np.arange(people)
    drawn = [uniforms(seed, rows, purpose, cascade, 1)[:, 0] for cascade in range(cascades)]
    return np.array(drawn).reshape(cascades, people)


def all_day(minute: Float, delay_min: Float, _cascade: Int, /) -> Float:
    """End delays of which all time counts."""
    return minute + delay_min


def spread(
    graph: FollowerGraph,
    seeds: Int,
    pushes: Pushes,
    draws: Draws,
    *,
    clock: Clock = all_day,
    most: int | None = None,
    until_min: float = _HORIZON_MIN,
) -> Cascades:
    """Return cascades that begin with the posts of `seeds`, all computed together.

    Parameters
    ----------
    graph : FollowerGraph
        Who follows whom; followers hear of what a person posts.
    seeds : ndarray of int64, shape (cascades,)
        Who posts first.
    pushes : callable
        How much an exposure adds.
    draws : Draws
        Thresholds and delays.
    clock : callable, default `all_day`
        Ends delays.
    most : int, optional
        A cascade that is bound to have more forwards is not followed any further, and left out.
    until_min : float, default 43,200
        Minutes after which nothing more is followed.

    Returns
    -------
    Cascades
        Rows in the order of time within each cascade.

    Notes
    -----
    Nobody forwards twice. Forwards of the same short window, a minute or 2 % of the time since
    the post, are put on top of each other; a forward that follows from one of the same window
    is computed in the next pass over it. So no cause comes after its effect, and only who is named
    as the parent can depend on the window, if several push a person within it.
    """
    if draws.threshold.shape != draws.delay_min.shape or len(seeds) != len(draws.threshold):
        message = "thresholds and delays must have a row for each seed and a column for each person"
        raise ConfigError(message)
    state = _Spreading(graph, draws, np.asarray(seeds, dtype=np.int64), clock, most)
    while state.advance(pushes, until_min):
        pass
    return state.cascades()


class _Posts(NamedTuple):
    """Posts as columns; a cell is a person in a cascade, as one number."""

    cell: Int
    parent: Int
    depth: Int
    minute: Float

    def only(self, keep: NDArray[np.bool_] | Int) -> _Posts:
        return _Posts(self.cell[keep], self.parent[keep], self.depth[keep], self.minute[keep])

    def and_(self, other: _Posts) -> _Posts:
        return _Posts(*(np.concatenate(both) for both in zip(self, other, strict=True)))


class _Spreading:
    """Cascades in progress: what is due, what was posted, and the pushes on everybody."""

    def __init__(
        self, graph: FollowerGraph, draws: Draws, seeds: Int, clock: Clock, most: int | None
    ) -> None:
        cascades, self.people = draws.threshold.shape
        self.graph, self.clock = graph, clock
        self.threshold, self.delay = draws.threshold.ravel(), draws.delay_min.ravel()
        self.most = cascades * self.people if most is None else most
        cell, nothing = (
            np.arange(cascades) * self.people + seeds,
            np.zeros(cascades, dtype=np.int64),
        )
        self.total = np.zeros(cascades * self.people)
        self.is_bound = np.zeros(cascades * self.people, dtype=bool)
        self.is_bound[cell] = True
        self.forwards = nothing.copy()
        self.due = _Posts(cell, nothing + NO_PARENT, nothing, np.zeros(cascades))
        self.posted: list[_Posts] = []
        self.rows = 0

    def advance(self, pushes: Pushes, until_min: float) -> bool:
        """Compute the next window; return whether there was one."""
        minute = self.due.minute
        if not len(minute) or (start := float(minute.min())) > until_min:
            return False
        now = minute <= start + max(_WINDOW_MIN, _WINDOW_SHARE * start)
        posts, self.due = self.due.only(now), self.due.only(~now)
        posts = posts.only(np.argsort(posts.minute, kind="stable"))
        number = np.arange(self.rows, self.rows + len(posts.cell))
        self.posted.append(posts)
        self.rows += len(number)
        self.due = self.due.and_(self._expose(posts, number, pushes))
        return True

    def _expose(self, posts: _Posts, number: Int, pushes: Pushes) -> _Posts:
        """Push the listeners of posts; return the forwards to which that leads."""
        cascade, author = np.divmod(posts.cell, self.people)
        row, who = self.graph.audience_of(author)
        target = cascade[row] * self.people + who
        free = ~self.is_bound[target]
        row, who, target = row[free], who[free], target[free]
        np.add.at(self.total, target, pushes(cascade[row], author[row], posts.depth[row], who))
        won = np.flatnonzero(self.total[target] >= self.threshold[target])
        cell, first = np.unique(target[won], return_index=True)
        self.is_bound[cell] = True
        of = row[won[first]]
        minute = self.clock(posts.minute[of], self.delay[cell], cell // self.people)
        return self._kept(_Posts(cell, number[of], posts.depth[of] + 1, minute))

    def _kept(self, follow: _Posts) -> _Posts:
        """Count forwards to come; without those of cascades that have become too large."""
        cascade = follow.cell // self.people
        self.forwards += np.bincount(cascade, minlength=len(self.forwards))
        if not (self.forwards[cascade] > self.most).any():
            return follow
        self.due = self.due.only(self.forwards[self.due.cell // self.people] <= self.most)
        return follow.only(self.forwards[cascade] <= self.most)

    def cascades(self) -> Cascades:
        """Return what was posted, in the order of time within each cascade."""
        none = np.array([], dtype=np.int64)
        posts = _Posts(none, none, none, np.array([]))
        if self.posted:
            posts = _Posts(*map(np.concatenate, zip(*self.posted, strict=True)))
        cascade, person = np.divmod(posts.cell, self.people)
        kept = np.flatnonzero(self.forwards[cascade] <= self.most)
        order = kept[np.lexsort((posts.depth[kept], posts.minute[kept], cascade[kept]))]
        place = np.full(len(cascade) + 1, NO_PARENT)
        place[order] = np.arange(len(order))
        return Cascades(
            cascade=cascade[order],
            person=person[order],
            parent=place[posts.parent[order]],
            depth=posts.depth[order],
            minute=posts.minute[order],
        )
