"""Beliefs about places: learnt by a Kalman filter, fading by days, guessed from similar places."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.asking import run
from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import ChoiceSet
from mesa_llm_city.mind import (
    PlaceBeliefs,
    Ratings,
    Visit,
    decay_to_neutral,
    kalman_update,
)
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.testing import check_component

SHARE = st.floats(0.0, 1.0)
POSITIVE = st.floats(1e-3, 1.0)


def choice_set(places: list[int], category: list[int]) -> ChoiceSet:
    count = len(places)
    return ChoiceSet(
        places=np.array(places),
        distance_m=np.full(count, 500.0),
        category=np.array(category),
        boost=np.ones(count),
    )


def visit(
    *,
    price: float = float("nan"),
    travel_min: float = 0.0,
    income: float = 1.0,
    taste: float = 0.0,
) -> Visit:
    return Visit(
        place=7,
        category=2,
        price=price,
        rating=float("nan"),
        travel_min=travel_min,
        income=income,
        taste=taste,
        minute=600,
    )


class TestKalmanUpdate:
    def test_the_gains_are_those_of_the_paper(self) -> None:
        # sigma_b = .25 and sigma_o = .2: K = .5556, .3571, .2632 and sigma .1111, .0714, .0526.
        mean, variance = np.array(0.0), np.array(0.25)
        for gain, left in ((0.5556, 0.1111), (0.3571, 0.0714), (0.2632, 0.0526)):
            updated, variance = kalman_update(mean, variance, mean + 1.0, 0.2)
            assert float(updated - mean) == pytest.approx(gain, abs=5e-5)
            assert float(variance) == pytest.approx(left, abs=5e-5)
            mean = updated

    @given(SHARE, POSITIVE, SHARE, POSITIVE)
    def test_the_new_mean_lies_between_belief_and_observation(
        self, mean: float, variance: float, observed: float, noise: float
    ) -> None:
        updated, left = kalman_update(mean, variance, observed, noise)
        assert min(mean, observed) - 1e-12 <= float(updated) <= max(mean, observed) + 1e-12
        assert 0.0 < float(left) < variance

    def test_it_broadcasts_over_people_and_aspects(self) -> None:
        mean, variance = kalman_update(np.full((5, 4), 0.5), np.full((5, 1), 0.25), 1.0, 0.2)
        assert mean.shape == (5, 4)
        assert variance.shape == (5, 1)


class TestDecayToNeutral:
    def test_the_distance_to_neutral_halves_in_23_days(self) -> None:
        assert float(decay_to_neutral(0.9, 1.0 - 0.97**22.76)) == pytest.approx(0.7, abs=1e-3)

    @given(SHARE, SHARE, SHARE)
    def test_it_never_passes_neutral(self, mean: float, rate: float, neutral: float) -> None:
        faded = float(decay_to_neutral(mean, rate, neutral))
        assert min(mean, neutral) - 1e-12 <= faded <= max(mean, neutral) + 1e-12

    def test_days_add_up(self) -> None:
        twice = decay_to_neutral(decay_to_neutral(0.9, 0.03), 0.03)
        assert float(twice) == pytest.approx(float(decay_to_neutral(0.9, 1.0 - 0.97**2)))


class TestPlaceBeliefs:
    def test_all_places_are_neutral_before_the_first_visit(self) -> None:
        opinions = PlaceBeliefs().as_of(0)
        places = choice_set([3, 4], [0, 1])
        assert opinions.attractiveness(places).tolist() == [0.5, 0.5]
        assert opinions.uncertainty(places).tolist() == [0.25, 0.25]

    def test_a_visit_changes_beliefs_about_the_place_and_about_its_kind(self) -> None:
        beliefs = PlaceBeliefs()
        beliefs.update(7, (1.0, 1.0, 1.0, 1.0), category=2, at_min=600)
        places = choice_set([7, 8, 9], [2, 2, 5])
        opinions = beliefs.as_of(601)
        np.testing.assert_allclose(
            opinions.attractiveness(places), [0.7778, 0.8333, 0.75], atol=5e-5
        )
        np.testing.assert_allclose(opinions.uncertainty(places), [0.1111, 0.25, 0.25], atol=5e-5)

    def test_a_guess_uses_the_latest_visited_places_of_a_kind(self) -> None:
        beliefs = PlaceBeliefs(CityParameters().with_("mind.beliefs.similar", 1))
        beliefs.update(1, np.zeros(4), category=2, at_min=0)
        beliefs.update(2, np.ones(4), category=2, at_min=10)
        guess = beliefs.as_of(20).attractiveness(choice_set([9], [2]))
        # Own mean 1.5 / 3; effect of the second place (1 - 0.5) / 3.
        assert guess[0] == pytest.approx(0.6667, abs=5e-5)

    def test_beliefs_fade_by_whole_days(self) -> None:
        beliefs = PlaceBeliefs()
        beliefs.update(7, (1.0, 1.0, 1.0, 1.0), category=2, at_min=0)
        learnt = beliefs.belief(7, at_min=DAY_MIN - 1)[0]
        faded = beliefs.belief(7, at_min=2 * DAY_MIN)[0]
        assert faded == pytest.approx(0.5 + (learnt - 0.5) * 0.97**2)

    def test_reading_changes_nothing(self) -> None:
        beliefs = PlaceBeliefs()
        beliefs.update(7, (1.0, 0.0, 1.0, 0.0), category=2, at_min=0)
        before = beliefs.state()
        beliefs.belief(7, at_min=9 * DAY_MIN)
        beliefs.as_of(9 * DAY_MIN).attractiveness(choice_set([7], [2]))
        assert beliefs.state() == before

    def test_it_keeps_the_promises_of_a_component(self) -> None:
        def with_one_visit() -> PlaceBeliefs:
            beliefs = PlaceBeliefs()
            beliefs.update(3, (0.2, 0.9, 0.4, 0.6), category=1, at_min=60)
            return beliefs

        async def judge(beliefs: PlaceBeliefs, rng: np.random.Generator) -> Ratings:
            return await beliefs.appraise(visit(), rng=rng)

        def learn(beliefs: PlaceBeliefs, ratings: Ratings) -> None:
            beliefs.update(7, ratings[:4], category=2, at_min=600)

        check_component(with_one_visit, judge, commit=learn, inputs=[visit()])


class TestAppraise:
    def rate(self, **changes: float) -> Ratings:
        quiet = PlaceBeliefs(CityParameters().with_("mind.beliefs.noise_sd", 0.0))
        return run(quiet.appraise(visit(**changes), rng=np.random.default_rng(1)))

    def test_unknown_attributes_are_rated_neutral(self) -> None:
        rated = self.rate()
        assert rated[:4] == pytest.approx((0.5, 0.5, 2.0 / 3.0, 1.0))

    def test_convenience_falls_with_travel_time(self) -> None:
        assert self.rate(travel_min=30.0).convenience == pytest.approx(np.exp(-1.0))

    def test_the_same_price_is_rated_worse_by_people_with_less_income(self) -> None:
        assert self.rate(price=0.8, income=0.5).price < self.rate(price=0.8, income=2.0).price

    def test_the_reason_names_the_terms(self) -> None:
        assert self.rate(travel_min=12.0, taste=1.0).reason == "way 12 min, taste +0.15"

    @given(st.floats(-3.0, 3.0), st.floats(0.0, 500.0), SHARE)
    def test_ratings_lie_between_zero_and_one(
        self, taste: float, travel_min: float, price: float
    ) -> None:
        rated = self.rate(taste=taste, travel_min=travel_min, price=price)
        assert all(0.0 <= value <= 1.0 for value in rated[:4])


def test_a_variance_of_zero_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"prior_variance: got 0\.0; accepted is a number > 0"):
        CityParameters().with_("mind.beliefs.prior_variance", 0.0)
