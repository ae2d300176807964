"""Responses to warnings: belief by trust and confirmation, action by risk and household."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mesa_llm_city.core.asking import Question, run
from mesa_llm_city.core.message import Message, Response
from mesa_llm_city.core.values import DecisionSource, ReactionKind
from mesa_llm_city.mind import (
    HeedPrompt,
    Perception,
    Risk,
    action_probability,
    belief_probability,
    preparation_min,
)
from mesa_llm_city.mind.warning import household_utility, protective_action
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.parameters.mind import WarningParameters
from mesa_llm_city.population import Persona
from mesa_llm_city.prompts import Prompted
from tests.town import townspeople

NUMBERS = WarningParameters()
SURE = CityParameters().with_(
    {"mind.warnings.belief_constant": 50.0, "mind.warnings.constant": 50.0}
)
FLOOD = Message(
    id=0,
    text="The river rises",
    source="authorities",
    channel="radio",
    minute=690,
    topic="flood",
    danger=0.9,
    zones=(2,),
)
HERE = Risk(trust=0.75, here=True, home=True)


def logistic(utility: float) -> float:
    return 1.0 / (1.0 + math.exp(-utility))


def respond(
    risk: Risk = HERE,
    message: Message = FLOOD,
    *,
    parameters: CityParameters = SURE,
    persona: Persona | None = None,
    seed: int = 0,
) -> Response:
    rng = np.random.default_rng(seed)
    rule = Perception(parameters)
    return run(rule.heed(message, risk=risk, minute=690, persona=persona, rng=rng))


def someone(**changes: object) -> Persona:
    adult = next(one for one in townspeople() if 30 <= one.age < 60)
    alone = replace(adult, household=replace(adult.household, youngest_child=None))
    return replace(alone, has_car=True, **changes)  # type: ignore[arg-type]


def test_belief_follows_trust_confirmation_and_what_is_seen() -> None:
    # -2 + 5 trust + 0.6 times + 0.8 seen
    found = belief_probability([0.75, 0.75, 0.4], [0, 2, 0], [False, False, True], NUMBERS)
    expected = [logistic(1.75), logistic(2.95), logistic(0.8)]
    assert found.tolist() == pytest.approx(expected)


def test_more_than_three_confirmations_make_no_difference() -> None:
    three, nine = belief_probability(0.5, [3, 9], [False, False], NUMBERS)
    assert three == nine


def test_action_follows_danger_place_cues_and_household() -> None:
    found = action_probability(
        [0.9, 0.9, 0.2],
        inside=[True, False, True],
        cue=[0.0, 1.0, 0.0],
        household=0.3,
        parameters=NUMBERS,
    )
    expected = [logistic(-3.8 + 3.6 + 2.3), logistic(-3.8 + 3.6 + 1.3), logistic(-3.8 + 0.8 + 2.3)]
    assert found.tolist() == pytest.approx(expected)


def test_danger_and_spread_set_the_time_to_get_ready() -> None:
    found = preparation_min([0.0, 1.0], [0.0, 1.0], median_min=30.0, parameters=NUMBERS)
    assert found.tolist() == pytest.approx([30.0, 15.0 * math.exp(0.6)])


def test_children_age_and_car_make_a_difference() -> None:
    tree = CityParameters()
    adult = someone()
    parent = replace(adult, household=replace(adult.household, youngest_child=4))
    older = replace(adult, age=80)
    found = [household_utility(one, tree) for one in (adult, parent, older)]
    assert found == pytest.approx([0.0, 0.3, -0.4])
    assert household_utility(replace(adult, has_car=False), tree) == pytest.approx(-0.3)


@pytest.mark.parametrize(
    ("message", "risk", "kind"),
    [
        (FLOOD, HERE, ReactionKind.FLEE),
        (FLOOD, Risk(home=True), ReactionKind.REPLAN),
        (FLOOD, Risk(ahead=True), ReactionKind.REPLAN),
        (FLOOD, Risk(), ReactionKind.CONTINUE),
        (replace(FLOOD, zones=()), Risk(), ReactionKind.STAY_IN),
        (replace(FLOOD, danger=0.0), HERE, ReactionKind.CONTINUE),
        (replace(FLOOD, danger=0.0), Risk(lifts=True), ReactionKind.REPLAN),
    ],
)
def test_what_is_done_depends_on_where_the_danger_is(
    message: Message, risk: Risk, kind: ReactionKind
) -> None:
    assert protective_action(message, risk) is kind
    done = respond(risk, message).kind
    assert done is kind or (kind, done) == (ReactionKind.CONTINUE, ReactionKind.INFORM)


def test_nobody_acts_on_what_is_not_believed() -> None:
    never = SURE.with_("mind.warnings.belief_constant", -50.0)
    response = respond(parameters=never)
    assert (response.kind, response.believed) == (ReactionKind.CONTINUE, False)
    assert not response.informs


def test_some_believe_and_stay() -> None:
    never = SURE.with_("mind.warnings.constant", -50.0)
    response = respond(parameters=never)
    assert response.believed
    assert response.kind in {ReactionKind.CONTINUE, ReactionKind.INFORM}


def test_who_heard_twice_is_no_less_sure() -> None:
    for seed in range(30):
        once = respond(parameters=CityParameters(), seed=seed)
        twice = respond(HERE._replace(confirmed=1), parameters=CityParameters(), seed=seed)
        assert twice.believed >= once.believed


def test_most_leave_an_area_of_great_danger() -> None:
    fled = [
        respond(HERE._replace(confirmed=2), parameters=CityParameters(), seed=seed).kind
        for seed in range(400)
    ]
    assert 0.72 < fled.count(ReactionKind.FLEE) / 400 < 0.88  # .95 believe, .86 of them act


def test_a_small_child_goes_along_with_the_household_only() -> None:
    child = someone(age=5)
    told = FLOOD.passed_on(9, "in_person", minute=690, leaves_min=702)
    along = respond(HERE._replace(from_household=True), told, persona=child)
    assert (along.kind, along.minutes) == (ReactionKind.FLEE, 12)
    assert respond(HERE, told, persona=child).kind is not ReactionKind.FLEE


def answer(question: Question) -> object:
    told: Any = question.facts["options"]
    fields = {"reason": "the river is near", "believed": 9, "informs": True, "minutes": 20}
    leave = told.index("leave the area for a safe place") + 1
    return question.reply(**fields, choice=leave)


class Backend:
    def __init__(self) -> None:
        self.asked: list[Question] = []

    def answer_many(self, questions: list[Question]) -> list[object]:
        self.asked += questions
        return [answer(one) for one in questions]


def test_a_language_model_says_what_is_believed_and_done() -> None:
    perception = Prompted(Perception(), HeedPrompt())
    backend = Backend()
    response = run(
        perception.heed(FLOOD, risk=HERE, minute=690, rng=np.random.default_rng(1)),
        backend=backend,  # type: ignore[arg-type]
    )
    expected = (ReactionKind.FLEE, True, "the river is near", DecisionSource.PROMPT, True, 20)
    assert tuple(response) == expected
    assert backend.asked[0].purpose == "heed"
    assert backend.asked[0].facts["concerns"] == "the person is in the area in danger"


def test_a_language_model_is_not_asked_about_news_without_danger() -> None:
    perception = Prompted(Perception(), HeedPrompt())
    response = run(perception.heed(replace(FLOOD, danger=0.0), risk=HERE, minute=690))
    assert response.source is DecisionSource.RULE
