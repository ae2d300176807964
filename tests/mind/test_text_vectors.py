"""Vectors of texts: kept once, shared by copies, the same whatever is kept."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Float
from mesa_llm_city.llm.embedding import LexicalEmbedder
from mesa_llm_city.mind import TextVectors, shared_vectors


class Counting:
    """Embeds by length, and remembers what it was asked."""

    id = "counting"
    dim = 2

    def __init__(self) -> None:
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> Float:
        self.asked += texts
        return np.array([[1.0, 0.0] if len(text) % 2 else [0.0, 1.0] for text in texts])


def test_a_text_is_embedded_once() -> None:
    embedder = Counting()
    vectors = TextVectors(embedder)
    assert vectors.similarity("a", ["b", "bb", "b"]).tolist() == [1.0, 0.0, 1.0]
    assert vectors.similarity("b", ["a"]).tolist() == [1.0]
    assert embedder.asked == ["a", "b", "bb"]


def test_no_more_are_kept_than_agreed_but_all_are_told() -> None:
    embedder = Counting()
    vectors = TextVectors(embedder, capacity=2)
    assert vectors.of(["a", "bb", "c", "dd"]).shape == (4, 2)
    assert len(vectors) == 2
    vectors.of(["c", "a"])
    assert embedder.asked == ["a", "bb", "c", "dd", "a"]


@given(st.lists(st.text(max_size=12), max_size=8))
def test_what_is_kept_changes_no_vector(texts: list[str]) -> None:
    fresh = TextVectors(LexicalEmbedder(64), capacity=2)
    np.testing.assert_array_equal(fresh.of(texts), LexicalEmbedder(64).embed(texts))
    np.testing.assert_array_equal(fresh.of(texts), LexicalEmbedder(64).embed(texts))


def test_a_copy_is_the_object_itself_and_a_pickle_travels_light() -> None:
    vectors = TextVectors(LexicalEmbedder(64), capacity=9)
    vectors.of(["noodles"])
    assert copy.deepcopy(vectors) is vectors
    travelled = pickle.loads(pickle.dumps(vectors))
    assert (len(travelled), travelled.capacity) == (0, 9)
    np.testing.assert_array_equal(travelled.of(["noodles"]), vectors.of(["noodles"]))


def test_there_is_one_for_everybody() -> None:
    assert shared_vectors() is shared_vectors()


def test_nothing_has_no_vectors() -> None:
    assert TextVectors(Counting()).of([]).shape == (0, 2)


def test_a_capacity_of_nothing_is_refused() -> None:
    with pytest.raises(ConfigError, match="capacity must be at least 1, got 0"):
        TextVectors(Counting(), capacity=0)
