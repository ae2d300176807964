"""Whom rows wish to talk to, as a loop over rows that is compiled (see `kernels`).

It does what `company_sample` and `choose_contacts` do in NumPy, in the same order of operations.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.clock import HOUR_MIN
from mesa_llm_city.core.draw_loops import fill_uniforms, two_uniforms_at
from mesa_llm_city.core.philox import Words
from mesa_llm_city.core.prefetch import AHEAD, prefetch, prefetch_all
from mesa_llm_city.core.shares import Codes
from mesa_llm_city.core.unsigned import unsigned
from mesa_llm_city.core.values import Bool, Float, Int, Whole
from mesa_llm_city.crowd.company_loops import (
    Gatherings,
    Homes,
    Spots,
    fill_household,
    take_company,
)
from mesa_llm_city.mind.mood_loops import MoodRows, valence_of
from mesa_llm_city.mind.need_loops import level_after
from mesa_llm_city.social.contact_columns import CHANNELS, CONTACT_DRAWS
from mesa_llm_city.social.contact_loops import (
    ContactNumbers,
    chance_to_talk,
    drawn_partner,
    may_talk,
)
from mesa_llm_city.social.contact_opportunity import Channel
from mesa_llm_city.social.tie_loops import TieArrays, familiarity, find_slot, tie_score
from mesa_llm_city.social.tie_slots import NOBODY, TieNumbers

__all__ = ["Minds", "Rules", "WishRoom", "fill_moods", "fill_wishes"]

_FACE, _ONLINE = CHANNELS.index(Channel.FACE), CHANNELS.index(Channel.ONLINE)
_LAST_BIT = 63  # of a whole number
_ROUNDING = 1e-12  # of a score or a probability


class Minds(NamedTuple):
    """Columns of n rows that say how each feels, and whom it knows.

    `level_code`, `purpose`, `since` and `unmet` of needs as in `NeedColumns`; `end` and `fixed` of
    what is done; `big_five` of shape (n, 5); moods and ties.
    """

    level_code: Codes
    purpose: NDArray[np.int8]
    since: NDArray[np.int32]
    unmet: NDArray[np.uint32]
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
    thresholds : ndarray of float64, shape (k,)
        Levels below which needs press.
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
    thresholds: Float
    company: np.uint64
    contact_word: np.uint64
    pair: np.uint64
    talk: np.uint64


class WishRoom(NamedTuple):
    """Room for what `fill_wishes` finds on its way.

    `turns`, `social`, `partner` and `chance` of shape (m,) have room for the rows that may talk,
    for levels of their social need, and for two random numbers of each; `seen` for those of whom
    one takes notice; `slots` and `belief` for ties to them or of one row; `draws` for random
    numbers; and `household` for the greatest household.
    """

    turns: Int
    social: Float
    partner: Float
    chance: Float
    seen: Int
    slots: Int
    belief: Float
    draws: Float
    household: Whole

    @classmethod
    def of(cls, minds: Minds, homes: Homes, rules: Rules, rows: int) -> WishRoom:
        """Return room for some rows."""
        slots, most = minds.ties.other.shape[1], rules.contact.company
        return cls(
            np.empty(rows, np.int64),
            np.empty(rows),
            np.empty(rows),
            np.empty(rows),
            np.empty(most, np.int64),
            np.empty(max(most, slots), np.int64),
            np.empty(max(most, slots)),
            np.empty(CONTACT_DRAWS),
            np.empty(homes.most, minds.ties.other.dtype),
        )


def fill_moods(moods: MoodRows, rows: Int, minute: Int, mood: Float) -> None:
    """Fill how some rows feel at the minute of each; arrays of shape (m,)."""
    for at in range(len(rows)):
        if at + AHEAD < len(rows):
            prefetch(moods.rest_code, rows[at + AHEAD])
            prefetch(moods.level_code, rows[at + AHEAD])
            prefetch(moods.minute, rows[at + AHEAD])
        mood[at] = valence_of(moods, rows[at], minute[at])


def fill_wishes(  # noqa: PLR0917 - compiled loops take no keywords
    spots: Spots,
    homes: Homes,
    minds: Minds,
    rules: Rules,
    ids: Int,
    there: Gatherings,
    rows: Int,
    minute: Int,
    seeds: Words,
    mood: Float,
    room: WishRoom,
    other: Int,
    channel: NDArray[np.int8],
) -> None:
    """Fill whom rows wish to talk to that have decided what to do.

    Parameters
    ----------
    spots, homes, minds, rules
        Where rows are, how they feel, and what decides.
    there : Gatherings
        Who can be met where.
    ids : ndarray of int64, shape (n,)
        Ids of rows.
    rows, minute : ndarray of int64, shape (m,)
        Who has decided, and when.
    seeds : ndarray of uint64, shape (1,) or (m,)
        Seeds of what they draw now.
    mood : ndarray of float64, shape (m,)
        How they felt before.
    room : WishRoom
        Is written to.
    other : ndarray of int64, shape (m,)
        Is filled with ids, `NOBODY` where somebody does not wish to talk.
    channel : ndarray of int8, shape (m,)
        Is filled with positions in `CHANNELS`.
    """
    place, home, house, spot = spots.place, spots.home, spots.house, spots.spot
    knows, contact = minds.ties.other, rules.contact
    turns, socials, partners, chances, seen, slots, belief, draws, household = room
    other[:], channel[:] = NOBODY, _FACE
    count = _find_willing(spots, minds, rules, ids, rows, minute, seeds, mood, room)
    for one in range(count):
        if one + AHEAD < count:
            _ask_for(spots, minds, rows[turns[one + AHEAD]])
        at = turns[one]
        row, now, seed = unsigned(rows[at]), minute[at], seeds[at if len(seeds) > 1 else 0]
        person, free = ids[row], _free_min(minds, row, now)
        is_lonely = _is_lonely(contact, socials[one], free)
        if place[row] == home[row]:
            turn = house[row] - homes.places
            low, high, people = homes.first[turn], homes.first[turn + 1], household
            high = fill_household(homes.members, spot, ids, house[row], low, high, household)
            low, is_there = 0, spot[row] == house[row]
        else:
            low, people = there.first[place[row]], there.people
            high, is_there = low + there.size[place[row]], spot[row] == place[row]
        if high - low == is_there and not is_lonely:
            continue
        here = take_company(people, low, high, person, seed, now, rules.company, seen)
        known = _find_slots(knows, row, seen, here, slots)
        feels = socials[one], minds.big_five[row, rules.extraversion], free, mood[at]
        if known > 0 or chances[one] < _chance_of(contact, feels, rules.stranger) + _ROUNDING:
            _fill_beliefs(minds.ties, rules, row, now, slots, here, belief)
            partner = _talks_to(contact, belief, here, feels, partners[one], chances[one])
            if partner >= 0:
                other[at], is_lonely = seen[partner], False
        if is_lonely:
            fill_uniforms(seed, person, now, rules.contact_word, draws)
            known = _find_elsewhere(knows, row, seen, here, slots)
            _fill_beliefs(minds.ties, rules, row, now, slots, known, belief)
            partner = _talks_to(contact, belief, known, feels, draws[2], draws[3])
            if partner >= 0:
                other[at], channel[at] = knows[row, slots[partner]], _ONLINE


def _ask_for(spots: Spots, minds: Minds, row: int) -> None:
    """Ask for what is read of somebody who looks for company, before it is needed."""
    prefetch(spots.house, row)
    prefetch(spots.spot, row)
    prefetch_all(minds.ties.other, row)
    prefetch_all(minds.ties.level_codes, row)


def _social_level(minds: Minds, rules: Rules, row: int, minute: int) -> float:
    """Return the level of the social need of a row (see `NeedColumns.at`)."""
    if rules.social < 0:
        return rules.social_unknown
    hours = minute / HOUR_MIN - minds.since[row] / HOUR_MIN
    loss = rules.losses[minds.purpose[row], rules.social]
    return level_after(minds.level_code[row, rules.social], loss, hours)


def _free_min(minds: Minds, row: int, minute: int) -> int:
    """Return for how many minutes a row is free."""
    return 0 if minds.fixed[row] else max(int(minds.end[row]) - minute, 0)


def _fill_beliefs(  # noqa: PLR0917 - compiled functions take no keywords
    ties: TieArrays, rules: Rules, row: int, minute: int, slots: Int, count: int, belief: Float
) -> None:
    """Fill the scores of the ties in some slots of a row, -1 for strangers."""
    start, fade_per_day = rules.ties.start, rules.ties.fade_per_day
    for one in range(count):
        slot, belief[one] = slots[one], rules.stranger
        if slot >= 0:
            familiar = familiarity(
                ties.level_codes,
                ties.relation,
                ties.met_min,
                start,
                row,
                slot,
                minute,
                fade_per_day,
            )
            belief[one] = tie_score(ties.level_codes, row, slot, familiar)


def _talks_to(  # noqa: PLR0917 - compiled functions take no keywords
    contact: ContactNumbers,
    belief: Float,
    count: int,
    feels: tuple[float, int, int, float],
    draw: float,
    chance_draw: float,
) -> int:
    """Return the position of the one of some people who is talked to, -1 for nobody."""
    partner = drawn_partner(belief, count, draw)
    if partner < 0:
        return -1
    return partner if chance_draw < _chance_of(contact, feels, belief[partner]) else -1


def _chance_of(
    contact: ContactNumbers, feels: tuple[float, int, int, float], belief: float
) -> float:
    """Return how likely somebody who feels so is to talk to a partner."""
    social, outgoing, free, mood = feels
    return chance_to_talk(contact, social, outgoing, belief, free, mood)


def _greatest_chance(contact: ContactNumbers, feels: tuple[float, int, int, float]) -> float:
    """Return a chance to talk that that to no partner exceeds."""
    return _chance_of(contact, feels, 1.0 if contact.belief > 0.0 else 0.0) + _ROUNDING


def _find_willing(  # noqa: PLR0917 - compiled functions take no keywords
    spots: Spots,
    minds: Minds,
    rules: Rules,
    ids: Int,
    rows: Int,
    minute: Int,
    seeds: Words,
    mood: Float,
    room: WishRoom,
) -> int:
    """Fill in which of some rows may talk, and would if they knew somebody well; return how many.

    For most others it is all the same who is there. The lonely look for company anyway.
    """
    destination, purpose, unaware = spots.destination, spots.purpose, spots.unaware
    talked_min, contact = minds.ties.talked_min, rules.contact
    turns, socials, partners, chances = room[:4]
    count = 0
    for at in range(len(rows)):
        if at + AHEAD < len(rows):
            _ask_for_willing(spots, minds, rows[at + AHEAD])
        row, now = unsigned(rows[at]), minute[at]
        if destination[row] >= 0 or unaware[purpose[row]]:
            continue
        if not may_talk(int(talked_min[row]), now, contact.gap_min):
            continue
        seed, word = seeds[at if len(seeds) > 1 else 0], rules.contact_word
        social, free = _social_level(minds, rules, row, now), _free_min(minds, row, now)
        feels = social, minds.big_five[row, rules.extraversion], free, mood[at]
        partner, chance = two_uniforms_at(seed, ids[row], now, word)
        turns[count], socials[count], partners[count], chances[count] = at, social, partner, chance
        is_willing = chance < _greatest_chance(contact, feels)
        count += is_willing or _is_lonely(contact, social, free)
    return count


def _ask_for_willing(spots: Spots, minds: Minds, row: int) -> None:
    """Ask for what tells whether somebody may talk, before it is needed (see `prefetch`)."""
    prefetch(spots.place, row)
    prefetch(spots.destination, row)
    prefetch(spots.purpose, row)
    prefetch(spots.home, row)
    prefetch(minds.ties.talked_min, row)
    prefetch_all(minds.level_code, row)
    prefetch(minds.purpose, row)
    prefetch(minds.since, row)
    prefetch(minds.end, row)
    prefetch(minds.fixed, row)
    prefetch(minds.big_five, row)


def _is_lonely(contact: ContactNumbers, social: float, free: int) -> bool:
    """Tell whether somebody would talk to people elsewhere (see `seeks_online`)."""
    return social <= contact.online_below and free >= contact.online_free_min


def _find_slots(knows: NDArray[np.integer], row: int, people: Int, count: int, slots: Int) -> int:
    """Fill the slots of the ties of a row to some people, and return how many it knows.

    The slots of those it does not know are -1.
    """
    # Bits by the ends of ids, by which most of those who are not known are told at once.
    bits = 0
    for slot in range(knows.shape[1]):
        bits |= 1 << (int(knows[row, slot]) & _LAST_BIT)
    known = 0
    for one in range(count):
        is_perhaps = bits >> (int(people[one]) & _LAST_BIT) & 1
        slots[one] = find_slot(knows, row, people[one]) if is_perhaps else -1
        known += slots[one] >= 0
    return known


def _find_elsewhere(knows: NDArray[np.integer], row: int, seen: Int, here: int, slots: Int) -> int:
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
