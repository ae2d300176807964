"""Reflection by rule: what is new comes first, rests on something, and asks nobody."""

from __future__ import annotations

import copy

import numpy as np
import pytest

from mesa_llm_city.core.asking import run
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import DecisionSource, Purpose
from mesa_llm_city.mind import (
    Insight,
    InsightKind,
    InsightMemory,
    Memory,
    MemoryConfig,
    MemoryEntry,
    Reflected,
    Reflection,
    ReflectionConfig,
    leanings,
    usual_times,
)
from mesa_llm_city.testing import check_component

DAY = 1440
ROUTINE = ((430, "meal"), (540, "work"), (750, "meal"), (1090, "sport"), (1150, "meal"))


def live(memory: Memory, days: range, *, score: float = 0.9) -> None:
    for day in days:
        for minute, key in ROUTINE:
            rated = score if key == "sport" else None
            memory.add(MemoryEntry(day * DAY + minute, 7 if rated else 1, key, "-", rated))


def lived(days: int, capacity: int = 150) -> Memory:
    memory = Memory(MemoryConfig(capacity=capacity))
    live(memory, range(days))
    return memory


def reflect(
    memory: Memory,
    thoughts: InsightMemory,
    *,
    day: int,
    part: Reflection | None = None,
    names: dict[int, str] | None = None,
) -> Reflected:
    at_min, rng = day * DAY + 1400, np.random.default_rng(1)
    return run(
        (part or Reflection()).reflect(memory, thoughts, at_min=at_min, names=names or {}, rng=rng)
    )


def test_two_days_show_nothing() -> None:
    reflected = reflect(lived(2), InsightMemory(), day=1)
    assert reflected == Reflected(
        (), DecisionSource.RULE, "0 regularities in 10 entries, 0 of them new"
    )


def test_three_days_show_habits_and_likings_five_at_most() -> None:
    reflected = reflect(lived(3), InsightMemory(), day=2)
    # Five habits of strength .8 before two likings of weight .6 * .8.
    assert reflected.reason == "7 regularities in 15 entries, 7 of them new"
    assert [one.kind for one in reflected.insights] == 5 * [InsightKind.HABIT]
    assert all(one.evidence for one in reflected.insights)


def test_what_is_known_gives_way_to_what_is_new() -> None:
    memory, thoughts = lived(3), InsightMemory()
    for _ in range(2):
        thoughts.keep(reflect(memory, thoughts, day=2, names={7: "Lake Bath"}).insights)
    # The last is drawn from the habits that had been kept.
    assert [one.text for one in thoughts][5:] == [
        "lives by regular hours",
        "likes Lake Bath",
        "likes sport",
    ]
    assert thoughts.insight(6) == Insight(
        2 * DAY + 1400,
        InsightKind.BELIEF,
        "self",
        "lives by regular hours",
        0.8,
        earlier=(1, 2, 3, 4, 5),
    )
    assert reflect(memory, thoughts, day=2).insights == ()


def test_insights_yield_the_numbers_that_planning_reads() -> None:
    memory, thoughts = Memory(), InsightMemory()
    for day in range(6):
        live(memory, range(day, day + 1))
        thoughts.keep(reflect(memory, thoughts, day=day).insights)
    assert usual_times(thoughts)[Purpose.SPORT] == 1090
    assert leanings(thoughts)[Purpose.SPORT] > 0.4


def test_a_change_of_mind_renews_a_preference() -> None:
    config = MemoryConfig(capacity=15)
    memory, thoughts = Memory(config), InsightMemory()
    for days, score in ((range(4), 0.9), (range(4, 10), 0.1)):
        for day in days:
            live(memory, range(day, day + 1), score=score)
            thoughts.keep(reflect(memory, thoughts, day=day).insights)
    assert leanings(thoughts)[Purpose.SPORT] < -0.4
    assert len(thoughts.recall(at_min=0, kind=InsightKind.PREFERENCE)) == 1


def test_only_days_of_late_and_up_to_now_count() -> None:
    config = ReflectionConfig(days=2)
    assert reflect(lived(9), InsightMemory(), day=8, part=Reflection(config)).insights == ()
    assert reflect(lived(9), InsightMemory(), day=1).insights == ()


def test_entries_about_reflecting_are_ignored() -> None:
    memory = Memory()
    for day in range(5):
        memory.add(MemoryEntry(day * DAY + 1400, 1, "reflection", "lives by regular hours"))
    assert reflect(memory, InsightMemory(), day=4).reason.endswith("in 0 entries, 0 of them new")


def test_a_restored_memory_leads_to_the_same_insights() -> None:
    memory = lived(40, capacity=30)
    twin = Memory(MemoryConfig(capacity=30))
    twin.restore(memory.state())
    assert reflect(twin, InsightMemory(), day=39) == reflect(memory, InsightMemory(), day=39)


def test_it_changes_neither_memory_nor_thoughts() -> None:
    memory, thoughts = lived(4), InsightMemory()
    thoughts.note("it rains", subject="train", minute=0)
    before = copy.deepcopy((memory.state(), thoughts.state()))
    assert reflect(memory, thoughts, day=3).insights
    assert (memory.state(), thoughts.state()) == before


def test_it_keeps_the_promises_of_a_component_by_rule() -> None:
    memory, thoughts = lived(4), InsightMemory()

    async def evening(part: Reflection, rng: np.random.Generator) -> Reflected:
        return await part.reflect(memory, thoughts, at_min=4 * DAY, rng=rng)

    check_component(Reflection, evening)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"most": 0}, "most must be at least 1, got 0"),
        ({"least_liking": 1.5}, r"least_liking must lie in \[0, 1\], got 1\.5"),
    ],
)
def test_what_is_out_of_range_is_refused(changes: dict[str, float], told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        ReflectionConfig(**changes)  # type: ignore[arg-type]
