"""Conformity, reproduction and intervals over seeds."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.experiments.diffusion import (
    changed_by_friends,
    inequality,
    mean_over_seeds,
    paired_difference,
    reproduction_number,
    unpredictability,
)


class TestConformity:
    def test_worlds_with_the_same_shares_are_predictable(self) -> None:
        assert unpredictability([[1, 3], [2, 6]]) == 0.0

    def test_it_is_the_mean_over_items_and_pairs_of_worlds(self) -> None:
        # Shares (1, 0), (0, 1), (.5, .5): pairs differ by 1, .5 and .5.
        assert unpredictability([[4, 0], [0, 2], [3, 3]]) == pytest.approx(2 / 3)

    def test_copying_others_raises_both_measures(self) -> None:
        draw = np.random.default_rng(7)
        worlds = {}
        for weight in (0.0, 1.0):
            rows = np.ones((6, 20))
            for world in rows:
                for _ in range(300):
                    odds = world**weight
                    world[draw.choice(20, p=odds / odds.sum())] += 1
            worlds[weight] = rows - 1
        assert inequality(worlds[1.0]) > inequality(worlds[0.0])
        assert unpredictability(worlds[1.0]) > 1.5 * unpredictability(worlds[0.0])

    def test_one_world_is_not_enough(self) -> None:
        with pytest.raises(DataError, match="two or more worlds"):
            unpredictability([[1, 2]])

    def test_changes_are_counted_by_the_number_of_friends(self) -> None:
        share, rows = changed_by_friends([1, 1, 1, 3], [True, False, False, True])
        assert rows.tolist() == [0, 3, 0, 1]
        assert share[1] == pytest.approx(1 / 3)
        assert np.isnan(share[2])


class TestReproduction:
    def test_the_forwards_of_the_seed_do_not_count(self) -> None:
        assert reproduction_number([-1, 0, 0, 0, 0]) == 0.0

    def test_a_chain_has_one_forward_each_but_the_last(self) -> None:
        assert reproduction_number([-1, 0, 1, 2, 3]) == 0.75

    def test_several_cascades_are_pooled(self) -> None:
        assert reproduction_number([-1, 0, 1, -1, 3]) == pytest.approx(1 / 3)

    def test_it_is_unknown_if_nobody_forwarded(self) -> None:
        assert np.isnan(reproduction_number([-1, -1]))

    def test_a_parent_that_does_not_exist_is_refused(self) -> None:
        with pytest.raises(DataError, match="got 9"):
            reproduction_number([-1, 9])


class TestSeeds:
    def test_the_sign_is_that_of_an_interval_without_zero(self) -> None:
        assert mean_over_seeds([1.0, 1.1, 0.9]).sign == 1
        assert mean_over_seeds([1.0, -1.1, 0.2]).sign == 0

    def test_pairs_take_out_what_the_seed_does(self) -> None:
        control = np.array([0.0, 5.0, 10.0])
        found = paired_difference(control - [0.9, 1.0, 1.1], control)
        assert (found.sign, found.seeds) == (-1, 3)
        assert found.high < -0.7

    def test_one_seed_has_no_interval(self) -> None:
        found = mean_over_seeds([2.0])
        assert found.mean == 2.0
        assert np.isnan(found.low)

    def test_arms_of_different_length_are_refused(self) -> None:
        with pytest.raises(DataError, match="same seeds"):
            paired_difference([1.0], [1.0, 2.0])
