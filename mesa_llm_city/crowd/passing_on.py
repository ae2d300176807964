"""Passing on: rows tell others what they have heard (see `simulation.news`)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.core.values import Bool, Float, Int, ReactionKind
from mesa_llm_city.crowd.acquainted import Acquainted
from mesa_llm_city.crowd.deliveries import NOT_LEAVING, Deliveries
from mesa_llm_city.crowd.hearing import Heeded
from mesa_llm_city.crowd.news import CrowdNews
from mesa_llm_city.crowd.state import NOT_TRAVELLING, CrowdState
from mesa_llm_city.mind.warning import REACTIONS
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.social.tie_formulas import belief_score
from mesa_llm_city.social.tie_slots import NOBODY, slot_levels

__all__ = ["Passing", "pass_on"]

_FLEE = REACTIONS.index(ReactionKind.FLEE)
_FACE, _PHONE = "in_person", "phone"
_NO_ROW = -1
_ROUND_MIN = 5  # people who act in these minutes do so in one order


class Passing(NamedTuple):
    """Who could be told by rows.

    Attributes
    ----------
    known : Acquainted or None
        Whom rows know; None where nobody knows anybody, and only households are told.
    others : ndarray of int64
        Ids of people who are no rows and can be told, rising.
    """

    known: Acquainted | None
    others: Int


class _Pairs(NamedTuple):
    """Who tells whom: positions of senders, ids of the others, and their rows or `_NO_ROW`."""

    sender: Int
    other: Int
    row: Int

    def take(self, part: Int | Bool) -> _Pairs:
        return _Pairs(*(one[part] for one in self))


def pass_on(
    news: CrowdNews,
    state: CrowdState,
    heard: Sequence[Heeded],
    passing: Passing,
    parameters: CityParameters,
) -> Deliveries:
    """Let rows tell others of messages they have thought of, once for each reaction to one.

    The household comes first, then those to whom somebody has the closest ties
    (``social.messages.ties_told``); who is at the same place is told face to face, others are
    called.

    Parameters
    ----------
    news : CrowdNews
        The messages.
    state : CrowdState
        The crowd.
    heard : sequence of Heeded
        Messages that rows have thought of, in that order.
    passing : Passing
        Who could be told.
    parameters : CityParameters
        ``social.messages``.

    Returns
    -------
    Deliveries
        What is told to people who are no rows: `row` has their ids, and the channel is that of
        a call.
    """
    heeded = _told_on(news, state, heard, parameters)
    rows, minute = heeded.rows, heeded.minute
    near = _household(news, state, rows)
    far = _closest(state, rows, minute, passing, parameters)
    pairs = _Pairs(*(np.concatenate(columns) for columns in zip(near, far, strict=True)))
    pairs = pairs.take(pairs.other != heeded.said.sender[pairs.sender])
    pairs = pairs.take(np.argsort(pairs.sender, kind="stable"))
    at = pairs.sender
    flees = heeded.kind[at] == _FLEE
    told = Deliveries(
        row=np.where(pairs.row == _NO_ROW, pairs.other, pairs.row),
        at=heeded.minute[at],
        message=heeded.said.message[at],
        sender=state.people.ids[heeded.rows[at]],
        channel=_channels(news, state, heeded.rows[at], pairs.row),
        said=heeded.minute[at],
        passed=heeded.said.passed[at] + 1,
        leaves=np.where(flees, heeded.minute[at] + heeded.minutes[at], NOT_LEAVING),
    ).packed()
    news.say(told.take(pairs.row != _NO_ROW))
    return told.take(pairs.row == _NO_ROW)


def _told_on(
    news: CrowdNews, state: CrowdState, heard: Sequence[Heeded], parameters: CityParameters
) -> Heeded:
    """Return what is told on, in the order in which people act (see `rounds.order_of`)."""
    told = reduce(Heeded.followed_by, (_fresh(news, state, one, parameters) for one in heard))
    ids, begin = state.people.ids[told.rows], told.minute - told.minute % _ROUND_MIN
    drawn = uniforms(news.streams.seed, ids, "order", begin, 1)[:, 0]
    return told.take(np.lexsort((ids, drawn)))


def _fresh(
    news: CrowdNews, state: CrowdState, heeded: Heeded, parameters: CityParameters
) -> Heeded:
    """Return who tells others of a message and has not done so yet."""
    informs = heeded.informs & (heeded.said.passed < parameters.social.messages.most_passed)
    number = int(heeded.said.message[0])
    for kind in np.unique(heeded.kind[informs]).tolist():
        told = news.told_on.setdefault((number, kind), np.zeros(len(state), dtype=np.bool_))
        some = np.flatnonzero(informs & (heeded.kind == kind))
        informs[some[told[heeded.rows[some]]]] = False
        told[heeded.rows[some]] = True
    return heeded.take(np.flatnonzero(informs))


def _household(news: CrowdNews, state: CrowdState, rows: Int) -> _Pairs:
    order, household = news.by_household()
    left, right = (
        np.searchsorted(household, state.people.household[rows], side=side)
        for side in ("left", "right")
    )
    size = right - left
    sender = np.repeat(np.arange(len(rows)), size)
    turn = np.arange(len(sender)) - np.repeat(np.cumsum(size) - size, size)
    member = order[left[sender] + turn]
    others = (member != rows[sender]) & state.present[member]
    return _Pairs(sender, state.people.ids[member], member).take(others)


def _closest(
    state: CrowdState, rows: Int, minute: Int, passing: Passing, parameters: CityParameters
) -> _Pairs:
    """Return those outside the household to whom somebody has the closest ties."""
    most, known = parameters.social.messages.ties_told, passing.known
    nobody = np.empty(0, dtype=np.int64)
    if known is None or not most or not len(rows):
        return _Pairs(nobody, nobody, nobody)
    sender, slot = np.nonzero(known.ties.other[rows] != NOBODY)
    other = known.ties.other[rows[sender], slot].astype(np.int64)
    row = _rows_of(state, known, other)
    at_home = state.people.household[row] == state.people.household[rows[sender]]
    told = np.where(row == _NO_ROW, np.isin(other, passing.others), ~at_home)
    sender, slot, other, row = (one[told] for one in (sender, slot, other, row))
    close = _closeness(known, rows[sender], slot, minute[sender], parameters)
    order = np.lexsort((other, -close, sender))
    pairs = _Pairs(sender, other, row).take(order)
    first = np.searchsorted(pairs.sender, pairs.sender, side="left")
    return pairs.take(np.arange(len(first)) - first < most)


def _closeness(
    known: Acquainted, rows: Int, slot: Int, minute: Int, parameters: CityParameters
) -> Float:
    levels = slot_levels(known.ties, rows, slot, at_min=minute, parameters=parameters.social.ties)
    return belief_score(levels)


def _rows_of(state: CrowdState, known: Acquainted, ids: Int) -> Int:
    """Return the rows of people who live here by id, `_NO_ROW` for others."""
    own = state.people.ids
    row = known.rows_of(own, ids)
    return np.where((own[row] == ids) & state.present[row], row, _NO_ROW)


def _channels(news: CrowdNews, state: CrowdState, rows: Int, others: Int) -> Int:
    face, phone = news.code_of(_FACE), news.code_of(_PHONE)
    to = state.trip.destination
    together = (state.place[rows] == state.place[others]) & (others != _NO_ROW)
    together &= (to[rows] == NOT_TRAVELLING) & (to[others] == NOT_TRAVELLING)
    return np.where(together, face, phone)
