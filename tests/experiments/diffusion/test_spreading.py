"""Many cascades at once: by hand, against chances, and against each other."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import ArrayLike

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.experiments.diffusion.mechanism import by_depth, exponential
from mesa_llm_city.experiments.diffusion.spreading import Draws, Pushes, draw_people, spread
from mesa_llm_city.social.media.follower_graph import FollowerGraph


def always(_cascade: Int, _author: Int, _depth: Int, who: Int) -> Float:
    return np.ones(len(who))


def draws(threshold: ArrayLike, delay_min: ArrayLike) -> Draws:
    return Draws(threshold=np.array(threshold, float), delay_min=np.array(delay_min, float))


def chain(people: int = 4) -> FollowerGraph:
    """Person 1 follows 0, 2 follows 1, and so on."""
    return FollowerGraph(people, follower=range(1, people), followee=range(people - 1))


class TestSpread:
    def test_a_chain_is_walked_with_the_delays_of_its_people(self) -> None:
        found = spread(chain(), np.array([0]), always, draws([[1.0] * 4], [[0, 10, 5, 7]]))
        assert found.person.tolist() == [0, 1, 2, 3]
        assert found.parent.tolist() == [-1, 0, 1, 2]
        assert found.depth.tolist() == [0, 1, 2, 3]
        assert found.minute.tolist() == [0.0, 10.0, 15.0, 22.0]

    def test_pushes_add_up_to_a_threshold(self) -> None:
        # 3 follows 1 and 2, who follow 0; one push is not enough for 3, two are.
        graph = FollowerGraph(4, follower=[1, 2, 3, 3], followee=[0, 0, 1, 2])
        found = spread(graph, np.array([0]), always, draws([[1, 1, 1, 2.0]], [[0, 10, 400, 1]]))
        assert found.minute.tolist() == [0.0, 10.0, 400.0, 401.0]
        assert found.parent.tolist() == [-1, 0, 0, 2]
        never = spread(graph, np.array([0]), always, draws([[1, 1, 1, 3.0]], [[0, 10, 400, 1]]))
        assert never.person.tolist() == [0, 1, 2]

    def test_nobody_forwards_twice_and_parents_come_first(self) -> None:
        graph = FollowerGraph.preferential(
            200, following=4, reciprocity=1.0, rng=np.random.default_rng(1)
        )
        found = spread(
            graph,
            np.arange(5),
            by_depth(np.full((5, 1), 0.3)),
            draws(exponential(draw_people(1, 5, 200, "a")), 60 * draw_people(1, 5, 200, "b")),
        )
        cells = found.cascade * 200 + found.person
        assert len(np.unique(cells)) == len(cells)
        rows = np.flatnonzero(found.parent >= 0)
        assert (found.parent[rows] < rows).all()
        assert (found.minute[found.parent[rows]] <= found.minute[rows]).all()
        assert (found.depth[found.parent[rows]] + 1 == found.depth[rows]).all()

    def test_a_cascade_is_the_same_alone_and_among_others(self) -> None:
        graph = FollowerGraph.preferential(
            150, following=3, reciprocity=1.0, rng=np.random.default_rng(2)
        )
        every = draws(exponential(draw_people(4, 3, 150, "a")), 90 * draw_people(4, 3, 150, "b"))
        together = spread(graph, np.array([0, 1, 2]), by_depth(np.full((3, 1), 0.2)), every)
        alone = draws(every.threshold[:1], every.delay_min[:1])
        one = spread(graph, np.array([0]), by_depth(np.full((1, 1), 0.2)), alone)
        mine = together.cascade == 0
        assert together.person[mine].tolist() == one.person.tolist()
        assert together.minute[mine].tolist() == one.minute.tolist()

    def test_a_star_is_forwarded_with_the_probability_that_is_asked_for(self) -> None:
        graph = FollowerGraph(2001, follower=range(1, 2001), followee=[0] * 2000)
        found = spread(
            graph,
            np.array([0]),
            by_depth(np.array([[0.3]])),
            draws(exponential(draw_people(7, 1, 2001, "a")), np.ones((1, 2001))),
        )
        share = (len(found) - 1) / 2000
        assert share == pytest.approx(0.3, abs=4 * np.sqrt(0.3 * 0.7 / 2000))

    def test_cascades_that_become_too_large_are_left_out(self) -> None:
        every = draws(np.ones((2, 4)), np.ones((2, 4)))
        found = spread(chain(), np.array([0, 2]), always, every, most=2)
        assert found.person.tolist() == [2, 3]
        assert set(found.cascade.tolist()) == {1}

    def test_nothing_is_followed_beyond_the_end(self) -> None:
        found = spread(
            chain(), np.array([0]), always, draws([[1.0] * 4], [[0, 10, 90, 7]]), until_min=50.0
        )
        assert found.person.tolist() == [0, 1]

    def test_delays_end_by_the_clock_that_is_given(self) -> None:
        def nightly(minute: Float, delay_min: Float, _cascade: Int, /) -> Float:
            return np.maximum(minute + delay_min, 480.0)

        found = spread(
            chain(), np.array([0]), always, draws([[1.0] * 4], [[0, 10, 5, 7]]), clock=nightly
        )
        assert found.minute.tolist() == [0.0, 480.0, 485.0, 492.0]

    def test_draws_must_fit_the_seeds(self) -> None:
        with pytest.raises(ConfigError, match="a row for each seed"):
            spread(chain(), np.array([0, 1]), always, draws([[1.0] * 4], [[1.0] * 4]))


def test_pushes_by_depth_are_those_of_independent_tries() -> None:
    pushes: Pushes = by_depth(np.array([[0.3, 0.1]]))
    none = np.zeros(3, dtype=np.int64)
    found = pushes(none, none, np.array([0, 1, 5]), none)
    # Two tries with 0.3 and 0.1 fail together with 0.7 * 0.9.
    np.testing.assert_allclose(np.exp(-found), [0.7, 0.9, 0.9])


def test_draws_of_a_cascade_do_not_depend_on_how_many_there_are() -> None:
    few, more = draw_people(3, 2, 9, "share"), draw_people(3, 4, 9, "share")
    np.testing.assert_array_equal(few, more[:2])
