"""Publishers: accounts that write posts every day, the same in all futures of a run."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.inverse_draws import normal_of
from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.core.values import Float

__all__ = ["Items", "Publishers"]


class Items(NamedTuple):
    """What publishers write on a day, one row each, in the order of time.

    Attributes
    ----------
    publisher, minute, number, topic : ndarray of int64
        Who writes it, the minute of the day, its number in the run, and its topic.
    stance, quality : ndarray of float64
        Its side, in [-1, 1], and its quality, in standard deviations.
    words : ndarray of float64, shape (m, 2)
        Uniform numbers for its words.
    is_boosted : ndarray of bool
        Whether its count is shown higher than it is.
    """

    publisher: NDArray[np.int64]
    minute: NDArray[np.int64]
    number: NDArray[np.int64]
    topic: NDArray[np.int64]
    stance: Float
    quality: Float
    words: Float
    is_boosted: NDArray[np.bool_]


class Publishers:
    """Accounts with a topic and a side, which write so many posts a day.

    Parameters
    ----------
    count : int
        Number of publishers; they take turns over the topics.
    topics : int
        Number of topics.
    per_day : int
        Number of posts of each in a day.
    spread : float
        Standard deviation of the stance of a post about that of its publisher.
    boosted : float
        Share of posts whose count is shown higher than it is.
    seed : int
        Seed of the run.
    """

    def __init__(
        self, count: int, *, topics: int, per_day: int, spread: float, boosted: float, seed: int
    ) -> None:
        self.count, self.per_day, self.spread = count, per_day, spread
        self.boosted, self.seed = boosted, seed
        self.topic = np.arange(count) % topics
        self.stance = 2.0 * uniforms(seed, np.arange(count), "publisher", 0, 1)[:, 0] - 1.0

    def items(self, day: int, *, until_min: int) -> Items:
        """Return the posts of a day, written at any time until a minute of it."""
        publisher = np.repeat(np.arange(self.count), self.per_day)
        number = day * len(publisher) + np.arange(len(publisher))
        draws = uniforms(self.seed, number, "item", 0, 6)
        order = np.argsort(draws[:, 5], kind="stable")
        publisher, number, draws = publisher[order], number[order], draws[order]
        stance = self.stance[publisher] + self.spread * normal_of(draws[:, 0])
        return Items(
            publisher,
            np.floor(until_min * draws[:, 5]).astype(np.int64),
            number,
            self.topic[publisher],
            np.clip(stance, -1.0, 1.0),
            np.asarray(normal_of(draws[:, 1])),
            draws[:, 2:4],
            draws[:, 4] < self.boosted,
        )
