"""Contacts in columns: whether each of many people talks to somebody, to whom and how.

`ContactChoice` calls `draw_contacts` with one row.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesa_llm_city.core.kernels import compiled
from mesa_llm_city.core.narrow import number_of_rows, positions_of, running_sums, true_entries
from mesa_llm_city.core.values import Bool, Float, Int
from mesa_llm_city.parameters.social import ContactParameters, SocialParameters, TieParameters
from mesa_llm_city.social.company import rows_by_size
from mesa_llm_city.social.contact_formulas import contact_probability
from mesa_llm_city.social.contact_opportunity import Channel
from mesa_llm_city.social.tie_formulas import belief_score
from mesa_llm_city.social.tie_slots import (
    NEVER,
    NOBODY,
    TieSlots,
    slot_levels,
    stranger_belief,
)

__all__ = [
    "CHANNELS",
    "CONTACT_DRAWS",
    "ContactRows",
    "choose_contacts",
    "draw_contacts",
    "find_known",
    "may_seek_online",
    "may_talk_again",
    "seeks_online",
]

CHANNELS = (Channel.FACE, Channel.ONLINE)
"""The channels by their code in columns; the first is tried first."""

CONTACT_DRAWS = 4
"""Uniform numbers that a decision takes: the partner, and whether to talk, for each channel."""

_NO_CHANNEL = -1
_CHUNK = 4096  # rows compared at once, so that they stay in the cache


class ContactRows(NamedTuple):
    """Whom each of m people talks to.

    Attributes
    ----------
    other : ndarray of int64, shape (m,)
        Id of the partner; `NOBODY` for nobody.
    channel : ndarray of int8, shape (m,)
        How, as a position in `CHANNELS`; -1 for not at all.
    probability : ndarray of float64, shape (m,)
        Probability of talking to the partner drawn, the greater one if there is one for each
        channel; NaN if nobody can be reached.
    told : ndarray of int8, shape (m,)
        The channel whose terms decided: that of the contact, or the first with anybody in
        reach; -1 for none.
    belief, chance : ndarray of float64, shape (m,)
        Score of the tie to the partner drawn for that channel, and the probability of talking;
        NaN without one.
    """

    other: Int
    channel: NDArray[np.int8]
    probability: Float
    told: NDArray[np.int8]
    belief: Float
    chance: Float


class _Partners(NamedTuple):
    """The partners drawn for one channel, shape (m,) each."""

    other: Int
    belief: Float
    chance: Float
    talks: Bool
    is_there: Bool

    def put(self, rows: Int, drawn: _Partners) -> None:
        """Set some of the rows, in place."""
        for column, one in zip(self, drawn, strict=True):
            column[rows] = one


class _State(NamedTuple):
    """What the probability of talking depends on besides the tie, shape (m,) or () each."""

    social: ArrayLike
    extraversion: ArrayLike
    free_min: ArrayLike
    mood: ArrayLike

    def of(self, rows: Int) -> _State:
        each = (np.asarray(one) for one in self)
        return _State(*(one.take(rows) if one.ndim else np.full(len(rows), one) for one in each))


def may_talk_again(talked_min: ArrayLike, minute: ArrayLike, parameters: ContactParameters) -> Bool:
    """Tell who has not talked to anybody within the last `gap_min` minutes.

    Parameters
    ----------
    talked_min : array_like of int
        When the person last talked to anybody, `NEVER` for never; in minutes.
    minute : array_like of int
        Now, in minutes.
    parameters : ContactParameters
        Reads `gap_min`.

    Returns
    -------
    ndarray of bool
        Both inputs broadcast.
    """
    last = np.asarray(talked_min, dtype=np.int64)
    return np.asarray((last == NEVER) | np.greater_equal(minute, last + parameters.gap_min))


def seeks_online(social: ArrayLike, free_min: ArrayLike, parameters: ContactParameters) -> Bool:
    """Tell who would talk to people elsewhere: the lonely, in free time (CitySim, sec. 3.3).

    Parameters
    ----------
    social : array_like
        Level of the social need, in [0, 1]; 1 means that the need is fully met.
    free_min : array_like of int
        Free time, in minutes.
    parameters : ContactParameters
        Reads `online_below` and `online_free_min`.

    Returns
    -------
    ndarray of bool
        Both inputs broadcast.
    """
    is_lonely = np.less_equal(social, parameters.online_below)
    return np.asarray(is_lonely & np.greater_equal(free_min, parameters.online_free_min))


def may_seek_online(social: float, free_min: int, parameters: ContactParameters) -> bool:
    """Tell of one person what `seeks_online` tells of columns; asked at every moment."""
    return social <= parameters.online_below and free_min >= parameters.online_free_min


def draw_contacts(
    here: NDArray[np.integer],
    here_belief: Float,
    online: NDArray[np.integer],
    online_belief: Float,
    *,
    social: ArrayLike,
    extraversion: ArrayLike,
    free_min: ArrayLike,
    mood: ArrayLike,
    draws: Float,
    parameters: ContactParameters,
) -> ContactRows:
    """Draw a partner for each channel by belief, and whether to talk to one of them.

    The partner is drawn with ``p_v = b_v / sum b`` (see `partner_probabilities`) and talked to
    with `contact_probability`. People elsewhere are talked to by those who do not talk to
    somebody here.

    Parameters
    ----------
    here, online : ndarray of int, shape (m, k) and (m, l)
        Ids of those who can be reached at the same place, and elsewhere.
    here_belief, online_belief : ndarray of float64, shape (m, k) and (m, l)
        Scores of the ties to them, in [0, 1]; 0 in columns that hold nobody.
    social : array_like, shape (m,) or ()
        Level of the social need, in [0, 1]; 1 means that the need is fully met.
    extraversion : array_like, shape (m,) or ()
        Level of the trait, 1 to 3.
    free_min : array_like of int, shape (m,) or ()
        Free time, in minutes.
    mood : array_like, shape (m,) or ()
        Valence of the mood, in [-1, 1].
    draws : ndarray of float64, shape (m, 4)
        Uniform numbers in [0, 1): for the partner here, whether to talk to this one, and the
        same for the one elsewhere (the stream ``"contact"`` at the minute).
    parameters : ContactParameters
        What the probability of talking depends on.
    """
    state = _State(social, extraversion, free_min, mood)
    face = _partners(here, here_belief, state, draws[:, :2], parameters)
    if not online.shape[1]:
        return _of_face(face)
    return _of_both(face, _partners(online, online_belief, state, draws[:, 2:], parameters))


def choose_contacts(
    company: NDArray[np.integer],
    ties: TieSlots,
    rows: Int,
    *,
    social: Float,
    extraversion: ArrayLike,
    free_min: ArrayLike,
    mood: ArrayLike,
    minute: ArrayLike,
    draws: Float,
    parameters: SocialParameters,
    online: NDArray[np.integer] | None = None,
) -> ContactRows:
    """Choose whether each of m people talks to somebody, to whom and how (CitySim, sec. 3.3).

    Nobody talks within `gap_min` of the last time. One of the people here is drawn by belief
    and talked to with `contact_probability`. If not, and if the social need is low in free time,
    the same goes for the people known elsewhere.

    Parameters
    ----------
    company : ndarray of int, shape (m, C)
        Ids of those at the same place, rising; `NOBODY` behind them (see `company_sample`).
    ties : TieSlots
        The ties of everybody.
    rows : ndarray of int64, shape (m,)
        The rows of the m people in `ties`.
    social : ndarray of float64, shape (m,)
        Level of the social need, in [0, 1]; 1 means that the need is fully met.
    extraversion, free_min, mood, draws
        As in `draw_contacts`.
    minute : array_like of int, shape (m,) or ()
        Now, in minutes.
    parameters : SocialParameters
        Reads ``contact`` and ``ties``.
    online : ndarray of int, shape (m, l), optional
        Ids of those who can be called or written to, `NOBODY` in columns to leave out; by
        default everybody a person knows. Those in the company are left out.
    """
    numbers, now = parameters.contact, np.broadcast_to(minute, len(rows))
    is_open = may_talk_again(ties.talked_min[rows], now, numbers)
    state = _State(social, extraversion, free_min, mood)
    face = _nobody(len(rows))
    people = np.where(is_open, number_of_rows(company != NOBODY), 0)
    for here, width in rows_by_size(people, company.shape[1]):
        some = company.take(here, axis=0)[:, :width]
        belief = _beliefs(some, ties, rows[here], now[here], parameters.ties)
        drawn = _partners(some, belief, state.of(here), draws.take(here, axis=0), numbers)
        face.put(here, drawn)
    lonely = positions_of(is_open & seeks_online(social, free_min, numbers))
    if not len(lonely):
        return _of_face(face)
    called = _nobody(len(rows))
    known = ties.other.take(rows[lonely], axis=0) if online is None else online[lonely]
    away = _elsewhere(known, company.take(lonely, axis=0))
    belief = _beliefs(away, ties, rows[lonely], now[lonely], parameters.ties)
    drawn = _partners(away, belief, state.of(lonely), draws.take(lonely, axis=0)[:, 2:], numbers)
    called.put(lonely, drawn)
    return _of_both(face, called)


def _nobody(count: int) -> _Partners:
    """Return that nobody can be reached, of which rows may be changed."""
    none = np.zeros(count, dtype=np.bool_)
    return _Partners(
        np.full(count, NOBODY, dtype=np.int64), np.zeros(count), np.zeros(count), none, none.copy()
    )


def _beliefs(
    people: NDArray[np.integer], ties: TieSlots, rows: Int, minute: Int, parameters: TieParameters
) -> Float:
    """Return the scores of the ties to people, 0 where there is nobody, shape (m, k)."""
    belief = np.where(people != NOBODY, stranger_belief(parameters), 0.0)
    loop = compiled(find_known)
    if loop is not None:
        table = np.full(people.shape, -1, dtype=np.int64)
        loop(people, ties.other, rows, table)
        at, column = np.nonzero(table >= 0)
        slot = table[at, column]
        levels = slot_levels(ties, rows[at], slot, at_min=minute[at], parameters=parameters)
        belief[at, column] = belief_score(levels)
        return belief
    for first in range(0, len(rows), _CHUNK):
        chunk = slice(first, first + _CHUNK)
        at, column, slot = _known(people[chunk], ties.other.take(rows[chunk], axis=0))
        at += first
        levels = slot_levels(ties, rows[at], slot, at_min=minute[at], parameters=parameters)
        belief[at, column] = belief_score(levels)
    return belief


def _known(people: NDArray[np.integer], other: NDArray[np.integer]) -> tuple[Int, Int, Int]:
    """Return the rows and columns of those of the people who are known, and their slots."""
    # Columns of slots and of people lie next to each other, which is several times as fast.
    slots = np.ascontiguousarray(other.T)
    # Nobody must not be found in an empty slot.
    ids = np.where(people != NOBODY, people, NOBODY - 1).T.astype(slots.dtype, order="C")
    found = np.zeros(ids.shape, dtype=np.int16)
    is_same, turn = np.empty(ids.shape, dtype=np.bool_), np.empty_like(found)
    for slot, known in enumerate(slots, start=1):
        np.equal(ids, known, out=is_same)
        np.multiply(is_same, np.int16(slot), out=turn)
        found += turn
    column, row = true_entries(found != 0)
    return row, column, found[column, row].astype(np.int64) - 1


def find_known(
    people: NDArray[np.integer], other: NDArray[np.integer], rows: Int, slots: Int
) -> None:
    """Fill the slots of those of some people who are known: a loop that is compiled.

    Parameters
    ----------
    people : ndarray of int, shape (m, k)
        Ids; `NOBODY` in columns that hold nobody.
    other : ndarray of int, shape (n, T)
        Whom everybody knows (see `TieSlots`).
    rows : ndarray of int64, shape (m,)
        Rows of the m in `other`.
    slots : ndarray of int64, shape (m, k)
        Is filled where somebody is known; -1 everywhere before.
    """
    for row in range(people.shape[0]):
        known = other[rows[row]]
        for column in range(people.shape[1]):
            one = people[row, column]
            if one != NOBODY:
                for slot in range(len(known)):
                    if known[slot] == one:
                        slots[row, column] = slot
                        break


def _elsewhere(known: NDArray[np.integer], company: NDArray[np.integer]) -> Int:
    """Return those of the people known who are not in the company, by rising id."""
    is_here = np.zeros(known.shape, dtype=np.bool_)
    for column in company.T:
        is_here |= known == column[:, np.newaxis]
    return np.sort(np.where(is_here, NOBODY, known).astype(np.int64, copy=False), axis=1)


def _partners(
    people: NDArray[np.integer],
    belief: Float,
    state: _State,
    draws: Float,
    parameters: ContactParameters,
) -> _Partners:
    count, width = people.shape
    if not width:
        return _nobody(count)
    upper = running_sums(belief)
    total = upper[:, -1:]
    # Rounding must not lead beyond the last one with a score.
    last = number_of_rows(upper < total)
    column = np.minimum(number_of_rows(upper <= draws[:, :1] * total), last)
    at = np.arange(count) * width + column
    score = belief.ravel().take(at)
    chance = contact_probability(
        state.social,
        state.extraversion,
        score,
        state.free_min,
        state.mood,
        parameters=parameters,
    )
    is_there = total[:, 0] > 0.0
    talks = is_there & (draws[:, 1] < chance)
    return _Partners(people.ravel().take(at).astype(np.int64), score, chance, talks, is_there)


def _of_face(face: _Partners) -> ContactRows:
    """Return the contacts of people who can be talked to here only."""
    told = np.where(face.is_there, 0, _NO_CHANNEL).astype(np.int8)
    chance = np.where(face.is_there, face.chance, np.nan)
    return ContactRows(
        np.where(face.talks, face.other, NOBODY),
        np.where(face.talks, told, np.int8(_NO_CHANNEL)),
        chance,
        told,
        np.where(face.is_there, face.belief, np.nan),
        chance,
    )


def _of_both(face: _Partners, online: _Partners) -> ContactRows:
    """Return the contacts of people who can be talked to here, or else elsewhere."""
    by_face = face.talks | (face.is_there & ~online.talks)
    told = np.where(by_face, 0, np.where(online.is_there, 1, _NO_CHANNEL)).astype(np.int8)
    talks = np.where(by_face, face.talks, online.talks)
    chances = [np.where(one.is_there, one.chance, np.nan) for one in (face, online)]
    beliefs = [np.where(one.is_there, one.belief, np.nan) for one in (face, online)]
    return ContactRows(
        np.where(talks, np.where(by_face, face.other, online.other), NOBODY),
        np.where(talks, told, np.int8(_NO_CHANNEL)),
        np.fmax(*chances),
        told,
        np.where(by_face, *beliefs),
        np.where(by_face, *chances),
    )
