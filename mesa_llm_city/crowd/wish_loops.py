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
from mesa_llm_city.core.prefetch import AHEAD, prefetch, prefetch_all
from mesa_llm_city.core.shares import Codes
from mesa_llm_city.core.values import Bool, Float, Int
from mesa_llm_city.crowd.company_loops import (
    Gatherings,
    Homes,
    Spots,
    fill_household,
    gather,
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
    """Room for what `fill_wishes` finds on its way: who is where, and who knows whom.

    `turns` of shape (m,) has room for the rows that may talk; `seen` for those of whom one takes
    notice; `slots` and `belief` for ties to them or of one row; `draws` for random numbers; and
    `household` for the greatest household.
    """

    there: Gatherings
    turns: Int
    seen: Int
    slots: Int
    belief: Float
    draws: Float
    household: Int

    @classmethod
    def of(cls, minds: Minds, homes: Homes, rules: Rules, rows: int) -> WishRoom:
        """Return room for some rows."""
        count, slots = minds.ties.other.shape
        most = rules.contact.company
        return cls(
            Gatherings.room(homes.places, count),
            np.empty(rows, np.int64),
            np.empty(most, np.int64),
            np.empty(max(most, slots), np.int64),
            np.empty(max(most, slots)),
            np.empty(CONTACT_DRAWS),
            np.empty(homes.most, np.int64),
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
    knows, contact, there = minds.ties.other, rules.contact, room.there
    turns, seen, slots, belief, draws, household = room[1:]
    talked, gap_min = minds.ties.talked_min, contact.gap_min
    count, is_asked = _find_open(spots, talked, gap_min, rows, minute, there.asked, turns)
    if is_asked:
        gather(spot, ids, homes.order, there)
    other[:], channel[:] = NOBODY, _FACE
    for one in range(count):
        if one + AHEAD < count:
            _ask_for(spots, minds, rows[turns[one + AHEAD]])
        at = turns[one]
        row, now, seed = rows[at], minute[at], seeds[at if len(seeds) > 1 else 0]
        person, free = ids[row], _free_min(minds, row, now)
        social = _social_level(minds, rules, row, now)
        is_lonely = social <= contact.online_below and free >= contact.online_free_min
        if place[row] == home[row]:
            turn = house[row] - homes.places
            first, last = homes.first[turn], homes.first[turn + 1]
            people, low = household, 0
            high = fill_household(homes.members, spot, ids, house[row], first, last, household)
            is_here = spot[row] == house[row]
        else:
            people, low = there.people, there.first[place[row]]
            high = low + there.size[place[row]]
            is_here = spot[row] == place[row]
        if high - low <= is_here and not is_lonely:
            continue
        fill_uniforms(seed, person, now, rules.contact_word, draws)
        feels = social, minds.big_five[row, rules.extraversion], free, mood[at]
        # Most would talk to nobody, however well they knew them: then it is all the same who is
        # there.
        if draws[1] >= _greatest_chance(contact, feels) and not is_lonely:
            continue
        here = take_company(people, low, high, person, seed, now, rules.company, seen)
        known = _find_slots(knows, row, seen, here, slots)
        # Likewise where all are strangers.
        if known == 0 and not is_lonely and draws[1] >= _chance_of(contact, feels, rules.stranger):
            continue
        _fill_beliefs(minds.ties, rules, row, now, slots, here, belief)
        partner = _talks_to(contact, belief, here, feels, draws[0], draws[1])
        if partner >= 0:
            other[at] = seen[partner]
        elif is_lonely:
            known = _find_elsewhere(knows, row, seen, here, slots)
            _fill_beliefs(minds.ties, rules, row, now, slots, known, belief)
            partner = _talks_to(contact, belief, known, feels, draws[2], draws[3])
            if partner >= 0:
                other[at], channel[at] = knows[row, slots[partner]], _ONLINE


def _ask_for(spots: Spots, minds: Minds, row: int) -> None:
    """Ask for what is read of somebody who may talk, before it is needed (see `prefetch`)."""
    prefetch(spots.house, row)
    prefetch(spots.spot, row)
    prefetch_all(minds.level_code, row)
    prefetch(minds.purpose, row)
    prefetch(minds.since, row)
    prefetch(minds.end, row)
    prefetch(minds.fixed, row)
    prefetch(minds.big_five, row)
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


def _find_open(  # noqa: PLR0917 - compiled functions take no keywords
    spots: Spots,
    talked_min: NDArray[np.int32],
    gap_min: int,
    rows: Int,
    minute: Int,
    asked: Bool,
    turns: Int,
) -> tuple[int, bool]:
    """Fill in which of some rows may talk, and at which places; return how many, and if any."""
    place, destination, purpose, home, _, _, unaware = spots
    count, is_asked = 0, False
    for at in range(len(rows)):
        if at + AHEAD < len(rows):
            later = rows[at + AHEAD]
            prefetch(place, later)
            prefetch(destination, later)
            prefetch(purpose, later)
            prefetch(home, later)
            prefetch(talked_min, later)
        row = rows[at]
        if destination[row] >= 0 or unaware[purpose[row]]:
            continue
        if may_talk(int(talked_min[row]), minute[at], gap_min):
            turns[count] = at
            count += 1
            if place[row] != home[row]:
                asked[place[row]] = is_asked = True
    return count, is_asked


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
