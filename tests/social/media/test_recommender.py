"""Candidates, and the two simplest recommenders."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.social.media import (
    Chronological,
    Exposures,
    FeedContext,
    FollowerGraph,
    LearningRecommender,
    Posts,
    RandomOrder,
    Recommender,
    best,
    find_candidates,
)


def context(graph: FollowerGraph, *, minute: int = 100, **feed: int) -> FeedContext:
    """Return what a recommender may know, with parameters of the feed."""
    tree = CityParameters().with_({f"social.media.feed.{name}": one for name, one in feed.items()})
    return FeedContext(
        minute=minute,
        page=tree.social.media.feed.page,
        graph=graph,
        exposures=Exposures(graph.n),
        persons=np.arange(graph.n) + 1000,
        seed=7,
        parameters=tree,
    )


def posts_by(*authors: int) -> Posts:
    """Return one post a minute by each author."""
    posts = Posts(["a"])
    posts.extend(author=list(authors), minute=np.arange(len(authors)), topic="a")
    return posts


def test_candidates_are_posts_of_followees_then_recent_ones_each_once() -> None:
    graph = FollowerGraph(4, [0, 0], [1, 2])
    posts = posts_by(1, 2, 3, 1, 0)
    numbers = context(graph, followed=4, recent=2, sampled=0)
    found = find_candidates(np.array([0]), posts, numbers)
    # The newest first: of followees 3, 1, 0; of anybody 4, which is one's own, and 3 again.
    assert found.posts.tolist() == [[3, 1, 0, -1, -1, -1]]
    assert found.followed == 4


def test_of_one_followee_only_the_last_posts_are_candidates() -> None:
    graph = FollowerGraph(2, [0], [1])
    numbers = context(graph, followed=3, recent=0, sampled=0, per_followee=2)
    found = find_candidates(np.array([0]), posts_by(1, 1, 1), numbers)
    assert found.posts.tolist() == [[2, 1, -1]]
    few = context(graph, recent=0, sampled=0, followed=1)
    assert find_candidates(np.array([0]), posts_by(1, 1, 1), few).posts.tolist() == [[2]]


def test_what_is_old_removed_seen_or_an_ad_is_no_candidate() -> None:
    graph = FollowerGraph(2, [0], [1])
    posts = Posts(["a"])
    posts.extend(
        author=[1, 1, 1, 1, -1],
        minute=[0, 500, 510, 520, 530],
        topic="a",
        kind=["post", "post", "post", "post", "ad"],
    )
    numbers = context(graph, minute=600, window_h=2, recent=9, sampled=9)
    posts.remove([1], minute=550)
    numbers.exposures.record([0], [[2]], minute=560)
    found = find_candidates(np.array([0]), posts, numbers).posts
    assert set(found.ravel().tolist()) == {-1, 3}


def test_the_feed_of_one_does_not_depend_on_who_else_reads() -> None:
    graph = FollowerGraph.preferential(50, following=4, rng=np.random.default_rng(1))
    posts, numbers = posts_by(*range(50), *range(50)), context(graph)
    everybody, some = np.arange(50), np.array([3, 17])
    for recommender in (Chronological(), RandomOrder()):
        pages = []
        for viewers in (everybody, some):
            found = find_candidates(viewers, posts, numbers)
            told = replace(numbers, followed=found.followed)
            pages.append(recommender.recommend(viewers, found.posts, posts, told))
        assert pages[0][some].tolist() == pages[1].tolist()


def test_without_posts_pages_are_empty() -> None:
    graph = FollowerGraph(2, [0], [1])
    found = find_candidates(np.array([0, 1]), Posts(), context(graph))
    assert found.posts.shape[0] == 2
    page = RandomOrder().recommend(np.array([0, 1]), found.posts, Posts(), context(graph))
    assert page.tolist() == [[-1] * 5] * 2


def test_chronological_shows_followees_only_and_asks_the_graph_if_it_must() -> None:
    graph, posts = FollowerGraph(3, [0], [1]), posts_by(1, 2, 1, 2)
    page = Chronological().recommend(
        np.array([0]), np.array([[0, 1, 2, 3]]), posts, context(graph, page=3)
    )
    assert page.tolist() == [[2, 0, -1]]


def test_random_order_shows_all_candidates_about_equally_often() -> None:
    posts, graph = posts_by(*[0] * 10), FollowerGraph(4000)
    viewers = np.arange(4000)
    page = RandomOrder().recommend(
        viewers, np.tile(np.arange(10), (4000, 1)), posts, context(graph, page=3)
    )
    counts = np.bincount(page.ravel(), minlength=10)
    # 1,200 times each with a standard deviation of 29.
    assert np.abs(counts - 1200).max() < 120
    assert all(len(set(row)) == 3 for row in page.tolist())


def test_equal_scores_keep_the_order_of_the_candidates() -> None:
    assert best(np.zeros((1, 4)), np.array([[7, -1, 3, 5]]), 3).tolist() == [[7, 3, 5]]


def test_a_class_of_ones_own_is_a_recommender_by_its_methods() -> None:
    assert isinstance(RandomOrder(), Recommender)
    assert not isinstance(RandomOrder(), LearningRecommender)
