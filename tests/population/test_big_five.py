"""Personality on a scale of three."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.parameters.population import TraitParameters
from mesa_llm_city.population.big_five import BigFive, trait_levels, trait_shift

DEFAULT = TraitParameters()


def test_levels_are_thirds_of_a_normal_distribution() -> None:
    levels = trait_levels(np.random.default_rng(1).standard_normal(100_000), DEFAULT)
    np.testing.assert_allclose(np.bincount(levels)[1:] / 100_000, 1 / 3, atol=0.005)


def test_women_and_men_differ_as_published_and_meet_in_the_middle() -> None:
    age = np.array([45, 45, 45])
    women, men, others = trait_shift(age, np.array([1.0, 0.0, 0.5]), DEFAULT)
    assert (women - men).tolist() == pytest.approx([0.0, 0.12, 0.10, 0.15, 0.40])
    np.testing.assert_allclose(women + men, 2 * others, atol=1e-12)


def test_age_makes_conscientious_kind_and_calm() -> None:
    young, old = trait_shift(np.array([25, 65]), np.array([0.5, 0.5]), DEFAULT)
    change = dict(zip(BigFive._fields, old - young, strict=True))
    assert change["conscientiousness"] > 0
    assert change["agreeableness"] > 0
    assert change["neuroticism"] < 0


def test_a_change_per_decade_counts_from_the_middle_age_to_both_limits() -> None:
    parameters = CityParameters.from_dotted(
        {
            "population.traits.per_decade.openness": 0.1,
            "population.traits.middle_age": 40,
            "population.traits.changes_from": 20,
            "population.traits.changes_to": 70,
        }
    )
    age = np.array([10, 20, 40, 50, 70, 90])
    shift = trait_shift(age, np.full(6, 0.5), parameters.population.traits)
    assert shift[:, 0].tolist() == pytest.approx([-0.2, -0.2, 0.0, 0.1, 0.3, 0.3])


def test_a_balanced_person_has_no_trait_that_stands_out() -> None:
    assert BigFive().words() == ()
    assert len(BigFive(1, 3, 1, 3, 1).words()) == 5
