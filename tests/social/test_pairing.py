"""Pairing: nobody in two pairs, mutual wishes first, independent of the order of wishes."""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.parameters import default_parameters
from mesa_llm_city.social import Channel, Pair, Wish
from mesa_llm_city.social import pair as pair_with_gap

FACE, ONLINE = Channel.FACE, Channel.ONLINE
GAP_MIN = default_parameters().social.contact.gap_min

pair = partial(pair_with_gap, gap_min=GAP_MIN)


@st.composite
def wishes(draw: st.DrawFn) -> list[Wish]:
    """Return wishes of some of twelve people, many of them with equal draws."""
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


@pytest.mark.slow
@given(wishes(), BUSY, st.randoms())
def test_the_order_of_wishes_does_not_matter(
    given_wishes: list[Wish], last_min: dict[int, int], random: object
) -> None:
    shuffled = list(given_wishes)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    backwards = dict(reversed(last_min.items()))
    assert pair(shuffled, minute=120, last_min=backwards) == pair(
        given_wishes, minute=120, last_min=last_min
    )


@given(wishes(), BUSY)
def test_nobody_belongs_to_two_pairs_and_every_pair_was_wished_for(
    given_wishes: list[Wish], last_min: dict[int, int]
) -> None:
    made = pair(given_wishes, minute=120, last_min=last_min)
    people = [person for one in made for person in (one.first, one.second)]
    assert len(people) == len(set(people))
    assert {tuple(one) for one in made} <= {tuple(wish[:3]) for wish in given_wishes}
    assert all(last_min.get(person, -99) <= 90 for person in people)


@given(wishes())
def test_no_wish_remains_that_could_still_be_met(given_wishes: list[Wish]) -> None:
    taken = {person for one in pair(given_wishes, minute=0) for person in (one.first, one.second)}
    assert all(wish.person in taken or wish.other in taken for wish in given_wishes)


@given(wishes())
def test_a_mutual_wish_is_always_met(given_wishes: list[Wish]) -> None:
    made = {frozenset((one.first, one.second)) for one in pair(given_wishes, minute=0)}
    by_person = {wish.person: wish.other for wish in given_wishes}
    for person, other in by_person.items():
        if by_person.get(other) == person:
            assert frozenset((person, other)) in made


def test_mutual_wishes_come_before_wishes_with_lower_draws() -> None:
    given_wishes = [Wish(1, 2, FACE, 0.0), Wish(2, 3, FACE, 0.9), Wish(3, 2, FACE, 0.8)]
    assert pair(given_wishes, minute=0) == [Pair(3, 2, FACE)]


def test_the_lower_draw_of_a_mutual_wish_begins() -> None:
    assert pair([Wish(1, 2, FACE, 0.5), Wish(2, 1, FACE, 0.4)], minute=0) == [Pair(2, 1, FACE)]


def test_the_lowest_draw_comes_first_and_then_the_lowest_id() -> None:
    given_wishes = [Wish(1, 9, FACE, 0.7), Wish(5, 9, FACE, 0.2), Wish(4, 8, ONLINE, 0.2)]
    assert pair(given_wishes, minute=0) == [Pair(4, 8, ONLINE), Pair(5, 9, FACE)]


@pytest.mark.parametrize(("last", "met"), [(90, True), (91, False)])
def test_nobody_talks_twice_within_the_gap(last: int, *, met: bool) -> None:
    for busy in (1, 2):
        assert bool(pair([Wish(1, 2, FACE)], minute=120, last_min={busy: last})) is met


def test_people_who_are_away_are_not_paired() -> None:
    assert pair([Wish(1, 2, ONLINE), Wish(3, 4, FACE)], minute=0, away=[2]) == [Pair(3, 4, FACE)]


def test_a_wish_to_talk_to_oneself_is_an_error() -> None:
    with pytest.raises(ConfigError, match=r"person 3 wishes to talk to themselves.*minute 60"):
        pair([Wish(3, 3, FACE)], minute=60)
