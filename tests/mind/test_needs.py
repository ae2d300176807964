"""Needs: levels as functions of time, and which one presses."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from mesa_llm_city.core.asking import Question, run
from mesa_llm_city.core.errors import CityError, ConfigError, LLMError
from mesa_llm_city.core.values import DecisionSource, Purpose
from mesa_llm_city.mind import (
    NEEDS,
    Needs,
    NeedsConfig,
    decay,
    dominant,
    hours_to_threshold,
    need_fulfilment,
    pressing_hours,
    unmet_hours,
)
from mesa_llm_city.prompts import PromptLibrary
from mesa_llm_city.testing import check_component

LEVEL = st.floats(0.0, 1.0)
RATE = st.floats(-2.0, 2.0)
THRESHOLDS = (0.3, 0.3, 0.2, 0.2)


class TestDecay:
    def test_it_is_linear_and_stops_at_zero(self) -> None:
        # CitySim, sec. 3.1.4 with AgentSociety's rates: two hours, then twelve.
        levels = decay([1.0, 1.0, 1.0, 1.0], [0.15, 0.08, 0.05, 0.10], [[2.0], [12.0]])
        expected = [[0.70, 0.84, 0.90, 0.80], [0.0, 0.04, 0.40, 0.0]]
        np.testing.assert_allclose(levels, expected, atol=1e-12)

    @given(LEVEL, RATE, st.floats(0.0, 48.0))
    def test_levels_stay_between_zero_and_one(self, level: float, rate: float, h: float) -> None:
        assert 0.0 <= float(decay(level, rate, h)) <= 1.0

    @given(LEVEL, st.floats(0.0, 1.0), st.floats(0.0, 9.0), st.floats(0.0, 9.0))
    def test_two_spans_in_a_row_equal_one_span(
        self, level: float, rate: float, first: float, second: float
    ) -> None:
        in_two = decay(decay(level, rate, first), rate, second)
        assert float(in_two) == pytest.approx(float(decay(level, rate, first + second)), abs=1e-9)

    def test_a_crowd_gets_what_each_person_gets(self) -> None:
        rng = np.random.default_rng(5)
        levels, rates, hours = rng.random((50, 4)), rng.random((50, 4)), rng.random(50) * 9
        crowd = decay(levels, rates, hours[:, None])
        alone = [decay(*one) for one in zip(levels, rates, hours, strict=True)]
        np.testing.assert_array_equal(crowd, np.array(alone))


class TestDominant:
    @pytest.mark.parametrize(
        ("levels", "need"),
        [
            ((0.3, 0.1, 0.1, 0.1), "hunger"),
            ((0.31, 0.1, 0.1, 0.1), "safety"),
            ((0.31, 0.1, 0.21, 0.1), "energy"),
            ((0.31, 0.31, 0.21, 0.2), "social"),
            ((0.31, 0.31, 0.21, 0.21), None),
        ],
    )
    def test_hunger_goes_before_safety_before_energy_before_company(
        self, levels: tuple[float, ...], need: str | None
    ) -> None:
        position = int(dominant(levels, THRESHOLDS))
        assert (NEEDS[position] if position >= 0 else None) == need

    def test_it_broadcasts_over_any_leading_shape(self) -> None:
        assert dominant(np.zeros((2, 3, 4)), THRESHOLDS).shape == (2, 3)


class TestHoursToThreshold:
    def test_hunger_presses_after_four_hours_and_forty_minutes(self) -> None:
        assert float(hours_to_threshold(1.0, 0.15, 0.3)) == pytest.approx(14 / 3)

    @given(LEVEL, st.floats(0.01, 1.0), LEVEL)
    def test_at_the_crossing_the_level_equals_the_threshold(
        self, level: float, rate: float, threshold: float
    ) -> None:
        hours = float(hours_to_threshold(level, rate, threshold))
        if level > threshold:
            assert float(decay(level, rate, hours)) == pytest.approx(threshold, abs=1e-9)
        else:
            assert hours == np.inf


class TestNeeds:
    def test_idle_hours_cost_nothing_and_change_nothing(self) -> None:
        needs = Needs()
        before = needs.state()
        assert needs.level("energy", at=10.0) == pytest.approx(0.2)
        assert needs.state() == before

    def test_an_act_raises_one_level_and_no_other(self) -> None:
        needs = Needs()
        needs.satisfy("hunger", 0.6, at=5.0)
        assert needs.levels_at(5.0) == pytest.approx([0.85, 0.6, 0.75, 0.5])

    def test_levels_cannot_be_raised_beyond_one(self) -> None:
        needs = Needs()
        needs.satisfy("social", 5.0, at=1.0)
        assert needs.level("social", at=1.0) == 1.0

    def test_a_meal_of_half_an_hour_meets_most_of_a_day_of_hunger(self) -> None:
        needs = Needs()
        needs.engage(Purpose.MEAL, at=6.0)
        assert needs.level("hunger", at=6.5) == pytest.approx(0.1 + 0.5 * (1.75 - 0.15))

    def test_the_next_crossing_is_the_first_of_all_needs(self) -> None:
        crossing = Needs().next_crossing(at=0.0)
        assert crossing is not None
        assert crossing.need == "hunger"
        assert crossing.at == pytest.approx(14 / 3)

    def test_nothing_crosses_while_everything_is_being_restored(self) -> None:
        config = NeedsConfig(rates_per_h=(0.0, 0.0, 0.0, 0.0))
        assert Needs(config).next_crossing(at=0.0) is None

    def test_relief_counts_what_is_missing(self) -> None:
        relief = Needs().relief((Purpose.SOCIAL, Purpose.REST), at=8.0)
        # After 8 h 1.2, .64, .4, .8 would be missing; hunger stops at 1.
        assert relief[Purpose.SOCIAL] == pytest.approx(0.64 * 0.04 + 0.4 * 0.05 + 0.8 * 0.6)

    def test_an_unknown_need_is_named_with_those_there_are(self) -> None:
        with pytest.raises(ConfigError, match="unknown need 'thirst'; the needs are hunger"):
            Needs().level("thirst", at=0.0)

    def test_it_keeps_the_promises_of_a_component(self) -> None:
        async def look(needs: Needs, _: np.random.Generator) -> str | None:
            return needs.dominant(at=6.0)

        def eat(needs: Needs, _: str | None) -> None:
            needs.satisfy("hunger", 0.5, at=6.0)

        check_component(Needs, look, commit=eat)


class TestConfig:
    def test_three_rates_for_four_needs_are_refused(self) -> None:
        with pytest.raises(ConfigError, match="rates_per_h needs one number for each of hunger"):
            NeedsConfig(rates_per_h=(0.1, 0.1, 0.1))

    def test_a_threshold_above_one_is_refused(self) -> None:
        with pytest.raises(ConfigError, match=r"thresholds must lie in \[0, 1\]"):
            NeedsConfig(thresholds=(0.3, 0.3, 1.2, 0.2))


class TestFulfilment:
    def test_it_is_the_share_of_hours_without_a_pressing_need(self) -> None:
        needs = Needs()  # hunger begins at 1 and reaches 0.3 after 4 2/3 hours
        needs.satisfy("social", 0.0, at=7.0)
        assert needs.fulfilment() == pytest.approx((0.7 / 0.15) / 7.0)

    def test_needs_that_press_one_after_the_other_both_count(self) -> None:
        # Asleep energy gains .13 an hour and presses for .2/.13 h; hunger loses .02 an
        # hour and presses from .06/.02 = 3 h on.
        needs = Needs(NeedsConfig(start=(0.36, 0.1, 1.0, 1.0)))
        needs.engage(Purpose.SLEEP, at=0.0)
        needs.satisfy("social", 0.0, at=8.0)
        assert needs.fulfilment() == pytest.approx(1.0 - (0.2 / 0.13 + 5.0) / 8.0)

    @given(
        levels=st.tuples(LEVEL, LEVEL, LEVEL, LEVEL),
        rates=st.tuples(*[RATE.filter(lambda rate: abs(rate) > 1e-6)] * 4),
    )
    def test_it_agrees_with_counting_moments(
        self, levels: tuple[float, ...], rates: tuple[float, ...]
    ) -> None:
        moments = (np.arange(4000) + 0.5) / 4000
        course = decay(levels, rates, 3.0 * moments[:, np.newaxis])
        counted = float(need_fulfilment(course, THRESHOLDS))
        found = 1.0 - float(pressing_hours(levels, rates, THRESHOLDS, 3.0)) / 3.0
        assert found == pytest.approx(counted, abs=1e-3)

    def test_a_crowd_is_counted_at_once(self) -> None:
        levels = np.array([[1.0, 1.0, 1.0, 1.0], [0.1, 1.0, 1.0, 1.0]])
        assert pressing_hours(levels, 0.1, THRESHOLDS, [1.0, 2.0]).tolist() == [0.0, 2.0]

    def test_counting_may_begin_anew(self) -> None:
        needs = Needs()
        needs.recount(at=10.0)
        assert needs.fulfilment() == 1.0

    @given(
        level=st.floats(0.0, 1.0),
        rate=st.floats(-1.0, 1.0).filter(lambda rate: rate == 0.0 or abs(rate) > 1e-6),
        threshold=st.floats(0.0, 1.0),
        hours=st.floats(0.0, 24.0),
    )
    def test_unmet_hours_agree_with_counting_minutes(
        self, level: float, rate: float, threshold: float, hours: float
    ) -> None:
        moments = np.linspace(0.0, hours, 2001)
        below = (level - rate * moments <= threshold).mean() * hours
        found = float(unmet_hours(level, rate, threshold, hours))
        assert found == pytest.approx(below, abs=0.02 * hours + 1e-9)


class Model:
    """Rates the morning, and remembers what it was told."""

    def __init__(self, rating: int | LLMError) -> None:
        self.rating, self.told = rating, ""

    def answer_many(self, questions: Sequence[Question]) -> list[BaseModel | CityError]:
        (question,) = questions
        self.told = PromptLibrary().render(question).messages[1][1]
        if isinstance(self.rating, LLMError):
            return [self.rating]
        rated = dict.fromkeys(NEEDS, self.rating)
        return [question.reply.model_validate({"reason": "slept badly", **rated})]


class TestAssessment:
    def test_by_rule_needs_are_what_the_hours_have_left(self) -> None:
        morning = run(Needs().assess(at=2.0))
        assert morning.levels == pytest.approx(dict(zip(NEEDS, (0.7, 0.84, 0.9, 0.8), strict=True)))
        assert morning.source is DecisionSource.RULE

    def test_by_prompt_a_model_says_how_a_day_begins(self) -> None:
        needs, model = Needs(source=DecisionSource.PROMPT), Model(4)
        morning = run(needs.assess(at=2.0, when="Tuesday in April, 06:40"), backend=model)
        assert '"hunger": 7' in model.told
        assert 'after "the night"' in model.told
        needs.adopt(morning, at=2.0)
        assert needs.levels_at(2.0).tolist() == [0.4, 0.4, 0.4, 0.4]
        assert (morning.source, morning.reason) == (DecisionSource.PROMPT, "slept badly")

    def test_by_prompt_a_model_says_what_a_meal_has_done(self) -> None:
        model = Model(9)
        thought = Needs(source=DecisionSource.PROMPT).assess(
            at=2.0, after="meal, 40 minutes, at home"
        )
        assert run(thought, backend=model).levels["hunger"] == 0.9
        assert 'after "meal, 40 minutes, at home"' in model.told

    def test_without_a_reply_the_rule_decides_if_it_may(self) -> None:
        error = LLMError("down")
        error.use_rules = True
        morning = run(Needs(source=DecisionSource.PROMPT).assess(at=0.0), backend=Model(error))
        assert (morning.source, morning.reason) == (DecisionSource.RULE, "rules after: down")


def test_the_dominant_need_has_a_word() -> None:
    needs = Needs()
    assert needs.described(at=1.0) == ""
    assert needs.described(at=5.0) == "hungry"
