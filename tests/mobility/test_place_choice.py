"""Place choice by belief-weighted gravity."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.asking import Thought, run, run_all
from mesa_llm_city.core.errors import ChoiceError, ConfigError
from mesa_llm_city.core.values import ChoiceSet, DecisionSource, Float
from mesa_llm_city.mobility import (
    GravityChoice,
    PlaceChosen,
    PlaceHistory,
    PlaceOpinions,
    gravity_probabilities,
)
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.testing import check_component


def choice_set(distance_m: list[float], boost: list[float] | None = None) -> ChoiceSet:
    count = len(distance_m)
    return ChoiceSet(
        places=np.arange(10, 10 + count),
        distance_m=np.array(distance_m),
        category=np.zeros(count, dtype=np.int64),
        boost=np.ones(count) if boost is None else np.array(boost),
    )


class Fond:
    """Likes the last place best."""

    def attractiveness(self, places: ChoiceSet) -> Float:
        return np.linspace(0.1, 0.9, len(places))

    def uncertainty(self, places: ChoiceSet) -> Float:
        return np.full(len(places), 0.25)


def test_the_choice_does_not_depend_on_the_size_of_the_city() -> None:
    near, far = choice_set([100.0, 200.0, 400.0]), choice_set([1000.0, 2000.0, 4000.0])
    np.testing.assert_allclose(
        GravityChoice().probabilities(near, Fond()), GravityChoice().probabilities(far, Fond())
    )


def test_a_fixed_unit_replaces_the_median() -> None:
    places = choice_set([2000.0, 2000.0])
    kilometre = CityParameters().with_("mobility.gravity.unit_m", 1000.0)
    likely = GravityChoice(kilometre).probabilities(places, Fond())
    assert likely[1] / likely[0] == pytest.approx(2.94, abs=0.01)


def test_an_event_draws_people_in_proportion_to_its_boost() -> None:
    likely = GravityChoice().probabilities(choice_set([500.0, 500.0], [1.0, 4.0]), None)
    assert likely.tolist() == pytest.approx([0.2, 0.8])


def test_the_decision_names_distance_probability_and_source() -> None:
    chosen = run(GravityChoice().choose(choice_set([620.0]), None, rng=np.random.default_rng(1)))
    assert chosen.place == 10
    assert chosen.source is DecisionSource.RULE
    assert chosen.reason == "0.62 km, p 1.000 of 1 places"


def test_places_are_drawn_as_often_as_their_probability_says() -> None:
    places, rng = choice_set([200.0, 600.0]), np.random.default_rng(3)
    drawn = [run(GravityChoice().choose(places, None, rng=rng)).place for _ in range(2000)]
    assert drawn.count(10) / 2000 == pytest.approx(0.75, abs=0.03)


def test_a_subclass_values_other_things() -> None:
    class Curious(GravityChoice):
        def attractiveness(self, places: ChoiceSet, beliefs: PlaceOpinions | None) -> Float:
            assert beliefs is not None
            return super().attractiveness(places, beliefs) + 0.2 * beliefs.uncertainty(places)

    places = choice_set([100.0, 300.0])
    assert not np.array_equal(
        Curious().probabilities(places, Fond()), GravityChoice().probabilities(places, Fond())
    )


def test_an_empty_choice_set_is_an_error() -> None:
    with pytest.raises(ChoiceError, match="the choice set is empty"):
        run(GravityChoice().choose(choice_set([]), None, rng=np.random.default_rng(1)))


def test_it_keeps_the_promises_of_a_component() -> None:
    places = choice_set([100.0, 300.0, 500.0])

    async def choose(part: GravityChoice, rng: np.random.Generator) -> PlaceChosen:
        return await part.choose(places, Fond(), rng=rng)

    check_component(GravityChoice, choose, inputs=[places])


def test_a_unit_of_nothing_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"mobility\.gravity\.unit_m: got 0"):
        CityParameters().with_("mobility.gravity.unit_m", 0.0)


def areas_of(distance_m: list[float], area: list[int] | None = None) -> ChoiceSet:
    codes = None if area is None else np.array(area)
    return replace(choice_set(distance_m), area=codes)


def curious(curiosity: float) -> CityParameters:
    return CityParameters().with_("mobility.gravity.curiosity", curiosity)


class Opinions:
    """Believes the same of all places, but is unsure of some."""

    def __init__(self, belief: list[float], variance: list[float]) -> None:
        self.belief, self.variance = np.array(belief), np.array(variance)

    def attractiveness(self, _: ChoiceSet) -> Float:
        return self.belief

    def uncertainty(self, _: ChoiceSet) -> Float:
        return self.variance


class TestSign:
    @given(
        beliefs=st.tuples(st.floats(0.0, 1.0), st.floats(0.0, 1.0)),
        distance=st.floats(0.01, 100.0),
    )
    def test_reversed_the_better_liked_of_two_as_far_always_wins_beyond_one_unit(
        self, beliefs: tuple[float, float], distance: float
    ) -> None:
        low, high = sorted(beliefs)
        far = max(distance, 1.0)
        likely = gravity_probabilities([low, high], [far, far], reversed_sign=True)
        assert likely[1] >= likely[0] - 1e-12
        near = min(distance, 1.0)
        paper = gravity_probabilities([low, high], [near, near])
        assert paper[1] >= paper[0] - 1e-12

    @given(belief=st.floats(0.0, 1.0), near=st.floats(0.01, 5.0), more=st.floats(0.0, 50.0))
    def test_whatever_the_sign_the_farther_of_two_equals_is_no_likelier(
        self, belief: float, near: float, more: float
    ) -> None:
        for reversed_sign in (False, True):
            likely = gravity_probabilities(
                [belief, belief], [near, near + more], reversed_sign=reversed_sign
            )
            assert likely.sum() == pytest.approx(1.0)
            assert likely[0] >= likely[1] - 1e-12

    def test_the_sign_decides_whether_liking_is_worth_a_long_way(self) -> None:
        near_dull, far_liked = 0.3, 0.9
        paper = gravity_probabilities([near_dull, far_liked], [1.0, 4.0])
        reversed_one = gravity_probabilities([near_dull, far_liked], [1.0, 4.0], reversed_sign=True)
        assert paper[1] < 0.25
        assert reversed_one[1] > 0.6


class TestCuriosity:
    def test_above_zero_the_unknown_attracts_and_below_it_deters(self) -> None:
        both, felt = areas_of([500.0, 500.0]), Opinions([0.5, 0.5], [0.05, 0.25])
        shares = [
            float(GravityChoice(curious(one)).probabilities(both, felt)[1])
            for one in (-0.5, 0.0, 0.5)
        ]
        assert shares[0] < shares[1] == pytest.approx(0.5)
        assert shares[2] > 0.5


class TestAreas:
    def test_only_the_heaviest_come_into_question(self) -> None:
        city = areas_of([100.0 * (one + 1) for one in range(24)], [one // 2 for one in range(24)])
        likely = GravityChoice().probabilities(city, None)
        assert np.count_nonzero(likely) == 20
        assert (likely[20:] == 0.0).all()
        assert likely.sum() == pytest.approx(1.0)

    def test_within_ten_nothing_changes(self) -> None:
        distance = [300.0, 700.0, 900.0, 2000.0]
        with_areas = GravityChoice().probabilities(areas_of(distance, [0, 1, 1, 2]), None)
        without = GravityChoice().probabilities(areas_of(distance), None)
        np.testing.assert_allclose(with_areas, without)

    def test_their_number_is_a_parameter(self) -> None:
        city = areas_of([100.0 * (one + 1) for one in range(24)], [one // 2 for one in range(24)])
        three = CityParameters().with_("mobility.gravity.areas", 3)
        assert np.count_nonzero(GravityChoice(three).probabilities(city, None)) == 6
        with pytest.raises(ConfigError, match=r"mobility\.gravity\.areas: got 0"):
            CityParameters().with_("mobility.gravity.areas", 0)


class TestAttraction:
    def test_places_draw_people_in_proportion_to_their_attraction(self) -> None:
        places = replace(choice_set([500.0, 500.0]), attraction=np.array([300.0, 100.0]))
        assert GravityChoice().probabilities(places, None).tolist() == pytest.approx([0.75, 0.25])

    def test_its_exponent_is_a_parameter_and_0_leaves_it_out(self) -> None:
        places = replace(choice_set([500.0, 500.0]), attraction=np.array([400.0, 100.0]))
        for exponent, share in ((0.5, 2 / 3), (0.0, 0.5)):
            tree = CityParameters().with_("mobility.gravity.attraction", exponent)
            assert GravityChoice(tree).probabilities(places, None)[0] == pytest.approx(share)

    def test_a_place_without_any_is_gone_to_only_if_all_are_such(self) -> None:
        some = replace(choice_set([500.0, 500.0]), attraction=np.array([0.0, 2.0]))
        none = replace(some, attraction=np.zeros(2))
        assert GravityChoice().probabilities(some, None).tolist() == [0.0, 1.0]
        assert GravityChoice().probabilities(none, None).tolist() == [0.5, 0.5]

    def test_beliefs_modify_it(self) -> None:
        places = replace(choice_set([500.0, 500.0]), attraction=np.array([100.0, 100.0]))
        liked = Opinions([0.25, 0.5], [0.25, 0.25])
        likely = GravityChoice().probabilities(places, liked)
        assert likely[1] / likely[0] == pytest.approx(0.501 / 0.251)


class Farthest(GravityChoice):
    """Goes as far as it can."""

    __slots__ = ()

    def probabilities(
        self, places: ChoiceSet, beliefs: PlaceOpinions | None, history: PlaceHistory | None = None
    ) -> Float:
        del beliefs, history
        last: Float = np.eye(len(places))[-1]
        return last


def test_those_who_choose_together_go_where_each_goes_alone() -> None:
    usual, own = GravityChoice(), Farthest()
    near, far = choice_set([100.0, 250.0, 700.0]), choice_set([300.0, 900.0])
    in_areas = replace(
        choice_set([50.0, 60.0, 70.0, 80.0]), area=np.array([1, 1, 2, 0]), attraction=np.ones(4)
    )
    known = PlaceHistory(np.array([0, 2, 1]), 0.3), PlaceHistory(np.array([0, 0]), 0.9)
    asked = [
        (usual, near, Fond(), known[0]),
        (usual, far, None, known[1]),
        (own, near, Fond(), None),
        (usual, in_areas, Fond(), None),
        (usual, in_areas, None, None),
    ]
    alone, together = (
        [
            choice.choose(places, beliefs, history=history, rng=np.random.default_rng(seed))
            for seed, (choice, places, beliefs, history) in enumerate(asked)
        ]
        for _ in range(2)
    )
    for one, other in zip(run_all([Thought(one) for one in together]), alone, strict=True):
        expected = run(other)
        assert (one.place, one.reason) == (expected.place, expected.reason)
        assert one.probabilities.tolist() == expected.probabilities.tolist()
