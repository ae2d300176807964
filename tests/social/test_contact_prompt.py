"""Contact by prompt: people by number in an order of chance, mapped back to who was meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from mesa_llm_city.core.asking import Question, run
from mesa_llm_city.core.errors import LLMUnavailableError
from mesa_llm_city.core.values import DecisionSource, Purpose
from mesa_llm_city.social import (
    Channel,
    Contact,
    ContactChance,
    ContactChoice,
    ContactConfig,
    Outcome,
    Relation,
    Ties,
)
from mesa_llm_city.social.contact_prompt import contact_reply
from tests.mobility.scripted import Scripted
from tests.social.people import aya

ALWAYS = ContactConfig(ask_above=0.0)
NAMES = {1: "Ines Diaz", 2: "Ben Lund", 9: "Dai Ito"}


def known() -> Ties:
    ties = Ties()
    ties.relate([1], Relation.HOUSEHOLD)
    ties.relate([2, 3], Relation.COLLEAGUE)
    ties.relate(range(100, 140), Relation.NEIGHBOUR)
    return ties


def chance(*here: int, social: float = 0.44, thought: str = "") -> ContactChance:
    return ContactChance(
        minute=740,
        social=social,
        free_min=40,
        here=np.array(here, dtype=np.int64),
        activity=Purpose.MEAL,
        mood=0.37,
        thought=thought,
    )


def told(question: Question) -> list[Mapping[str, Any]]:
    people = question.facts["people"]
    assert isinstance(people, Sequence)
    return list(people)


def naming(name: str) -> Scripted:
    """Choose somebody by whatever number she has been told under."""

    def script(question: Question) -> dict[str, Any]:
        names = [one["name"] for one in told(question)]
        return {"reason": "they get on", "choice": 1 + names.index(name)}

    return Scripted(script)


NOBODY = {"reason": "too tired", "choice": 0}


def decide(
    backend: Scripted | None,
    at: ContactChance,
    *,
    config: ContactConfig = ALWAYS,
    source: DecisionSource = DecisionSource.PROMPT,
    seed: int = 1,
) -> Contact:
    part = ContactChoice(config, source=source)
    thought = part.decide(at, known(), persona=aya(), names=NAMES, rng=np.random.default_rng(seed))
    return run(thought, backend=backend)


@pytest.mark.parametrize("person", [1, 2, 9])
@pytest.mark.parametrize("seed", range(4))
def test_who_is_meant_is_talked_to_whatever_her_number(person: int, seed: int) -> None:
    contact = decide(naming(NAMES[person]), chance(1, 2, 9), seed=seed)
    assert contact == Contact(person, Channel.FACE, DecisionSource.PROMPT, "they get on")


def test_nobody_is_a_choice() -> None:
    contact = decide(Scripted(lambda _: NOBODY), chance(1, 2))
    assert contact == Contact(None, None, DecisionSource.PROMPT, "too tired")


def test_the_order_of_the_people_is_drawn() -> None:
    backend = Scripted(lambda _: NOBODY)
    for seed in range(40):
        decide(backend, chance(1, 2, 9), seed=seed)
    assert len({tuple(one["name"] for one in told(asked)) for asked in backend.asked}) == 6


def test_six_are_told_at_most_and_half_of_them_far_away() -> None:
    backend = Scripted(lambda _: NOBODY)
    decide(backend, chance(*range(100, 120), social=0.1))
    decide(backend, chance(social=0.1))
    decide(backend, chance(*range(100, 120)))
    ways = [[one["how"] for one in told(asked)] for asked in backend.asked]
    assert [(way.count("face to face"), way.count("online")) for way in ways] == [
        (3, 3),
        (0, 6),
        (6, 0),
    ]
    assert all(len({one["name"] for one in told(asked)}) == 6 for asked in backend.asked)


def test_somebody_far_away_is_contacted_online() -> None:
    at = ContactChance(minute=740, social=0.1, free_min=40, afar=np.array([2]))
    assert decide(naming("Ben Lund"), at).channel is Channel.ONLINE


def test_the_model_is_told_the_person_the_moment_and_the_ties() -> None:
    backend = Scripted(lambda _: NOBODY)
    decide(backend, chance(2, thought="A long morning. " * 30))
    content = backend.worded[0].messages[1][1]
    assert aya().describe() in content
    assert 'It is "12:20". The person is at: "meal", with 40 minutes free.' in content
    assert "Need for company met 4, mood 2." in content
    assert '1. "Ben Lund", "colleague", "face to face": 4, 4, 5' in content
    assert len(str(backend.asked[0].facts["thought"])) == 160


def test_who_has_no_name_is_told_by_id_and_a_thought_need_not_be() -> None:
    backend = Scripted(lambda _: NOBODY)
    decide(backend, chance(55))
    content = backend.worded[0].messages[1][1]
    assert '1. "55", "stranger", "face to face": 3, 2, 0' in content
    assert "mind" not in content


def test_an_unlikely_contact_is_left_to_the_rule() -> None:
    backend = Scripted(lambda _: NOBODY)
    for seed in range(20):
        at = chance(55, social=0.9)
        config = ContactConfig(ask_above=0.5)
        contact = decide(backend, at, config=config, seed=seed)
        assert contact == decide(None, at, config=config, source=DecisionSource.RULE, seed=seed)
    assert backend.asked == []


def test_a_likely_one_is_asked_about_once() -> None:
    backend = Scripted(lambda _: NOBODY)
    decide(backend, chance(1, 2, social=0.1), config=ContactConfig())
    assert [one.purpose for one in backend.asked] == ["meet"]


def test_after_a_contact_nothing_is_asked_for_half_an_hour() -> None:
    ties, backend = known(), Scripted(lambda _: NOBODY)
    ties.meet(2, Outcome.POSITIVE, at_min=720)
    part = ContactChoice(ALWAYS, source=DecisionSource.PROMPT)
    contact = run(part.decide(chance(1), ties, rng=np.random.default_rng(1)), backend=backend)
    assert contact.reason == "talked 20 min ago"
    assert backend.asked == []


def test_no_number_beyond_those_told_can_be_answered() -> None:
    for number in (-1, 4):
        with pytest.raises(ValidationError):
            contact_reply(3)(reason="", choice=number)
    assert contact_reply(3) is contact_reply(3)
    assert list(contact_reply(3).model_fields) == ["reason", "choice"]


def test_without_a_reply_rules_decide_as_they_would_have_anyway_if_the_run_says_so() -> None:
    error = LLMUnavailableError("overloaded")
    error.use_rules = True
    for seed in range(10):
        contact = decide(Scripted(lambda _: error), chance(1, 2), seed=seed)
        by_rule = decide(None, chance(1, 2), source=DecisionSource.RULE, seed=seed)
        assert contact == by_rule._replace(reason="rules after: overloaded")


def test_otherwise_the_error_is_raised() -> None:
    with pytest.raises(LLMUnavailableError, match="overloaded"):
        decide(Scripted(lambda _: LLMUnavailableError("overloaded")), chance(1, 2))
