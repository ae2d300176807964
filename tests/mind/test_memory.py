"""Temporal memory: bounded, filed under keys, recalled from the last day."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.errors import ConfigError
from mesa_llm_city.mind import Memory, MemoryConfig, Remembered
from mesa_llm_city.testing import check_component


def filled(count: int, config: MemoryConfig | None = None) -> Memory:
    memory = Memory(config)
    for hour in range(count):
        memory.add(Remembered(60 * hour, hour, "meal" if hour % 2 else "work", f"hour {hour}"))
    return memory


def test_recall_returns_the_five_latest_newest_first() -> None:
    recalled = filled(12).recall(at_min=660)
    assert [entry.minute // 60 for entry in recalled] == [11, 10, 9, 8, 7]


def test_a_key_filters_what_is_recalled() -> None:
    assert {entry.key for entry in filled(12).recall(at_min=660, key="meal")} == {"meal"}


def test_what_lies_more_than_a_day_back_is_not_recalled() -> None:
    assert filled(3).recall(at_min=60 + 1440)[-1].minute == 60


def test_nothing_is_recalled_from_the_future() -> None:
    assert filled(12).recall(at_min=0)[0].minute == 0


def test_beyond_its_capacity_the_oldest_is_forgotten() -> None:
    memory = filled(9, MemoryConfig(capacity=4))
    assert len(memory) == 4
    assert memory.recall(at_min=480)[-1].minute == 300


def test_it_keeps_the_promises_of_a_component() -> None:
    async def look(memory: Memory, _: np.random.Generator) -> tuple[Remembered, ...]:
        return memory.recall(at_min=300)

    def go_on(memory: Memory, _: tuple[Remembered, ...]) -> None:
        memory.add(Remembered(301, 4, "meal", "lunch"))

    check_component(lambda: filled(5), look, commit=go_on)


def test_a_capacity_of_nothing_is_refused() -> None:
    with pytest.raises(ConfigError, match="capacity must be at least 1, got 0"):
        MemoryConfig(capacity=0)
