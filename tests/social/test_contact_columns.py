"""Contacts of many people at once are those of each alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mesa_llm_city.core import kernels
from mesa_llm_city.core.asking import run
from mesa_llm_city.core.streams import rng as stream
from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.core.values import Int
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.social import Channel, ContactChoice, ContactOpportunity, Outcome, Ties
from mesa_llm_city.social.contact_columns import (
    CHANNELS,
    CONTACT_DRAWS,
    ContactRows,
    choose_contacts,
    draw_contacts,
    may_talk_again,
    seeks_online,
)
from mesa_llm_city.social.tie import Relation
from mesa_llm_city.social.tie_slots import NEVER, NOBODY, TieSlots
from tests.loops import FORMS, loops
from tests.social.people import aya

ROWS, SEED, MINUTE = 300, 4, 1000
PARAMETERS = CityParameters().with_("social.ties.slots", 7)
NUMBERS = PARAMETERS.social.contact


class Crowd:
    """People with ties to some of those around them."""

    def __init__(self) -> None:
        rng = np.random.default_rng(8)
        self.ties = [Ties(PARAMETERS) for _ in range(ROWS)]
        for ties in self.ties:
            for relation in tuple(Relation)[:5]:
                ties.relate(rng.integers(1000, 1012, size=rng.integers(4)), relation)
            for minute in (300, int(rng.integers(900, 999))):
                if rng.random() < 0.4:
                    ties.meet(int(rng.integers(1000, 1020)), Outcome.POSITIVE, at_min=minute)
        self.company = np.full((ROWS, 5), NOBODY)
        for row in range(ROWS):
            here = np.sort(rng.choice(np.arange(1000, 1020), rng.integers(6), replace=False))
            self.company[row, : len(here)] = here
        self.social = rng.choice([0.05, 0.2, 0.6, 1.0], size=ROWS)
        self.extraversion = rng.integers(1, 4, size=ROWS)
        self.free_min = rng.choice([0, 10, 15, 60], size=ROWS)
        self.mood = rng.uniform(-1.0, 1.0, size=ROWS)
        self.gone = rng.random((ROWS, 20)) < 0.3

    def choose(self, rows: Int, *, with_gone: bool = False) -> ContactRows:
        table = TieSlots.empty(len(rows), slots=7)
        for at, row in enumerate(rows.tolist()):
            table.put(np.array([at]), self.ties[row].slots)
        online = None
        if with_gone:
            lost = self.gone[rows[:, np.newaxis], table.other % 20]
            online = np.where(lost, NOBODY, table.other)
        return choose_contacts(
            self.company[rows],
            table,
            np.arange(len(rows)),
            social=self.social[rows],
            extraversion=self.extraversion[rows],
            free_min=self.free_min[rows],
            mood=self.mood[rows],
            minute=MINUTE,
            draws=uniforms(SEED, rows, "contact", MINUTE, CONTACT_DRAWS),
            parameters=PARAMETERS.social,
            online=online,
        )


@pytest.mark.parametrize("with_gone", [False, True])
def test_many_rows_equal_each_row_alone_in_any_order(*, with_gone: bool) -> None:
    crowd = Crowd()
    together = crowd.choose(np.arange(ROWS), with_gone=with_gone)
    assert set(together.channel.tolist()) == {-1, 0, 1}
    order = np.random.default_rng(1).permutation(ROWS)
    shuffled = crowd.choose(order, with_gone=with_gone)
    for name in together._fields:
        np.testing.assert_array_equal(getattr(together, name)[order], getattr(shuffled, name))
    for row in range(0, ROWS, 7):
        alone = crowd.choose(np.array([row]), with_gone=with_gone)
        for name in together._fields:
            np.testing.assert_array_equal(getattr(together, name)[[row]], getattr(alone, name))


@pytest.mark.parametrize("with_gone", [False, True])
def test_the_component_of_a_person_decides_as_the_row_does(*, with_gone: bool) -> None:
    crowd, contacts = Crowd(), ContactChoice(PARAMETERS)
    rows = crowd.choose(np.arange(ROWS), with_gone=with_gone)
    for row, ties in enumerate(crowd.ties):
        here = crowd.company[row][crowd.company[row] != NOBODY]
        left = [one for one in ties.others.tolist() if not crowd.gone[row, one % 20]]
        online = np.setdiff1d(np.array(left, dtype=np.int64), here) if with_gone else None
        contact = run(
            contacts.decide(
                ContactOpportunity(
                    minute=MINUTE,
                    social=float(crowd.social[row]),
                    free_min=int(crowd.free_min[row]),
                    here=here,
                    online=online,
                    mood=float(crowd.mood[row]),
                ),
                ties,
                persona=replace(
                    aya(), big_five=aya().big_five._replace(extraversion=crowd.extraversion[row])
                ),
                rng=stream(SEED, row, "contact", MINUTE),
            )
        )
        assert (NOBODY if contact.other is None else contact.other) == rows.other[row]
        channel = -1 if contact.channel is None else CHANNELS.index(contact.channel)
        assert channel == rows.channel[row]
        expected = np.nan if contact.probability is None else contact.probability
        np.testing.assert_equal(rows.probability[row], expected)


def test_partners_are_drawn_in_proportion_to_belief() -> None:
    rows = 30_000
    found = draw_contacts(
        np.broadcast_to([3, 5, 8, NOBODY], (rows, 4)),
        np.broadcast_to([0.2, 0.5, 0.3, 0.0], (rows, 4)),
        np.empty((rows, 0), dtype=np.int64),
        np.empty((rows, 0)),
        social=0.0,
        extraversion=2,
        free_min=60,
        mood=0.0,
        draws=uniforms(SEED, np.arange(rows), "contact", MINUTE, CONTACT_DRAWS),
        parameters=PARAMETERS.with_("social.contact.constant", 50.0).social.contact,
    )
    share = [(found.other == one).mean() for one in (3, 5, 8, NOBODY)]
    np.testing.assert_allclose(share, [0.2, 0.5, 0.3, 0.0], atol=0.01)


def test_the_greatest_draw_never_leads_to_nobody() -> None:
    found = draw_contacts(
        np.array([[3, 5, NOBODY]]),
        np.array([[0.1, 0.7, 0.0]]),
        np.empty((1, 0), dtype=np.int64),
        np.empty((1, 0)),
        social=0.0,
        extraversion=2,
        free_min=60,
        mood=0.0,
        draws=np.array([[1.0 - 2.0**-53, 0.0, 0.5, 0.5]]),
        parameters=NUMBERS,
    )
    assert found.other.tolist() == [5]


def test_who_does_not_talk_here_may_talk_to_somebody_elsewhere() -> None:
    # Talking takes a number below the probability: never here, surely elsewhere.
    found = draw_contacts(
        np.array([[3]]),
        np.array([[0.5]]),
        np.array([[9]]),
        np.array([[0.7]]),
        social=0.0,
        extraversion=2,
        free_min=60,
        mood=0.0,
        draws=np.array([[0.5, 0.999, 0.5, 0.0]]),
        parameters=NUMBERS,
    )
    assert (found.other.tolist(), found.channel.tolist()) == ([9], [1])
    # v = -2 + 3 + 4 (b - .5), for each of the two.
    chances = 1.0 / (1.0 + np.exp([-1.0, -1.8]))
    assert found.probability[0] == pytest.approx(chances[1])
    assert (CHANNELS[found.told[0]], found.belief[0]) == (Channel.ONLINE, 0.7)


def test_the_gap_between_contacts_and_loneliness_have_sharp_limits() -> None:
    assert may_talk_again([NEVER, 970, 971], 1000, NUMBERS).tolist() == [True, True, False]
    free = seeks_online([0.2, 0.21, 0.1, 0.1], [15, 60, 14, 15], NUMBERS)
    assert free.tolist() == [True, False, False, True]


@pytest.mark.parametrize("compiles", FORMS)
def test_the_loop_that_finds_whom_people_know_leads_to_the_same_contacts(*, compiles: bool) -> None:
    rows = np.arange(80)
    with kernels.use(wanted=False):
        expected = Crowd().choose(rows)
    with loops(compiles=compiles):
        found = Crowd().choose(rows)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one, other)
