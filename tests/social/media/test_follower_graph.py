"""Follower graphs: hand-made ones, random ones, files, and cuts."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.social.media import FollowerGraph


def test_edges_that_are_double_or_lead_to_oneself_do_not_count() -> None:
    graph = FollowerGraph(3, [0, 0, 1, 2], [1, 1, 1, 0])
    assert graph.edges.tolist() == [[0, 1], [2, 0]]
    assert graph.following_counts.tolist() == [1, 0, 1]
    assert graph.follower_counts.tolist() == [1, 1, 0]


def test_followers_and_followees_of_several_people_are_gathered() -> None:
    graph = FollowerGraph(4, [0, 1, 2, 3], [3, 3, 3, 0])
    place, follower = graph.audience_of([0, 3])
    assert list(zip(place.tolist(), follower.tolist(), strict=True)) == [
        (0, 3),
        (1, 0),
        (1, 1),
        (1, 2),
    ]
    assert [one.tolist() for one in graph.followed_by([3, 3])] == [[0, 1], [0, 0]]
    assert [len(one) for one in graph.audience_of([])] == [0, 0]


def test_who_follows_whom_is_told_for_pairs() -> None:
    graph = FollowerGraph(3, [0, 2], [1, 0])
    assert graph.follows([0, 0, 2, 1], [1, 2, 0, -1]).tolist() == [True, False, True, False]
    assert not FollowerGraph(2).follows([0], [1]).any()


def test_an_edge_to_nobody_is_refused() -> None:
    with pytest.raises(ConfigError, match="followee 3 does not exist; there are 3 people"):
        FollowerGraph(3, [0], [3])


def test_links_are_cut_and_added_in_another_graph() -> None:
    graph = FollowerGraph(4, [0, 1, 2], [1, 2, 3])
    assert len(graph.without_edges([1], [2])) == 2
    larger = graph.with_edges([4], [0], n=5)
    assert larger.n == 5
    assert larger.followees_of(4).tolist() == [0]
    assert len(graph) == 3


def test_ties_become_links_by_the_rows_of_people() -> None:
    graph = FollowerGraph.from_ties({20: [10, 99], 10: [30], 30: []}, [10, 20, 30])
    assert graph.edges.tolist() == [[0, 2], [1, 0]]


@pytest.mark.parametrize("homophily", [0.0, 0.8])
def test_homophily_raises_the_share_of_ones_own_kind(homophily: float) -> None:
    groups = np.arange(2000) % 4
    rng = np.random.default_rng(5)
    graph = FollowerGraph.homophilous(groups, following=20, homophily=homophily, rng=rng)
    own = (groups[graph.followers] == groups[graph.followees]).mean()
    # Of the draws that are not from the own kind a quarter is so by chance.
    assert own == pytest.approx(homophily + (1 - homophily) / 4, abs=0.02)
    assert len(graph) / 2000 == pytest.approx(20, rel=0.05)


def test_preferential_attachment_has_the_tail_that_was_asked_for() -> None:
    rng = np.random.default_rng(3)
    counts = FollowerGraph.preferential(20_000, following=8, rng=rng).follower_counts
    # With exponent 3 a number of followers twice as great is a quarter as common, or a bit more.
    ratio = (counts >= 160).mean() / (counts >= 80).mean()
    assert 0.15 < ratio < 0.35
    assert counts.mean() == pytest.approx(8, rel=0.02)


def test_preferential_attachment_can_be_answered() -> None:
    rng = np.random.default_rng(3)
    graph = FollowerGraph.preferential(2000, following=5, reciprocity=1.0, rng=rng)
    assert graph.reciprocity == 1.0
    with pytest.raises(ConfigError, match="following must be at least 1"):
        FollowerGraph.preferential(3, following=5, rng=rng)


def test_a_packed_file_of_edges_is_read(tmp_path: Path) -> None:
    path = tmp_path / "graph.txt.gz"
    path.write_bytes(gzip.compress(b"# FromNodeId ToNodeId\n10 20\n20\t3\n\n3,10\n"))
    graph = FollowerGraph.from_file(path)
    # People are numbered as the numbers of the file rise: 3, 10, 20.
    assert graph.edges.tolist() == [[0, 1], [1, 2], [2, 0]]
    assert FollowerGraph.from_file(path, directed=False, people=5).reciprocity == 1.0
    with pytest.raises(ConfigError, match="has 3 people, but people=2"):
        FollowerGraph.from_file(path, people=2)


def test_a_byte_order_mark_is_no_part_of_a_name(tmp_path: Path) -> None:
    path = tmp_path / "graph.txt"
    path.write_text("\ufeff1 2\n2 1\n", encoding="utf-8")
    assert FollowerGraph.from_file(path).n == 2


def test_names_are_numbered_as_they_come_up(tmp_path: Path) -> None:
    path = tmp_path / "graph.csv"
    path.write_text("bo;ann;0.5\nann;cy;1\n", encoding="utf-8")
    assert FollowerGraph.from_file(path).edges.tolist() == [[0, 1], [1, 2]]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"1 2\n3\n4 5\nx\n", "line 2: no two names of people\n.*line 4"),
        (b"\x1f\x8bbroken", "cannot be read as a list of edges"),
        (b"1 \xff\n", "no text in UTF-8"),
    ],
)
def test_a_file_without_edges_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "graph.txt"
    path.write_bytes(content)
    with pytest.raises(DataError, match=message):
        FollowerGraph.from_file(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"nowhere\.txt cannot be read"):
        FollowerGraph.from_file(tmp_path / "nowhere.txt")


def test_networkx_and_scipy_see_the_same_graph() -> None:
    graph = FollowerGraph(3, [0, 1], [1, 2])
    assert sorted(graph.to_networkx().edges) == [(0, 1), (1, 2)]
    assert isinstance(graph.to_networkx(), nx.DiGraph)
    assert graph.matrix().toarray().tolist() == [[0, 1, 0], [0, 0, 1], [0, 0, 0]]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ((-1, [], []), "number of people must be a whole number of at least 0, got -1"),
        ((2.5, [], []), "number of people must be a whole number"),
        ((2, [0.7], [1]), "numbers of each follower must be whole"),
        ((2, [0], ["a"]), "numbers of each followee must be whole"),
    ],
)
def test_rows_that_are_not_whole_numbers_are_refused(given: tuple[Any, ...], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        FollowerGraph(*given)
