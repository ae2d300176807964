"""Where rows go whose blocks have no place, as a loop that is compiled (see `kernels`)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mesa_llm_city.citizen.place_loops import Draws, Events, Persons, Setting, fill_places
from mesa_llm_city.city.candidate_loops import Lists
from mesa_llm_city.city.choice_loops import Reach
from mesa_llm_city.city.opening_loops import OpenUntil
from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.philox import Words
from mesa_llm_city.core.unsigned import unsigned
from mesa_llm_city.core.values import Bool, Float, Int, Whole
from mesa_llm_city.crowd.blocks import BlockColumns

__all__ = ["OTHER_DAY", "Goers", "Outside", "find_in_rows"]

OTHER_DAY = -1
"""What `find_in_rows` returns where somebody sets out on neither of two days."""


class Goers(NamedTuple):
    """Columns of n rows and their people that decide where they go."""

    ids: Int
    age: Whole
    has_car: Bool
    has_licence: Bool
    curiosity: Float
    place: Whole


class Outside(NamedTuple):
    """What may be another thing in each round: candidates, events, and the weather.

    `seeds` are those of what is drawn, shape (1,) or (m,), and `word` says what it is drawn for.
    """

    lists: Lists
    events: Events
    is_wet: bool
    seeds: Words
    word: np.uint64


def find_in_rows(  # noqa: C901, PLR0917 - one loop; compiled loops take no keywords
    setting: Setting,
    goers: Goers,
    until: OpenUntil,
    outside: Outside,
    rows: Int,
    minute: Int,
    blocks: BlockColumns,
    out: Int,
    lost: Int,
) -> int:
    """Fill the places of blocks that have none, as far as an open place is in reach.

    Parameters
    ----------
    setting : Setting
        What rows choose by; candidates and events are those of `outside`.
    goers : Goers
        The crowd.
    until : OpenUntil
        Until when places are open on two days.
    outside : Outside
        What else they choose by.
    rows, minute : ndarray of int64, shape (m,)
        The rows, and the minute of each.
    blocks : BlockColumns
        What begins now in each; `place` is changed.
    out : ndarray of int64, shape (k,)
        Positions of those whose blocks have no place.
    lost : ndarray of int64, shape (k,)
        Is filled with positions of those who find no place.

    Returns
    -------
    int
        How many find none, or `OTHER_DAY` if nothing has been done.
    """
    count = len(out)
    for at in range(count):
        day = blocks.start[out[at]] // DAY_MIN - until.first_day
        if day < 0 or day > 1:
            return OTHER_DAY
    whole, own = np.empty((8, count), dtype=np.int64), np.empty(count, dtype=np.int64)
    has_car, wet = np.empty((2, count), dtype=np.bool_)
    curiosity, chosen = np.empty(count), np.empty(count, dtype=np.int32)
    seeds = np.empty(count if len(outside.seeds) > 1 else 1, dtype=np.uint64)
    seeds[0] = outside.seeds[0]
    for at in range(count):
        one = out[at]
        row = unsigned(rows[one])
        whole[0, at], whole[1, at], whole[2, at] = (
            blocks.purpose[one],
            goers.place[row],
            minute[one],
        )
        whole[3, at], whole[4, at], whole[5, at] = (
            blocks.start[one],
            blocks.end[one],
            goers.age[row],
        )
        whole[6, at], whole[7, at] = row, goers.ids[row]
        has_car[at] = goers.has_car[row] and goers.has_licence[row]
        wet[at], curiosity[at] = outside.is_wet, goers.curiosity[row]
        if len(outside.seeds) > 1:
            seeds[at] = outside.seeds[one]
    persons = Persons(
        whole[0],
        whole[1],
        whole[2],
        whole[3],
        whole[4],
        whole[5],
        has_car,
        wet,
        curiosity,
        whole[6],
    )
    reach = setting.reach
    by = Setting(
        setting.guessing,
        setting.weighing,
        setting.reaching,
        setting.town,
        Reach(reach.at, reach.facts, reach.detour, outside.lists),
        setting.slots,
        outside.events,
    )
    draws = Draws(seeds, whole[7], outside.word)
    for day in range(2):
        some = 0
        for at in range(count):
            if whole[3, at] // DAY_MIN - until.first_day == day:
                own[some] = at
                some += 1
        if some:
            is_open = until.today if day == 0 else until.tomorrow
            fill_places(own[:some], persons, draws, by, until.first_day + day, is_open, chosen)
    some = 0
    for at in range(count):
        if chosen[at] >= 0:
            blocks.place[out[at]] = chosen[at]
        else:
            lost[some] = out[at]
            some += 1
    return some
