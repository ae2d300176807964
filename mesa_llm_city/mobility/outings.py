"""Outings that the free time of a day is meant to hold, drawn in the morning."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.inverse_draws import normal_of
from mesa_llm_city.core.kernels import compiled
from mesa_llm_city.core.libm import exp
from mesa_llm_city.core.streams import word_of
from mesa_llm_city.core.values import Bool, Float, Int, Purpose
from mesa_llm_city.mobility.day_facts import DayFacts
from mesa_llm_city.mobility.drawn_day import DrawnDays
from mesa_llm_city.mobility.free_pieces import Minutes
from mesa_llm_city.mobility.habits import follows_habit
from mesa_llm_city.mobility.open_days import AT_HOME, OpenDays, to_blocks
from mesa_llm_city.mobility.outing_loops import (
    LEAST_CHANCE,
    OutingDay,
    OutingNumbers,
    Outings,
    PersonDay,
    fill_outings,
)
from mesa_llm_city.mobility.purpose_codes import purpose_codes
from mesa_llm_city.mobility.purpose_hours import span_of_day
from mesa_llm_city.mobility.schedule import BLOCK_MIN, round_to_block
from mesa_llm_city.mobility.wish_columns import WishColumns
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population.people_columns import PersonRows

__all__ = ["with_outings"]

_SPORT, _CIVIC = "sport", "civic"


class _Wanted(NamedTuple):
    """Outings of one purpose: whether each is wanted, near it came, how long, and where it lies."""

    is_wanted: Bool
    rank: Float
    minutes: Float
    start: Float


def with_outings(facts: DayFacts, days: OpenDays, drawn: DrawnDays) -> WishColumns:
    """Draw which outings days are meant to hold, and keep time free for them.

    Sport and civic activities are those drawn from the table of time use, the latter as time
    with others. Each other outing has the chance of `outings_per_liking` times how much the
    person likes it, and more the more it gives back of what the person lacks in the morning
    (`outings_per_relief`). Who leaves home on a day with nothing to leave it for has one outing at
    least. On days that follow habit (`is_habit_day`) an outing begins at its usual time.

    Parameters
    ----------
    facts : DayFacts
        The persons and the day.
    days : OpenDays
        The days with what is planned, which are changed.
    drawn : DrawnDays
        The days by the table of time use.

    Returns
    -------
    WishColumns
        In order of time; minutes are those of the run.
    """
    outings = _Outings(facts, days, drawn)
    loop, rows = compiled(fill_outings), facts.people.for_loops()
    is_ordinary = facts.leanings is None and facts.usual is None and facts.relief is not None
    if loop is not None and rows is not None and is_ordinary:
        outings.draw_by(loop, rows)
    elif outings.names and outings.goes.any():
        outings.draw()
    return outings.in_order()


@lru_cache(maxsize=16)
def _names(parameters: CityParameters) -> tuple[str, ...]:
    """Return what an outing can be for, in the order in which time is kept for it."""
    away = [one for one in parameters.free_time if not parameters.purposes[one].at_home]
    drawn = [one for one in away if one not in {_SPORT, Purpose.SHOPPING}]
    return tuple([_SPORT] * (_SPORT in away) + drawn)


@lru_cache(maxsize=16)
def _numbers(parameters: CityParameters, liked: tuple[str, ...]) -> OutingNumbers:
    """Return what loops read of the parameters and of the purposes that persons like."""
    free_time, planner = parameters.mobility.free_time, parameters.mobility.planner
    names = _names(parameters)
    specs, codes = [parameters.purposes[one] for one in names], purpose_codes(parameters)
    return OutingNumbers(
        np.array([one == _SPORT for one in names], dtype=bool),
        np.array([one == Purpose.SOCIAL for one in names], dtype=bool),
        np.array([codes.of[one] for one in names], dtype=np.int64),
        np.array([liked.index(one) if one in liked else -1 for one in names], dtype=np.int64),
        np.array([one.free_time_weight for one in specs], dtype=np.float64),
        np.array([one.usual_min or 0.0 for one in specs], dtype=np.float64),
        np.array([one.least_min for one in specs], dtype=np.float64),
        np.array([word_of(f"wish {one}") for one in names], dtype=np.uint64),
        float(free_time.outings_per_liking),
        float(free_time.outings_per_relief),
        float(free_time.length_spread),
        float(planner.way_min),
        float(planner.decides_from_age),
    )


def _day(facts: DayFacts, names: Sequence[str]) -> OutingDay:
    """Return when each purpose is possible on a day."""
    midnight, parameters = facts.day * DAY_MIN, facts.parameters
    spans = [span_of_day(parameters.purposes[one], midnight, clock=facts.clock) for one in names]
    has_hours = np.array([one is not None for one in spans], dtype=bool)
    bounds = np.array([one or (midnight, midnight) for one in spans], dtype=np.int64)
    opens, closes = bounds.reshape(-1, 2).T - midnight
    return OutingDay(
        has_hours,
        opens,
        closes - parameters.mobility.free_time.before_closing_min,
        np.uint64(facts.streams.seed_on(facts.day)),
        facts.day + 1,
        facts.streams.persons,
    )


def _wanted(facts: DayFacts, name: str, drawn: DrawnDays, draws: Float) -> _Wanted:
    """Draw outings of one purpose."""
    if name == _SPORT:
        minutes = drawn.draws.away_min(_SPORT, facts.factor(_SPORT))
        never = np.full(len(minutes), np.inf)
        return _Wanted(minutes > 0.0, never, minutes, draws[:, 0])
    spec, free_time = facts.parameters.purposes[name], facts.parameters.mobility.free_time
    chance = free_time.outings_per_liking * _likings(facts, name) * facts.factor(name)
    if facts.relief is not None:
        chance = chance + free_time.outings_per_relief * facts.relief[:, facts.code(name)]
    chance = np.minimum(chance, 1.0)
    minutes = exp(free_time.length_spread * normal_of(draws[:, 1]))
    minutes *= spec.usual_min or 0.0
    is_wanted, rank = draws[:, 0] < chance, draws[:, 0] / np.maximum(chance, LEAST_CHANCE)
    if name == Purpose.SOCIAL:
        civic = drawn.draws.away_min(_CIVIC)
        both = np.where(is_wanted, np.maximum(minutes, civic), civic)
        # Without one of the two, the length is that of an outing which may still be wanted.
        minutes = np.where(is_wanted | (civic > 0.0), both, minutes)
        is_wanted |= civic > 0.0
    return _Wanted(is_wanted, rank, minutes, draws[:, 2])


def _likings(facts: DayFacts, name: str) -> Float | float:
    """Return how much each likes a purpose."""
    weight, people = facts.parameters.purposes[name].free_time_weight, facts.people
    if name not in people.purposes:
        return weight
    known = people.preferences[:, people.purposes.index(name)]
    return np.where(np.isnan(known), weight, known)


def _is_away(days: OpenDays) -> Bool:
    """Tell for which days something away from home is planned already."""
    settled, is_there = days.settled()
    kind = settled.place
    return np.asarray((is_there & (kind != AT_HOME)).any(axis=0))


def _go_somewhere(wanted: list[_Wanted], has_nothing: Bool) -> None:
    """Let those go out who leave home for nothing else, for what came nearest to being wanted."""
    for one in wanted:
        has_nothing = has_nothing & ~one.is_wanted
    rows = np.flatnonzero(has_nothing)
    if not len(rows):
        return
    ranks = np.stack([one.rank[rows] for one in wanted])
    best = ranks.argmin(axis=0)
    goes = np.isfinite(ranks[best, np.arange(len(rows))])
    for at, one in enumerate(wanted):
        one.is_wanted[rows[goes & (best == at)]] = True


class _Outings:
    """Outings that are drawn for some days, one purpose after another."""

    def __init__(self, facts: DayFacts, days: OpenDays, drawn: DrawnDays) -> None:
        self.facts, self.days, self.drawn = facts, days, drawn
        self.planner = facts.parameters.mobility.planner
        self.names = _names(facts.parameters)
        old_enough = facts.people.age >= self.planner.decides_from_age
        self.goes = drawn.draws.leaves_home & old_enough
        self.found = WishColumns.empty(len(days), len(self.names))
        self.found.size[:] = 0
        earliest = days.start + self.planner.hours.breakfast_within_min
        after_duty = np.maximum(earliest, drawn.duty_end_min)
        self.earliest = np.where(drawn.has_duty, after_duty, earliest)

    def draw(self) -> None:
        """Draw outings of all purposes."""
        wanted = [_wanted(self.facts, one, self.drawn, self._draws(one)) for one in self.names]
        _go_somewhere(wanted, self.goes & ~_is_away(self.days))
        for column, one in enumerate(wanted):
            rows = np.flatnonzero(self.goes & one.is_wanted)
            if len(rows):
                self._wish(rows, column, one)

    def draw_by(self, loop: Callable[..., None], people: PersonRows) -> None:
        """Draw outings of all purposes in a loop over the persons."""
        facts, draws, count = self.facts, self.drawn.draws, len(self.days)
        numbers = _numbers(facts.parameters, facts.people.purposes)
        day = _day(facts, self.names)
        known = PersonDay(
            draws.leaves_home,
            _is_away(self.days),
            draws.ranks,
            draws.shares,
            draws.lengths,
            np.asarray(facts.relief),
            self.earliest,
            self.drawn.bed_min,
        )
        shape = count, len(self.names)
        found = Outings(np.empty(shape, dtype=bool), *np.empty((3, *shape), dtype=np.int32))
        loop(people, day, known, numbers, found)
        for column in np.flatnonzero(found.is_wanted.any(axis=0)).tolist():
            rows = np.flatnonzero(found.is_wanted[:, column])
            lasts, begin, until = (one[rows, column] for one in found[1:])
            self._keep(rows, column, lasts, (begin, until))

    def _draws(self, name: str) -> Float:
        """Return three numbers for those who leave home: whether, how long, and when."""
        rows, draws = np.flatnonzero(self.goes), np.zeros((len(self.days), 3))
        # A stream of its own, so that a purpose more changes none of the other draws.
        draws[rows] = self.facts.streams.take(rows).on(f"wish {name}", day=self.facts.day, n=3)
        return draws

    def _wish(self, rows: Int, column: int, wanted: _Wanted) -> None:
        """Wish for outings at their usual time, or at a minute drawn from those possible."""
        facts, midnight = self.facts, self.facts.day * DAY_MIN
        spec = facts.parameters.purposes[self.names[column]]
        span = span_of_day(spec, midnight, clock=facts.clock)
        if span is None:
            return
        minutes = np.maximum(wanted.minutes[rows], spec.least_min) + self.planner.way_min
        lasts = to_blocks(minutes)
        before = facts.parameters.mobility.free_time.before_closing_min
        earliest = np.maximum(self.earliest[rows], span[0] - midnight)
        latest = np.minimum(self.drawn.bed_min[rows] - lasts, span[1] - midnight - before)
        latest = np.maximum(latest, earliest)
        begin = earliest + wanted.start[rows] * (latest - earliest)
        self._by_habit(rows, column, begin, (earliest, latest))
        self._keep(rows, column, lasts, (to_blocks(begin), to_blocks(latest)))

    def _by_habit(
        self, rows: Int, column: int, begin: Float, within: tuple[Minutes, Minutes]
    ) -> None:
        """Let those begin at their usual time who have one, on days that follow habit."""
        facts, name = self.facts, self.names[column]
        if facts.usual is None:
            return
        usual = facts.usual[rows, facts.code(name)]
        has = np.flatnonzero(usual >= 0)
        if not len(has):
            return
        streams = facts.streams.take(rows[has])
        has = has[follows_habit(name, facts.day, streams, facts.parameters)]
        wake = self.drawn.wake_min[rows[has]]
        # A usual time out of reach is replaced by the nearest that can be.
        near = wake + (usual[has] - wake) % DAY_MIN
        begin[has] = np.minimum(np.maximum(near, within[0][has]), within[1][has])

    def _keep(
        self, rows: Int, column: int, lasts: Minutes, within: tuple[Minutes, Minutes]
    ) -> None:
        """Keep time free for outings and the way home; without it they stay wishes."""
        (begin, until), found = within, self.found
        way_home = round_to_block(self.planner.way_min)
        kept, length = self.days.fit(
            rows,
            None,
            minutes=lasts + way_home,
            near_min=begin,
            low_min=self.earliest[rows],
            high_min=until + lasts + way_home,
        )
        is_kept = length > 0
        shorter = np.maximum(length - way_home, BLOCK_MIN)
        found.purpose[rows, column] = self.facts.code(self.names[column])
        found.minutes[rows, column] = np.where(is_kept, shorter, lasts)
        found.from_min[rows, column] = np.where(is_kept, kept, begin)
        found.until_min[rows, column] = until
        found.size[rows] += 1

    def in_order(self) -> WishColumns:
        """Return the wishes of each row in order of time, in minutes of the run."""
        found, midnight = self.found, self.facts.day * DAY_MIN
        late = np.where(found.purpose < 0, np.iinfo(np.int32).max, found.from_min)
        order = np.argsort(late, axis=1, kind="stable")[:, : int(found.size.max(initial=0))]
        return WishColumns(
            purpose=np.take_along_axis(found.purpose, order, axis=1),
            minutes=np.take_along_axis(found.minutes, order, axis=1),
            from_min=np.take_along_axis(found.from_min, order, axis=1) + midnight,
            until_min=np.take_along_axis(found.until_min, order, axis=1) + midnight,
            size=found.size,
        )
