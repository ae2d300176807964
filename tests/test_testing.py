"""The checks for components: good ones pass, each kind of bad one is caught."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from pydantic import BaseModel

from mesa_llm_city.core.asking import Question, ask
from mesa_llm_city.core.component import Component, Decided, State, Stateless
from mesa_llm_city.core.errors import DataError
from mesa_llm_city.prompts import Prompted
from mesa_llm_city.testing import check_component


class Counter:
    """Counts; well behaved."""

    def __init__(self) -> None:
        self.count = 0

    def state(self) -> State:
        return {"count": self.count}

    def restore(self, state: Mapping[str, Any]) -> None:
        self.count = state["count"]


async def read(part: Counter, rng: np.random.Generator) -> float:
    return part.count + rng.random()


def count_up(part: Counter, _: float) -> None:
    part.count += 1


def test_a_well_behaved_component_passes() -> None:
    check_component(Counter, read, commit=count_up)


def test_a_decision_that_changes_the_state_is_caught() -> None:
    async def think(part: Counter, _: np.random.Generator) -> int:
        part.count += 1
        return part.count

    with pytest.raises(AssertionError, match="a decision of Counter changed its state"):
        check_component(Counter, think)


def test_a_decision_that_changes_its_inputs_is_caught() -> None:
    given = [1, 2]

    async def think(_part: Counter, _: np.random.Generator) -> None:
        given.append(3)

    with pytest.raises(AssertionError, match="changed its inputs"):
        check_component(Counter, think, inputs=[given])


def test_a_rule_that_asks_is_caught() -> None:
    class Reply(BaseModel):
        text: str

    async def think(_part: Counter, _: np.random.Generator) -> str:
        return (await ask("name", Reply)).text

    with pytest.raises(AssertionError, match="the rule of Counter asked about 'name'"):
        check_component(Counter, think)


def test_random_numbers_from_elsewhere_are_caught() -> None:
    elsewhere = np.random.default_rng(1)

    async def think(_part: Counter, _: np.random.Generator) -> float:
        return elsewhere.random()

    with pytest.raises(AssertionError, match="the same random numbers led to another value"):
        check_component(Counter, think)


def test_a_state_that_forgets_something_is_caught() -> None:
    class Forgetful(Counter):
        def restore(self, state: Mapping[str, Any]) -> None:
            del state

    with pytest.raises(AssertionError, match="Forgetful restores another state than it saved"):
        check_component(Forgetful, read, commit=count_up)


def test_stateless_parts_accept_no_state() -> None:
    part = Stateless()
    part.restore({})
    assert isinstance(part, Component)
    with pytest.raises(DataError, match=r"Stateless has no state, got \['a'\]"):
        part.restore({"a": 1})


class Number(BaseModel):
    number: int


class Guess:
    """Guesses by rule, and remembers nothing."""

    def __init__(self) -> None:
        self.guesses = 0

    async def guess(self, rng: np.random.Generator) -> Decided:
        return Decided(int(rng.integers(10)), "a random number")


class GuessPrompt:
    verb = "guess"

    async def ask(self, rule: object, by_rule: Decided, rng: np.random.Generator) -> Decided:  # noqa: ARG002
        return Decided((await ask("guess", Number)).number, "a prompt")


class Three:
    def answer_many(self, questions: Sequence[Question]) -> Sequence[BaseModel]:
        return [Number(number=3) for _ in questions]


async def guess(part: Guess | Prompted[Guess], rng: np.random.Generator) -> Decided:
    decided: Decided = await part.guess(rng)
    return decided


def test_a_plain_class_without_state_passes() -> None:
    check_component(Guess, guess)


def test_a_plain_class_that_changes_but_has_no_state_is_caught() -> None:
    def count(part: Guess, _: Decided) -> None:
        part.guesses += 1

    with pytest.raises(AssertionError, match=r"Guess changes but has no state\(\) and restore"):
        check_component(Guess, guess, commit=count)


def test_a_plain_class_whose_decision_changes_it_is_caught() -> None:
    async def think(part: Guess, _: np.random.Generator) -> None:
        part.guesses += 1

    with pytest.raises(AssertionError, match="a decision of Guess changed its state"):
        check_component(Guess, think)


def test_a_prompted_component_passes() -> None:
    check_component(lambda: Prompted(Guess(), GuessPrompt()), guess, backend=Three())


def test_a_prompted_component_needs_somebody_who_answers() -> None:
    with pytest.raises(AssertionError, match="give backend=, which answers"):
        check_component(lambda: Prompted(Guess(), GuessPrompt()), guess)


def test_the_rule_beneath_a_prompt_may_not_ask() -> None:
    class Asks(Guess):
        async def guess(self, rng: np.random.Generator) -> Decided:  # noqa: ARG002
            return Decided((await ask("guess", Number)).number, "asked")

    def make() -> Prompted[Guess]:
        return Prompted(Asks(), GuessPrompt())

    with pytest.raises(AssertionError, match="the rule of Asks asked about 'guess'"):
        check_component(make, guess, backend=Three())
