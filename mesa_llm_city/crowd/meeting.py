"""Meeting: which rows wish to talk to whom, who is paired, and what talking does to them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.column_streams import ColumnStreams
from mesa_llm_city.core.kernels import compiled
from mesa_llm_city.core.values import Bool, Float, Int
from mesa_llm_city.crowd.acquainted import APART, Acquainted
from mesa_llm_city.crowd.codes import codes_of
from mesa_llm_city.crowd.due import Due
from mesa_llm_city.crowd.look_loops import find_present
from mesa_llm_city.crowd.state import NOT_TRAVELLING, CrowdState
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import BigFive
from mesa_llm_city.social import Channel
from mesa_llm_city.social.company import company_sample, sorted_company
from mesa_llm_city.social.contact_columns import (
    CHANNELS,
    CONTACT_DRAWS,
    choose_contacts,
    may_talk_again,
)
from mesa_llm_city.social.conversation_columns import ConversationRows, converse_rows
from mesa_llm_city.social.pairing_columns import pair_wishes
from mesa_llm_city.social.similarity import shared_interests_rows, similarity_rows
from mesa_llm_city.social.tie_slots import NOBODY, meet_people, tie_levels

__all__ = ["Meetings", "Present"]

_EXTRAVERSION = BigFive._fields.index("extraversion")
_FACE = CHANNELS.index(Channel.FACE)


class Present(NamedTuple):
    """Who could be met when some rows began to decide.

    Attributes
    ----------
    where, ids : ndarray of int, shape (k,)
        Spots and ids of those present, sorted by both.
    mood : ndarray of float64, shape (m,)
        How the rows that decide felt.
    """

    where: NDArray[np.integer]
    ids: Int
    mood: Float


class _Wishes(NamedTuple):
    """Wishes of some rows: `other` is `NOBODY` where there is none."""

    rows: Int
    other: Int
    channel: NDArray[np.int8]
    minute: Int


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
        self._wishes: list[_Wishes] = []

    def look_around(self, due: Due) -> Present:
        """Return whom rows could meet that are about to decide."""
        known, state, rows = self.known, self.state, due.rows
        to = state.trip.destination[rows]
        arrives = to != NOT_TRAVELLING
        at = self._spots(rows, np.where(arrives, to, state.place[rows]))
        numbers = self.parameters.social.contact
        may = may_talk_again(known.ties.talked_min[rows], due.minute, numbers)
        marked = np.zeros(int(known.house.max(initial=0)) + 2, dtype=np.bool_)
        marked[at[may]] = True
        # The last entry is that of APART.
        here = _present(known.spot, marked)
        where, ids = sorted_company(known.spot[here], state.people.ids[here])
        return Present(where, ids, state.mood.at(rows, due.minute))

    def wish(self, due: Due, present: Present) -> None:
        """Let rows that have decided what to do wish to talk to somebody.

        Parameters
        ----------
        due : Due
            The m rows.
        present : Present
            Who could be met when they began to decide.
        """
        state, known, codes = self.state, self.known, codes_of(self.parameters)
        doing, rows = state.doing, due.rows
        stays = state.trip.destination[rows] == NOT_TRAVELLING
        may = may_talk_again(
            known.ties.talked_min[rows], due.minute, self.parameters.social.contact
        )
        aware = np.flatnonzero(stays & may & ~codes.unaware[doing.purpose[rows]])
        one = due.take(aware)
        at = self._spots(one.rows, state.place[one.rows])
        company = company_sample(
            present.where,
            present.ids,
            at=at,
            observers=state.people.ids[one.rows],
            draw=one.streams.at("company", step=one.minute, n=1)[:, 0],
            most=self.parameters.social.contact.company,
        )
        levels = state.needs.at(one.rows, one.minute)
        free = np.maximum(doing.end[one.rows] - one.minute, 0)
        contacts = choose_contacts(
            company,
            known.ties,
            one.rows,
            social=self._social(levels),
            extraversion=state.people.big_five[one.rows, _EXTRAVERSION],
            free_min=np.where(doing.fixed[one.rows], 0, free),
            mood=present.mood[aware],
            minute=one.minute,
            draws=one.streams.at("contact", step=one.minute, n=CONTACT_DRAWS),
            parameters=self.parameters.social,
        )
        other, channel = np.full(len(rows), NOBODY), np.zeros(len(rows), dtype=np.int8)
        other[aware], channel[aware] = contacts.other, contacts.channel
        self._wishes.append(_Wishes(rows, other, channel, due.minute))

    def update_spots(self, rows: Int) -> None:
        """Note where some rows can be met from now on."""
        state, codes = self.state, codes_of(self.parameters)
        purpose = state.doing.purpose[rows]
        apart = (state.trip.destination[rows] != NOT_TRAVELLING) | codes.unaware[purpose]
        self.known.spot[rows] = np.where(apart, APART, self._spots(rows, state.place[rows]))

    def meet(self, at_min: int) -> None:
        """Pair those who wish to talk, and let their conversations change both."""
        wishes, self._wishes = self._wishes, []
        if not wishes:
            return
        found = self._possible(_last_of_each(wishes), at_min)
        if not len(found.rows):
            return
        ids = self.state.people.ids
        draw = self.streams.take(found.rows).at("pair", step=found.minute, n=1)[:, 0]
        paired = pair_wishes(ids[found.rows], found.other, found.channel, draw)
        first = found.rows[paired]
        self._talk(first, self.known.rows_of(ids, found.other[paired]), at_min)
        self.talks += len(paired)

    def _possible(self, wishes: _Wishes, at_min: int) -> _Wishes:
        """Return the wishes of and to those who can talk."""
        known, ids = self.known, self.state.people.ids
        some = np.flatnonzero(wishes.other != NOBODY)
        rows, other = wishes.rows[some], known.rows_of(ids, wishes.other[some])
        numbers, talked = self.parameters.social.contact, known.ties.talked_min
        can = (known.spot[rows] != APART) & (known.spot[other] != APART)
        same = self.state.place[rows] == self.state.place[other]
        can &= same | (wishes.channel[some] != _FACE)
        for one in (rows, other):
            can &= may_talk_again(talked[one], at_min, numbers)
        return _Wishes(*(column[some[can]] for column in wishes))

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

    def _spots(self, rows: Int, place: NDArray[np.integer]) -> NDArray[np.integer]:
        return np.where(place == self.state.people.home[rows], self.known.house[rows], place)

    def _social(self, levels: Float) -> Float:
        names = self.state.needs.rates.names
        if "social" not in names:
            return np.full(len(levels), self.parameters.social.contact.social_unknown)
        social: Float = levels[:, names.index("social")]
        return social


def _present(spot: NDArray[np.integer], marked: Bool) -> Int:
    """Return the rows whose spot is marked."""
    loop = compiled(find_present)
    if loop is None:
        return np.flatnonzero(marked[spot])
    rows = np.empty(len(spot), dtype=np.int64)
    return rows[: loop(spot, marked, rows)].copy()


def _last_of_each(wishes: list[_Wishes]) -> _Wishes:
    """Return the last wish of each row."""
    columns = [np.concatenate(one)[::-1] for one in zip(*wishes, strict=True)]
    _, last = np.unique(columns[0], return_index=True)
    return _Wishes(*(column[last] for column in columns))
