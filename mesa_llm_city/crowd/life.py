"""The life of a crowd: who is due decides, goes, does and learns (see `Citizen` and `Rounds`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np

from mesa_llm_city.citizen.world import World
from mesa_llm_city.core.clock import HOUR_MIN
from mesa_llm_city.core.column_streams import ColumnStreams
from mesa_llm_city.core.kernels import compiled
from mesa_llm_city.core.values import Bool, Float, Int, Whole
from mesa_llm_city.crowd.blocks import FREE, NOWHERE
from mesa_llm_city.crowd.closing import (
    adapt_blocks,
    elsewhere,
    is_shut_out,
    leave_closed,
)
from mesa_llm_city.crowd.codes import codes_of
from mesa_llm_city.crowd.danger import homes_in_danger, refuges_of
from mesa_llm_city.crowd.deliveries import Deliveries
from mesa_llm_city.crowd.due import Due
from mesa_llm_city.crowd.due_rows import sorted_rows
from mesa_llm_city.crowd.fleeing import GOES_ON, leave_at
from mesa_llm_city.crowd.going_columns import going_columns, is_more_of
from mesa_llm_city.crowd.hearing import Heeded, heed
from mesa_llm_city.crowd.interruption import heed_needs, notice_needs
from mesa_llm_city.crowd.learning import end_stays
from mesa_llm_city.crowd.learning_loops import Ended
from mesa_llm_city.crowd.life_loops import arrive_rows, begin_rows, set_due
from mesa_llm_city.crowd.meeting import Meetings
from mesa_llm_city.crowd.news import CrowdNews
from mesa_llm_city.crowd.ordinary import fill_heeded, go, look
from mesa_llm_city.crowd.passing_on import Passing, pass_on
from mesa_llm_city.crowd.planning import fill_blocks, planned_blocks
from mesa_llm_city.crowd.row_columns import MovingColumns, moving_columns, row_columns
from mesa_llm_city.crowd.state import NO_REFUGE, NOT_BEGUN, NOT_TRAVELLING, CrowdState
from mesa_llm_city.crowd.travel import Going, find_places, set_all_out, stay_if_open
from mesa_llm_city.mobility.mode_columns import mode_table, park
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.social.tie_slots import TieSlots

__all__ = ["CrowdJournal", "CrowdLife"]

_AT_ONCE = 2**15  # rows that plan at once, so that what is needed for it stays small


class CrowdJournal(Protocol):
    """Writes down what rows have done.

    Attributes
    ----------
    has_tables : bool
        Whether visits are written down at all.
    """

    has_tables: bool

    def stays(self, rows: Int, start: Whole, end: Whole, purpose: Whole, place: Whole) -> None:
        """Write down stays that have ended; each argument has shape (m,)."""

    def trips(self, rows: Int, origin: Whole, state: CrowdState) -> None:
        """Write down trips that have ended where the rows are now.

        Parameters
        ----------
        rows : ndarray of int64, shape (m,)
            Who has arrived.
        origin : ndarray of int, shape (m,)
            Where each trip began.
        state : CrowdState
            The crowd; what else is known of the trips is in `state.trip` still.
        """

    def visits(  # noqa: PLR0917 - the columns of the table
        self, rows: Int, start: Whole, end: Whole, purpose: Whole, place: Whole, ratings: Float
    ) -> None:
        """Write down visits that have ended, with ratings of shape (m, 4)."""

    def heard(self, heeded: Heeded, news: CrowdNews) -> None:
        """Write down what rows make of a message."""


class CrowdLife:
    """Lets the rows of a crowd live.

    Parameters
    ----------
    state : CrowdState
        The crowd.
    streams : ColumnStreams
        Random numbers of all rows.
    world : World
        The city.
    parameters : CityParameters
        Numbers that shape behaviour.
    journal : CrowdJournal
        Where everything is written down.
    meetings : Meetings, optional
        Brings those together who wish to talk; without it nobody does.
    news : CrowdNews, optional
        Messages that rows are told.

    Attributes
    ----------
    others : callable
        Returns the ids of people who are no rows and can be told something, rising.
    tell_others : callable
        Takes what rows tell them (see `pass_on`).
    """

    def __init__(  # noqa: PLR0917 - what a life consists of
        self,
        state: CrowdState,
        streams: ColumnStreams,
        world: World,
        parameters: CityParameters,
        journal: CrowdJournal,
        meetings: Meetings | None = None,
        news: CrowdNews | None = None,
    ) -> None:
        self.state, self.streams, self.world = state, streams, world
        self.parameters, self.journal, self.meetings = parameters, journal, meetings
        self.news = CrowdNews(state, streams, parameters) if news is None else news
        self.others: Callable[[], Int] = _nobody
        self.tell_others: Callable[[Deliveries], None] = _tell_nobody

    def live_until(self, end: int) -> None:
        """Let everybody decide who is due before a minute, and talk to those they meet."""
        self.decide_until(end)
        if self.meetings is not None:
            self.meetings.meet(end - 1)
        self.news.deliver(end)

    def reschedule(self, rows: Int, minute: Int) -> None:
        """Work out anew when some rows decide again, as after a change of parameters."""
        begun = self.state.doing.purpose[rows] != NOT_BEGUN
        rows, minute = rows[begun], minute[begun]
        if len(rows):
            weather = self.world.weather(int(minute[0]))
            due = Due(rows, minute, self.streams, self.world, weather)
            # As of citizens, it is the next look at what goes on that notices closed places.
            self._set_due(due, heeds_closures=False)

    def wake(self, rows: Int, minute: int) -> None:
        """Let rows think at a minute, and end their sleep; who is under way goes on."""
        state, doing = self.state, self.state.doing
        begun = (state.trip.destination[rows] == NOT_TRAVELLING) & (
            doing.purpose[rows] != NOT_BEGUN
        )
        rows = rows[begun]
        sleeps = doing.purpose[rows] == codes_of(self.parameters).sleep
        sleeps &= (doing.start[rows] < minute) & (minute < doing.end[rows])
        doing.end[rows[sleeps]] = minute
        state.due[rows] = np.minimum(state.due[rows], minute)

    def decide_until(self, end: int) -> None:
        """Let everybody decide who is due before a minute, as often as that may be."""
        rows = np.flatnonzero(self.state.due < end)
        while len(rows):
            minute = self.state.due[rows].astype(np.int64)
            weather = self.world.weather(int(minute[0]))
            due = Due(rows, minute, self.streams, self.world, weather)
            if self.meetings is None:
                self._decide(due)
            else:
                mood = self.meetings.moods(due)
                self._decide(due)
                self.meetings.wish(due, mood)
            # Nobody else has become due by what these have done.
            rows = rows[self.state.due[rows] < end]

    def _decide(self, due: Due) -> None:
        due = self.news.with_dangers(due)
        looked = look(self.state, due, self._moving, self.parameters)
        if looked is not None:
            if len(looked.arrived):
                self.journal.trips(looked.arrived, looked.origin, self.state)
            if len(looked.going):
                self._go_on(due.take(looked.going), heeded=looked.leaves)
        else:
            self._decide_by_kinds(due)

    def _decide_by_kinds(self, due: Due) -> None:
        """Let rows arrive, begin, listen or look up, those who do the same together."""
        does = sorted_rows(self.state, due, self.news.waiting)
        leaves, goes = np.zeros((2, len(due)), dtype=np.bool_)
        goes[does.ends] = True
        if len(does.begins):
            for part in due.take(does.begins).parts(_AT_ONCE):
                self._begin(part)
        if len(does.arrives):
            self._arrive(due.take(does.arrives))
        if len(does.stays):
            leaves[does.stays] = self._look_up(due.take(does.stays), has_refuge=does.has_refuge)
        heard: list[Heeded] = []
        if len(does.listens):
            part = due.take(does.listens)
            goes[does.listens], leaves[does.listens], heard = self._listen(part)
            self._set_due(part.take(~goes[does.listens]))
            due = self.news.with_dangers(due)
        going = np.flatnonzero(goes | leaves)
        if len(going):
            self._go_on(due.take(going), heeded=leaves[going])
        if heard:
            self._take_to_heart(due.take(does.listens), heard)
        if does.has_refuge or len(does.listens):
            self._forget_refuges(due)

    def _listen(self, due: Due) -> tuple[Bool, Bool, list[Heeded]]:
        """Think of messages; return who goes on to another block, and who because of them."""
        state, parameters = self.state, self.parameters
        listened = heed(self.news, state, due, self._ties, parameters)
        due = self.news.with_dangers(due)
        refuge = refuges_of(state, due, parameters)
        away = refuge != state.people.home[due.rows]
        state.refuge[due.rows[away]] = refuge[away]
        over = due.minute >= state.doing.end[due.rows]
        leaves = np.zeros(len(due), dtype=np.bool_)
        leaves[~over] = leave_closed(state, due.take(~over), parameters)
        left = np.flatnonzero(~leaves)
        at = leave_at(state, due.take(left), listened.take(left), parameters)
        waits = at > due.minute[left]
        state.doing.end[due.rows[left[waits]]] = at[waits]
        now = left[(at != GOES_ON) & ~waits]
        leaves[now] = True
        goes = leaves | over
        goes[left[waits]] = False
        return goes, leaves, listened.messages

    def _take_to_heart(self, due: Due, heard: list[Heeded]) -> None:
        """Let rows feel what they have heard, and tell others (see `hearing.apply_heard`)."""
        state, numbers = self.state, self.parameters.mind.warnings
        for one in heard:
            felt = np.flatnonzero(one.felt > 0.0)
            rows, minute, size = one.rows[felt], one.minute[felt], one.felt[felt]
            state.mood.feel(rows, -numbers.mood * size, minute)
            if "safety" in self.parameters.needs:
                state.needs.satisfy(rows, "safety", -numbers.safety * size, minute)
        self._set_due(due)
        for one in heard:
            self.journal.heard(one, self.news)
        known = None if self.meetings is None else self.meetings.known
        passing = Passing(known, self.others())
        said = pass_on(self.news, state, heard, passing, self.parameters)
        if len(said):
            self.tell_others(said)

    def _forget_refuges(self, due: Due) -> None:
        """Let those forget a refuge who are at home again, unless that is in danger still."""
        state, rows = self.state, due.rows
        if due.world.closures.active:
            return
        at_home = (state.place[rows] == state.people.home[rows]) & ~self.news.waiting[rows]
        safe = ~homes_in_danger(state, self.news.with_dangers(due))
        state.refuge[rows[at_home & safe]] = NO_REFUGE

    def _look_up(self, due: Due, *, has_refuge: bool) -> Bool:
        """Notice closed places and needs in the middle of what is done; return who leaves it."""
        state, parameters = self.state, self.parameters
        if due.world.closures.active or has_refuge:
            leaves = leave_closed(state, due, parameters)
            others = np.flatnonzero(~leaves)
            leaves[others] = notice_needs(state, due.take(others), parameters)
        else:
            leaves = notice_needs(state, due, parameters)
        self._set_due(due.take(~leaves))
        return leaves

    def _begin(self, due: Due) -> None:
        """Let the run begin in the night."""
        block = planned_blocks(self.state, due, self._ties, self.parameters)
        codes = codes_of(self.parameters)
        idle = (block.purpose == FREE) | (block.place == NOWHERE)
        block.purpose[idle] = codes.rest
        block.place[idle] = self.state.people.home[due.rows[idle]]
        self._do(due, Going.nowhere(block))

    def _go_on(self, due: Due, *, heeded: Bool) -> None:
        """Go on to the next block, which a need may put off unless it has been heeded."""
        state, parameters = self.state, self.parameters
        block = planned_blocks(state, due, self._ties, parameters)
        adapt_blocks(state, due, block, parameters)
        if not fill_heeded(state, due, block, heeded, parameters):
            heed_needs(state, due, block, heeded, parameters)
            fill_blocks(state, due, block, parameters)
        going = find_places(state, due, block, parameters)
        gone = go(state, due, going, self._moving, parameters)
        left = None
        if gone is None:
            set_all_out(state, due, going, parameters)
        else:
            asks, left = gone
            if len(asks):
                stay_if_open(state, due, going, asks, parameters)
        if left is None:
            self._write_stays(due, end_stays(state, due, going, parameters))
            self._do(due, going)
        else:
            self._write_stays(due, left)

    def _write_stays(self, due: Due, left: Ended) -> None:
        """Write down the stays of those who go on to something else."""
        rows, minute = due.rows[left.stay], due.minute[left.stay]
        self.journal.stays(rows, left.start, minute, left.purpose, left.place)
        if self.journal.has_tables and len(part := left.visit):
            start, purpose, place = (one[part] for one in (left.start, left.purpose, left.place))
            self.journal.visits(rows[part], start, minute[part], purpose, place, left.ratings)

    def _do(self, due: Due, going: Going) -> None:
        """Let what has been decided begin: a trip, an activity, or more of the same."""
        state, rows, block = self.state, due.rows, going.block
        loop = None if due.world.closures.active else compiled(begin_rows)
        if loop is not None:
            columns, travel = going_columns(going), codes_of(self.parameters).travel
            loop(row_columns(state), self._moving, columns, travel, rows, due.minute)
            return
        doing, trip, codes = state.doing, state.trip, codes_of(self.parameters)
        more = is_more_of(state, rows, going)
        start = np.where(more, doing.start[rows], block.start)
        doing.purpose[rows], doing.place[rows] = block.purpose, block.place
        doing.start[rows], doing.end[rows], doing.fixed[rows] = start, block.end, block.fixed
        state.resting[rows] &= ~codes.unaware[block.purpose]
        travels = going.travels
        stays = rows[~travels]
        state.place[stays] = block.place[~travels]
        under = rows[travels]
        trip.destination[under], trip.purpose[under] = (
            going.destination[travels],
            going.purpose[travels],
        )
        trip.mode[under], trip.start[under] = going.mode[travels], due.minute[travels]
        trip.end[under], trip.minutes[under] = going.arrival[travels], going.minutes[travels]
        trip.distance_m[under], trip.cost[under] = going.distance_m[travels], going.cost[travels]
        trip.access_min[under] = going.access_min[travels]
        engages = travels | ~more
        purpose = np.where(travels, codes.travel, block.purpose)
        state.needs.engage(rows[engages], purpose[engages], due.minute[engages])
        self._set_due(due)

    def _arrive(self, due: Due) -> None:
        state, rows, trip = self.state, due.rows, self.state.trip
        origin, vehicles = state.place[rows], mode_table(self.parameters)
        is_calm = due.weather.wind_km_h < self.parameters.mind.warnings.strong_wind_km_h
        is_usual = is_calm and not due.world.closures.active
        loop = compiled(arrive_rows) if is_usual else None
        if loop is not None:
            loop(row_columns(state), self._moving, vehicles.vehicle, rows, due.minute)
            self.journal.trips(rows, origin, state)
            return
        to = trip.destination[rows]
        parked = state.parked.take(rows, axis=0)
        park(parked, trip.mode[rows], to, vehicles)
        state.parked[rows], state.place[rows] = parked, to
        self.journal.trips(rows, origin, state)
        self._feel_storm(due)
        trip.destination[rows] = NOT_TRAVELLING
        self._turn_away(due)
        state.needs.engage(rows, state.doing.purpose[rows].astype(np.int64), due.minute)
        self._set_due(due)

    @property
    def _ties(self) -> TieSlots | None:
        return None if self.meetings is None else self.meetings.known.ties

    @property
    def _moving(self) -> MovingColumns:
        return moving_columns(self.state, self.news.waiting, self.parameters)

    def _turn_away(self, due: Due) -> None:
        """Let those who find a place closed go elsewhere in the next minute."""
        if not due.world.closures.active:
            return
        state, doing = self.state, self.state.doing
        away = is_shut_out(state, due, state.place[due.rows].astype(np.int64), due.minute)
        if not away.any():
            return
        part = due.take(away)
        later = part.minute + 1
        block = elsewhere(state, part, later, self.parameters)
        state.plans.put_back(part.rows, block, later)
        doing.purpose[part.rows] = codes_of(self.parameters).rest
        doing.start[part.rows], doing.end[part.rows] = part.minute, later
        doing.fixed[part.rows] = True

    def _feel_storm(self, due: Due) -> None:
        """Let strong wind on the way lower the need for safety."""
        numbers, trip = self.parameters.mind.warnings, self.state.trip
        if due.weather.wind_km_h < numbers.strong_wind_km_h:
            return
        if "safety" in self.parameters.needs:
            way = trip.end[due.rows] - trip.start[due.rows]
            lost = numbers.storm_safety_per_h * way / HOUR_MIN
            self.state.needs.satisfy(due.rows, "safety", -lost, due.minute)

    def _set_due(self, due: Due, *, heeds_closures: bool = True) -> None:
        """Set the minute at which each row decides again (see `commit.next_due`)."""
        state, rows, minute = self.state, due.rows, due.minute
        loop = None if due.world.closures.active else compiled(set_due)
        if loop is not None:
            loop(row_columns(state), self._moving, rows, minute)
            return
        doing, codes = state.doing, codes_of(self.parameters)
        travels = state.trip.destination[rows] != NOT_TRAVELLING
        next_due = np.where(travels, state.trip.end[rows], doing.end[rows]).astype(np.int64)
        (awake,) = (~(travels | codes.unaware[doing.purpose[rows]])).nonzero()
        who, now = rows[awake], minute[awake]
        noticed = state.needs.noticed(who, state.needs.at(who, now), now)
        # Rounding must not make a need due again in the same minute.
        soon = np.minimum(next_due[awake], np.maximum(noticed, now + 1)).astype(np.int64)
        next_due[awake] = np.where(self.news.waiting[who], now + 1, soon)
        state.due[rows] = next_due
        if heeds_closures and due.world.closures.active:
            shut = ~travels & is_shut_out(
                state, due, state.place[rows].astype(np.int64), minute + 1
            )
            state.due[rows[shut]] = np.minimum(state.due[rows[shut]], minute[shut] + 1)


def _nobody() -> Int:
    """Return no ids."""
    return np.empty(0, dtype=np.int64)


def _tell_nobody(said: Deliveries) -> None:
    """Say nothing, since there is nobody else."""
    del said
