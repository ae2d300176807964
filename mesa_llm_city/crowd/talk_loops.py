"""Who talks, and what talking does, as loops over wishes that are compiled (see `kernels`).

They do what `pair_wishes`, `converse_rows` and `meet_people` do in NumPy, in the same order of
operations.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.draw_loops import fill_uniforms, normal_at, uniform_at
from mesa_llm_city.core.philox import Words
from mesa_llm_city.core.prefetch import AHEAD, prefetch, prefetch_all
from mesa_llm_city.core.unsigned import unsigned
from mesa_llm_city.core.values import Bool, Float, Int
from mesa_llm_city.crowd.company_loops import Homes, Spots
from mesa_llm_city.crowd.wish_loops import Minds, Rules
from mesa_llm_city.mind.mood_loops import feeling_code, valence_of
from mesa_llm_city.mind.need_loops import satisfy_row
from mesa_llm_city.social.contact_columns import CHANNELS
from mesa_llm_city.social.contact_loops import may_talk
from mesa_llm_city.social.contact_opportunity import Channel
from mesa_llm_city.social.conversation_loops import ConversationNumbers, outcome_of, quality_of
from mesa_llm_city.social.similarity import Interests, SimilarityTraits
from mesa_llm_city.social.similarity_loops import interests_in_common, similarity_of_two
from mesa_llm_city.social.tie import DIMENSIONS, Relation
from mesa_llm_city.social.tie_loops import (
    ask_for_ties,
    find_slot,
    first_level,
    level_of,
    meet_person,
)
from mesa_llm_city.social.tie_slots import NOBODY, RELATION_CODES

__all__ = ["Alike", "PairRoom", "TalkRoom", "Wished", "find_pairs", "talk_in_turn"]

_FACE = CHANNELS.index(Channel.FACE)
_ONE_IN_DRAWS = 2**53  # draws are multiples of its inverse
_AFFINITY = DIMENSIONS.index("affinity")
_STRANGER = RELATION_CODES[Relation.STRANGER]


class Wished(NamedTuple):
    """Wishes of rows, k of them in the order in which they came up; see `Meetings.wish`."""

    rows: Int
    other: Int
    channel: NDArray[np.int8]
    minute: Int


class Alike(NamedTuple):
    """What rows have in common, and what that counts for.

    Attributes
    ----------
    traits : SimilarityTraits
        By what people are alike.
    interests : Interests
        What they like to do.
    age_range, hobby_weight : float
        As in `SimilarityParameters`.
    talk : ConversationNumbers
        How conversations are.
    """

    traits: SimilarityTraits
    interests: Interests
    age_range: float
    hobby_weight: float
    talk: ConversationNumbers


class PairRoom(NamedTuple):
    """Room for what `find_pairs` finds on its way.

    `turn_of` of shape (n,) holds 0 before and after; `turns`, `draws` and `partners` have the
    shape (k,).
    """

    turn_of: NDArray[np.int32]
    turns: Int
    draws: Float
    partners: Int

    @classmethod
    def of(cls, turn_of: NDArray[np.int32], wishes: int) -> PairRoom:
        """Return room for some wishes, with that for the rows."""
        turns, partners = np.empty((2, wishes), dtype=np.int64)
        return cls(turn_of, turns, np.empty(wishes), partners)


class TalkRoom(NamedTuple):
    """Room for what `talk_in_turn` finds on its way.

    `is_busy` of shape (n,) holds False before and after; the others have the shape (2,).
    """

    is_busy: Bool
    draws: Float
    quality: Float
    slots: Int

    @classmethod
    def of(cls, rows: int) -> TalkRoom:
        """Return room for some rows."""
        is_busy = np.zeros(rows, dtype=np.bool_)
        return cls(is_busy, np.empty(2), np.empty(2), np.empty(2, dtype=np.int64))


def find_pairs(  # noqa: PLR0917 - compiled loops take no keywords
    spots: Spots,
    homes: Homes,
    minds: Minds,
    rules: Rules,
    ids: Int,
    wished: Wished,
    seeds: Words,
    at_min: int,
    room: PairRoom,
    first: Int,
    second: Int,
    rank: Int,
) -> int:
    """Fill the wishes that may come about, one of two mutual ones, and return how many they are.

    Parameters
    ----------
    spots, homes, minds, rules
        Where rows are, whom they know, and what decides.
    ids : ndarray of int64, shape (n,)
        Ids of rows.
    wished : Wished
        What they wish; the last wish of a row counts.
    seeds : ndarray of uint64, shape (1,) or (k,)
        Seeds of what they drew.
    at_min : int
        Now.
    room : PairRoom
        Is written to.
    first, second : ndarray of int64, shape (k,)
        Are filled from the front with the rows of those who wish, and to whom.
    rank : ndarray of int64, shape (k,)
        Is filled with the order in which wishes are met: mutual ones first, then by the draw. Of
        equal ranks the lower id of who wishes comes first.
    """
    spot, place, talked = spots.spot, spots.place, minds.ties.talked_min
    order, gap = homes.order, rules.contact.gap_min
    # The turn of the last wish of each row, and then its turn among those that may come about;
    # from 1, and 0 without one.
    turn_of, turns, draws, partners = room
    wishes = 0
    for turn in range(len(wished.rows)):
        is_wish = wished.other[turn] != NOBODY
        turn_of[wished.rows[turn]] = turn + 1 if is_wish else 0
        # Written at each turn, and kept or not: who wishes to talk cannot be foretold.
        turns[wishes] = turn
        wishes += is_wish
    possible = 0
    for at in range(wishes):
        if at + AHEAD < wishes:
            later = wished.rows[turns[at + AHEAD]]
            prefetch(spot, later)
            prefetch(place, later)
            prefetch(talked, later)
        turn = turns[at]
        row = wished.rows[turn]
        if turn_of[row] != turn + 1:
            continue
        turn_of[row] = 0
        other = _row_of(order, ids, wished.other[turn])
        can = other >= 0 and spot[row] >= 0 and spot[other] >= 0
        can = can and (wished.channel[turn] != _FACE or place[row] == place[other])
        can = can and may_talk(int(talked[row]), at_min, gap)
        if can and may_talk(int(talked[other]), at_min, gap):
            turns[possible], partners[possible] = turn, other
            seed = seeds[turn if len(seeds) > 1 else 0]
            draws[possible] = uniform_at(seed, ids[row], wished.minute[turn], rules.pair)
            possible += 1
            turn_of[row] = possible
    count = 0
    for at in range(possible):
        row, other = wished.rows[turns[at]], partners[at]
        back = turn_of[other] - 1
        is_mutual = back >= 0 and partners[back] == row
        if is_mutual and (draws[back], ids[other]) < (draws[at], ids[row]):
            continue
        first[count], second[count] = row, other
        rank[count] = int(draws[at] * _ONE_IN_DRAWS) + (0 if is_mutual else _ONE_IN_DRAWS)
        count += 1
    for at in range(possible):
        turn_of[wished.rows[turns[at]]] = 0
    return count


def _row_of(order: Int, ids: Int, person: int) -> int:
    """Return the row of a person, -1 for somebody who is none."""
    is_ordered = len(order) == 0
    # Mostly ids have no gaps.
    row = person - ids[0]
    if is_ordered and 0 <= row < len(ids) and ids[row] == person:
        return int(row)
    low, high = 0, len(ids)
    while low < high:
        middle = (low + high) // 2
        if ids[middle if is_ordered else order[middle]] < person:
            low = middle + 1
        else:
            high = middle
    if low == len(ids):
        return -1
    row = low if is_ordered else order[low]
    return int(row) if ids[row] == person else -1


def talk_in_turn(  # noqa: PLR0917 - compiled loops take no keywords
    minds: Minds,
    rules: Rules,
    alike: Alike,
    ids: Int,
    order: Int,
    first: Int,
    second: Int,
    seeds: Words,
    at_min: int,
    room: TalkRoom,
) -> int:
    """Let those talk whose wishes come about, and return how many conversations there are.

    Parameters
    ----------
    minds : Minds
        How rows feel, and whom they know; is changed.
    rules, alike
        What decides, and what rows have in common.
    ids : ndarray of int64, shape (n,)
        Ids of rows.
    order : ndarray of int64, shape (k,)
        Positions of wishes in the order in which they are met.
    first, second : ndarray of int64, shape (k,)
        Rows of those who wish, and to whom.
    seeds : ndarray of uint64, shape (1,)
        Seed of what is drawn now.
    at_min : int
        Now.
    room : TalkRoom
        Is written to.
    """
    is_busy, draws, quality, slots = room
    talks = 0
    traits, interests, age_range, hobby_weight, numbers = alike
    knows, codes, moods = minds.ties.other, minds.ties.level_codes, minds.moods
    start, homophily = rules.ties.start[_STRANGER, _AFFINITY], rules.ties.homophily[_AFFINITY]
    for at in range(len(order)):
        if at + AHEAD < len(order):
            later = order[at + AHEAD]
            _ask_for(minds, alike, first[later])
            _ask_for(minds, alike, second[later])
        turn = order[at]
        pair = unsigned(first[turn]), unsigned(second[turn])
        if is_busy[pair[0]] or is_busy[pair[1]]:
            continue
        is_busy[pair[0]] = is_busy[pair[1]] = True
        talks += 1
        fill_uniforms(seeds[0], ids[pair[0]], at_min, rules.talk, draws)
        similarity = similarity_of_two(traits, pair[0], pair[1], age_range)
        common = interests_in_common(interests, pair[0], pair[1], hobby_weight)
        for side in range(2):
            row, person = pair[side], ids[pair[1 - side]]
            slots[side] = find_slot(knows, row, person)
            affinity = first_level(start, homophily, similarity)
            if slots[side] >= 0:
                affinity = level_of(codes, row, slots[side], _AFFINITY)
            mood = valence_of(moods, row, at_min)
            quality[side] = quality_of(numbers, affinity, common, mood, normal_at(draws[side]))
            changed = mood + numbers.mood_weight * quality[side]
            felt = feeling_code(min(max(changed, -1.0), 1.0))
            moods.level_code[row], moods.minute[row] = felt, at_min
        for side in range(2):
            row, person = pair[side], ids[pair[1 - side]]
            outcome = outcome_of(numbers, quality[side])
            meet_person(
                minds.ties, rules.ties, row, slots[side], person, outcome, at_min, similarity
            )
            if rules.social >= 0:
                gain = numbers.company[outcome]
                satisfy_row(
                    minds.level_code,
                    minds.purpose,
                    minds.since,
                    minds.unmet,
                    rules.losses,
                    rules.thresholds,
                    row,
                    rules.social,
                    gain,
                    at_min,
                )
    for turn in range(len(order)):
        is_busy[first[turn]] = is_busy[second[turn]] = False
    return talks


def _ask_for(minds: Minds, alike: Alike, row: int) -> None:
    """Ask for what is read of somebody who talks, before it is needed (see `prefetch`)."""
    traits, interests, moods = alike.traits, alike.interests, minds.moods
    prefetch(traits.age, row)
    prefetch(traits.gender, row)
    prefetch(traits.education, row)
    prefetch(traits.occupation, row)
    prefetch_all(interests.hobbies, row)
    prefetch_all(interests.likes, row)
    prefetch(moods.rest_code, row)
    prefetch(moods.level_code, row)
    prefetch(moods.minute, row)
    prefetch_all(minds.level_code, row)
    prefetch(minds.purpose, row)
    prefetch(minds.since, row)
    ask_for_ties(minds.ties, row)
