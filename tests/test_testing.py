"""The battery for components: good ones pass, each kind of bad one is caught."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from pydantic import BaseModel

from mesa_llm_city.core.asking import ask
from mesa_llm_city.core.component import Component, State, Stateless
from mesa_llm_city.core.errors import DataError
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


def test_a_thought_that_changes_state_is_caught() -> None:
    async def think(part: Counter, _: np.random.Generator) -> int:
        part.count += 1
        return part.count

    with pytest.raises(AssertionError, match="a thought of Counter changed its state"):
        check_component(Counter, think)


def test_a_thought_that_changes_its_inputs_is_caught() -> None:
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

    with pytest.raises(AssertionError, match="Counter asked name under rules"):
        check_component(Counter, think)


def test_luck_from_elsewhere_is_caught() -> None:
    elsewhere = np.random.default_rng(1)

    async def think(_part: Counter, _: np.random.Generator) -> float:
        return elsewhere.random()

    with pytest.raises(AssertionError, match="the same luck led to another value"):
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
