"""Random streams: equal in every process, and different at every address."""

from __future__ import annotations

import json
import pickle
import random
import subprocess
import sys
from collections.abc import Callable
from hashlib import blake2b

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.random import Generator, Philox
from scipy.special import ndtri

from mesa_llm_city.core import streams
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.inverse_draws import normal_of
from mesa_llm_city.core.streams import RandomStreams, normals, rng, uniform, uniforms
from mesa_llm_city.core.values import Float

LAST = 2**64 - 1
WORDS = st.integers(0, LAST)

# Pinned: another number here means that every recorded run has changed.
GOLDEN: dict[tuple[int, int, str, int], list[float]] = {
    (7, 3, "mode", 40): [0.7090913672626721, 0.31706968759234366, 0.47281509918807285],
    (0, 0, "", 0): [0.18094020412861367, 0.8647558288324526, 0.6495686871786681],
    (LAST, LAST, "place_choice", LAST): [
        0.7602317303980173,
        0.4180781579831968,
        0.7213842070289885,
    ],
}


@pytest.mark.parametrize("address", GOLDEN)
def test_the_numbers_at_an_address_never_change(address: tuple[int, int, str, int]) -> None:
    assert rng(*address).random(3).tolist() == GOLDEN[address]


@given(seed=WORDS, person=WORDS, step=WORDS)
def test_a_stream_is_that_of_numpy_s_philox_with_the_address_as_key_and_counter(
    seed: int, person: int, step: int
) -> None:
    word = int.from_bytes(blake2b(b"mode", digest_size=8).digest(), "little")
    key = np.array([seed, person], dtype=np.uint64)
    counter = np.array([0, 0, step, word], dtype=np.uint64)
    by_numpy = Generator(Philox(key=key, counter=counter))
    assert rng(seed, person, "mode", step).random(9).tolist() == by_numpy.random(9).tolist()


def test_a_generator_can_be_pickled_in_the_middle_of_its_stream() -> None:
    one = rng(7, 3, "mode", 40)
    one.random(3)
    other = pickle.loads(pickle.dumps(one))
    assert other.random(5).tolist() == one.random(5).tolist()


def test_whole_numbers_and_orders_never_change() -> None:
    assert rng(7, 3, "mode", 40).integers(0, 2**63, 2).tolist() == [
        6540213488385650666,
        2924451690273502504,
    ]
    assert rng(7, 3, "mode", 40).permutation(8).tolist() == [7, 1, 3, 5, 2, 6, 0, 4]


@pytest.mark.parametrize("hash_seed", ["0", "1"])
def test_a_fresh_process_draws_the_same(hash_seed: str) -> None:
    program = (
        "import json, sys; from mesa_llm_city.core.streams import rng;"
        "print(json.dumps([rng(*address).random(3).tolist() for address in json.load(sys.stdin)]))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program],
        input=json.dumps(list(GOLDEN)),
        env={"PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(ran.stdout) == list(GOLDEN.values())


@given(seed=WORDS, person=WORDS, purpose=st.text(), step=WORDS)
def test_an_address_has_one_stream(seed: int, person: int, purpose: str, step: int) -> None:
    first, second = (rng(seed, person, purpose, step) for _ in range(2))
    assert first.random(4).tolist() == second.random(4).tolist()


@given(seed=WORDS, person=WORDS, step=WORDS)
def test_neighbouring_addresses_share_no_number(seed: int, person: int, step: int) -> None:
    neighbours = [
        rng(seed, person, "mode", step),
        rng(seed ^ 1, person, "mode", step),
        rng(seed, person ^ 1, "mode", step),
        rng(seed, person, "mode", step ^ 1),
        rng(seed, person, "place", step),
    ]
    drawn = np.concatenate([one.integers(0, 2**63, 8) for one in neighbours])
    assert len(np.unique(drawn)) == len(drawn)


def test_seed_and_person_are_not_interchangeable() -> None:
    assert rng(1, 2, "mode", 0).random() != rng(2, 1, "mode", 0).random()


def test_another_person_changes_no_draw_of_the_others() -> None:
    few = {person: rng(7, person, "mode", 40).random() for person in range(5)}
    many = {person: rng(7, person, "mode", 40).random() for person in range(50)}
    assert {person: many[person] for person in few} == few


def test_the_order_of_drawing_changes_nothing() -> None:
    people = list(range(50))
    in_order = {person: rng(7, person, "mode", 40).random() for person in people}
    random.Random(1).shuffle(people)  # noqa: S311 - any other order will do
    shuffled = {person: rng(7, person, "mode", 40).random() for person in people}
    assert shuffled == in_order


def test_first_draws_over_people_are_uniform_and_uncorrelated_over_steps() -> None:
    now, later = (np.array([rng(7, p, "mode", s).random() for p in range(4000)]) for s in (0, 1))
    # Six standard errors of a mean, a variance and a correlation of 4000 uniform draws.
    assert abs(now.mean() - 1 / 2) < 6 * np.sqrt(1 / 12 / 4000)
    assert abs(now.var() - 1 / 12) < 6 * np.sqrt(1 / 180 / 4000)
    assert abs(np.corrcoef(now, later)[0, 1]) < 6 / np.sqrt(4000)


@pytest.mark.parametrize("name", ["seed", "person", "step"])
@pytest.mark.parametrize("value", [-1, LAST + 1])
def test_numbers_outside_64_bits_are_refused(name: str, value: int) -> None:
    address = {"seed": 0, "person": 0, "step": 0, name: value}
    with pytest.raises(ConfigError, match=rf"{name} must be in \[0, 2\*\*64\), got {value}"):
        rng(address["seed"], address["person"], "mode", address["step"])


def test_random_streams_hold_the_streams_of_one_person() -> None:
    streams = RandomStreams(seed=7, person=3)
    assert streams.at("mode", step=40).random(3).tolist() == GOLDEN[7, 3, "mode", 40]


def test_random_streams_can_be_pickled() -> None:
    streams = RandomStreams(seed=7, person=3)
    assert pickle.loads(pickle.dumps(streams)) == streams


@given(
    seed=WORDS,
    persons=st.lists(WORDS, max_size=5),
    purpose=st.text(),
    step=WORDS,
    n=st.integers(0, 9),
)
def test_a_row_of_uniforms_is_the_beginning_of_the_stream_of_the_person(
    seed: int, persons: list[int], purpose: str, step: int, n: int
) -> None:
    drawn = uniforms(seed, np.array(persons, dtype=np.uint64), purpose, step, n)
    one_by_one = [rng(seed, person, purpose, step).random(n).tolist() for person in persons]
    assert drawn.shape == (len(persons), n)
    assert drawn.tolist() == one_by_one


def test_uniforms_of_more_persons_than_are_computed_at_once_are_still_their_streams() -> None:
    drawn = uniforms(7, np.arange(10_000), "mode", 40, 3)
    for person in (0, 4095, 4096, 9999):
        assert drawn[person].tolist() == rng(7, person, "mode", 40).random(3).tolist()


def test_a_row_of_normals_is_the_normal_quantiles_of_the_stream_of_the_person() -> None:
    drawn = normals(7, [3, 9, 3], "mode", 40, 4)
    assert drawn[1].tolist() == normal_of(rng(7, 9, "mode", 40).random(4)).tolist()
    assert drawn[2].tolist() == drawn[0].tolist()


def test_normals_have_the_quantiles_of_the_normal_distribution() -> None:
    drawn = normals(7, np.arange(20_000), "height", 0, 2).ravel()
    asked = [0.001, 0.023, 0.159, 0.5, 0.841, 0.977, 0.999]
    found = [float(np.mean(drawn < limit)) for limit in ndtri(asked)]
    np.testing.assert_allclose(found, asked, atol=0.006)


def test_the_normal_quantile_of_a_draw_of_zero_is_finite(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "uniforms", lambda *_: np.array([[0.0, 1.0 - 2.0**-53]]))
    low, high = normals(7, [1], "height", 0, 2)[0].tolist()
    assert -8.4 < low < -8.2
    assert 8.2 < high < 8.3


def test_nobody_has_no_row() -> None:
    assert uniforms(7, [], "mode", 40, 3).shape == (0, 3)
    assert normals(7, [], "mode", 40, 3).shape == (0, 3)


@pytest.mark.parametrize("columns", [uniforms, normals])
def test_negative_ids_are_refused(columns: Callable[..., Float]) -> None:
    with pytest.raises(ConfigError, match=r"person must be in \[0, 2\*\*64\), got -1"):
        columns(7, [3, -1], "mode", 40, 1)


def test_a_reseeded_person_draws_moments_and_unplanned_days_anew_and_stays_the_same_person() -> (
    None
):
    streams = RandomStreams(seed=7, person=3)
    other, new = streams.reseeded(8, minute=720, day=0), RandomStreams(seed=8, person=3)
    assert other.at("mode", step=719).random() == streams.at("mode", step=719).random()
    assert other.at("mode", step=720).random() == new.at("mode", step=720).random()
    assert other.on("plan", day=0).random() == streams.on("plan", day=0).random()
    assert other.on("plan", day=1).random() == new.on("plan", day=1).random()
    known = {"day": 1, "known_from": 0}
    assert other.on("wake", **known).random() == streams.on("wake", **known).random()
    assert other.trait("taste", key=9).random() == streams.trait("taste", key=9).random()


def test_what_is_drawn_once_holds_until_the_person_is_reseeded() -> None:
    streams = RandomStreams(7, 3)
    other = streams.reseeded(8, minute=720, day=0)
    before, after = (
        [one.lasting("heed flood", since=minute).random() for one in (streams, other)]
        for minute in (719, 720)
    )
    assert before[0] == before[1] == after[0]
    assert after[1] == RandomStreams(8, 3).lasting("heed flood", since=0).random() != after[0]


def test_the_last_of_several_reseedings_holds() -> None:
    streams = RandomStreams(7, 3).reseeded(8, minute=720, day=0).reseeded(9, minute=1440, day=1)
    for minute, seed in ((0, 7), (720, 8), (1439, 8), (1440, 9)):
        drawn = streams.at("mode", step=minute).random()
        assert drawn == RandomStreams(seed, 3).at("mode", step=minute).random()
    assert [streams.seed_on(day) for day in (0, 1, 2)] == [7, 8, 9]


def test_what_a_group_draws_together_changes_from_the_first_day_that_nobody_has_planned() -> None:
    streams = RandomStreams(7, 3).reseeded(8, minute=720, day=-1)
    assert [streams.group_seed_on(day) for day in (0, 1, 2)] == [7, 7, 8]


def test_another_seed_is_checked_like_the_first() -> None:
    with pytest.raises(ConfigError, match="seed must be in"):
        RandomStreams(7, 3).reseeded(-1, minute=0, day=-1)


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1))
def test_a_single_number_is_the_first_of_its_stream(seed: int, person: int, step: int) -> None:
    assert uniform(seed, person, "mode", step) == rng(seed, person, "mode", step).random()


def test_single_numbers_of_a_person_are_the_first_of_its_streams() -> None:
    for one in (RandomStreams(7, 3), RandomStreams(7, 3).reseeded(8, minute=720, day=0)):
        for step in (0, 719, 720):
            assert one.uniform("mode", step=step) == one.at("mode", step=step).random()
        for day in (-1, 0, 1):
            assert one.uniform_on("habit", day=day) == one.on("habit", day=day).random()
        assert one.uniform_trait("taste", key=9) == one.trait("taste", key=9).random()


def test_streams_that_are_held_are_not_disturbed_by_others() -> None:
    held = [rng(7, person, "mode", 40) for person in range(3000)]
    bits = [rng(7, person, "mode", 40).bit_generator for person in range(1500)]
    for person in range(3000):
        rng(8, person, "other", 40).random(3)
    alone = uniforms(7, np.arange(3000), "mode", 40, 1)[:, 0].tolist()
    assert [one.random() for one in held] == alone
    assert [Generator(one).random() for one in bits] == alone[:1500]


def test_numbers_below_zero_are_no_address_of_a_single_number() -> None:
    with pytest.raises(ConfigError, match="person must be in"):
        uniform(7, -1, "mode", 40)
