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
from mesa_llm_city.crowd.company_loops import Homes, Spots, fill_household, gather, take_company
from mesa_llm_city.mind.mood_loops import MoodRows, valence_of
from mesa_llm_city.social.contact_columns import CONTACT_DRAWS
from mesa_llm_city.social.contact_loops import (
    ContactNumbers,
    chance_to_talk,
    drawn_partner,
    may_talk,
)
from mesa_llm_city.social.tie_loops import TieArrays, familiarity, find_slot, tie_score
from mesa_llm_city.social.tie_slots import NOBODY, TieNumbers

__all__ = ["Minds", "Rules", "fill_moods", "fill_wishes"]

_FACE, _ONLINE = 0, 1  # positions in `CHANNELS`
_LAST_BIT = 63  # of a whole number


class Minds(NamedTuple):
    """Columns of n rows that say how each feels, and whom it knows.

    `level`, `purpose` and `since` of needs as in `NeedColumns`; `end` and `fixed` of what is done;
    `big_five` of shape (n, 5); moods and ties.
    """

    level: Float
    purpose: NDArray[np.int8]
    since: NDArray[np.int32]
    end: NDArray[np.int32]
    fixed: Bool
    big_five: NDArray[np.int8]
    moods: MoodRows
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
    company: np.uint64
    contact_word: np.uint64
    pair: np.uint64
    talk: np.uint64


def fill_moods(moods: MoodRows, rows: Int, minute: Int, mood: Float) -> None:
    """Fill how some rows feel at the minute of each; arrays of shape (m,)."""
    for at in range(len(rows)):
        mood[at] = valence_of(moods, rows[at], minute[at])


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
    place, home, house, spot = spots.place, spots.home, spots.house, spots.spot
    needs, since, doing, losses = minds.level, minds.since, minds.purpose, rules.losses
    end, fixed, big_five = minds.end, minds.fixed, minds.big_five
    knows, relation, levels, met_min, talked_min = minds.ties
    start, fade_per_day = rules.ties.start, rules.ties.fade_per_day
    contact, members, first = rules.contact, homes.members, homes.first
    asked, turns = np.zeros(homes.places, np.bool_), np.empty(len(rows), np.int64)
    count = _find_open(spots, talked_min, contact.gap_min, rows, minute, asked, turns)
    there = gather(spot, ids, homes.order, asked)
    most = max(contact.company, knows.shape[1])
    slots, belief, draws = np.empty(most, np.int64), np.empty(most), np.empty(CONTACT_DRAWS)
    seen, household = np.empty(contact.company, np.int64), np.empty(homes.most, np.int64)
    other[:], channel[:] = NOBODY, _FACE
    for at in turns[:count]:
        row, now, seed = rows[at], minute[at], seeds[at if len(seeds) > 1 else 0]
        person = ids[row]
        if place[row] == home[row]:
            of_home = house[row] - homes.places
            low, high = first[of_home], first[of_home + 1]
            high = fill_household(members, spot, ids, house[row], low, high, household)
            here = take_company(household, 0, high, person, seed, now, rules.company, seen)
        else:
            low = there.first[place[row]]
            high = low + there.size[place[row]]
            here = take_company(there.people, low, high, person, seed, now, rules.company, seen)
        social, free = rules.social_unknown, 0
        if rules.social >= 0:
            hours = now / HOUR_MIN - since[row] / HOUR_MIN
            fallen = needs[row, rules.social] - losses[doing[row], rules.social] * hours
            social = min(max(fallen, 0.0), 1.0)
        if not fixed[row]:
            free = max(int(end[row]) - now, 0)
        is_lonely = social <= contact.online_below and free >= contact.online_free_min
        if here == 0 and not is_lonely:
            continue
        fill_uniforms(seed, person, now, rules.contact_word, draws)
        _find_slots(knows, row, seen, here, slots)
        for one in range(here):
            belief[one] = rules.stranger
            if slots[one] >= 0:
                familiar = familiarity(
                    levels, relation, met_min, start, row, slots[one], now, fade_per_day
                )
                belief[one] = tie_score(levels, row, slots[one], familiar)
        partner = drawn_partner(belief, here, draws[0])
        outgoing = big_five[row, rules.extraversion]
        if partner >= 0:
            score = belief[partner]
            chance = chance_to_talk(contact, social, outgoing, score, free, mood[at])
            if draws[1] < chance:
                other[at] = seen[partner]
                continue
        if is_lonely:
            known = _find_elsewhere(knows, row, seen, here, slots)
            for one in range(known):
                familiar = familiarity(
                    levels, relation, met_min, start, row, slots[one], now, fade_per_day
                )
                belief[one] = tie_score(levels, row, slots[one], familiar)
            partner = drawn_partner(belief, known, draws[2])
            if partner >= 0:
                score = belief[partner]
                chance = chance_to_talk(contact, social, outgoing, score, free, mood[at])
                if draws[3] < chance:
                    other[at], channel[at] = knows[row, slots[partner]], _ONLINE


def _find_open(  # noqa: PLR0917 - compiled functions take no keywords
    spots: Spots,
    talked_min: NDArray[np.int32],
    gap_min: int,
    rows: Int,
    minute: Int,
    asked: Bool,
    turns: Int,
) -> int:
    """Fill in which of some rows may talk, and at which places; return how many they are."""
    place, destination, purpose, home, _, _, unaware = spots
    count = 0
    for at in range(len(rows)):
        row = rows[at]
        if destination[row] >= 0 or unaware[purpose[row]]:
            continue
        if may_talk(int(talked_min[row]), minute[at], gap_min):
            turns[count] = at
            count += 1
            if place[row] != home[row]:
                asked[place[row]] = True
    return count


def _find_slots(
    knows: NDArray[np.integer], row: int, people: Int, count: int, slots: Int
) -> None:
    """Fill the slots of the ties of a row to some people, -1 for those it does not know."""
    # Bits by the ends of ids, by which most of those who are not known are told at once.
    bits = 0
    for slot in range(knows.shape[1]):
        bits |= 1 << (int(knows[row, slot]) & _LAST_BIT)
    for one in range(count):
        is_perhaps = bits >> (int(people[one]) & _LAST_BIT) & 1
        slots[one] = find_slot(knows, row, people[one]) if is_perhaps else -1


def _find_elsewhere(
    knows: NDArray[np.integer], row: int, seen: Int, here: int, slots: Int
) -> int:
    """Fill the slots of those known who are not among those seen, by rising id; return how many."""
    count = 0
    for slot in range(knows.shape[1]):
        person, is_here = knows[row, slot], False
        for one in range(here):
            is_here = is_here or seen[one] == person
        if is_here or person == NOBODY:
            continue
        turn = count
        while turn > 0 and knows[row, slots[turn - 1]] > person:
            slots[turn] = slots[turn - 1]
            turn -= 1
        slots[turn] = slot
        count += 1
    return count
