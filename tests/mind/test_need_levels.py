"""The needs of one person: levels over time, activities, and judgement by prompt."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from pydantic import BaseModel, ValidationError

from mesa_llm_city.core.asking import Question, run
from mesa_llm_city.core.errors import CityError, ConfigError, DataError, LLMError
from mesa_llm_city.core.values import DecisionSource, Purpose
from mesa_llm_city.mind import Assessment, Needs, NeedsPrompt
from mesa_llm_city.mind.needs_prompt import needs_reply
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.prompts import Prompted, PromptLibrary
from mesa_llm_city.testing import check_component

NAMES = tuple(CityParameters().needs)
FIVE = CityParameters(
    needs={
        "esteem": {
            "decay_per_h": 0.05,
            "threshold": 0.6,
            "felt": "unappreciated",
            "description": "being respected",
            "gains_per_h": {"work": 0.1, "social": 0.15},
        }
    }
)


class TestLevels:
    def test_reading_changes_nothing(self) -> None:
        needs = Needs()
        before = needs.state()
        assert needs.level("energy", at=10.0) == pytest.approx(0.2)
        assert needs.state() == before

    def test_an_act_raises_one_level_and_no_other(self) -> None:
        needs = Needs()
        needs.satisfy("hunger", 0.6, at=5.0)
        assert needs.levels_at(5.0) == pytest.approx([0.85, 0.6, 0.75, 0.5])
        assert list(needs.by_name(at=5.0)) == list(NAMES)

    def test_levels_cannot_rise_above_one(self) -> None:
        needs = Needs()
        needs.satisfy("social", 5.0, at=1.0)
        assert needs.level("social", at=1.0) == 1.0

    def test_a_quarter_of_an_hour_of_a_meal_restores_most_of_a_day_of_hunger(self) -> None:
        needs = Needs()
        needs.engage(Purpose.MEAL, at=6.0)
        assert needs.level("hunger", at=6.25) == pytest.approx(0.1 + 0.25 * (3.5 - 0.15))

    def test_an_unknown_activity_restores_nothing(self) -> None:
        needs = Needs()
        needs.engage("worship", at=0.0)
        assert needs.trajectory.losses_per_h == (0.15, 0.08, 0.05, 0.10)

    def test_the_next_crossing_is_the_first_of_all_needs(self) -> None:
        crossing = Needs().next_crossing(at=0.0)
        assert crossing is not None
        assert crossing.need == "hunger"
        assert crossing.at == pytest.approx(14 / 3)

    def test_nothing_crosses_while_no_level_falls(self) -> None:
        still = CityParameters().with_({f"needs.{name}.decay_per_h": 0.0 for name in NAMES})
        assert Needs(still).next_crossing(at=0.0) is None

    def test_relief_weights_gains_by_what_is_missing(self) -> None:
        relief = Needs().relief((Purpose.SOCIAL, Purpose.REST, Purpose.TRAVEL), at=8.0)
        # After 8 h 1.2, .64, .4, .8 would be missing; hunger stops at 1.
        assert relief[Purpose.SOCIAL] == pytest.approx(0.64 * 0.04 + 0.4 * 0.05 + 0.8 * 0.6)
        assert Purpose.TRAVEL not in relief

    def test_an_unknown_need_is_refused_with_the_names_of_all(self) -> None:
        with pytest.raises(ConfigError, match="unknown need 'thirst'; the needs are hunger"):
            Needs().level("thirst", at=0.0)

    def test_the_word_for_the_dominant_need(self) -> None:
        needs = Needs()
        assert needs.described(at=1.0) == ""
        assert needs.described(at=5.0) == "hungry"

    def test_it_keeps_the_promises_of_a_component(self) -> None:
        async def look(needs: Needs, _: np.random.Generator) -> str | None:
            return needs.dominant(at=6.0)

        def eat(needs: Needs, _: str | None) -> None:
            needs.satisfy("hunger", 0.5, at=6.0)

        for make in (Needs, lambda: Needs(FIVE)):
            check_component(make, look, commit=eat)

    def test_a_state_with_another_number_of_needs_is_refused(self) -> None:
        with pytest.raises(DataError, match="the state has 4 needs, but there are 5"):
            Needs(FIVE).restore(Needs().state())


class TestParameters:
    def test_rates_thresholds_starts_and_gains_are_read(self) -> None:
        tree = CityParameters().with_(
            {
                "needs.hunger.decay_per_h": 0.2,
                "needs.hunger.threshold": 0.5,
                "needs.hunger.start": 0.9,
                "needs.hunger.gains_per_h.work": 0.1,
            }
        )
        needs = Needs(tree)
        assert needs.level("hunger", at=1.0) == pytest.approx(0.7)
        assert needs.dominant(at=2.0) == "hunger"
        needs.engage(Purpose.WORK, at=0.0)
        assert needs.level("hunger", at=1.0) == pytest.approx(0.8)

    def test_the_order_of_priority_is_read(self) -> None:
        social_first = CityParameters().with_("needs.social.priority", 1)
        first = social_first.with_("needs.hunger.priority", 2)
        assert Needs().dominant(at=24.0) == "hunger"
        assert Needs(first).dominant(at=24.0) == "social"

    def test_a_need_that_interrupts_must_name_what_is_done(self) -> None:
        with pytest.raises(ConfigError, match=r"esteem\.reaction: is empty, but interrupts is"):
            CityParameters(needs={"esteem": {"interrupts": "free_time"}})


class TestFifthNeed:
    def test_it_falls_presses_and_is_restored_beside_the_others(self) -> None:
        needs = Needs(FIVE)
        assert needs.names == (*NAMES, "esteem")
        assert needs.by_name(at=4.0)["esteem"] == pytest.approx(0.8)
        crossing = needs.next_crossing(at=5.0)
        assert crossing is not None
        assert crossing.need == "social"
        assert crossing.at == pytest.approx(8.0)
        needs.engage("work", at=8.0)
        assert needs.level("esteem", at=10.0) == pytest.approx(0.6 + 2.0 * 0.05)

    def test_it_is_dominant_after_all_others(self) -> None:
        needs = Needs(FIVE)
        for name in NAMES:
            needs.satisfy(name, 1.0, at=8.5)
        assert needs.dominant(at=8.5) == "esteem"
        assert needs.described(at=8.5) == "unappreciated"
        needs.satisfy("social", -1.0, at=8.5)
        assert needs.dominant(at=8.5) == "social"

    def test_it_makes_activities_that_restore_it_more_attractive(self) -> None:
        usual, five = (one.relief(["social"], at=8.0)["social"] for one in (Needs(), Needs(FIVE)))
        assert five == pytest.approx(usual + 0.4 * 0.15)

    def test_built_in_needs_keep_their_levels(self) -> None:
        usual, five = Needs(), Needs(FIVE)
        for needs in (usual, five):
            needs.engage("sport", at=3.0)
        assert five.levels_at(7.0).tolist()[:4] == usual.levels_at(7.0).tolist()


class TestFulfilment:
    def test_it_is_the_share_of_hours_without_a_pressing_need(self) -> None:
        needs = Needs()  # hunger begins at 1 and reaches 0.3 after 4 2/3 hours
        needs.satisfy("social", 0.0, at=7.0)
        assert needs.fulfilment() == pytest.approx((0.7 / 0.15) / 7.0, abs=1e-4)

    def test_needs_that_press_one_after_the_other_both_count(self) -> None:
        # Asleep energy gains .13 an hour and presses for .2/.13 h; hunger loses .02 an
        # hour and presses from .06/.02 = 3 h on.
        tree = CityParameters().with_({"needs.hunger.start": 0.36, "needs.energy.start": 0.1})
        needs = Needs(tree)
        needs.engage(Purpose.SLEEP, at=0.0)
        needs.satisfy("social", 0.0, at=8.0)
        assert needs.fulfilment() == pytest.approx(1.0 - (0.2 / 0.13 + 5.0) / 8.0, abs=1e-4)

    def test_counting_can_begin_again(self) -> None:
        needs = Needs()
        needs.satisfy("hunger", 1.0, at=10.0)
        assert needs.fulfilment() < 1.0
        needs.recount()
        assert needs.fulfilment() == 1.0


class Model:
    """Rates all needs alike, and keeps the last prompt."""

    def __init__(self, rating: int | LLMError, names: Sequence[str] = NAMES) -> None:
        self.rating, self.names, self.told = rating, names, ""

    def answer_many(self, questions: Sequence[Question]) -> list[BaseModel | CityError]:
        (question,) = questions
        self.told = "\n".join(text for _, text in PromptLibrary().render(question).messages)
        if isinstance(self.rating, LLMError):
            return [self.rating]
        levels = dict.fromkeys(self.names, self.rating)
        return [question.reply.model_validate({"reason": "slept badly", "levels": levels})]


def asking(parameters: CityParameters | None = None) -> Prompted[Needs]:
    return Prompted(Needs(parameters), NeedsPrompt(parameters))


class TestAssessment:
    def test_by_rule_nothing_is_judged(self) -> None:
        needs = Needs()
        assert run(needs.assess(at=2.0)) == Assessment({}, DecisionSource.RULE, "")
        before = needs.levels_at(3.0).tolist()
        needs.adopt(Assessment(), at=2.0)
        assert needs.levels_at(3.0).tolist() == pytest.approx(before)

    def test_by_prompt_a_model_judges_needs_in_the_morning(self) -> None:
        needs, model = asking(), Model(4)
        morning = run(needs.assess(at=2.0, when="Tuesday in April, 06:40"), backend=model)
        assert '"hunger": 7' in model.told
        assert 'after "the night"' in model.told
        needs.adopt(morning, at=2.0)
        assert needs.levels_at(2.0).tolist() == [0.4, 0.4, 0.4, 0.4]
        assert (morning.source, morning.reason) == (DecisionSource.PROMPT, "slept badly")

    def test_by_prompt_a_model_judges_needs_after_a_meal(self) -> None:
        model = Model(9)
        thought = asking().assess(at=2.0, after="meal, 40 minutes, at home")
        assert run(thought, backend=model).levels["hunger"] == 0.9
        assert 'after "meal, 40 minutes, at home"' in model.told

    def test_a_fifth_need_is_in_the_prompt_and_in_the_reply(self) -> None:
        needs, model = asking(FIVE), Model(3, (*NAMES, "esteem"))
        judged = run(needs.assess(at=2.0), backend=model)
        assert judged.levels == dict.fromkeys((*NAMES, "esteem"), 0.3)
        assert '"esteem": "being respected"' in model.told
        assert '"esteem": 9' in model.told
        assert '"esteem": whole number from 0 to 10' in model.told

    def test_a_reply_must_rate_every_need(self) -> None:
        form = needs_reply(("hunger", "json"))  # any name will do
        rated = form.model_validate({"reason": "", "levels": {"hunger": 1, "json": 2}})
        assert rated.reason == ""
        with pytest.raises(ValidationError, match="json"):
            form.model_validate({"reason": "", "levels": {"hunger": 1}})

    def test_the_rule_decides_without_a_reply_if_the_run_allows_it(self) -> None:
        error = LLMError("down")
        with pytest.raises(LLMError):
            run(asking().assess(at=0.0), backend=Model(error))
        error.use_rules = True
        morning = run(asking().assess(at=0.0), backend=Model(error))
        assert morning == Assessment({}, DecisionSource.RULE, "rules after: down")


def test_reading_levels_leaves_no_trace() -> None:
    needs = Needs()
    before = pickle.dumps(copy.deepcopy(needs))
    needs.by_name(at=3.0)
    assert pickle.dumps(copy.deepcopy(needs)) == before


@pytest.mark.parametrize(
    "change",
    [
        lambda needs: needs.satisfy("hunger", 0.4, at=5.0),
        lambda needs: needs.engage(Purpose.MEAL, at=4.0),
        lambda needs: needs.engage(Purpose.MEAL, at=5.0),
        lambda needs: needs.adopt(Assessment({"hunger": 0.9}), at=5.0),
        lambda needs: needs.begin(at=5.0),
        lambda needs: needs.restore({**needs.state(), "levels": [0.5] * 4}),
    ],
)
def test_levels_that_were_read_change_with_what_happens(change: Callable[[Needs], None]) -> None:
    read, unread = Needs(), Needs()
    read.by_name(at=5.0)
    for one in (read, unread):
        change(one)
    assert read.by_name(at=5.0) == unread.by_name(at=5.0)
    assert read.by_name(at=6.0) == unread.by_name(at=6.0)
