"""The part of the city comes first: ten at most, by rule as one draw, or as a model chooses."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from mesa_llm_city.core.asking import Question, run
from mesa_llm_city.core.errors import CityError, ConfigError, LLMError
from mesa_llm_city.core.values import ChoiceSet, DecisionSource, Float, Purpose
from mesa_llm_city.mobility import GravityChoice, GravityConfig, PlaceChosen, gravity_probabilities
from mesa_llm_city.prompts import PromptLibrary


def places(distance_m: list[float], area: list[int] | None = None) -> ChoiceSet:
    count = len(distance_m)
    return ChoiceSet(
        places=np.arange(count) + 100,
        distance_m=np.array(distance_m),
        category=np.zeros(count, dtype=np.int64),
        boost=np.ones(count),
        area=None if area is None else np.array(area),
    )


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
        both, felt = places([500.0, 500.0]), Opinions([0.5, 0.5], [0.05, 0.25])
        shares = [
            float(GravityChoice(GravityConfig(curiosity=one)).probabilities(both, felt)[1])
            for one in (-0.5, 0.0, 0.5)
        ]
        assert shares[0] < shares[1] == pytest.approx(0.5)
        assert shares[2] > 0.5


class TestAreas:
    def test_only_the_heaviest_come_into_question(self) -> None:
        city = places([100.0 * (one + 1) for one in range(24)], [one // 2 for one in range(24)])
        likely = GravityChoice().probabilities(city, None)
        assert np.count_nonzero(likely) == 20
        assert (likely[20:] == 0.0).all()
        assert likely.sum() == pytest.approx(1.0)

    def test_within_ten_nothing_changes(self) -> None:
        distance = [300.0, 700.0, 900.0, 2000.0]
        with_areas = GravityChoice().probabilities(places(distance, [0, 1, 1, 2]), None)
        without = GravityChoice().probabilities(places(distance), None)
        np.testing.assert_allclose(with_areas, without)

    def test_there_must_be_one(self) -> None:
        with pytest.raises(ConfigError, match="areas must be at least 1, got 0"):
            GravityConfig(areas=0)


class Model:
    """Chooses the area of a name, and remembers what it was told."""

    def __init__(self, name: str | LLMError) -> None:
        self.name, self.told = name, ""

    def answer_many(self, questions: Sequence[Question]) -> list[BaseModel | CityError]:
        (question,) = questions
        self.told = PromptLibrary().render(question).messages[1][1]
        if isinstance(self.name, LLMError):
            return [self.name]
        areas = question.facts["areas"]
        assert isinstance(areas, list)
        number = [one["name"] for one in areas].index(self.name) + 1
        return [question.reply.model_validate({"reason": "the sea", "choice": number})]


CITY = places([300.0, 400.0, 3000.0, 3100.0], [0, 0, 1, 1])


def chosen(model: Model, seed: int = 1) -> PlaceChosen:
    thought = GravityChoice(source=DecisionSource.PROMPT).choose(
        CITY,
        None,
        purpose=Purpose.LEISURE,
        mood=0.4,
        area_names=("Old Town", "Harbour"),
        rng=np.random.default_rng(seed),
    )
    return run(thought, backend=model)


class TestPrompt:
    @pytest.mark.parametrize("seed", range(5))
    def test_a_place_is_drawn_in_the_area_that_the_model_chooses(self, seed: int) -> None:
        found = chosen(Model("Harbour"), seed)
        assert found.place in {102, 103}
        assert found.probabilities[:2].tolist() == [0.0, 0.0]
        assert found.probabilities.sum() == pytest.approx(1.0)
        assert found.source is DecisionSource.PROMPT
        assert found.reason.startswith("the sea (3.")

    def test_it_is_told_distance_choice_and_pull_of_each(self) -> None:
        model = Model("Harbour")
        chosen(model)
        for told in ('"Old Town": 0.3; 2; 9', '"Harbour": 3.0; 2; 1', 'What for: "leisure"'):
            assert told in model.told

    def test_where_there_is_one_area_nothing_is_asked(self) -> None:
        model = Model(LLMError("never asked"))
        alone = places([300.0, 400.0], [0, 0])
        part = GravityChoice(source=DecisionSource.PROMPT)
        found = run(part.choose(alone, None, rng=np.random.default_rng(1)), backend=model)
        assert found.source is DecisionSource.RULE

    def test_without_a_reply_the_rule_decides_if_it_may(self) -> None:
        error = LLMError("down")
        with pytest.raises(LLMError):
            chosen(Model(error))
        error.use_rules = True
        assert chosen(Model(error)).reason == "rules after: down"
