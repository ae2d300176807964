"""Temporal memory: bounded, numbered, filed under keys, recalled by recency or similarity."""

from __future__ import annotations

import copy
import json
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.mind import Circumstances, Memory, MemoryEntry, MemoryWords
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.testing import check_component


def holding(capacity: int) -> Memory:
    return Memory(CityParameters().with_("mind.memory.capacity", capacity))


def filled(count: int, *, capacity: int = 150) -> Memory:
    memory = holding(capacity)
    for hour in range(count):
        memory.add(MemoryEntry(60 * hour, hour, "meal" if hour % 2 else "work", f"hour {hour}"))
    return memory


def with_texts(*observations: str, key: str = "leisure") -> Memory:
    memory = Memory()
    for hour, observation in enumerate(observations):
        memory.add(MemoryEntry(60 * hour, 3, key, observation))
    return memory


class TestByRecency:
    def test_recall_returns_the_five_latest_newest_first(self) -> None:
        recalled = filled(12).recall(at_min=660)
        assert [entry.minute // 60 for entry in recalled] == [11, 10, 9, 8, 7]

    def test_a_key_filters_what_is_recalled(self) -> None:
        assert {entry.key for entry in filled(12).recall(at_min=660, key="meal")} == {"meal"}

    def test_several_keys_filter_alike(self) -> None:
        memory = filled(4)
        memory.add(MemoryEntry(240, 1, "sport", "a run"))
        recalled = memory.recall(at_min=240, key=("sport", "work", "never"))
        assert [entry.key for entry in recalled] == ["sport", "work", "work"]

    def test_an_unknown_key_recalls_nothing(self) -> None:
        assert filled(12).recall(at_min=660, key="sport") == ()

    def test_entries_older_than_a_day_are_not_recalled(self) -> None:
        assert filled(3).recall(at_min=60 + 1440)[-1].minute == 60

    def test_later_entries_are_not_recalled(self) -> None:
        assert filled(12).recall(at_min=0)[0].minute == 0

    def test_an_empty_memory_recalls_nothing(self) -> None:
        assert Memory().recall(at_min=0) == ()
        assert Memory().recall(at_min=0, query="lunch") == ()


class TestBySimilarity:
    def test_the_most_similar_entry_comes_first(self) -> None:
        memory = with_texts("swam in the lake", "a train was late", "noodles by the lake")
        recalled = memory.recall(at_min=180, query="swimming in a lake")
        assert recalled[0].observation == "swam in the lake"
        assert recalled[-1].observation == "a train was late"

    def test_of_equally_similar_entries_the_latest_comes_first(self) -> None:
        memory = with_texts("noodles", "rain", "noodles", "noodles")
        numbers = memory.recall_numbers(at_min=240, query="noodles", count=3)
        assert numbers == (4, 3, 1)

    def test_the_key_counts_as_part_of_the_text(self) -> None:
        memory = filled(6)
        assert memory.recall(at_min=300, query="meal")[0].key == "meal"

    def test_window_and_key_still_filter(self) -> None:
        memory = with_texts("noodles", "noodles", "noodles")
        memory.add(MemoryEntry(180, 3, "meal", "noodles"))
        assert memory.recall_numbers(at_min=60 + 1440, query="noodles") == (4, 3, 2)
        assert memory.recall_numbers(at_min=180, query="noodles", key="meal") == (4,)

    def test_recency_can_outweigh_likeness(self) -> None:
        memory = with_texts("noodles with soup", *["noodles with rice"] * 3)
        search = {"at_min": 5 * 1440, "window_min": 9999, "query": "noodles with soup"}
        assert memory.recall_numbers(**search)[0] == 1  # type: ignore[arg-type]
        assert memory.recall_numbers(**search, recency_weight=1e3)[0] == 4  # type: ignore[arg-type]


class TestForgetting:
    def test_beyond_its_capacity_the_oldest_is_forgotten(self) -> None:
        memory = filled(9, capacity=4)
        assert len(memory) == 4
        assert memory.recall(at_min=480)[-1].minute == 300

    def test_numbers_stay_valid_and_are_not_used_again(self) -> None:
        memory = filled(9, capacity=4)
        assert [number for number in range(12) if number in memory] == [6, 7, 8, 9]
        assert memory.entry(5) is None
        assert memory.entry(6) == MemoryEntry(300, 5, "meal", "hour 5")
        assert memory.add(MemoryEntry(600, 1, "work", "-")) == 10
        assert memory.columns().number.tolist() == [7, 8, 9, 10]

    def test_keys_without_entries_are_forgotten_too(self) -> None:
        memory = holding(3)
        for minute in range(50):
            memory.add(MemoryEntry(minute, 0, f"key {minute}", "-"))
        assert [entry.key for entry in memory] == ["key 47", "key 48", "key 49"]
        assert len(memory.columns().keys) <= 4

    @given(st.lists(st.sampled_from("abcdef"), max_size=30), st.integers(1, 9))
    def test_the_latest_entries_are_kept(self, keys: list[str], capacity: int) -> None:
        memory = holding(capacity)
        numbers = [memory.add(MemoryEntry(row, row, key, key)) for row, key in enumerate(keys)]
        assert numbers == list(range(1, len(keys) + 1))
        assert [entry.key for entry in memory] == keys[-capacity:]


def test_scores_are_kept_to_a_hundredth() -> None:
    memory = Memory()
    for score in (None, 0.0, 0.666, 1.0):
        memory.add(MemoryEntry(0, 0, "meal", "-", score))
    assert [entry.score for entry in memory] == [None, 0.0, 0.67, 1.0]
    np.testing.assert_array_equal(memory.columns().score, [np.nan, 0.0, 0.67, 1.0])


HOW = Circumstances(50, (4, 9), 3, "rain and cold", price=0.1, atmosphere=0.777, convenience=1.0)


class TestCircumstances:
    def test_they_are_kept_with_ratings_to_a_hundredth(self) -> None:
        memory = Memory()
        memory.add(MemoryEntry(60, 31, "meal", score=0.7, circumstances=HOW))
        memory.add(MemoryEntry(120, 31, "event", "a prize"))
        first, second = memory
        assert first.circumstances == HOW._replace(atmosphere=0.78)
        assert (first.observation, second.observation) == ("", "a prize")
        assert second.circumstances == Circumstances()
        aspects = memory.columns().aspects
        np.testing.assert_array_equal(aspects, [[0.1, 0.78, 1.0], [np.nan] * 3])

    def test_who_is_known_beyond_the_space_counts_among_the_others(self) -> None:
        memory = Memory()
        memory.add(MemoryEntry(0, 0, "social", circumstances=Circumstances(90, (7, 8, 9), 2)))
        memory.add(MemoryEntry(0, 0, "social", circumstances=Circumstances(99_999, (), 999)))
        three, many = (entry.circumstances for entry in memory)
        assert (three.company, three.others) == ((7, 8), 3)
        assert (many.minutes, many.others) == (65535, 255)

    def test_they_survive_saving(self) -> None:
        memory, twin = Memory(), Memory()
        memory.add(MemoryEntry(60, 31, "meal", score=0.7, circumstances=HOW))
        twin.restore(json.loads(json.dumps(memory.state())))
        assert list(twin) == list(memory)

    @pytest.mark.parametrize(
        ("how", "told"),
        [
            (Circumstances(5, price=1.5), r"price of a memory must lie in \[0, 1\], got 1.5"),
            (Circumstances(5, weather="fog"), "must be one of '', 'rain', .* got 'fog'"),
            (Circumstances(-5), "at least 0, got minutes=-5 and others=0"),
        ],
    )
    def test_impossible_ones_are_refused_and_nothing_is_added(
        self, how: Circumstances, told: str
    ) -> None:
        memory = Memory()
        with pytest.raises(DataError, match=told):
            memory.add(MemoryEntry(0, 0, "meal", circumstances=how))
        assert len(memory) == 0

    def test_150_entries_take_less_than_5_kilobytes(self) -> None:
        memory = Memory()
        for minute in range(400):
            memory.add(MemoryEntry(minute, 31, "meal", score=0.7, circumstances=HOW))
        assert len(memory) == 150
        assert len(pickle.dumps(memory)) < 5_000


class TestBySalience:
    def test_what_stands_out_comes_before_what_is_latest(self) -> None:
        memory = Memory()
        memory.add(MemoryEntry(600, 1, "care"))
        memory.add(MemoryEntry(630, 31, "meal", score=0.95))
        memory.add(MemoryEntry(700, 40, "leisure", score=0.5))
        memory.add(MemoryEntry(800, 1, "care"))
        # Saliences .5, .9, 1 and .5, beside recencies from .983 to 1.
        assert memory.recall_numbers(at_min=800, salience_weight=1.0) == (3, 2, 4, 1)
        assert memory.recall_numbers(at_min=800) == (4, 3, 2, 1)

    def test_a_query_counts_beside_it(self) -> None:
        memory = with_texts("noodles", "rain")
        memory.add(MemoryEntry(120, 3, "leisure", "a play", 0.0))
        search = {"at_min": 120, "query": "leisure noodles"}
        assert memory.recall_numbers(**search)[0] == 1  # type: ignore[arg-type]
        assert memory.recall_numbers(**search, salience_weight=9.0)[0] == 3  # type: ignore[arg-type]


def test_a_query_is_compared_with_the_words_that_are_given() -> None:
    memory = Memory()
    for place in (4, 5, 6):
        memory.add(MemoryEntry(60 * place, place, "meal", circumstances=Circumstances(30)))
    words = MemoryWords(places={4: "Lake Bath", 5: "Corner Noodles", 6: "Hill Office"})
    search = {"at_min": 360, "query": "the noodles at the corner"}
    assert memory.recall_numbers(**search, words=words)[0] == 2  # type: ignore[arg-type]
    assert memory.recall_numbers(**search)[0] == 3  # type: ignore[arg-type]


def test_columns_can_be_cut_to_some_rows() -> None:
    columns = filled(5).columns()
    late = columns.only(columns.minute >= 180)
    assert late.number.tolist() == [4, 5]
    assert [late.keys[code] for code in late.code.tolist()] == ["meal", "work"]
    assert late
    assert not columns.only(columns.minute < 0)


def test_it_keeps_the_promises_of_a_component() -> None:
    async def look(memory: Memory, _: np.random.Generator) -> tuple[MemoryEntry, ...]:
        return memory.recall(at_min=300, query="hour 3")

    def add_one(memory: Memory, _: tuple[MemoryEntry, ...]) -> None:
        memory.add(MemoryEntry(301, 4, "meal", "lunch", 0.7))

    check_component(lambda: filled(9, capacity=6), look, commit=add_one)


def test_a_restored_memory_continues_the_numbers() -> None:
    memory = holding(4)
    memory.restore(filled(9, capacity=4).state())
    assert memory.add(MemoryEntry(600, 1, "work", "-")) == 10


def test_copies_do_not_share_entries() -> None:
    memory = filled(3)
    for other in (copy.deepcopy(memory), pickle.loads(pickle.dumps(memory))):
        other.add(MemoryEntry(600, 1, "sport", "-"))
        assert len(memory) == 3
        assert list(other)[:3] == list(memory)


@pytest.mark.parametrize("capacity", [0, 70_000])
def test_a_capacity_out_of_range_is_refused(capacity: int) -> None:
    told = f"capacity: got {capacity}; accepted is a whole number from 1 to 65535"
    with pytest.raises(ConfigError, match=told):
        holding(capacity)


def test_a_score_out_of_range_is_refused_and_nothing_added() -> None:
    memory = Memory()
    with pytest.raises(DataError, match=r"score of a memory must lie in \[0, 1\], got 7"):
        memory.add(MemoryEntry(0, 0, "meal", "-", 7))
    assert len(memory) == 0
