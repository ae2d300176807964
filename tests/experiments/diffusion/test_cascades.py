"""Cascades as one table, and their shapes, by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.experiments.diffusion.cascades import (
    Cascades,
    read_events,
    read_shapes,
    selected,
    shapes,
    shapes_of_events,
    structural_virality,
)


def two_trees() -> Cascades:
    """Return a star of three forwards, and a chain of two."""
    return Cascades.of(
        [0, 0, 0, 0, 1, 1, 1],
        [-1, 0, 0, 0, -1, 4, 5],
        minute=[0.0, 10.0, 60.0, 1441.0, 0.0, 1440.0, 3000.0],
    )


class TestShapes:
    def test_a_star_and_a_chain_are_as_counted_by_hand(self) -> None:
        found = shapes(two_trees())
        assert found["events"].tolist() == [3, 2]
        assert found["max_depth"].tolist() == [1, 2]
        assert found["mean_depth"].tolist() == [1.0, 1.5]
        assert found["share_depth1"].tolist() == [1.0, 0.5]
        np.testing.assert_allclose(found["within_1h"], [2 / 3, 0.0])
        np.testing.assert_allclose(found["within_24h"], [2 / 3, 0.5])
        np.testing.assert_allclose(found["median_delay_min"], [60.0, 2220.0])
        # The star has 3 pairs at distance 1 and 3 at distance 2, the chain 1, 1 and 2.
        np.testing.assert_allclose(found["virality"], [1.5, 4 / 3])

    def test_a_first_post_that_nobody_forwards_has_no_shape(self) -> None:
        lonely = Cascades.of([0, 1, 1], [-1, -1, 1], minute=[0.0, 0.0, 5.0])
        assert shapes(lonely).index.tolist() == [1]
        assert np.isnan(structural_virality(lonely)[0])

    def test_virality_is_the_mean_distance_in_any_tree(self) -> None:
        import networkx as nx

        rng = np.random.default_rng(3)
        parents = [-1, *(int(rng.integers(0, row)) for row in range(1, 30))]
        tree = nx.Graph((row, above) for row, above in enumerate(parents) if above >= 0)
        cascades = Cascades.of([0] * 30, parents, minute=np.arange(30.0))
        expected = nx.average_shortest_path_length(tree)
        assert structural_virality(cascades)[0] == pytest.approx(expected)

    def test_events_without_parents_have_the_same_shapes_but_virality(self) -> None:
        cascades = two_trees()
        frame = cascades.frame()
        found = shapes_of_events(frame[frame["parent"] >= 0])
        whole = shapes(cascades).drop(columns="virality")
        pd.testing.assert_frame_equal(found.drop(columns="virality"), whole)
        assert found["virality"].isna().all()

    def test_cascades_are_selected_by_their_number_of_events(self) -> None:
        table = pd.DataFrame({"events": [99, 100, 1000, 1001]})
        assert selected(table)["events"].tolist() == [100, 1000]


class TestChecks:
    def test_a_parent_must_come_before_its_row_in_the_same_cascade(self) -> None:
        for cascade, parent in (([0, 0], [-1, 1]), ([0, 1], [-1, 0]), ([0, 0], [-1, 7])):
            with pytest.raises(ConfigError, match="earlier row of the same cascade"):
                Cascades.of(cascade, parent, minute=[0.0, 1.0])

    def test_columns_must_be_of_one_length(self) -> None:
        with pytest.raises(ConfigError, match="one value for each post"):
            Cascades.of([0], [-1, 0], minute=[0.0, 1.0])


class TestFiles:
    columns = "cascade,is_rumor,n_reposts_comments,max_depth,mean_depth,share_depth1,"
    times = "median_delay_min,p90_delay_min,t0_source,cum_60min,cum_1440min\n"

    def test_published_shapes_are_read_where_the_time_of_the_post_is_known(
        self, tmp_path: Path
    ) -> None:
        file = tmp_path / "cascades.csv"
        rows = "1,1,200,5,1.5,0.7,100,900,original,40,180\n2,0,300,4,1.2,0.8,90,800,"
        file.write_text(
            self.columns + self.times + rows + "original,60,300\n"
            "3,0,300,4,1.2,0.8,90,800,first_repost,60,300\n"
        )
        found = read_shapes(file)
        assert found.index.tolist() == [1, 2]
        assert found["kind"].tolist() == ["rumour", "other"]
        assert found["within_1h"].tolist() == [0.2, 0.2]
        assert found["within_24h"].tolist() == [0.9, 1.0]

    def test_missing_columns_are_all_named(self, tmp_path: Path) -> None:
        file = tmp_path / "cascades.csv"
        file.write_text("cascade,minutes_since_t0\n1,2\n")
        with pytest.raises(DataError, match="no column depth"):
            read_events(file)
        with pytest.raises(DataError, match="no column cum_60min"):
            read_shapes(file)

    def test_events_are_read_with_their_kind(self, tmp_path: Path) -> None:
        file = tmp_path / "events.csv"
        file.write_text("cascade,is_rumor,minutes_since_t0,depth\n1,1,2.5,1\n4,0,3.5,2\n")
        found = read_events(file)
        assert found.to_numpy().tolist() == [[1, "rumour", 2.5, 1], [4, "other", 3.5, 2]]
