"""Contact by prompt: people by number in random order, and when the model is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from mesa_llm_city.core.asking import Question, run
from mesa_llm_city.core.errors import LLMUnavailableError
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.prompts import Prompted
from mesa_llm_city.social import (
    Channel,
    Contact,
    ContactChoice,
    ContactOpportunity,
    ContactPrompt,
    Outcome,
    Relation,
    Ties,
)
from mesa_llm_city.social.contact_prompt import contact_reply
from tests.mobility.scripted import Scripted
from tests.social.people import aya

DEFAULT = CityParameters()
ALWAYS = DEFAULT.with_("social.contact.ask_above", 0.0)
NAMES = {1: "Ines Diaz", 2: "Ben Lund", 9: "Dai Ito"}


def known() -> Ties:
    ties = Ties()
    ties.relate([1], Relation.HOUSEHOLD)
    ties.relate([2, 3], Relation.COLLEAGUE)
    ties.relate(range(100, 140), Relation.NEIGHBOUR)
    return ties


def opportunity(*here: int, social: float = 0.44, thought: str = "") -> ContactOpportunity:
    return ContactOpportunity(
        minute=740,
        social=social,
        free_min=40,
        here=np.array(here, dtype=np.int64),
        activity="meal",
        mood=0.37,
        thought=thought,
    )


def people_in(question: Question) -> list[Mapping[str, Any]]:
    people = question.facts["people"]
    assert isinstance(people, Sequence)
    return list(people)


def naming(name: str) -> Scripted:
    """Return a backend that chooses a person of this name, whatever the number."""

    def script(question: Question) -> dict[str, Any]:
        names = [one["name"] for one in people_in(question)]
        return {"reason": "they get on", "choice": 1 + names.index(name)}

    return Scripted(script)


NOBODY = {"reason": "too tired", "choice": 0}


def decide(
    backend: Scripted | None,
    at: ContactOpportunity,
    *,
    parameters: CityParameters = ALWAYS,
    ties: Ties | None = None,
    seed: int = 1,
) -> Contact:
    """Decide by prompt, or by rule if there is no backend."""
    rule = ContactChoice(parameters)
    contacts = rule if backend is None else Prompted(rule, ContactPrompt(parameters))
    thought = contacts.decide(
        at,
        known() if ties is None else ties,
        persona=aya(),
        names=NAMES,
        rng=np.random.default_rng(seed),
    )
    contact: Contact = run(thought, backend=backend)
    return contact


@pytest.mark.parametrize("person", [1, 2, 9])
@pytest.mark.parametrize("seed", range(4))
def test_the_person_chosen_is_talked_to_whatever_the_number(person: int, seed: int) -> None:
    contact = decide(naming(NAMES[person]), opportunity(1, 2, 9), seed=seed)
    assert contact == Contact(person, Channel.FACE, DecisionSource.PROMPT, "they get on")


def test_the_model_may_choose_nobody() -> None:
    contact = decide(Scripted(lambda _: NOBODY), opportunity(1, 2))
    assert contact == Contact(None, None, DecisionSource.PROMPT, "too tired")


def test_people_are_listed_in_random_order() -> None:
    backend = Scripted(lambda _: NOBODY)
    for seed in range(40):
        decide(backend, opportunity(1, 2, 9), seed=seed)
    assert len({tuple(one["name"] for one in people_in(asked)) for asked in backend.asked}) == 6


def test_at_most_six_are_listed_and_half_of_them_elsewhere() -> None:
    backend = Scripted(lambda _: NOBODY)
    decide(backend, opportunity(*range(100, 120), social=0.1))
    decide(backend, opportunity(social=0.1))
    decide(backend, opportunity(*range(100, 120)))
    ways = [[one["how"] for one in people_in(asked)] for asked in backend.asked]
    assert [(way.count("face to face"), way.count("online")) for way in ways] == [
        (3, 3),
        (0, 6),
        (6, 0),
    ]
    assert all(len({one["name"] for one in people_in(asked)}) == 6 for asked in backend.asked)


def test_a_person_elsewhere_is_contacted_online() -> None:
    at = ContactOpportunity(minute=740, social=0.1, free_min=40, online=np.array([2]))
    assert decide(naming("Ben Lund"), at).channel is Channel.ONLINE


def test_the_prompt_contains_the_person_the_situation_and_the_ties() -> None:
    backend = Scripted(lambda _: NOBODY)
    decide(backend, opportunity(2, thought="A long morning. " * 30))
    content = backend.worded[0].messages[1][1]
    assert aya().describe() in content
    assert 'It is "12:20". The person is at: "meal", with 40 minutes free.' in content
    assert "Need for company met 4, mood 2." in content
    assert '1. "Ben Lund", "colleague", "face to face": 4, 4, 5' in content
    assert len(str(backend.asked[0].facts["thought"])) == 160


def test_a_person_without_a_name_is_listed_by_id_and_an_empty_thought_is_left_out() -> None:
    backend = Scripted(lambda _: NOBODY)
    decide(backend, opportunity(55))
    content = backend.worded[0].messages[1][1]
    assert '1. "55", "stranger", "face to face": 3, 2, 0' in content
    assert "mind" not in content


def test_an_unlikely_contact_is_left_to_the_rule() -> None:
    backend = Scripted(lambda _: NOBODY)
    for seed in range(20):
        at = opportunity(55, social=0.9)
        contact = decide(backend, at, parameters=DEFAULT, seed=seed)
        assert contact == decide(None, at, parameters=DEFAULT, seed=seed)
    assert backend.asked == []


def test_a_likely_contact_is_asked_about_once() -> None:
    backend = Scripted(lambda _: NOBODY)
    decide(backend, opportunity(1, 2, social=0.1), parameters=DEFAULT)
    assert [one.purpose for one in backend.asked] == ["meet"]


def test_nothing_is_asked_within_30_minutes_after_a_contact() -> None:
    ties, backend = known(), Scripted(lambda _: NOBODY)
    ties.meet(2, Outcome.POSITIVE, at_min=720)
    contact = decide(backend, opportunity(1), ties=ties)
    assert contact.reason == "talked 20 min ago"
    assert backend.asked == []


def test_a_reply_with_a_number_that_was_not_listed_is_rejected() -> None:
    for number in (-1, 4):
        with pytest.raises(ValidationError):
            contact_reply(3)(reason="", choice=number)
    assert contact_reply(3) is contact_reply(3)
    assert list(contact_reply(3).model_fields) == ["reason", "choice"]


def test_without_a_reply_the_rule_decides_if_the_run_is_configured_so() -> None:
    error = LLMUnavailableError("overloaded")
    error.use_rules = True
    for seed in range(10):
        contact = decide(Scripted(lambda _: error), opportunity(1, 2), seed=seed)
        by_rule = decide(None, opportunity(1, 2), seed=seed)
        assert contact == by_rule._replace(reason="rules after: overloaded")


def test_without_a_reply_the_error_is_raised_otherwise() -> None:
    with pytest.raises(LLMUnavailableError, match="overloaded"):
        decide(Scripted(lambda _: LLMUnavailableError("overloaded")), opportunity(1, 2))


class _Always:
    """A component of a user: talks to the first person here, and returns a plain pair."""

    async def decide(self, at: ContactOpportunity, ties: Ties, **_: object) -> tuple[int, str]:
        assert len(ties)
        return int(at.here[0]), "first of the list"


def test_a_component_of_a_user_can_be_asked_about_too() -> None:
    contacts = Prompted(_Always(), ContactPrompt(DEFAULT))
    thought = contacts.decide(
        opportunity(55, 2, social=0.9), known(), names=NAMES, rng=np.random.default_rng(1)
    )
    contact = run(thought, backend=naming("Ben Lund"))
    assert (contact.other, contact.source) == (2, DecisionSource.PROMPT)


def test_a_new_purpose_is_named_by_its_label() -> None:
    worship = ALWAYS.with_("purposes.worship", {"label": "prayer"})
    backend = Scripted(lambda _: NOBODY)
    at = replace(opportunity(2), activity="worship")
    decide(backend, at, parameters=worship)
    assert backend.asked[0].facts["activity"] == "prayer"
