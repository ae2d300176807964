"""Places never visited are judged by those most like them, and unsureness is told."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city import City
from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.values import ChoiceSet, Float
from mesa_llm_city.mind import BeliefConfig, PlaceBeliefs

LIKENESS: Float = np.array([[1.0, 0.7, 0.1], [0.7, 1.0, 0.1], [0.1, 0.1, 1.0]])


def unknown(*category: int) -> ChoiceSet:
    count = len(category)
    return ChoiceSet(
        places=np.arange(count) + 500,
        distance_m=np.full(count, 100.0),
        category=np.array(category),
        boost=np.ones(count),
    )


def visited(*visits: tuple[int, float], config: BeliefConfig | None = None) -> PlaceBeliefs:
    """Return beliefs after one visit to each of some places of a kind, rated alike in all."""
    beliefs = PlaceBeliefs(config)
    for place, (kind, rating) in enumerate(visits):
        beliefs.update(place, [rating] * 4, category=kind, at_min=place)
    return beliefs


def test_a_kind_is_judged_by_a_like_one_and_not_by_an_unlike_one() -> None:
    beliefs = visited((0, 1.0))
    liked = beliefs.as_of(100, LIKENESS).attractiveness(unknown(0, 1, 2))
    assert liked[0] == liked[1] == pytest.approx(0.7778, abs=1e-4)
    assert liked[2] == 0.5


def test_without_likeness_a_kind_is_like_itself_only() -> None:
    liked = visited((0, 1.0)).as_of(100).attractiveness(unknown(0, 1))
    assert liked.tolist() == [pytest.approx(0.7778, abs=1e-4), 0.5]


def test_the_ten_most_alike_are_asked() -> None:
    beliefs = visited(*[(1, 0.0)] * 10, *[(0, 1.0)] * 10)
    liked = beliefs.as_of(100, LIKENESS).attractiveness(unknown(0))
    assert liked[0] == pytest.approx(0.7778, abs=1e-4)


def test_disagreement_makes_a_guess_less_sure() -> None:
    agreed = visited((0, 0.8), (0, 0.8)).as_of(100).uncertainty(unknown(0))
    torn = visited((0, 0.0), (0, 1.0)).as_of(100).uncertainty(unknown(0))
    assert agreed[0] == pytest.approx(0.25)
    assert torn[0] > agreed[0]


def test_the_variance_may_grow_again_up_to_where_it_began() -> None:
    growing = BeliefConfig(variance_growth_per_day=0.01)
    for config, after in ((None, 0.1111), (growing, 0.2111)):
        beliefs = visited((0, 0.8), config=config)
        assert beliefs.variances(10 * DAY_MIN)[0] == pytest.approx(after, abs=1e-4)
    assert visited((0, 0.8), config=growing).variances(900 * DAY_MIN)[0] == 0.25


def test_a_second_visit_after_growth_counts_for_more() -> None:
    growing = BeliefConfig(variance_growth_per_day=0.01, decay_per_day=0.0)
    moved = []
    for config in (BeliefConfig(decay_per_day=0.0), growing):
        beliefs = visited((0, 0.5), config=config)
        beliefs.update(0, [1.0] * 4, category=0, at_min=10 * DAY_MIN)
        moved.append(float(beliefs.belief(0, at_min=10 * DAY_MIN)[0]))
    assert moved[0] == pytest.approx(0.5 + 0.5 * 0.3571, abs=1e-4)
    assert moved[1] > moved[0]


def test_a_city_knows_which_kinds_are_alike() -> None:
    city = City.synthetic(rng=1, places=300)
    likeness = city.kind_likeness
    kinds = len(city.places.category_names)
    assert likeness.shape == (kinds, kinds)
    np.testing.assert_allclose(np.diag(likeness), 1.0)
    np.testing.assert_allclose(likeness, likeness.T)
