"""Candidates: dense near, sparse far, each standing for its group."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city import City
from mesa_llm_city.city.candidates import strata, strata_rows
from mesa_llm_city.parameters import CityParameters

FEW = CityParameters(mobility={"candidates": {"number": 24, "cell_m": 400.0}})


@cache
def town(parameters: CityParameters = FEW) -> City:
    return City.synthetic(rng=5, places=900, parameters=parameters)


class TestStrata:
    @given(
        n=st.integers(0, 3000),
        most=st.integers(1, 90),
        share=st.floats(0.0, 1.0),
        seed=st.integers(0, 99),
    )
    def test_ranks_rise_and_stand_for_all_of_them(
        self, n: int, most: int, share: float, seed: int
    ) -> None:
        near = min(round(share * most), most - 1)
        draws = np.random.default_rng(seed).random(most - near)
        ranks, size = strata(n, most, near, draws)
        assert len(ranks) == min(n, most)
        assert size.sum() == n
        assert (np.diff(ranks) > 0).all()
        assert (ranks < n).all()
        assert (ranks[:near] == np.arange(min(near, n))).all()
        assert (np.diff(size[near:-1]) >= -1).all()

    @pytest.mark.parametrize(("most", "near"), [(6, 3), (4, 4), (5, 0)])
    def test_lists_have_the_samples_that_they_have_alone(self, most: int, near: int) -> None:
        n = np.array([0, 3, most, 7, 500])
        draws = np.random.default_rng(3).random((len(n), most - near))
        every = strata_rows(n, most, near, draws)
        for row, count in enumerate(n.tolist()):
            alone = strata(count, most, near, draws[row])
            for found, one in zip(every, alone, strict=True):
                assert found[row, : len(one)].tolist() == one.tolist()
            assert (every[0][row, len(alone[0]) :] >= count).all()

    def test_every_rank_of_a_group_is_as_likely(self) -> None:
        rng = np.random.default_rng(1)
        drawn = [strata(100, 6, 3, rng.random(3))[0][-1] for _ in range(3000)]
        # The last group has the ranks 31 to 99.
        assert min(drawn) == 31
        assert max(drawn) == 99
        assert np.mean(drawn) == pytest.approx(65.0, abs=1.5)

    def test_with_a_share_of_1_only_the_nearest_come_into_question(self) -> None:
        ranks, size = strata(50, 4, 4, np.empty(0))
        assert ranks.tolist() == [0, 1, 2, 3]
        assert size.tolist() == [1, 1, 1, 1]


class TestCandidates:
    def test_they_stand_for_all_places_within_reach(self) -> None:
        near = town().candidates.around(np.array([3]), "shopping")
        offered = len(town().places.offering("shopping"))
        assert np.count_nonzero(near.places[0] >= 0) == 24
        assert near.correction[0].sum() == offered
        assert near.correction[0, :12].tolist() == [1.0] * 12
        assert near.correction[0, -1] > 1.0

    def test_all_come_into_question_where_there_are_few(self) -> None:
        near = town().candidates.around(np.array([3]), "sport")
        assert sorted(near.places[0].tolist()) == town().places.offering("sport").tolist()
        assert (near.correction == 1.0).all()

    def test_it_does_not_matter_when_a_part_of_the_city_is_asked_about(self) -> None:
        first, other = town(), City.synthetic(rng=5, places=900, parameters=FEW)
        origins = np.arange(0, 900, 7)
        other.candidates.prepare("meal")
        together = other.candidates.around(origins, "meal")
        for row, origin in enumerate(origins[::-1].tolist()):
            alone = first.candidates.around(np.array([origin]), "meal")
            same = together.take(np.array([len(origins) - 1 - row]))
            assert alone.places.tolist() == same.places.tolist()
            assert alone.correction.tolist() == same.correction.tolist()

    def test_parts_of_the_city_draw_different_far_places(self) -> None:
        near = town().candidates.around(np.arange(900), "shopping")
        assert len(np.unique(near.places[:, 12:])) > 40

    def test_their_share_of_near_ones_goes_from_none_to_all(self) -> None:
        for share, largest in ((0.0, True), (1.0, False)):
            tree = FEW.with_("mobility.candidates.near", share)
            near = town().with_parameters(tree).candidates.around(np.array([3]), "shopping")
            assert (near.places >= 0).all()
            assert (near.correction > 1.0).any() == largest

    def test_never_more_than_the_greatest_number_of_places(self) -> None:
        three = CityParameters(mobility={"gravity": {"most_places": 3}})
        near = town().with_parameters(three).candidates.around(np.array([3]), "shopping")
        assert near.places.shape == (1, 3)


class TestChoices:
    def test_they_are_the_candidates_and_known_places_in_reach_none_twice(self) -> None:
        city, rng = town(), np.random.default_rng(3)
        origin = rng.integers(0, 900, 50)
        known = np.array([rng.choice(900, 12, replace=False) for _ in origin])
        known[:, 10:] = -1
        radius = rng.uniform(200.0, 3000.0, 50)
        found = city.choices(origin, "shopping", radius_m=radius, known=known)
        offers = set(city.places.offering("shopping").tolist())
        for row, (here, within) in enumerate(zip(origin.tolist(), radius.tolist(), strict=True)):
            x, y = city.places.x - city.places.x[here], city.places.y - city.places.y[here]
            reached = set(np.flatnonzero(x * x + y * y <= within * within).tolist()) - {here}
            listed = city.candidates.around(np.array([here]), "shopping").places[0].tolist()
            expected = (set(listed) | (set(known[row].tolist()) & offers)) & reached
            own = found.row == row
            assert sorted(found.place[own].tolist()) == sorted(expected)
            np.testing.assert_allclose(
                found.distance_m[own], city.distance_m(here, found.place[own])
            )
            of_slot = found.slot[own] >= 0
            assert (known[row, found.slot[own][of_slot]] == found.place[own][of_slot]).all()
            assert (found.correction[own][of_slot] == 1.0).all()

    def test_a_sample_weighs_as_much_as_all_places_on_average(self) -> None:
        """The weights of far places, corrected, are those of all places (McFadden 1978)."""
        city = town()
        everything = city.with_parameters(CityParameters())
        totals = []
        for one in (city, everything):
            near = one.candidates.around(np.arange(900), "shopping")
            weight = near.correction * one.pull[near.places] * (near.places >= 0)
            totals.append(weight.sum(axis=1).mean())
        assert totals[0] == pytest.approx(totals[1], rel=0.1)
