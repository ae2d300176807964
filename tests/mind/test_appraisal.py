"""Appraisal of visits, by rule and by prompt."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.asking import Question, run
from mesa_llm_city.core.errors import LLMError
from mesa_llm_city.core.inverse_draws import normal_of
from mesa_llm_city.core.streams import RandomStreams, uniforms
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.mind import (
    AppraisalPrompt,
    PlaceBeliefs,
    Ratings,
    Visit,
    appraise_by_rule,
    mean_rating,
    mood_lift,
    rate_visits,
)
from mesa_llm_city.mind.appraisal import appraise_together
from mesa_llm_city.parameters.mind import BeliefParameters
from mesa_llm_city.prompts import Prompted, PromptLibrary

QUIET = BeliefParameters(noise_sd=0.0)
NAN = float("nan")


def visit(**changes: object) -> Visit:
    plain = Visit(4, 1, 0.4, 0.6, 10.0, 1.0, 0.0, 700, 0.0, 60, "leisure", "Tea House, cafe")
    return plain._replace(**changes)  # type: ignore[arg-type]


def judged(**changes: object) -> Ratings:
    return appraise_by_rule(visit(**changes), QUIET, np.random.default_rng(1))


class TestRule:
    def test_ratings_of_a_visit_match_values_worked_by_hand(self) -> None:
        rated = judged()
        assert rated.price == pytest.approx(0.6)
        assert rated.atmosphere == pytest.approx(0.6)
        assert rated.convenience == pytest.approx(np.exp(-1.0 / 3.0))
        assert rated.satisfaction == pytest.approx((0.6 + 0.6 + np.exp(-1.0 / 3.0)) / 3.0)

    def test_the_same_price_is_rated_worse_by_people_with_less_income(self) -> None:
        assert judged(income=0.6).price < judged(income=2.0).price

    def test_a_good_mood_raises_the_rating_of_the_atmosphere(self) -> None:
        assert judged(mood=1.0).atmosphere == pytest.approx(judged().atmosphere + 0.1)

    def test_the_mood_rises_after_a_good_visit_and_falls_after_a_bad_one(self) -> None:
        assert judged().mood > 0.0
        assert judged(price=1.0, rating=0.0, travel_min=90.0).mood < 0.0

    def test_unknown_price_and_rating_count_as_neutral(self) -> None:
        rated = judged(price=NAN, rating=NAN)
        assert (rated.price, rated.atmosphere) == (0.5, 0.5)

    def test_the_numbers_are_parameters(self) -> None:
        steep = BeliefParameters(noise_sd=0.0, mood_lift=0.6, least_income=2.0)
        usual, rated = (
            judged(price=0.8),
            appraise_by_rule(visit(price=0.8), steep, np.random.default_rng(1)),
        )
        assert rated.price == pytest.approx(1.0 - 0.8 / 2.0)
        assert usual.price == pytest.approx(1.0 - 0.8 / 1.0)
        assert rated.mood == pytest.approx(0.6 * (2.0 * rated.satisfaction - 1.0))

    @given(
        price=st.floats(0, 1), rating=st.floats(0, 1), taste=st.floats(-4, 4), mood=st.floats(-1, 1)
    )
    def test_ratings_stay_within_bounds(
        self, price: float, rating: float, taste: float, mood: float
    ) -> None:
        rated = judged(price=price, rating=rating, taste=taste, mood=mood)
        assert all(0.0 <= one <= 1.0 for one in rated[:4])
        assert -1.0 <= rated.mood <= 1.0


def test_many_visits_are_rated_as_each_alone() -> None:
    rng, count, numbers = np.random.default_rng(2), 80, BeliefParameters()
    price, rating, income, mood = rng.uniform(-0.3, 1.3, (4, count)).clip(0.0, 1.0)
    price[:9], rating[5:20] = NAN, NAN
    way, taste = rng.uniform(0.0, 90.0, count), rng.standard_normal(count)
    rated = rate_visits(
        price,
        rating,
        way,
        income=income,
        taste=taste,
        mood=mood,
        noise=normal_of(uniforms(3, np.arange(count), "appraisal", 700, 4)),
        parameters=numbers,
    )
    for row in range(count):
        alone = appraise_by_rule(
            visit(
                price=price[row],
                rating=rating[row],
                travel_min=way[row],
                income=income[row],
                taste=taste[row],
                mood=mood[row],
            ),
            numbers,
            RandomStreams(3, row).at("appraisal", step=700),
        )
        assert alone[:4] == tuple(rated[row].tolist())
        assert alone.mood == mood_lift(rated[row, 2], numbers)
    assert mean_rating(rated) == pytest.approx(rated.mean(axis=1))


class Model:
    """Answers with ratings, and keeps the last prompt."""

    def __init__(self) -> None:
        self.told = ""

    def answer_many(self, questions: Sequence[Question]) -> list[object]:
        (question,) = questions
        self.told = PromptLibrary().render(question).messages[1][1]
        said = {"reason": "crowded", "price": 4, "atmosphere": 2, "satisfaction": 5}
        return [question.reply.model_validate({**said, "convenience": 10, "mood": -2})]


class TestPrompt:
    def ask(self, backend: object, **changes: object) -> Ratings:
        part = Prompted(PlaceBeliefs(), AppraisalPrompt())
        thought = part.appraise(visit(**changes), rng=np.random.default_rng(1))
        ratings: Ratings = run(thought, backend=backend)  # type: ignore[arg-type]
        return ratings

    def test_ratings_of_the_reply_become_shares(self) -> None:
        assert self.ask(Model()) == (0.4, 0.2, 0.5, 1.0, "crowded", -0.4, DecisionSource.PROMPT)

    def test_the_prompt_contains_place_stay_travel_time_and_mood(self) -> None:
        model = Model()
        self.ask(model, mood=0.4, rating=NAN)
        for told in ('"Tea House, cafe"', "60 minutes", "way of 10 minutes", "Mood before 2"):
            assert told in model.told
        assert "Price level 4, rated unknown by others" in model.told

    def test_the_rule_decides_without_a_reply_if_the_run_allows_it(self) -> None:
        class Down:
            def answer_many(self, questions: Sequence[Question]) -> list[LLMError]:
                error = LLMError("down", purpose=questions[0].purpose)
                error.use_rules = True
                return [error]

        rated = self.ask(Down())
        assert (rated.source, rated.reason) == (DecisionSource.RULE, "rules after: down")


def test_visits_judged_together_are_judged_as_each_alone() -> None:
    loud = BeliefParameters(noise_sd=0.2)
    visits = [visit(), visit(price=NAN, mood=0.4), visit(rating=NAN, taste=1.2), visit(income=0.2)]
    numbers = [QUIET, loud, loud, QUIET]

    def asked() -> list[tuple[Visit, BeliefParameters, np.random.Generator]]:
        draws = [np.random.default_rng(row) for row in range(len(visits))]
        return list(zip(visits, numbers, draws, strict=True))

    assert appraise_together(asked()) == [appraise_by_rule(*one) for one in asked()]
