"""Whom rows wish to talk to, as a loop over rows that is compiled (see `kernels`).

It does what `company_sample` and `choose_contacts` do in NumPy, in the same order of operations.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.clock import HOUR_MIN
from mesa_llm_city.core.draw_loops import fill_uniforms
from mesa_llm_city.core.philox import Words
from mesa_llm_city.core.values import Bool, Float, Int
from mesa_llm_city.crowd.company_loops import Homes, Spots, gather, take_company
from mesa_llm_city.mind.mood import relaxed_of_one
from mesa_llm_city.social.contact_columns import CONTACT_DRAWS
from mesa_llm_city.social.contact_loops import (
    ContactNumbers,
    chance_to_talk,
    drawn_partner,
    may_talk,
)
from mesa_llm_city.social.tie_loops import TieArrays, find_slot, tie_score
from mesa_llm_city.social.tie_slots import NOBODY, TieNumbers

__all__ = ["Minds", "Rules", "fill_moods", "fill_wishes", "mood_of", "social_of"]

_FACE, _ONLINE = 0, 1  # positions in `CHANNELS`


class Minds(NamedTuple):
    """Columns of n rows that say how each feels, and whom it knows.

    `level`, `need_purpose` and `since` of needs as in `NeedColumns`; `feeling`, `rest` and `felt`
    of moods as in `MoodColumns`, where these are `level`, `rest` and `minute`; `end` and `fixed`
    of what is done; `big_five` of shape (n, 5); and ties.
    """

    level: Float
    need_purpose: NDArray[np.int8]
    since: NDArray[np.int32]
    feeling: Float
    rest: Float
    felt: NDArray[np.int32]
    end: NDArray[np.int32]
    fixed: Bool
    big_five: NDArray[np.int8]
    ties: TieArrays


class Rules(NamedTuple):
    """Numbers that decide about contacts.

    Attributes
    ----------
    contact : ContactNumbers
        When people talk.
    ties : TieNumbers
        How ties begin, change and fade.
    stranger : float
        Score of the tie to a stranger.
    extraversion : int
        Column of the trait.
    social : int
        Column of the social need, -1 if there is none.
    social_unknown : float
        Its level then.
    losses : ndarray of float64, shape (p + 1, k)
        Losses of needs per hour.
    half_life_h : float
        Of moods.
    company, contact_word, pair, talk : uint64
        Addresses of draws.
    """

    contact: ContactNumbers
    ties: TieNumbers
    stranger: float
    extraversion: int
    social: int
    social_unknown: float
    losses: Float
    half_life_h: float
    company: np.uint64
    contact_word: np.uint64
    pair: np.uint64
    talk: np.uint64


def social_of(minds: Minds, rules: Rules, row: int, minute: int) -> float:
    """Return the level of the social need of a row (see `NeedColumns.at`)."""
    if rules.social < 0:
        return rules.social_unknown
    hours = minute / HOUR_MIN - minds.since[row] / HOUR_MIN
    rate = rules.losses[minds.need_purpose[row], rules.social]
    level: float = min(max(minds.level[row, rules.social] - rate * hours, 0.0), 1.0)
    return level


def mood_of(minds: Minds, rules: Rules, row: int, minute: int) -> float:
    """Return the valence of the mood of a row (see `MoodColumns.at`)."""
    hours = max(minute - int(minds.felt[row]), 0) / HOUR_MIN
    return relaxed_of_one(minds.feeling[row], minds.rest[row], hours, rules.half_life_h)


def fill_moods(minds: Minds, rules: Rules, rows: Int, minute: Int, mood: Float) -> None:
    """Fill how some rows feel, each at its own minute; arrays of shape (m,)."""
    for at in range(len(rows)):
        mood[at] = mood_of(minds, rules, rows[at], minute[at])


def fill_wishes(  # noqa: PLR0917 - compiled loops take no keywords
    spots: Spots,
    homes: Homes,
    minds: Minds,
    rules: Rules,
    ids: Int,
    rows: Int,
    minute: Int,
    seeds: Words,
    mood: Float,
    other: Int,
    channel: NDArray[np.int8],
) -> None:
    """Fill whom rows wish to talk to that have decided what to do.

    Parameters
    ----------
    spots, homes, minds, rules
        Where rows are, how they feel, and what decides.
    ids : ndarray of int64, shape (n,)
        Ids of rows.
    rows, minute : ndarray of int64, shape (m,)
        Who has decided, and when.
    seeds : ndarray of uint64, shape (1,) or (m,)
        Seeds of what they draw now.
    mood : ndarray of float64, shape (m,)
        How they felt before.
    other : ndarray of int64, shape (m,)
        Is filled with ids, `NOBODY` where somebody does not wish to talk.
    channel : ndarray of int8, shape (m,)
        Is filled with positions in `CHANNELS`.
    """
    asked, turns = np.zeros(homes.places, np.bool_), np.empty(len(rows), np.int64)
    count = _find_open(spots, minds, rules, rows, minute, asked, turns)
    there = gather(spots, homes.order, asked)
    slots = np.empty(minds.ties.other.shape[1], np.int64)
    seen, draws = np.empty(rules.contact.company, np.int64), np.empty(CONTACT_DRAWS)
    belief, household = np.empty(max(len(seen), len(slots))), np.empty(homes.most, np.int32)
    other[:], channel[:] = NOBODY, _FACE
    for at in turns[:count]:
        row, now, seed = rows[at], minute[at], seeds[at if len(seeds) > 1 else 0]
        here = take_company(
            spots, homes, there, ids, row, seed, now, rules.company, household, seen
        )
        social, free = social_of(minds, rules, row, now), 0
        if not minds.fixed[row]:
            free = max(int(minds.end[row]) - now, 0)
        is_lonely = social <= rules.contact.online_below
        is_lonely = is_lonely and free >= rules.contact.online_free_min
        if here == 0 and not is_lonely:
            continue
        fill_uniforms(seed, ids[row], now, rules.contact_word, draws)
        for one in range(here):
            belief[one] = _score(minds.ties, rules, row, seen[one], now)
        partner = drawn_partner(belief, here, draws[0])
        outgoing = minds.big_five[row, rules.extraversion]
        if partner >= 0:
            score = belief[partner]
            chance = chance_to_talk(rules.contact, social, outgoing, score, free, mood[at])
            if draws[1] < chance:
                other[at] = seen[partner]
                continue
        if is_lonely:
            known = _known_elsewhere(minds.ties, row, seen, here, slots)
            for one in range(known):
                belief[one] = tie_score(minds.ties, rules.ties, row, slots[one], now)
            partner = drawn_partner(belief, known, draws[2])
            if partner >= 0:
                score = belief[partner]
                chance = chance_to_talk(rules.contact, social, outgoing, score, free, mood[at])
                if draws[3] < chance:
                    other[at], channel[at] = minds.ties.other[row, slots[partner]], _ONLINE


def _find_open(  # noqa: PLR0917 - compiled functions take no keywords
    spots: Spots, minds: Minds, rules: Rules, rows: Int, minute: Int, asked: Bool, turns: Int
) -> int:
    """Fill in which of some rows may talk, and at which places; return how many they are."""
    count = 0
    for at in range(len(rows)):
        row = rows[at]
        if spots.destination[row] >= 0 or spots.unaware[spots.purpose[row]]:
            continue
        if may_talk(int(minds.ties.talked_min[row]), minute[at], rules.contact.gap_min):
            turns[count] = at
            count += 1
            if spots.place[row] != spots.home[row]:
                asked[spots.place[row]] = True
    return count


def _score(ties: TieArrays, rules: Rules, row: int, person: int, minute: int) -> float:
    """Return the score of the tie to somebody, known or not."""
    slot = find_slot(ties, row, person)
    return rules.stranger if slot < 0 else tie_score(ties, rules.ties, row, slot, minute)


def _known_elsewhere(ties: TieArrays, row: int, seen: Int, here: int, slots: Int) -> int:
    """Fill the slots of those known who are not among those seen, by rising id; return how many."""
    count = 0
    for slot in range(len(slots)):
        person, is_here = ties.other[row, slot], False
        for one in range(here):
            is_here = is_here or seen[one] == person
        if is_here or person == NOBODY:
            continue
        turn = count
        while turn > 0 and ties.other[row, slots[turn - 1]] > person:
            slots[turn] = slots[turn - 1]
            turn -= 1
        slots[turn] = slot
        count += 1
    return count
