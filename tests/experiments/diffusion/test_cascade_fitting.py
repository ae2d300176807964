"""Mechanisms of spreading: baselines, fits to one half of cascades, and the report on the other."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.experiments.diffusion.baselines import (
    BASELINES,
    INDEPENDENT,
    INDEPENDENT_HUBS,
    LINEAR_THRESHOLD,
)
from mesa_llm_city.experiments.diffusion.broadcast import BROADCAST
from mesa_llm_city.experiments.diffusion.cascades import shapes
from mesa_llm_city.experiments.diffusion.comparison import report
from mesa_llm_city.experiments.diffusion.fitting import (
    MEASURES,
    Fitted,
    Selection,
    distances,
    fit,
    halves,
    simulated_shapes,
)
from mesa_llm_city.experiments.diffusion.mechanism import Setting, hubs_of
from mesa_llm_city.experiments.diffusion.random_numbers import CommonRandomNumbers
from mesa_llm_city.social.media.follower_graph import FollowerGraph

SMALL = Selection(least=10, most=300, wanted=40, cascades=40, batches=2, hubs=5)
TRUTH = {**BROADCAST.starts(), "broadcast": 0.5, "later": 0.03, "delay_min": 60.0}


@pytest.fixture(scope="module")
def graph() -> FollowerGraph:
    rng = np.random.default_rng(0)
    return FollowerGraph.preferential(400, following=6, reciprocity=1.0, rng=rng)


@pytest.fixture(scope="module")
def observed(graph: FollowerGraph) -> pd.DataFrame:
    """Cascades whose truth is known, from another seed than the fits."""
    return simulated_shapes(BROADCAST, TRUTH, graph, CommonRandomNumbers(99, 120, graph.n), SMALL)


class TestMechanisms:
    def test_settings_go_back_and_forth(self) -> None:
        for one in (Setting("p", 0.1, 0.01, 1.0), Setting("q", 2.0, 1.0, 5.0, is_log=False)):
            assert one.at(one.place(0.3 if one.is_log else 3.0)) == pytest.approx(
                0.3 if one.is_log else 3.0
            )

    def test_hubs_are_those_with_most_followers(self) -> None:
        star = FollowerGraph(4, follower=[0, 1, 3, 0], followee=[2, 2, 2, 1])
        assert hubs_of(star, 2).tolist() == [2, 1]
        with pytest.raises(ConfigError, match="got 9"):
            hubs_of(star, 9)

    def test_equal_random_numbers_give_equal_cascades(self, graph: FollowerGraph) -> None:
        one, other = (
            BROADCAST.simulate(graph, TRUTH, CommonRandomNumbers(5, 10, graph.n), hubs=5).frame()
            for _ in range(2)
        )
        pd.testing.assert_frame_equal(one, other)

    def test_a_higher_probability_enlarges_every_cascade(self, graph: FollowerGraph) -> None:
        common, values = CommonRandomNumbers(5, 20, graph.n), INDEPENDENT_HUBS.starts()
        sizes = [
            np.bincount(
                INDEPENDENT_HUBS.simulate(graph, {**values, "chance": chance}, common).cascade
            )
            for chance in (0.02, 0.05)
        ]
        assert (sizes[0] <= sizes[1]).all()
        assert sizes[0].sum() < sizes[1].sum()

    def test_linear_thresholds_reach_each_neighbour_with_the_share_it_has(self) -> None:
        # Everybody in the star hears of the middle only, so its weight is all there is.
        star = FollowerGraph(1001, follower=range(1, 1001), followee=[0] * 1000)
        values = {**LINEAR_THRESHOLD.starts(), "weight": 0.4}
        found = LINEAR_THRESHOLD.simulate(star, values, CommonRandomNumbers(1, 3, 1001), hubs=1)
        share = (np.bincount(found.cascade) - 1) / 1000
        np.testing.assert_allclose(share, 0.4, atol=4 * np.sqrt(0.4 * 0.6 / 1000))

    def test_broadcasts_are_broad_and_independent_cascades_deep(self, graph: FollowerGraph) -> None:
        common = CommonRandomNumbers(2, 60, graph.n)
        broad = shapes(BROADCAST.simulate(graph, TRUTH, common, hubs=5))
        plain = {**INDEPENDENT.starts(), "chance": 0.12}
        deep = shapes(INDEPENDENT.simulate(graph, plain, common))
        deep = deep[deep["events"] >= 10]
        assert broad["mean_depth"].median() < deep["mean_depth"].median()
        assert broad["share_depth1"].median() > deep["share_depth1"].median()

    def test_fixed_settings_are_not_fitted(self, graph: FollowerGraph) -> None:
        same = INDEPENDENT_HUBS.with_fixed(
            "same delays", delay_min=60.0, delay_spread=1.5, pace_spread=0.5
        )
        assert [one.name for one in same.settings] == ["chance"]
        values = {"chance": 0.04, "delay_min": 60.0, "delay_spread": 1.5, "pace_spread": 0.5}
        one = same.simulate(graph, {"chance": 0.04}, CommonRandomNumbers(1, 5, graph.n))
        other = INDEPENDENT_HUBS.simulate(graph, values, CommonRandomNumbers(1, 5, graph.n))
        pd.testing.assert_frame_equal(one.frame(), other.frame())

    def test_a_missing_value_is_named(self, graph: FollowerGraph) -> None:
        with pytest.raises(ConfigError, match="needs chance"):
            INDEPENDENT.simulate(graph, {}, CommonRandomNumbers(1, 2, graph.n))

    def test_names_of_baselines_differ(self) -> None:
        assert len({one.name for one in (BROADCAST, *BASELINES)}) == 4


class TestDistances:
    def test_equal_distributions_have_no_distance(self, observed: pd.DataFrame) -> None:
        assert distances(observed, observed).tolist() == [0.0] * len(MEASURES)

    def test_a_shift_by_the_interquartile_range_is_one(self) -> None:
        seen = pd.DataFrame({"within_24h": np.linspace(0.2, 0.6, 401)})
        assert distances(seen + 0.2, seen, measures=["within_24h"])[0] == pytest.approx(1.0)

    def test_delays_are_compared_by_ratio(self) -> None:
        seen = pd.DataFrame({"median_delay_min": np.geomspace(10.0, 1000.0, 401)})
        low, high = np.log(seen["median_delay_min"].quantile([0.25, 0.75]))
        found = distances(seen * 2.0, seen, measures=["median_delay_min"])[0]
        assert found == pytest.approx(np.log(2.0) / (high - low), rel=1e-3)

    def test_where_half_of_the_cascades_are_equal_the_standard_deviation_is_the_unit(self) -> None:
        seen = pd.DataFrame({"within_1h": [0.5] * 8 + [0.0, 1.0]})
        found = distances(seen + 0.1, seen, measures=["within_1h"])[0]
        assert found == pytest.approx(0.1 / seen["within_1h"].std(ddof=0))

    def test_without_a_simulated_cascade_there_is_none(self, observed: pd.DataFrame) -> None:
        assert np.isnan(distances(observed.iloc[:0], observed)).all()


class TestFit:
    def test_halves_have_nothing_in_common_and_leave_nothing_out(
        self, observed: pd.DataFrame
    ) -> None:
        one, other = halves(observed, seed=3)
        assert sorted([*one.index, *other.index]) == observed.index.tolist()
        assert abs(len(one) - len(other)) <= 1
        again, _ = halves(observed, seed=4)
        assert set(again.index) != set(one.index)

    def test_a_fit_finds_a_delay_that_is_known(
        self, graph: FollowerGraph, observed: pd.DataFrame
    ) -> None:
        others = {name: value for name, value in TRUTH.items() if name != "delay_min"}
        one = BROADCAST.with_fixed("all but the delay", **others)
        common = CommonRandomNumbers(0, SMALL.cascades, graph.n)
        first = simulated_shapes(one, one.starts(), graph, common, SMALL)
        found = fit(one, graph, observed, evaluations=10, selection=SMALL, common=common)
        assert found.loss < float(distances(first, observed).mean())
        assert found.values["delay_min"] == pytest.approx(60.0, rel=0.3)  # noqa: PD011 - no table

    def test_a_report_prefers_the_mechanism_that_made_the_cascades(
        self, graph: FollowerGraph, observed: pd.DataFrame
    ) -> None:
        truth = Fitted(mechanism=BROADCAST, values=TRUTH, loss=0.0)
        plain = {**INDEPENDENT.starts(), "chance": 0.1}
        other = Fitted(mechanism=INDEPENDENT, values=plain, loss=0.0)
        found = report([truth, other], graph, observed, selection=SMALL, resamples=20)
        is_plain, is_share = found["mechanism"] != "broadcast", found["measure"] == "share_depth1"
        assert (found.loc[is_plain & is_share, "excess_low"] > 0.0).all()
        assert (found.loc[~is_plain, "excess"] == 0.0).all()
        assert (found["low"] <= found["distance"]).all()
        assert found.loc[~is_plain, "distance"].mean() < 0.4

    def test_too_few_cascades_of_the_sizes_are_told(self, graph: FollowerGraph) -> None:
        with pytest.raises(DataError, match="only 0 observed"):
            fit(BROADCAST, graph, pd.DataFrame({"events": [1, 2]}), evaluations=4)
