"""Perception: which needs interrupt which activities."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from pydantic import BaseModel

from mesa_llm_city.core.asking import Question, run
from mesa_llm_city.core.errors import CityError, ConfigError, LLMError
from mesa_llm_city.core.values import (
    Activity,
    DecisionSource,
    Observation,
    Purpose,
    Reaction,
    ReactionKind,
)
from mesa_llm_city.mind import AnswerPrompt, Perception, ReactPrompt
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.prompts import Prompted, PromptLibrary
from mesa_llm_city.testing import check_component

SEEN = Observation(minute=720, place=4)


def doing(purpose: Purpose, *, fixed: bool = False) -> Activity:
    return Activity(purpose=purpose, start_min=660, end_min=900, fixed=fixed)


def meal_at(minute: int) -> tuple[Activity, ...]:
    return (Activity(purpose=Purpose.MEAL, start_min=minute, end_min=minute + 45),)


def react(need: str | None, activity: Activity, ahead: tuple[Activity, ...] = ()) -> Reaction:
    return run(Perception().react(SEEN, need=need, activity=activity, ahead=ahead))


def test_without_a_need_the_plan_goes_on() -> None:
    assert react(None, doing(Purpose.LEISURE)).kind is ReactionKind.CONTINUE


def test_sleeping_people_perceive_nothing() -> None:
    assert react("hunger", doing(Purpose.SLEEP)).kind is ReactionKind.CONTINUE


@pytest.mark.parametrize("purpose", [Purpose.WORK, Purpose.LEISURE, Purpose.SHOPPING])
def test_hunger_interrupts_duties_and_free_time(purpose: Purpose) -> None:
    reaction = react("hunger", doing(purpose, fixed=purpose == Purpose.WORK))
    assert reaction[:2] == (ReactionKind.SATISFY, Purpose.MEAL)


def test_hunger_waits_for_a_meal_within_three_hours() -> None:
    assert react("hunger", doing(Purpose.WORK), meal_at(900)).kind is ReactionKind.CONTINUE
    reaction = react("hunger", doing(Purpose.WORK), meal_at(905))
    assert reaction.kind is ReactionKind.SATISFY
    assert reaction.reason == "hunger is low and the next meal is 185 min away"


def test_low_energy_ends_free_time_but_no_duty() -> None:
    assert react("energy", doing(Purpose.SOCIAL)).kind is ReactionKind.REST
    assert react("energy", doing(Purpose.WORK, fixed=True)).kind is ReactionKind.CONTINUE


def test_the_need_for_company_interrupts_nothing() -> None:
    assert react("social", doing(Purpose.WORK)).kind is ReactionKind.CONTINUE


def test_it_keeps_the_promises_of_a_component() -> None:
    async def feel(perception: Perception, _: np.random.Generator) -> Reaction:
        return await perception.react(
            SEEN, need="hunger", activity=doing(Purpose.WORK), ahead=meal_at(900)
        )

    check_component(Perception, feel, inputs=[SEEN])


def test_negative_patience_is_refused() -> None:
    with pytest.raises(ConfigError, match="patience_min: got -5; accepted is a whole number of"):
        CityParameters().with_("mind.perception.patience_min", -5)


class Model:
    """Chooses a number, and keeps the last prompt."""

    def __init__(self, choice: int | LLMError) -> None:
        self.choice, self.told = choice, ""

    def answer_many(self, questions: Sequence[Question]) -> list[BaseModel | CityError]:
        (question,) = questions
        self.told = PromptLibrary().render(question).messages[1][1]
        if isinstance(self.choice, LLMError):
            return [self.choice]
        return [
            question.reply.model_validate({"reason": "so", "choice": self.choice, "minutes": 50})
        ]


def asked(model: Model, activity: Activity, need: str = "hunger") -> Reaction:
    part = Prompted(Perception(), ReactPrompt())
    thought = part.react(SEEN, need=need, activity=activity, ahead=(), needs={"hunger": 0.28})
    reaction: Reaction = run(thought, backend=model)
    return reaction


class TestPrompt:
    def test_a_model_can_choose_to_eat_go_on_or_rest(self) -> None:
        stroll = doing(Purpose.LEISURE)
        assert asked(Model(1), stroll) == (
            ReactionKind.CONTINUE,
            None,
            "so",
            DecisionSource.PROMPT,
            None,
        )
        eats, rests = asked(Model(2), stroll), asked(Model(3), stroll)
        assert eats == (ReactionKind.SATISFY, Purpose.MEAL, "so", DecisionSource.PROMPT, 50)
        assert rests == (ReactionKind.REST, Purpose.REST, "so", DecisionSource.PROMPT, 50)

    def test_a_model_can_give_up_the_plan(self) -> None:
        reaction = asked(Model(4), doing(Purpose.LEISURE))
        assert reaction == (ReactionKind.REPLAN, None, "so", DecisionSource.PROMPT, None)

    def test_options_are_in_random_order_and_the_choice_is_mapped_back(self) -> None:
        firsts = set()
        for seed in range(20):
            rng = np.random.default_rng(seed)
            part, model = Prompted(Perception(), ReactPrompt()), Model(1)
            stroll = doing(Purpose.LEISURE)
            thought = part.react(SEEN, need="hunger", activity=stroll, ahead=(), rng=rng)
            kind = run(thought, backend=model).kind
            told = model.told.split("1. ")[1].split("2. ")[0]
            firsts.add((kind, told.strip()))
        assert len(firsts) == len(dict(firsts)) == 4

    def test_duties_cannot_be_given_up(self) -> None:
        model = Model(2)
        asked(model, doing(Purpose.WORK, fixed=True))
        assert "rest at home" not in model.told
        assert "give up what was planned" not in model.told

    def test_no_meal_is_offered_during_a_meal(self) -> None:
        model = Model(2)
        reaction = asked(model, doing(Purpose.MEAL), need="energy")
        assert "eat something" not in model.told
        assert reaction[:2] == (ReactionKind.REST, Purpose.REST)

    def test_the_prompt_contains_the_need_and_the_activity(self) -> None:
        model = Model(1)
        asked(model, doing(Purpose.LEISURE))
        for told in (
            'It happens: "hunger has fallen low"',
            '"hunger": 3',
            'Now: "leisure", until "15:00"',
        ):
            assert told in model.told

    def test_nothing_is_asked_where_the_rule_goes_on(self) -> None:
        model = Model(2)
        for need, activity in (
            ("social", doing(Purpose.LEISURE)),
            ("hunger", doing(Purpose.SLEEP)),
            ("hunger", Activity(purpose=None, start_min=660, end_min=900)),
        ):
            assert asked(model, activity, need).source is DecisionSource.RULE
        assert model.told == ""

    def test_the_rule_decides_without_a_reply_if_the_run_allows_it(self) -> None:
        error = LLMError("down")
        with pytest.raises(LLMError):
            asked(Model(error), doing(Purpose.LEISURE))
        error.use_rules = True
        reaction = asked(Model(error), doing(Purpose.LEISURE))
        assert (reaction.kind, reaction.reason) == (ReactionKind.SATISFY, "rules after: down")


class TestMessages:
    def answer(
        self,
        part: Perception | Prompted[Perception],
        activity: Activity,
        model: Model | None = None,
    ) -> Reaction:
        thought = part.answer(720, "Ben Lund (friend)", activity=activity, ahead=())
        reaction: Reaction = run(thought, backend=model)
        return reaction

    def test_by_rule_everybody_who_is_awake_answers(self) -> None:
        part = Perception()
        assert self.answer(part, doing(Purpose.WORK, fixed=True)).kind is ReactionKind.REPLY
        assert self.answer(part, doing(Purpose.SLEEP)).kind is ReactionKind.CONTINUE

    def test_by_prompt_a_message_can_stay_unanswered(self) -> None:
        part, model = Prompted(Perception(), AnswerPrompt()), Model(1)
        reaction = self.answer(part, doing(Purpose.WORK), model)
        assert reaction[:2] == (ReactionKind.CONTINUE, None)
        assert 'It happens: "a message from Ben Lund (friend)"' in model.told
        assert self.answer(part, doing(Purpose.WORK), Model(2)).kind is ReactionKind.REPLY

    def test_sleeping_people_are_not_asked(self) -> None:
        part, model = Prompted(Perception(), AnswerPrompt()), Model(2)
        assert self.answer(part, doing(Purpose.SLEEP), model).reason == "asleep"
        assert model.told == ""

    def test_the_rule_decides_without_a_reply_if_the_run_allows_it(self) -> None:
        error = LLMError("down")
        error.use_rules = True
        part = Prompted(Perception(), AnswerPrompt())
        assert self.answer(part, doing(Purpose.WORK), Model(error)).kind is ReactionKind.REPLY
