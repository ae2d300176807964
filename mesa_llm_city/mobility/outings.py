"""Outings that the free time of a day is meant to hold, drawn in the morning."""

from __future__ import annotations

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.values import Bool, Float, Int
from mesa_llm_city.mobility.day_facts import DayFacts
from mesa_llm_city.mobility.drawn_day import DrawnDays
from mesa_llm_city.mobility.free_pieces import Minutes
from mesa_llm_city.mobility.habits import follows_habit
from mesa_llm_city.mobility.open_days import AT_HOME, OpenDays, to_blocks
from mesa_llm_city.mobility.purpose_hours import span_of_day
from mesa_llm_city.mobility.schedule import BLOCK_MIN, round_to_block
from mesa_llm_city.mobility.wanted_outings import Wanted, outing_names, wanted_outings
from mesa_llm_city.mobility.wish_columns import WishColumns

__all__ = ["with_outings"]


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
    if outings.names and outings.goes.any():
        outings.draw()
    return outings.in_order()


def _is_away(days: OpenDays) -> Bool:
    """Tell for which days something away from home is planned already."""
    settled, is_there = days.settled()
    kind = settled.place
    return np.asarray((is_there & (kind != AT_HOME)).any(axis=0))


def _go_somewhere(wanted: Wanted, has_nothing: Bool) -> None:
    """Let those go out who leave home for nothing else, for what came nearest to being wanted."""
    rows = np.flatnonzero(has_nothing & ~wanted.is_wanted.any(axis=0))
    if not len(rows):
        return
    ranks = wanted.rank[:, rows]
    best = ranks.argmin(axis=0)
    goes = np.flatnonzero(np.isfinite(ranks[best, np.arange(len(rows))]))
    wanted.is_wanted[best[goes], rows[goes]] = True


class _Outings:
    """Outings that are drawn for some days, one purpose after another."""

    def __init__(self, facts: DayFacts, days: OpenDays, drawn: DrawnDays) -> None:
        self.facts, self.days, self.drawn = facts, days, drawn
        self.planner = facts.parameters.mobility.planner
        self.names = outing_names(facts.parameters)
        old_enough = facts.people.age >= self.planner.decides_from_age
        self.goes = drawn.draws.leaves_home & old_enough
        self.found = WishColumns.empty(len(days), len(self.names))
        self.found.size[:] = 0
        earliest = days.start + self.planner.hours.breakfast_within_min
        after_duty = np.maximum(earliest, drawn.duty_end_min)
        self.earliest = np.where(drawn.has_duty, after_duty, earliest)

    def draw(self) -> None:
        """Draw outings of all purposes."""
        wanted = wanted_outings(self.facts, self.drawn, self.goes)
        _go_somewhere(wanted, self.goes & ~_is_away(self.days))
        for column, is_wanted in enumerate(wanted.is_wanted):
            rows = np.flatnonzero(is_wanted)
            if len(rows):
                self._wish(rows, column, wanted)

    def _wish(self, rows: Int, column: int, wanted: Wanted) -> None:
        """Wish for outings at their usual time, or at a minute drawn from those possible."""
        facts, midnight = self.facts, self.facts.day * DAY_MIN
        spec = facts.parameters.purposes[self.names[column]]
        span = span_of_day(spec, midnight, clock=facts.clock)
        if span is None:
            return
        minutes = np.maximum(wanted.minutes[column, rows], spec.least_min) + self.planner.way_min
        lasts = to_blocks(minutes)
        before = facts.parameters.mobility.free_time.before_closing_min
        earliest = np.maximum(self.earliest[rows], span[0] - midnight)
        latest = np.minimum(self.drawn.bed_min[rows] - lasts, span[1] - midnight - before)
        latest = np.maximum(latest, earliest)
        begin = earliest + wanted.start[column, rows] * (latest - earliest)
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
