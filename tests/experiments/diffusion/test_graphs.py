"""Structure, motifs, random graphs and controversy, beside networkx and by hand."""

from __future__ import annotations

from itertools import combinations

import networkx as nx
import numpy as np
import pytest

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.experiments.diffusion import (
    compare_graphs,
    controversy,
    degree_preserving,
    ei_index,
    graph_structure,
    motif_counts,
    motif_profile,
    random_walk_controversy,
    simple_edges,
    spectral_sides,
    stance_assortativity,
)

PEOPLE = 120


def clustered() -> np.ndarray:
    return np.array(nx.powerlaw_cluster_graph(PEOPLE, 4, 0.7, seed=7).edges())


def two_camps(size: int = 60, between: float = 0.005) -> np.ndarray:
    blocks = nx.stochastic_block_model([size, size], [[0.15, between], [between, 0.15]], seed=7)
    return np.array(blocks.edges())


SIDES = np.repeat([0, 1], 60)


class TestStructure:
    def test_it_agrees_with_networkx(self) -> None:
        edges = clustered()
        found, graph = graph_structure(edges, PEOPLE), nx.Graph(edges.tolist())
        assert found.clustering == pytest.approx(nx.average_clustering(graph))
        assert found.transitivity == pytest.approx(nx.transitivity(graph))
        assert found.assortativity == pytest.approx(nx.degree_assortativity_coefficient(graph))
        near = graph_structure(edges, PEOPLE, sources=PEOPLE)
        assert near.mean_distance == pytest.approx(nx.average_shortest_path_length(graph))
        assert found.ties == graph.number_of_edges()

    def test_arcs_have_a_reciprocity(self) -> None:
        arcs = [[0, 1], [1, 0], [1, 2], [2, 0], [2, 2], [0, 1]]
        found = graph_structure(arcs, 4, directed=True)
        assert (found.reciprocity, found.ties, found.isolated) == (0.5, 4, 0.25)
        assert found.largest_component == 0.75

    def test_a_graph_without_ties_has_no_distances(self) -> None:
        found = graph_structure([], 3)
        assert np.isnan(found.mean_distance)
        assert found.isolated == 1.0

    def test_a_graph_equals_itself(self) -> None:
        found = graph_structure(clustered(), PEOPLE)
        table = compare_graphs(found, found)
        assert table["difference"].drop("reciprocity").eq(0.0).all()

    def test_a_ring_and_a_star_have_different_degrees(self) -> None:
        ring = graph_structure([[i, (i + 1) % 10] for i in range(10)], 10)
        star = graph_structure([[0, i] for i in range(1, 10)], 10)
        table = compare_graphs(star, ring)
        assert table.loc["degree_distance", "difference"] == pytest.approx(0.9)
        assert table.loc["highest_degree", "ratio"] == 4.5

    def test_a_person_who_does_not_exist_is_refused(self) -> None:
        with pytest.raises(DataError, match="from 0 to 2, got 3"):
            graph_structure([[0, 3]], 3)


class TestMotifs:
    def test_a_complete_graph_of_four_has_the_numbers_of_combinatorics(self) -> None:
        assert motif_counts(list(combinations(range(4), 2)), 4) == {
            "wedge": 12,
            "triangle": 4,
            "star": 4,
            "path": 12,
            "square": 3,
            "tailed_triangle": 12,
            "diamond": 6,
        }

    def test_they_agree_with_a_count_of_subgraphs(self) -> None:
        edges = clustered()[:90]
        graph = nx.Graph(edges.tolist())
        found = motif_counts(edges, PEOPLE)
        assert found["triangle"] * 3 == sum(nx.triangles(graph).values())
        assert found["square"] == sum(
            1 for one in nx.simple_cycles(graph, length_bound=4) if len(one) == 4
        )

    def test_clustering_shows_against_random_graphs_of_the_same_degrees(self) -> None:
        profile = motif_profile(clustered(), PEOPLE, seed=1, nulls=5)
        assert profile["z"].to_dict()["triangle"] > 3
        assert profile["ratio"].between(-1, 1).all()
        ring = [[i, (i + 1) % 30] for i in range(30)]
        assert motif_profile(ring, 30, seed=1, nulls=5)["ratio"].to_dict()["path"] < 0.2


class TestRandomGraphs:
    @pytest.mark.parametrize("directed", [False, True])
    def test_they_keep_degrees_and_have_no_loops(self, directed: bool) -> None:  # noqa: FBT001
        edges = simple_edges(clustered(), PEOPLE, directed=directed)
        made = degree_preserving(edges, PEOPLE, seed=3, directed=directed)
        for columns in ([0], [1]) if directed else ([0, 1],):
            there, here = (
                np.bincount(e[:, columns].ravel(), minlength=PEOPLE) for e in (edges, made)
            )
            assert (there == here).all()
        assert (made == simple_edges(made, PEOPLE, directed=directed)).all()
        assert len(made) == len(edges)

    def test_they_forget_the_graph(self) -> None:
        made = degree_preserving(clustered(), PEOPLE, seed=3)
        ours, theirs = (set(map(tuple, e.tolist())) for e in (clustered(), made))
        assert len(ours & theirs) < 0.4 * len(ours)
        assert nx.transitivity(nx.Graph(made.tolist())) < nx.transitivity(
            nx.Graph(clustered().tolist())
        )

    def test_without_swaps_nothing_changes(self) -> None:
        edges = clustered()
        assert (
            degree_preserving(edges, PEOPLE, seed=1, swaps=0) == simple_edges(edges, PEOPLE)
        ).all()

    def test_all_graphs_of_given_degrees_are_about_equally_frequent(self) -> None:
        # Six people with two ties each: one ring of six (60 ways) or two triangles (10 ways).
        ring = [[i, (i + 1) % 6] for i in range(6)]
        rings = sum(
            nx.is_connected(nx.Graph(degree_preserving(ring, 6, seed=one, swaps=4).tolist()))
            for one in range(150)
        )
        assert rings / 150 == pytest.approx(60 / 70, abs=0.08)


class TestControversy:
    def test_a_path_of_four_by_hand(self) -> None:
        # A start at 0 ends at hub 1; one at hub 1 steps to 0 and back, or to hub 2: .75, .25.
        assert random_walk_controversy([[0, 1], [1, 2], [2, 3]], [0, 0, 1, 1], hubs=1) == 0.5

    def test_it_agrees_with_walks_that_are_drawn(self) -> None:
        edges = two_camps(between=0.03)
        graph, draw = nx.Graph(edges.tolist()), np.random.default_rng(7)
        hubs = {
            one: sorted(np.flatnonzero(one == SIDES), key=lambda i: -graph.degree[i])[:5]
            for one in (0, 1)
        }
        ends = {int(i): one for one in (0, 1) for i in hubs[one]}
        counts = np.zeros((2, 2))
        for start in draw.integers(0, 120, 1200):
            at = int(draw.choice(list(graph[int(start)])))
            while at not in ends:
                at = int(draw.choice(list(graph[at])))
            counts[SIDES[start], ends[at]] += 1
        share = counts / counts.sum(axis=1, keepdims=True)
        started = share / share.sum(axis=0)
        drawn = started[0, 0] * started[1, 1] - started[0, 1] * started[1, 0]
        assert random_walk_controversy(edges, SIDES, hubs=5) == pytest.approx(drawn, abs=0.07)

    def test_sides_without_a_tie_between_them_score_one(self) -> None:
        edges = two_camps(between=0.0)
        assert random_walk_controversy(edges, SIDES, hubs=5) == pytest.approx(1.0)

    def test_sides_drawn_at_random_score_near_none(self) -> None:
        draw = np.random.default_rng(7)
        scores = [
            random_walk_controversy(two_camps(), draw.permutation(SIDES), hubs=10)
            for _ in range(10)
        ]
        assert abs(np.mean(scores)) < 0.1

    def test_a_system_that_is_not_solved_gives_an_error_and_no_number(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("scipy.sparse.linalg.cg", lambda _, right, **__: (0.0 * right, 1))
        with pytest.raises(DataError, match="could not be computed"):
            random_walk_controversy(two_camps(), SIDES, hubs=5)

    def test_people_without_a_side_are_left_out(self) -> None:
        edges = np.concatenate([two_camps(), [[0, 120], [119, 120]]])
        with_bridge = random_walk_controversy(edges, [*SIDES, -1])
        assert with_bridge == pytest.approx(random_walk_controversy(two_camps(), SIDES))

    def test_camps_are_found_in_the_graph(self) -> None:
        found = spectral_sides(two_camps(), 120)
        assert max((found == SIDES).mean(), (found != SIDES).mean()) > 0.95

    def test_a_random_graph_has_a_high_score_and_no_excess(self) -> None:
        edges = np.array(nx.gnm_random_graph(120, 180, seed=7).edges())
        found = controversy(edges, 120, seed=1, hubs=5, nulls=8)
        assert found.score > 0.3
        assert abs(found.z) < 3

    def test_camps_have_an_excess(self) -> None:
        found = controversy(two_camps(), 120, seed=1, hubs=5, nulls=5)
        assert found.excess > 0.2
        assert found.z > 3

    def test_more_hubs_than_people_are_refused(self) -> None:
        with pytest.raises(ConfigError, match="hubs must be from 1"):
            random_walk_controversy([[0, 1], [1, 2], [2, 3]], [0, 0, 1, 1], hubs=2)


class TestMixing:
    def test_ties_within_groups_are_minus_one(self) -> None:
        assert ei_index([[0, 1], [2, 3]], ["a", "a", "b", "b"]) == -1.0
        assert ei_index([[0, 2], [1, 3]], ["a", "a", "b", "b"]) == 1.0

    def test_weights_count_as_repeated_ties(self) -> None:
        edges, groups = [[0, 1], [0, 2]], [0, 0, 1]
        repeated = [[0, 1], [0, 1], [0, 1], [0, 2]]
        assert ei_index(edges, groups, weights=[3, 1]) == ei_index(repeated, groups) == -0.5

    def test_stances_on_ties_correlate_as_in_networkx(self) -> None:
        edges = clustered()
        stances = np.random.default_rng(7).uniform(-1, 1, PEOPLE)
        graph = nx.Graph(edges.tolist())
        nx.set_node_attributes(graph, dict(enumerate(stances.tolist())), "stance")
        expected = nx.numeric_assortativity_coefficient(graph, "stance")
        assert stance_assortativity(edges, stances) == pytest.approx(expected)
