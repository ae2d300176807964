"""Reflection by rule: new insights with evidence, without a language model."""

from __future__ import annotations

import copy
from typing import Any

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
    MemoryEntry,
    MemoryWords,
    Reflected,
    Reflection,
    leanings,
    usual_times,
)
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.parameters.mind import ReflectionParameters
from mesa_llm_city.testing import check_component

DAY = 1440
PURPOSES = CityParameters().purposes
ROUTINE = ((430, "meal"), (540, "work"), (750, "meal"), (1090, "sport"), (1150, "meal"))


def live(memory: Memory, days: range, *, score: float = 0.9) -> None:
    for day in days:
        for minute, key in ROUTINE:
            rated = score if key == "sport" else None
            memory.add(MemoryEntry(day * DAY + minute, 7 if rated else 1, key, "-", rated))


def holding(capacity: int) -> Memory:
    return Memory(CityParameters().with_("mind.memory.capacity", capacity))


def lived(days: int, capacity: int = 150) -> Memory:
    memory = holding(capacity)
    live(memory, range(days))
    return memory


def reflect(
    memory: Memory,
    insights: InsightMemory,
    *,
    day: int,
    part: Reflection | None = None,
    names: dict[int, str] | None = None,
) -> Reflected:
    at_min, rng = day * DAY + 1400, np.random.default_rng(1)
    words = MemoryWords(places=names or {})
    return run(
        (part or Reflection()).reflect(memory, insights, at_min=at_min, words=words, rng=rng)
    )


def test_two_days_give_no_insights() -> None:
    reflected = reflect(lived(2), InsightMemory(), day=1)
    assert reflected == Reflected(
        (), DecisionSource.RULE, "0 regularities in 10 entries, 0 of them new"
    )


def test_three_days_give_habits_and_likings_but_at_most_five() -> None:
    reflected = reflect(lived(3), InsightMemory(), day=2)
    # Five habits of strength .8 before two likings of weight .6 * .8.
    assert reflected.reason == "7 regularities in 15 entries, 7 of them new"
    assert [one.kind for one in reflected.insights] == 5 * [InsightKind.HABIT]
    assert all(one.evidence for one in reflected.insights)


def test_new_insights_come_before_known_ones() -> None:
    memory, insights = lived(3), InsightMemory()
    for _ in range(2):
        insights.keep(reflect(memory, insights, day=2, names={7: "Lake Bath"}).insights)
    # The last is drawn from the habits that had been kept.
    assert [one.text for one in insights][5:] == [
        "lives by regular hours",
        "likes Lake Bath",
        "likes sport",
    ]
    assert insights.insight(6) == Insight(
        2 * DAY + 1400,
        InsightKind.BELIEF,
        "self",
        "lives by regular hours",
        0.8,
        earlier=(1, 2, 3, 4, 5),
    )
    assert reflect(memory, insights, day=2).insights == ()


def test_insights_give_the_numbers_that_planning_reads() -> None:
    memory, insights = Memory(), InsightMemory()
    for day in range(6):
        live(memory, range(day, day + 1))
        insights.keep(reflect(memory, insights, day=day).insights)
    assert usual_times(insights, PURPOSES)[Purpose.SPORT] == 1090
    assert leanings(insights, PURPOSES)[Purpose.SPORT] > 0.4


def test_new_experience_replaces_a_preference() -> None:
    memory, insights = holding(15), InsightMemory()
    for days, score in ((range(4), 0.9), (range(4, 10), 0.1)):
        for day in days:
            live(memory, range(day, day + 1), score=score)
            insights.keep(reflect(memory, insights, day=day).insights)
    assert leanings(insights, PURPOSES)[Purpose.SPORT] < -0.4
    assert len(insights.recall(at_min=0, kind=InsightKind.PREFERENCE)) == 1


def test_only_recent_days_up_to_now_count() -> None:
    part = Reflection(CityParameters().with_("mind.reflection.days", 2))
    assert reflect(lived(9), InsightMemory(), day=8, part=part).insights == ()
    assert reflect(lived(9), InsightMemory(), day=1).insights == ()


def test_a_mode_of_a_user_counts_as_a_way_to_travel() -> None:
    memory = Memory()
    for day in range(3):
        memory.add(MemoryEntry(day * DAY + 100 * day, 7, "scooter", "-"))
    with_scooter = CityParameters(modes={"scooter": {"speed_km_h": 15}})
    (habit,) = reflect(memory, InsightMemory(), day=2, part=Reflection(with_scooter)).insights
    assert habit.text == "scooter is a usual way to travel"
    assert reflect(memory, InsightMemory(), day=2).insights == ()


def test_entries_of_earlier_reflection_are_ignored() -> None:
    memory = Memory()
    for day in range(5):
        memory.add(MemoryEntry(day * DAY + 1400, 1, "reflection", "lives by regular hours"))
    assert reflect(memory, InsightMemory(), day=4).reason.endswith("in 0 entries, 0 of them new")


def test_a_restored_memory_leads_to_the_same_insights() -> None:
    memory = lived(40, capacity=30)
    twin = holding(30)
    twin.restore(memory.state())
    assert reflect(twin, InsightMemory(), day=39) == reflect(memory, InsightMemory(), day=39)


def test_it_changes_neither_memory_nor_insights() -> None:
    memory, insights = lived(4), InsightMemory()
    insights.note("it rains", subject="train", minute=0)
    before = copy.deepcopy((memory.state(), insights.state()))
    assert reflect(memory, insights, day=3).insights
    assert (memory.state(), insights.state()) == before


def test_it_keeps_the_promises_of_a_component_by_rule() -> None:
    memory, insights = lived(4), InsightMemory()

    async def evening(part: Reflection, rng: np.random.Generator) -> Reflected:
        return await part.reflect(memory, insights, at_min=4 * DAY, rng=rng)

    check_component(Reflection, evening)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"most": 0}, "most: got 0; accepted is a whole number of at least 1"),
        ({"least_liking": 1.5}, r"least_liking: got 1\.5; accepted is a number from 0 to 1"),
    ],
)
def test_parameters_out_of_range_are_refused(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        ReflectionParameters(**changes)
