"""How rows get where they go, as loops over rows that are compiled (see `kernels`).

They do what `travel` and `planning` do in NumPy, to the last bit.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.city.opening_loops import OpenUntil, opens_for
from mesa_llm_city.city.way_loops import Roads, Ways, ask_for_place, find_ways
from mesa_llm_city.core.draw_loops import uniform_at
from mesa_llm_city.core.prefetch import AHEAD, prefetch, prefetch_all
from mesa_llm_city.core.unsigned import unsigned
from mesa_llm_city.core.values import Bool, Float, Int, Whole
from mesa_llm_city.crowd.blocks import FREE, BlockColumns
from mesa_llm_city.crowd.plan_row_loops import Columns, front_place_at, prolong_by
from mesa_llm_city.crowd.state import NOT_TRAVELLING
from mesa_llm_city.mobility.mode_loops import (
    NO_CHOICE,
    ModeRules,
    draw_mode,
    find_usable,
    keep_in_time,
    only_one,
    weigh,
)
from mesa_llm_city.mobility.schedule import BLOCK_MIN

__all__ = [
    "NO_WAY_AT",
    "Kinds",
    "Travellers",
    "TripDraws",
    "Trips",
    "expect_commutes",
    "set_out",
]

NO_WAY_AT = -1
"""What loops return if a trip can be made by no mode."""


class Travellers(NamedTuple):
    """What n rows of a crowd are like, where they are, and where their vehicles stand.

    Attributes
    ----------
    home, work, age, income, has_licence
        Columns of `PeopleColumns`.
    place, refuge, parked
        Columns of `CrowdState`.
    """

    home: Whole
    work: Whole
    age: Whole
    income: NDArray[np.floating]
    has_licence: Bool
    place: Whole
    refuge: Whole
    parked: Whole


class Trips(NamedTuple):
    """The columns of `Going`, m of them, without those of its blocks."""

    destination: Int
    purpose: Int
    mode: Int
    arrival: Int
    minutes: Float
    distance_m: Float
    access_min: Float
    cost: Float


class Kinds(NamedTuple):
    """What a trip is for: positions of purposes, and the shortest stay for each of them, (p,)."""

    rest: int
    meal: int
    leisure: int
    least_min: Int


class TripDraws(NamedTuple):
    """Seeds, of all rows or of each, the ids of m persons, and the word of what is drawn."""

    seed: NDArray[np.uint64]
    person: Int
    word: np.uint64


class _Room(NamedTuple):
    """Room for the ways of a trip by modes that are open, and for their probabilities."""

    ways: Ways
    likely: Float


def set_out(  # noqa: PLR0917 - compiled loops take no keywords
    rows: Int,
    minute: Int,
    lines: BlockColumns,
    trips: Trips,
    who: Travellers,
    plans: Columns,
    roads: Roads,
    rules: ModeRules,
    kinds: Kinds,
    until: OpenUntil,
    draws: TripDraws,
    unsure: Int,
) -> int:
    """Let m rows set out for the places of their blocks (see `travel.set_all_out`).

    Where it would close too early, nobody goes: these stay in.

    Parameters
    ----------
    rows, minute : ndarray of int64, shape (m,)
        The rows, and when each of them sets out.
    lines : BlockColumns
        What they are going to do, and where; changed.
    trips : Trips
        Of those who are there already, nothing is filled in.
    who : Travellers
        The crowd.
    plans : Columns
        Blocks ahead, of which free time may be used up by a late way home.
    roads : Roads
        The city.
    rules : ModeRules
        The modes in the weather there is; those that do not run are used if nothing else is.
    kinds : Kinds
        The purposes.
    until : OpenUntil
        Opening times.
    draws : TripDraws
        Random numbers.
    unsure : ndarray of int64, shape (m,)
        Is filled from the front with the positions of those who would arrive on a day whose
        opening times are not given; they go, and are to be asked whether they can stay.

    Returns
    -------
    int
        How many are unsure, or `NO_WAY_AT`.
    """
    room = _room(roads)
    return _set_out(
        rows, minute, lines, trips, who, plans, roads, rules, kinds, until, draws, unsure, room
    )


def _set_out(  # noqa: PLR0917 - compiled loops take no keywords
    rows: Int,
    minute: Int,
    lines: BlockColumns,
    trips: Trips,
    who: Travellers,
    plans: Columns,
    roads: Roads,
    rules: ModeRules,
    kinds: Kinds,
    until: OpenUntil,
    draws: TripDraws,
    unsure: Int,
    room: _Room,
) -> int:
    """Let rows set out, as `set_out` does."""
    ways, is_open, count = room.ways, room.ways.offered, 0
    for at in range(len(rows)):
        if at + 2 * AHEAD < len(rows):
            _ask_for(rows, at, lines.place, who, plans, roads)
        row, now, stays_in = unsigned(rows[at]), minute[at], False
        home, work = int(who.home[row]), int(who.work[row])
        here, refuge = int(who.place[row]), int(who.refuge[row])
        while lines.place[at] != here:
            to, kind, is_fixed = lines.place[at], lines.purpose[at], lines.fixed[at]
            near = here == home or front_place_at(plans, row) == here
            age, licence, parked = who.age[row], who.has_licence[row], who.parked[row]
            find_usable(age, licence, parked, here, near, rules, is_open)
            if not find_ways(here, to, roads, ways):
                return NO_WAY_AT
            purpose = kinds.leisure if kind == FREE else kind
            least = kinds.least_min[purpose]
            keep_in_time(ways.minutes, lines.end[at] - lines.start[at] - least, rules, is_open)
            mode = only_one(is_open)
            if mode == NO_CHOICE:
                mode = _drawn_mode(who.income[row], rules, draws, at, now, room)
            way_min = max(math.ceil(ways.minutes[mode]), 1)
            goes_home, takes_refuge = to == home, to == refuge
            may_last = kind not in (kinds.rest, FREE) and not is_fixed
            if may_last and (goes_home or takes_refuge):
                lines.end[at] += prolong_by(plans, row, way_min)
            start = now + way_min
            end = max(lines.end[at], start + (BLOCK_MIN if is_fixed else least))
            lines.start[at], lines.end[at] = start, end
            _write(at, to, purpose, mode, start, ways, trips)
            if stays_in or goes_home or takes_refuge or to == work:
                break
            opens = opens_for(to, start, end, until)
            if opens < 0:
                unsure[count] = at
                count += 1
            if opens != 0:
                break
            stays_in, trips.destination[at] = True, NOT_TRAVELLING
            eats = kind == kinds.meal
            lines.place[at] = here if eats and here == work else home
            lines.purpose[at] = kind if eats else kinds.rest
    return count


def _drawn_mode(  # noqa: PLR0917 - compiled loops take no keywords
    income: float, rules: ModeRules, draws: TripDraws, at: int, minute: int, room: _Room
) -> int:
    """Return one of the modes that are open, drawn by their utility."""
    ways, likely = room
    weigh(ways.minutes, ways.access_min, ways.cost, income, rules, ways.offered, likely)
    seed = draws.seed[at if len(draws.seed) > 1 else 0]
    return draw_mode(likely, uniform_at(seed, draws.person[at], minute, draws.word))


def _ask_for(  # noqa: PLR0917 - compiled loops take no keywords
    rows: Int, at: int, place: Int, who: Travellers, plans: Columns, roads: Roads
) -> None:
    """Ask for what is read of those who come later, before it is needed (see `prefetch`)."""
    prefetch(who.place, rows[at + 2 * AHEAD])
    row, to = rows[at + AHEAD], place[at + AHEAD]
    if to == who.place[row]:
        return
    ask_for_place(roads, who.place[row])
    ask_for_place(roads, to)
    prefetch(who.home, row)
    prefetch(who.work, row)
    prefetch(who.age, row)
    prefetch(who.income, row)
    prefetch(who.has_licence, row)
    prefetch(who.refuge, row)
    prefetch(who.parked, row)
    prefetch(plans.head, row)
    prefetch_all(plans.code, row)


def _write(  # noqa: PLR0917 - likewise
    at: int, to: int, purpose: int, mode: int, arrival: int, ways: Ways, trips: Trips
) -> None:
    """Write down a trip."""
    trips.destination[at], trips.purpose[at], trips.mode[at] = to, purpose, mode
    trips.arrival[at], trips.minutes[at] = arrival, ways.minutes[mode]
    trips.distance_m[at], trips.access_min[at] = ways.distance_m[mode], ways.access_min[mode]
    trips.cost[at] = ways.cost[mode]


def _room(roads: Roads) -> _Room:
    """Return room for as many modes as there are."""
    modes = len(roads.enabled)
    offered = np.empty(modes, dtype=np.bool_)
    distance, minutes, access, cost = (
        np.empty(modes),
        np.empty(modes),
        np.empty(modes),
        np.empty(modes),
    )
    return _Room(Ways(offered, distance, minutes, access, cost), np.empty(modes))


def expect_commutes(
    rows: Int, who: Travellers, roads: Roads, rules: ModeRules, minutes: Float
) -> int:
    """Fill how long the ways of rows to work or school usually take, 0 for those without any.

    Parameters
    ----------
    rows : ndarray of int64, shape (m,)
        The rows.
    who : Travellers
        The crowd.
    roads : Roads
        The city.
    rules : ModeRules
        The modes in fair weather.
    minutes : ndarray of float64, shape (m,)
        Is filled (see `expected_commute_min`).

    Returns
    -------
    int
        0, or `NO_WAY_AT`.
    """
    return _expect(rows, who, roads, rules, minutes, _room(roads))


def _expect(  # noqa: PLR0917 - compiled loops take no keywords
    rows: Int, who: Travellers, roads: Roads, rules: ModeRules, minutes: Float, room: _Room
) -> int:
    """Fill how long ways take, as `expect_commutes` does."""
    (ways, likely), is_open = room, room.ways.offered
    for at in range(len(rows)):
        row, mean = unsigned(rows[at]), 0.0
        home, work = who.home[row], who.work[row]
        if work >= 0 and work != home:
            age, licence, parked = who.age[row], who.has_licence[row], who.parked[row]
            near = True
            find_usable(age, licence, parked, home, near, rules, is_open)
            if not find_ways(home, work, roads, ways):
                return NO_WAY_AT
            weigh(ways.minutes, ways.access_min, ways.cost, who.income[row], rules, is_open, likely)
            for mode in range(len(likely)):
                if likely[mode] > 0.0:
                    mean += likely[mode] * ways.minutes[mode]
        minutes[at] = mean
    return 0
