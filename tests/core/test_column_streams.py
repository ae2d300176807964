"""Columns of draws are the draws of each person."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.core import kernels
from mesa_llm_city.core.column_streams import ColumnStreams
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.streams import Address, RandomStreams, Reseeding, uniforms
from mesa_llm_city.core.values import Int

LATER = (Reseeding(2**63 + 5, 720, 0), Reseeding(9, 2000, 1))
FEW, MANY = np.arange(5) * 7, np.arange(300)


@pytest.mark.parametrize("persons", [FEW, MANY])
def test_rows_at_their_own_minutes_equal_the_streams_of_each_person(persons: Int) -> None:
    steps = (persons * 37) % 3000
    drawn = ColumnStreams(7, persons, LATER).at("mode", step=steps, n=5)
    one_by_one = [
        RandomStreams(7, person, LATER).at("mode", step=step).random(5)
        for person, step in zip(persons.tolist(), steps.tolist(), strict=True)
    ]
    assert np.array_equal(drawn, np.array(one_by_one))


@pytest.mark.parametrize("persons", [FEW, MANY])
def test_rows_of_a_day_equal_the_streams_of_each_person(persons: Int) -> None:
    drawn = ColumnStreams(7, persons, LATER).on("wake", day=1, n=2, known_from=0)
    one_by_one = [
        RandomStreams(7, person, LATER).on("wake", day=1, known_from=0).random(2)
        for person in persons.tolist()
    ]
    assert np.array_equal(drawn, np.array(one_by_one))


@pytest.mark.parametrize("persons", [FEW, MANY])
def test_traits_have_a_key_for_each_row_and_keep_the_first_seed(persons: Int) -> None:
    drawn = ColumnStreams(7, persons, LATER).trait("taste", key=persons + 3, n=1)
    one_by_one = [
        RandomStreams(7, person, LATER).trait("taste", key=person + 3).random(1)
        for person in persons.tolist()
    ]
    assert np.array_equal(drawn, np.array(one_by_one))


def test_a_part_of_the_persons_has_the_same_draws() -> None:
    streams = ColumnStreams(7, MANY)
    rows = np.array([3, 200])
    part = streams.take(rows).at("mode", step=40, n=2)
    assert np.array_equal(part, streams.at("mode", step=40, n=2)[rows])


def test_one_person_is_a_column_of_one_row() -> None:
    one = RandomStreams(7, 5, LATER)
    assert (
        ColumnStreams.of(one).at("mode", step=800, n=1)[0, 0] == one.at("mode", step=800).random()
    )


def test_negative_steps_are_refused_in_columns_too() -> None:
    with pytest.raises(ConfigError, match="step must be in"):
        uniforms(7, MANY, "mode", MANY - 1, 1)


@pytest.mark.parametrize("persons", [FEW, MANY, np.arange(5000) * 3])
def test_numbers_drawn_ahead_are_those_that_would_be_drawn(persons: Int) -> None:
    streams = ColumnStreams(2**63 + 1, persons, LATER)
    asked = [
        Address(streams.seed_on(0), "wake", 2, 1),
        Address(streams.seed, "person", 0, 21),
        Address(streams.seed_on(1), "errand", 2, 4),
    ]
    with kernels.use(wanted=False):
        ahead = streams.drawn_ahead(asked)
        some = np.array([4, 0, 1])
        for one, other in ((streams, ahead), (streams.take(some), ahead.take(some))):
            wake = one.on("wake", day=1, n=1, known_from=0)
            assert np.array_equal(other.on("wake", day=1, n=1, known_from=0), wake)
            assert np.array_equal(other.trait("person", n=21), one.trait("person", n=21))
            errand = one.on("errand", day=1, n=4)
            assert np.array_equal(other.on("errand", day=1, n=4), errand)
        # What was not drawn ahead is drawn when it is asked for.
        assert np.array_equal(ahead.on("other", day=1, n=2), streams.on("other", day=1, n=2))


def test_rows_of_rows_have_the_numbers_drawn_ahead() -> None:
    with kernels.use(wanted=False):
        ahead = ColumnStreams(7, MANY).drawn_ahead([Address(7, "wake", 1, 2)])
        some = ahead.take(MANY >= 100).take(np.array([3, 5]))
    expected = uniforms(7, np.array([103, 105]), "wake", 1, 2)
    assert np.array_equal(some.on("wake", day=0, n=2), expected)
