"""The pair phase: disjoint pairs, mutual wishes first, whatever the order of arrival."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.social import Channel, Pair, Wish, pair

FACE, ONLINE = Channel.FACE, Channel.ONLINE


@st.composite
def wishes(draw: st.DrawFn) -> list[Wish]:
    """Let some of a dozen people wish, with few different lucks, so that many are equal."""
    people = draw(st.lists(st.integers(0, 11), unique=True, max_size=12))
    return [
        Wish(
            person,
            (person + draw(st.integers(1, 11))) % 12,
            draw(st.sampled_from(Channel)),
            draw(st.sampled_from([0.1, 0.2, 0.3])),
        )
        for person in people
    ]


BUSY = st.dictionaries(st.integers(0, 11), st.integers(0, 120))


@given(wishes(), BUSY, st.randoms())
def test_the_order_of_arrival_does_not_matter(
    told: list[Wish], last_min: dict[int, int], random: object
) -> None:
    shuffled = list(told)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    backwards = dict(reversed(last_min.items()))
    assert pair(shuffled, minute=120, last_min=backwards) == pair(
        told, minute=120, last_min=last_min
    )


@given(wishes(), BUSY)
def test_nobody_belongs_to_two_pairs_and_every_pair_was_wished_for(
    told: list[Wish], last_min: dict[int, int]
) -> None:
    made = pair(told, minute=120, last_min=last_min)
    people = [person for one in made for person in (one.first, one.second)]
    assert len(people) == len(set(people))
    assert {tuple(one) for one in made} <= {tuple(wish[:3]) for wish in told}
    assert all(last_min.get(person, -99) <= 90 for person in people)


@given(wishes())
def test_no_wish_is_left_that_could_still_be_met(told: list[Wish]) -> None:
    taken = {person for one in pair(told, minute=0) for person in (one.first, one.second)}
    assert all(wish.person in taken or wish.other in taken for wish in told)


@given(wishes())
def test_a_mutual_wish_is_always_met(told: list[Wish]) -> None:
    made = {frozenset((one.first, one.second)) for one in pair(told, minute=0)}
    by_person = {wish.person: wish.other for wish in told}
    for person, other in by_person.items():
        if by_person.get(other) == person:
            assert frozenset((person, other)) in made


def test_mutual_wishes_come_before_luckier_ones() -> None:
    told = [Wish(1, 2, FACE, 0.0), Wish(2, 3, FACE, 0.9), Wish(3, 2, FACE, 0.8)]
    assert pair(told, minute=0) == [Pair(3, 2, FACE)]


def test_of_a_mutual_wish_the_luckier_begins() -> None:
    assert pair([Wish(1, 2, FACE, 0.5), Wish(2, 1, FACE, 0.4)], minute=0) == [Pair(2, 1, FACE)]


def test_the_lowest_luck_goes_first_and_then_the_lowest_id() -> None:
    told = [Wish(1, 9, FACE, 0.7), Wish(5, 9, FACE, 0.2), Wish(4, 8, ONLINE, 0.2)]
    assert pair(told, minute=0) == [Pair(4, 8, ONLINE), Pair(5, 9, FACE)]


@pytest.mark.parametrize(("last", "met"), [(90, True), (91, False)])
def test_who_has_talked_within_thirty_minutes_is_left_alone(last: int, *, met: bool) -> None:
    for busy in (1, 2):
        assert bool(pair([Wish(1, 2, FACE)], minute=120, last_min={busy: last})) is met


def test_those_away_are_left_alone() -> None:
    assert pair([Wish(1, 2, ONLINE), Wish(3, 4, FACE)], minute=0, away=[2]) == [Pair(3, 4, FACE)]


def test_nobody_talks_to_herself() -> None:
    with pytest.raises(ConfigError, match=r"person 3 wishes to talk to herself.*minute 60"):
        pair([Wish(3, 3, FACE)], minute=60)
