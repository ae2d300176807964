"""Goals: set by the lowest unmet level, revised monthly, changing what is preferred."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from pydantic import BaseModel

from mesa_llm_city.core.asking import Question, run
from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.errors import CityError, ConfigError, LLMError
from mesa_llm_city.core.values import DecisionSource, Purpose
from mesa_llm_city.mind import (
    Goal,
    GoalFacts,
    Goals,
    GoalsPrompt,
    Horizon,
    Revision,
)
from mesa_llm_city.mind.goal_columns import NEVER
from mesa_llm_city.mind.goals import goal_texts, goals_of_levels, levels_of_goals
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.prompts import Prompted, PromptLibrary
from mesa_llm_city.testing import check_component

WELL = GoalFacts(fulfilment=0.95, income=1.2, expenses=1.0, contacts=6, interest=0.8)


def texts(facts: GoalFacts) -> list[str]:
    return [goal.text for goal in run(Goals().revise(facts)).goals]


async def think(goals: Goals, _: np.random.Generator) -> Revision:
    return await goals.revise(WELL._replace(contacts=0))


def test_they_keep_the_promises_of_a_component() -> None:
    check_component(Goals, think, commit=lambda goals, one: goals.adopt(one, at_min=60))


class TestRule:
    @pytest.mark.parametrize(
        ("changed", "goal"),
        [
            ({"fulfilment": 0.5}, "eat and sleep regularly"),
            ({"income": 0.8}, "spend less"),
            ({"contacts": 2}, "see more of other people"),
            ({"interest": 0.3}, "find places worth going to"),
            ({}, "stay fit and learn something new"),
        ],
    )
    def test_the_lacking_level_gives_the_goal(self, changed: dict[str, float], goal: str) -> None:
        assert texts(WELL._replace(**changed)) == [goal]  # type: ignore[arg-type]

    def test_the_lowest_levels_come_first_and_two_are_enough(self) -> None:
        lacking = GoalFacts(fulfilment=0.1, income=0.1, expenses=1.0, contacts=0, interest=0.0)
        assert texts(lacking) == ["eat and sleep regularly", "spend less"]

    def test_the_reason_gives_the_terms(self) -> None:
        reason = run(Goals().revise(WELL._replace(contacts=1))).reason
        assert "1 contacts in a week" in reason
        assert "needs met 95%" in reason

    def test_without_visited_places_interest_is_not_lacking(self) -> None:
        revision = run(Goals().revise(WELL._replace(interest=float("nan"))))
        assert revision.reason.endswith("no places visited")
        assert [goal.text for goal in revision.goals] == ["stay fit and learn something new"]


def test_leanings_do_not_depend_on_the_order_of_goals() -> None:
    social = [Goal("see friends", Horizon.SHORT, ((Purpose.SOCIAL, x),)) for x in (0.8, 0.8, -0.5)]
    goals = Goals()
    for order in (social, social[::-1], [social[0], social[2], social[1]]):
        goals.adopt(Revision(tuple(order), DecisionSource.RULE, "so"), at_min=0)
        assert goals.leanings() == {Purpose.SOCIAL: 1.0}


class TestTime:
    def test_they_are_revised_after_a_month_or_a_life_event(self) -> None:
        goals = Goals()
        assert goals.due(0)
        goals.adopt(run(goals.revise(WELL)), at_min=100)
        assert not goals.due(100 + 30 * DAY_MIN - 1)
        assert goals.due(100 + 30 * DAY_MIN)
        goals.unsettle("a daughter is born")
        assert goals.due(101)

    def test_a_life_event_is_used_in_one_revision(self) -> None:
        goals = Goals()
        goals.unsettle("the shop has closed")
        revision = run(goals.revise(WELL))
        assert revision.reason.startswith("after the shop has closed: needs met")
        goals.adopt(revision, at_min=100)
        assert goals.event == ""
        assert not goals.due(101)

    def test_adopted_goals_replace_the_old_ones(self) -> None:
        goals = Goals()
        for contacts in (0, 6):
            goals.adopt(run(goals.revise(WELL._replace(contacts=contacts))), at_min=0)
        assert [goal.text for goal in goals.goals] == ["stay fit and learn something new"]
        assert Purpose.SOCIAL not in goals.leanings()


class Model:
    """Answers with what it is given, and keeps the last prompt."""

    def __init__(self, answer: dict[str, object] | LLMError) -> None:
        self.answer, self.told = answer, ""

    def answer_many(self, questions: Sequence[Question]) -> list[BaseModel | CityError]:
        (question,) = questions
        self.told = PromptLibrary().render(question).messages[1][1]
        if isinstance(self.answer, LLMError):
            return [self.answer]
        return [question.reply.model_validate(self.answer)]


def asking() -> Prompted[Goals]:
    return Prompted(Goals(), GoalsPrompt())


class TestPrompt:
    def test_a_model_words_the_goals(self) -> None:
        run_club = {"goal": "join a club", "horizon": "long", "activity": "sport", "change": 4}
        model, goals = (
            Model({"reason": "alone", "goals": [run_club]}),
            asking(),
        )
        revision = run(goals.revise(WELL, activities=["rest 6 hours a day"]), backend=model)
        goals.adopt(revision, at_min=0)
        assert revision.source is DecisionSource.PROMPT
        assert [(one.text, one.horizon) for one in goals.goals] == [("join a club", Horizon.LONG)]
        assert goals.leanings() == {Purpose.SPORT: 0.8}
        for told in ("rest 6 hours a day", "Needs met 95 %", "Talked to 6 people"):
            assert told in model.told

    def test_the_prompt_contains_the_life_event(self) -> None:
        run_club = {"goal": "join a club", "horizon": "long", "activity": "sport", "change": 4}
        model, goals = (
            Model({"reason": "alone", "goals": [run_club]}),
            asking(),
        )
        goals.unsettle("the shop has closed")
        run(goals.revise(WELL), backend=model)
        assert 'It has happened: "the shop has closed"' in model.told

    def test_no_more_than_two_goals_of_a_horizon_are_kept(self) -> None:
        spans = ["long", "short", "short", "short"]
        told = [
            {"goal": f"goal {row}", "horizon": span, "activity": "sport", "change": 1}
            for row, span in enumerate(spans)
        ]
        model = Model({"reason": "so", "goals": told})
        revision = run(asking().revise(WELL), backend=model)
        assert [goal.text for goal in revision.goals] == ["goal 0", "goal 1", "goal 2"]

    def test_the_rule_decides_without_a_reply_if_the_run_allows_it(self) -> None:
        error = LLMError("no answer")
        with pytest.raises(LLMError):
            run(asking().revise(WELL), backend=Model(error))
        error.use_rules = True
        revision = run(asking().revise(WELL), backend=Model(error))
        assert (revision.source, revision.reason) == (DecisionSource.RULE, "rules after: no answer")
        assert revision.goals


def test_there_must_be_days_between_revisions() -> None:
    told = "every_days: got 0; accepted is a whole number of at least 1"
    with pytest.raises(ConfigError, match=told):
        CityParameters().with_("mind.goals.every_days", 0)


def test_goals_of_the_rule_are_parameters() -> None:
    tree = CityParameters().with_(
        {
            "mind.goals.most": 1,
            "mind.goals.by_level": {"belonging": {"text": "join a choir", "horizon": "long"}},
        }
    )
    lonely_and_bored = WELL._replace(contacts=0, interest=0.0)
    (goal,) = run(Goals(tree).revise(lonely_and_bored)).goals
    assert goal == Goal("join a choir", Horizon.LONG, (("social", 0.5),))


def test_a_goal_may_speak_for_an_activity_of_a_user() -> None:
    tree = CityParameters(purposes={"worship": {"usual_min": 60}})
    prayer = {"goal": "pray daily", "horizon": "short", "activity": "worship", "change": 5}
    model = Model({"reason": "faith", "goals": [prayer]})
    revision = run(Prompted(Goals(tree), GoalsPrompt(tree)).revise(WELL), backend=model)
    assert revision.goals == (Goal("pray daily", Horizon.SHORT, (("worship", 1.0),)),)


@pytest.mark.parametrize("unmet", [0, 1, 6, 9, 16, 31])
def test_goals_by_rule_are_kept_as_levels(unmet: int) -> None:
    tree, goals = CityParameters(), Goals()
    goals.restore(goals_of_levels(unmet, 2880, tree))
    assert "; ".join(goal.text for goal in goals.goals) == goal_texts(tree)[unmet]
    assert levels_of_goals(goals.state(), tree) == (unmet, 2880)


def test_goals_in_other_words_are_set_anew_and_so_are_those_after_an_event() -> None:
    tree, goals = CityParameters(), Goals()
    goals.restore(goals_of_levels(6, 2880, tree))
    goals.unsettle("lost the job")
    assert levels_of_goals(goals.state(), tree) == (6, NEVER)
    learn = Goal("learn the piano", Horizon.SHORT, ())
    goals.adopt(Revision((*goals.goals, learn), DecisionSource.PROMPT, ""), at_min=2880)
    assert levels_of_goals(goals.state(), tree) == (6, NEVER)


def test_who_never_had_goals_has_none_as_levels() -> None:
    assert levels_of_goals(Goals().state(), CityParameters()) == (0, NEVER)
    assert goals_of_levels(0, NEVER, CityParameters()) == Goals().state()
