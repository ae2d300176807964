"""Opinions of places that were not visited, from the places most like them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mesa_llm_city import City
from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.values import ChoiceSet, Float
from mesa_llm_city.mind import Opinions, PlaceBeliefs
from mesa_llm_city.parameters import CityParameters

LIKENESS: Float = np.array([[1.0, 0.7, 0.1], [0.7, 1.0, 0.1], [0.1, 0.1, 1.0]])


def unknown(*category: int) -> ChoiceSet:
    count = len(category)
    return ChoiceSet(
        places=np.arange(count) + 500,
        distance_m=np.full(count, 100.0),
        category=np.array(category, dtype=np.int64),
        boost=np.ones(count),
    )


def visited(*visits: tuple[int, float], **changes: float) -> PlaceBeliefs:
    """Return beliefs after one visit to each of some places of a kind, rated alike in all."""
    beliefs = PlaceBeliefs(CityParameters(mind={"beliefs": changes}))
    for place, (kind, rating) in enumerate(visits):
        beliefs.update(place, [rating] * 4, category=kind, at_min=place)
    return beliefs


def test_an_unknown_place_is_expected_to_be_as_the_persons_own_mean_and_its_kind() -> None:
    beliefs = visited((0, 1.0))
    liked = beliefs.as_of(100, LIKENESS).attractiveness(unknown(0, 1, 2))
    # Own mean (1 + 0.5) / 2; effects (1 - 0.75) / 3 and 0.7 (1 - 0.75) / 2.7.
    assert liked.tolist() == pytest.approx([0.8333, 0.8148, 0.75], abs=1e-4)


def test_without_embeddings_a_kind_is_similar_to_itself_only() -> None:
    liked = visited((0, 1.0)).as_of(100).attractiveness(unknown(0, 1))
    assert liked.tolist() == pytest.approx([0.8333, 0.75], abs=1e-4)


def test_of_no_places_there_is_no_opinion() -> None:
    for likeness in (None, LIKENESS):
        opinions = visited((0, 1.0)).as_of(100, likeness)
        assert len(opinions.attractiveness(unknown())) == 0
        assert len(opinions.uncertainty(unknown())) == 0


def test_a_guess_uses_the_ten_most_similar_places() -> None:
    beliefs = visited(*[(1, 0.0)] * 10, *[(0, 1.0)] * 10, slots=20)
    liked = beliefs.as_of(100, LIKENESS).attractiveness(unknown(0))
    assert liked[0] == pytest.approx(0.5 + 10 * 0.5 / 12)


def test_a_guess_is_shrunk_once_however_often_the_places_were_visited() -> None:
    once, often = visited((0, 0.9)), visited((0, 0.9))
    for minute in (10, 20, 30):
        often.update(0, [0.9] * 4, category=0, at_min=minute)
    guesses = [one.as_of(100).attractiveness(unknown(0))[0] for one in (once, often)]
    assert guesses[0] == pytest.approx(guesses[1], abs=1e-4)  # kept in 60,000ths


def test_what_is_forgotten_counts_less() -> None:
    fresh, old = (visited((0, 1.0)).as_of(day * DAY_MIN) for day in (0, 60))
    assert 0.5 < old.attractiveness(unknown(0))[0] < fresh.attractiveness(unknown(0))[0]


def test_disagreement_raises_the_variance_of_a_guess() -> None:
    agreed = visited((0, 0.8), (0, 0.8)).as_of(100).uncertainty(unknown(0))
    mixed = visited((0, 0.0), (0, 1.0)).as_of(100).uncertainty(unknown(0))
    assert agreed[0] == pytest.approx(0.25)
    assert mixed[0] > agreed[0]


def test_the_variance_can_grow_back_up_to_the_prior() -> None:
    for growth, after in ((0.0, 0.1111), (0.01, 0.2111)):
        beliefs = visited((0, 0.8), variance_growth_per_day=growth)
        assert beliefs.variances(10 * DAY_MIN)[0] == pytest.approx(after, abs=1e-4)
    grown = visited((0, 0.8), variance_growth_per_day=0.01)
    assert grown.variances(900 * DAY_MIN)[0] == 0.25


def test_a_second_visit_weighs_more_after_growth() -> None:
    updated = []
    for growth in (0.0, 0.01):
        beliefs = visited((0, 0.5), variance_growth_per_day=growth, decay_per_day=0.0)
        beliefs.update(0, [1.0] * 4, category=0, at_min=10 * DAY_MIN)
        updated.append(float(beliefs.belief(0, at_min=10 * DAY_MIN)[0]))
    assert updated[0] == pytest.approx(0.5 + 0.5 * 0.3571, abs=1e-4)
    assert updated[1] > updated[0]


def test_a_city_has_a_matrix_of_similar_kinds() -> None:
    city = City.synthetic(rng=1, places=300)
    likeness = city.kind_likeness
    kinds = len(city.places.category_names)
    assert likeness.shape == (kinds, kinds)
    np.testing.assert_allclose(np.diag(likeness), 1.0)
    np.testing.assert_allclose(likeness, likeness.T)


def test_several_persons_asked_at_once_expect_what_each_expects_alone() -> None:
    persons = [visited((0, 1.0), (1, 0.2)), visited(), visited((2, 0.4), (2, 0.9), (0, 0.1))]
    asked = [unknown(0, 1, 2), unknown(1), unknown(2, 0)]
    asked[2] = replace(asked[2], places=np.array([1, 501]))  # the first is known to the person
    for likeness in (None, LIKENESS):
        opinions = [
            one.as_of(at, likeness) for one, at in zip(persons, (100, 3000, 200), strict=True)
        ]
        alone = [one.attractiveness(places) for one, places in zip(opinions, asked, strict=True)]
        together = Opinions.attractiveness_of_all(opinions, asked)
        assert together.tolist() == np.concatenate(alone).tolist()


def test_persons_with_other_numbers_and_opinions_of_another_class_are_asked_one_by_one() -> None:
    class Keen(Opinions):
        def attractiveness(self, places: ChoiceSet) -> Float:
            return np.minimum(super().attractiveness(places) + 0.1, 1.0)

    few, many = visited((0, 1.0), slots=4).as_of(100), visited((0, 1.0)).as_of(100)
    asked = [unknown(0, 1), unknown(1)]
    alone = [few.attractiveness(asked[0]), many.attractiveness(asked[1])]
    assert Opinions.attractiveness_of_all([few, many], asked).tolist() == [
        *alone[0].tolist(),
        *alone[1].tolist(),
    ]
    keen = Keen(many.slots, many.category, 100, many.parameters)
    assert Keen.attractiveness_of_all([keen], asked[1:]).tolist() == [alone[1][0] + 0.1]
