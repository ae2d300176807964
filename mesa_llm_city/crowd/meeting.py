"""Meeting: which rows wish to talk to whom, who is paired, and what talking does to them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.column_streams import ColumnStreams
from mesa_llm_city.core.kernels import compiled
from mesa_llm_city.core.narrow import positions_of
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.crowd.acquainted import APART, Acquainted
from mesa_llm_city.crowd.codes import codes_of
from mesa_llm_city.crowd.company_loops import Gatherings, Homes, Spots, fill_spots, gather
from mesa_llm_city.crowd.due import Due
from mesa_llm_city.crowd.meeting_arrays import alike_of, homes_of, minds_of, rules_of, spots_of
from mesa_llm_city.crowd.ordinary_loops import wish_rows
from mesa_llm_city.crowd.state import NOT_TRAVELLING, CrowdState
from mesa_llm_city.crowd.talk_loops import PairRoom, TalkRoom, Wished, find_pairs, talk_in_turn
from mesa_llm_city.crowd.wish_loops import Minds, Rules, WishRoom, fill_moods
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import BigFive
from mesa_llm_city.social import Channel
from mesa_llm_city.social.company import Present, company_sample
from mesa_llm_city.social.contact_columns import (
    CHANNELS,
    CONTACT_DRAWS,
    choose_contacts,
    may_talk_again,
    seeks_online,
)
from mesa_llm_city.social.conversation_columns import ConversationRows, converse_rows
from mesa_llm_city.social.pairing_columns import pair_wishes
from mesa_llm_city.social.similarity import shared_interests_rows, similarity_rows
from mesa_llm_city.social.tie_slots import NOBODY, meet_people, tie_levels

__all__ = ["Meetings"]

_EXTRAVERSION = BigFive._fields.index("extraversion")
_FACE = CHANNELS.index(Channel.FACE)


class Meetings:
    """Brings rows together who wish to talk, five minutes at a time.

    Parameters
    ----------
    state : CrowdState
        The crowd.
    known : Acquainted
        Whom rows know, and where they can be met.
    streams : ColumnStreams
        Random numbers of all rows.
    parameters : CityParameters
        Numbers that shape behaviour.

    Attributes
    ----------
    talks : int
        Number of conversations so far.
    """

    def __init__(
        self,
        state: CrowdState,
        known: Acquainted,
        streams: ColumnStreams,
        parameters: CityParameters,
    ) -> None:
        self.state, self.known, self.streams = state, known, streams
        self.parameters, self.talks = parameters, 0
        self._wishes: list[Wished] = []
        self._by_home: Homes | None = None
        self._housed = known.house
        self._there: Gatherings | None = None
        self._noted = known.spot
        self._turns, self._talking = _turn_room(len(known.spot))

    def moods(self, due: Due) -> Float:
        """Return how rows feel that are about to decide; shape (m,)."""
        mood, loop = self.state.mood, compiled(fill_moods)
        if loop is None:
            return mood.at(due.rows, due.minute)
        found = np.empty(len(due))
        loop(mood.columns, due.rows, due.minute, found)
        return found

    def wish(self, due: Due, mood: Float) -> None:
        """Let rows that have decided what to do wish to talk to somebody, and be met there.

        Parameters
        ----------
        due : Due
            The m rows.
        mood : ndarray of float64, shape (m,)
            How they felt before (see `moods`).
        """
        other, channel = np.full(len(due), NOBODY), np.zeros(len(due), dtype=np.int8)
        wishes = Wished(due.rows, other, channel, due.minute)
        self._wishes.append(wishes)
        loop = compiled(wish_rows)
        if loop is None:
            self._choose(due, mood, wishes)
            self.update_spots(due.rows)
            return
        homes, minds, rules = self._homes, self._minds, self._rules
        loop(
            self._spots,
            homes,
            minds,
            rules,
            self.state.people.ids,
            self._gathered(),
            due.rows,
            due.minute,
            self.streams.seeds_at(due.minute),
            mood,
            WishRoom.of(minds, homes, rules, len(due)),
            other,
            channel,
            APART,
        )

    def _choose(self, due: Due, mood: Float, wishes: Wished) -> None:
        """Fill the wishes of rows."""
        state, known, rows = self.state, self.known, due.rows
        doing, contact = state.doing, self.parameters.social.contact
        stays = state.trip.destination[rows] == NOT_TRAVELLING
        may = may_talk_again(known.ties.talked_min[rows], due.minute, contact)
        unaware = codes_of(self.parameters).unaware[doing.purpose[rows]]
        aware = positions_of(stays & may & ~unaware)
        one = due.take(aware)
        company = self._company(one)
        social = self._social(one)
        free = np.maximum(doing.end[one.rows] - one.minute, 0)
        free[doing.fixed[one.rows]] = 0
        # The others need no random numbers, since there is nobody to talk to.
        may_find = (company[:, 0] != NOBODY) | seeks_online(social, free, contact)
        some = positions_of(may_find)
        aware, one = aware[some], one.take(some)
        contacts = choose_contacts(
            company[some],
            known.ties,
            one.rows,
            social=social[some],
            extraversion=state.people.big_five[one.rows, _EXTRAVERSION],
            free_min=free[some],
            mood=mood[aware],
            minute=one.minute,
            draws=one.streams.at("contact", step=one.minute, n=CONTACT_DRAWS),
            parameters=self.parameters.social,
        )
        wishes.other[aware], wishes.channel[aware] = contacts.other, contacts.channel

    def _company(self, due: Due) -> Int:
        """Return of whom rows take notice (see `company_sample`)."""
        known, most = self.known, self.parameters.social.contact.company
        present = Present.of(
            known.spot,
            self.state.people.ids,
            due.rows,
            self._spots_of(due.rows),
            places=int(known.house.max(initial=0)) + 1,
            order=known.order if len(known.order) else None,
        )
        draw = np.zeros(len(due))
        crowded = positions_of(present.spans[1] - present.spans[0] > most)
        if len(crowded):
            part = due.take(crowded)
            draw[crowded] = part.streams.at("company", step=part.minute, n=1)[:, 0]
        return company_sample(
            present.where,
            present.ids,
            at=present.at,
            observers=self.state.people.ids[due.rows],
            draw=draw,
            most=most,
            spans=present.spans,
            own=present.own,
        )

    def update_spots(self, rows: Int) -> None:
        """Note where some rows can be met from now on."""
        loop = compiled(fill_spots)
        if loop is not None:
            ids, order = self.state.people.ids, self._homes.order
            loop(self._spots, ids, order, self._gathered(), rows, APART)
            return
        self.gather_anew()
        state, codes = self.state, codes_of(self.parameters)
        purpose = state.doing.purpose[rows]
        apart = (state.trip.destination[rows] != NOT_TRAVELLING) | codes.unaware[purpose]
        self.known.spot[rows] = np.where(apart, APART, self._spots_of(rows))

    def gather_anew(self) -> None:
        """Find anew who can be met where, after something else has changed spots."""
        self._there = None

    def _gathered(self) -> Gatherings:
        """Return who can be met where, as loops keep it."""
        known, homes, ids = self.known, self._homes, self.state.people.ids
        if self._there is None or self._noted is not known.spot:
            self._there = Gatherings.empty(homes.places, len(ids), known.ties.other.dtype)
            self._noted, loop = known.spot, compiled(gather)
            if loop is not None:
                loop(known.spot, ids, homes.order, self._there)
        return self._there

    def meet(self, at_min: int) -> None:
        """Pair those who wish to talk, and let their conversations change both."""
        wishes, self._wishes = self._wishes, []
        if not wishes:
            return
        loop = compiled(find_pairs)
        if loop is not None:
            self._meet_in_loops(loop, _joined(wishes), at_min)
            return
        found = self._possible(_last_of_each(_joined(wishes)), at_min)
        if not len(found.rows):
            return
        ids = self.state.people.ids
        draw = self.streams.take(found.rows).at("pair", step=found.minute, n=1)[:, 0]
        paired = pair_wishes(ids[found.rows], found.other, found.channel, draw)
        first = found.rows[paired]
        self._talk(first, self.known.rows_of(ids, found.other[paired]), at_min)
        self.talks += len(paired)

    def _meet_in_loops(self, loop: Callable[..., int], wishes: Wished, at_min: int) -> None:
        """Do what `meet` does, with `find_pairs` as a loop."""
        ids, minds, rules = self.state.people.ids, self._minds, self._rules
        if len(ids) != len(self._turns):
            self._turns, self._talking = _turn_room(len(ids))
        first, second, rank = np.empty((3, len(wishes.rows)), dtype=np.int64)
        count = loop(
            self._spots,
            self._homes,
            minds,
            rules,
            ids,
            wishes,
            self.streams.seeds_at(wishes.minute),
            at_min,
            PairRoom.of(self._turns, len(wishes.rows)),
            first,
            second,
            rank,
        )
        if not count:
            return
        first, second = first[:count], second[:count]
        order, seed = np.lexsort((ids[first], rank[:count])), self.streams.seeds_at(at_min)
        talk = compiled(talk_in_turn)
        if talk is not None:
            alike, room = alike_of(self.state, self.known, self.parameters), self._talking
            self.talks += talk(minds, rules, alike, ids, order, first, second, seed, at_min, room)

    def _possible(self, wishes: Wished, at_min: int) -> Wished:
        """Return the wishes of and to those who can talk."""
        known, ids = self.known, self.state.people.ids
        some = positions_of(wishes.other != NOBODY)
        rows, other = wishes.rows[some], known.rows_of(ids, wishes.other[some])
        numbers, talked = self.parameters.social.contact, known.ties.talked_min
        # Somebody who is no row, such as a citizen, cannot be talked to here.
        can = ids[other] == wishes.other[some]
        can &= (known.spot[rows] != APART) & (known.spot[other] != APART)
        same = self.state.place[rows] == self.state.place[other]
        can &= same | (wishes.channel[some] != _FACE)
        for one in (rows, other):
            can &= may_talk_again(talked[one], at_min, numbers)
        return Wished(*(column[some[can]] for column in wishes))

    def _talk(self, first: Int, second: Int, at_min: int) -> None:
        known, tree = self.known, self.parameters
        ids, traits = self.state.people.ids, known.traits
        alike = similarity_rows(
            traits.take(first), traits.take(second), parameters=tree.social.similarity
        )
        talk = self._conversations(first, second, alike, at_min)
        sides = ((first, ids[second], 0), (second, ids[first], 1))
        for rows, others, side in sides:
            meet_people(
                known.ties,
                rows,
                others,
                talk.outcome[:, side],
                at_min=at_min,
                similarity=alike,
                parameters=tree.social.ties,
            )
            minute = np.full(len(rows), at_min)
            if "social" in tree.needs:
                self.state.needs.satisfy(rows, "social", talk.company[:, side], minute)
            self.state.mood.feel(rows, talk.mood[:, side], minute)

    def _conversations(
        self, first: Int, second: Int, alike: Float, at_min: int
    ) -> ConversationRows:
        known, social, ids = self.known, self.parameters.social, self.state.people.ids
        minute = np.full(len(first), at_min)
        affinity, mood = np.empty((2, len(first), 2))
        for rows, others, side in ((first, second, 0), (second, first, 1)):
            levels = tie_levels(
                known.ties,
                rows,
                ids[others],
                at_min=at_min,
                similarity=alike,
                parameters=social.ties,
            )
            affinity[:, side], mood[:, side] = levels[:, 0], self.state.mood.at(rows, minute)
        interests = shared_interests_rows(
            *known.shared_interests(first, second), parameters=social.similarity
        )
        draws = self.streams.take(first).at("talk", step=at_min, n=2)
        return converse_rows(affinity, interests, mood, draws, parameters=social.conversation)

    def _spots_of(self, rows: Int) -> NDArray[np.integer]:
        """Return where some rows are, which can be met."""
        place = self.state.place[rows]
        return np.where(place == self.state.people.home[rows], self.known.house[rows], place)

    @property
    def _spots(self) -> Spots:
        return spots_of(self.state, self.known, self.parameters)

    @property
    def _minds(self) -> Minds:
        return minds_of(self.state, self.known)

    @property
    def _rules(self) -> Rules:
        return rules_of(self.parameters)

    @property
    def _homes(self) -> Homes:
        """Rows by household, worked out anew when other people live here."""
        known = self.known
        if self._by_home is None or self._housed is not known.house:
            self._housed = known.house
            self._by_home = homes_of(known.house, self.state.people.ids, known.order)
        return self._by_home

    def _social(self, due: Due) -> Float:
        needs = self.state.needs
        if "social" not in needs.rates.names:
            return np.full(len(due), self.parameters.social.contact.social_unknown)
        return needs.one_at("social", due.rows, due.minute)


def _turn_room(rows: int) -> tuple[NDArray[np.int32], TalkRoom]:
    """Return room for what loops over meetings note of rows, which they leave as it was."""
    return np.zeros(rows, dtype=np.int32), TalkRoom.of(rows)


def _joined(wishes: list[Wished]) -> Wished:
    """Return wishes in the order in which they came up."""
    return (
        wishes[0] if len(wishes) == 1 else Wished(*map(np.concatenate, zip(*wishes, strict=True)))
    )


def _last_of_each(wishes: Wished) -> Wished:
    """Return the last wish of each row."""
    _, last = np.unique(wishes.rows[::-1], return_index=True)
    at = len(wishes.rows) - 1 - last
    return Wished(wishes.rows[at], wishes.other[at], wishes.channel[at], wishes.minute[at])
