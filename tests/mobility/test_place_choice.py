"""Place choice by belief-weighted gravity."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.core.asking import run
from mesa_llm_city.core.errors import ChoiceError, ConfigError
from mesa_llm_city.core.values import ChoiceSet, DecisionSource, Float
from mesa_llm_city.mobility import GravityChoice, GravityConfig, PlaceChosen, PlaceOpinions
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
    likely = GravityChoice(GravityConfig(unit_m=1000.0)).probabilities(places, Fond())
    assert likely[1] / likely[0] == pytest.approx(2.94, abs=0.01)


def test_an_event_draws_people_in_proportion_to_its_boost() -> None:
    likely = GravityChoice().probabilities(choice_set([500.0, 500.0], [1.0, 4.0]), None)
    assert likely.tolist() == pytest.approx([0.2, 0.8])


def test_the_answer_names_distance_probability_and_mind() -> None:
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
    with pytest.raises(ConfigError, match=r"unit_m must be positive, got 0\.0"):
        GravityConfig(unit_m=0.0)
