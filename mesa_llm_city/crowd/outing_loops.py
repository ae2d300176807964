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


def find_in_rows(  # noqa: PLR0917 - compiled loops take no keywords
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
    if not _starts_on_two_days(blocks, out, until.first_day):
        return OTHER_DAY
    count = len(out)
    whole, own = np.empty((8, count), dtype=np.int64), np.empty(count, dtype=np.int64)
    has_car, wet = np.empty((2, count), dtype=np.bool_)
    curiosity, chosen = np.empty(count), np.empty(count, dtype=np.int32)
    seeds = np.empty(count if len(outside.seeds) > 1 else 1, dtype=np.uint64)
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
    _read(goers, outside, rows, minute, blocks, out, persons, whole[7], seeds)
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
            if persons.start_min[at] // DAY_MIN - until.first_day == day:
                own[some] = at
                some += 1
        if some:
            is_open = until.today if day == 0 else until.tomorrow
            fill_places(own[:some], persons, draws, by, until.first_day + day, is_open, chosen)
    return _put(blocks, out, chosen, lost)


def _starts_on_two_days(blocks: BlockColumns, out: Int, first_day: int) -> bool:
    """Return whether all set out on a day or the one after it."""
    for at in range(len(out)):
        day = blocks.start[out[at]] // DAY_MIN - first_day
        if day < 0 or day > 1:
            return False
    return True


def _read(  # noqa: PLR0917 - compiled functions take no keywords
    goers: Goers,
    outside: Outside,
    rows: Int,
    minute: Int,
    blocks: BlockColumns,
    out: Int,
    persons: Persons,
    ids: Int,
    seeds: Words,
) -> None:
    """Fill in who goes out, and what for."""
    seeds[0] = outside.seeds[0]
    for at in range(len(out)):
        one = out[at]
        row = unsigned(rows[one])
        persons.purpose[at], persons.origin[at] = blocks.purpose[one], goers.place[row]
        persons.minute[at], persons.start_min[at] = minute[one], blocks.start[one]
        persons.end_min[at], persons.age[at] = blocks.end[one], goers.age[row]
        persons.has_car[at] = goers.has_car[row] and goers.has_licence[row]
        persons.wet[at], persons.curiosity[at] = outside.is_wet, goers.curiosity[row]
        persons.row[at], ids[at] = row, goers.ids[row]
        if len(outside.seeds) > 1:
            seeds[at] = outside.seeds[one]


def _put(blocks: BlockColumns, out: Int, chosen: Whole, lost: Int) -> int:
    """Fill in where blocks are, and who finds no place; return how many."""
    count = 0
    for at in range(len(out)):
        if chosen[at] >= 0:
            blocks.place[out[at]] = chosen[at]
        else:
            lost[count] = out[at]
            count += 1
    return count
