"""Where each row of a crowd is, what it does, and what it has learnt: plain columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from operator import is_
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.values import Bool, Float, Int
from mesa_llm_city.crowd.blocks import Blocks
from mesa_llm_city.crowd.plan_store import PlanStore
from mesa_llm_city.crowd.state_arrays import arrays_of
from mesa_llm_city.mind.belief_slots import BeliefSlots
from mesa_llm_city.mind.goal_columns import GoalColumns
from mesa_llm_city.mind.mood_columns import MoodColumns
from mesa_llm_city.mind.need_columns import NeedColumns
from mesa_llm_city.mobility.mode_columns import mode_table, parked_at_first
from mesa_llm_city.mobility.plan_blocks import BLOCKS
from mesa_llm_city.mobility.wish_store import WishStore
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population.people_columns import PeopleColumns

__all__ = ["NEVER_DUE", "NOT_BEGUN", "NOT_TRAVELLING", "NO_REFUGE", "CrowdState", "Doing", "Under"]

T = TypeVar("T")

NEVER_DUE = np.iinfo(np.int32).max
"""Minute at which somebody is due who has left."""

NOT_BEGUN = -2
"""Purpose of somebody who has not done anything yet."""
NOT_TRAVELLING = -1
"""Destination of somebody who is not under way."""
NO_REFUGE = -1
"""Refuge of somebody who stays at home."""


class Under(NamedTuple):
    """Trips under way, of n rows; of meaning where `destination` is a place.

    Parameters
    ----------
    destination : ndarray of int32, shape (n,)
        Place id, or `NOT_TRAVELLING`.
    purpose : ndarray of int8, shape (n,)
        Position of the purpose of the trip.
    mode : ndarray of int8, shape (n,)
        Position of the mode.
    start, end : ndarray of int32, shape (n,)
        Departure and arrival, in minutes.
    minutes : ndarray of float64, shape (n,)
        Door-to-door time; after the arrival that of the last trip.
    distance_m, access_min, cost : ndarray of float32, shape (n,)
        As in `TravelOption`; read by records only.
    """

    destination: NDArray[np.int32]
    purpose: NDArray[np.int8]
    mode: NDArray[np.int8]
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    minutes: Float
    distance_m: NDArray[np.float32]
    access_min: NDArray[np.float32]
    cost: NDArray[np.float32]

    @classmethod
    def none(cls, count: int) -> Under:
        """Return trips of nobody."""
        return cls(
            np.full(count, NOT_TRAVELLING, dtype=np.int32),
            purpose=np.zeros(count, dtype=np.int8),
            mode=np.zeros(count, dtype=np.int8),
            start=np.zeros(count, dtype=np.int32),
            end=np.zeros(count, dtype=np.int32),
            minutes=np.zeros(count),
            distance_m=np.zeros(count, dtype=np.float32),
            access_min=np.zeros(count, dtype=np.float32),
            cost=np.zeros(count, dtype=np.float32),
        )


class Doing(NamedTuple):
    """What n rows do, or will do when they have arrived (see `Activity`).

    Parameters
    ----------
    purpose : ndarray of int8, shape (n,)
        Position of the purpose, or `NOT_BEGUN`.
    place : ndarray of int32, shape (n,)
        Where it is done.
    start, end : ndarray of int32, shape (n,)
        From and to, in minutes.
    fixed : ndarray of bool, shape (n,)
        Whether the end is binding.
    """

    purpose: NDArray[np.int8]
    place: NDArray[np.int32]
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    fixed: Bool

    def blocks(self, rows: Int) -> Blocks:
        """Return what some rows do, as blocks."""
        start, end, purpose, place = (
            one[rows].astype(np.int64) for one in (self.start, self.end, self.purpose, self.place)
        )
        return Blocks(start, end, purpose, place, self.fixed[rows])

    @classmethod
    def nothing(cls, home: Int) -> Doing:
        """Return what people do who have not done anything yet."""
        count = len(home)
        return cls(
            np.full(count, NOT_BEGUN, dtype=np.int8),
            home.astype(np.int32),
            start=np.zeros(count, dtype=np.int32),
            end=np.zeros(count, dtype=np.int32),
            fixed=np.zeros(count, dtype=np.bool_),
        )


class _Kept(dict[Callable[..., Any], tuple[tuple[Any, ...], Any]]):
    """What was made of columns, and of which; copies begin without, since it can be made anew."""

    def __reduce__(self) -> tuple[type[_Kept], tuple[()]]:
        return _Kept, ()


@dataclass(slots=True, eq=False)
class CrowdState:
    """The columns of n rows.

    Parameters
    ----------
    people : PeopleColumns
        Who the rows are.
    present : ndarray of bool, shape (n,)
        Who lives here; the rows of those who have left are empty.
    place : ndarray of int32, shape (n,)
        Where each is; the origin for those under way.
    doing : Doing
        What each does.
    trip : Under
        Trips under way.
    due : ndarray of int32, shape (n,)
        Minute at which each decides again.
    day : ndarray of int32, shape (n,)
        Last day that has been planned; a run begins in the middle of day -1.
    resting : ndarray of bool, shape (n,)
        Whether free time is spent at home until the next night.
    curiosity : ndarray of float64, shape (n,)
        How readily each tries new places, in standard deviations.
    plans : PlanStore
        Blocks ahead.
    wishes : WishStore
        Outings that the day is still meant to hold.
    parked : ndarray of int32, shape (n, v)
        Where vehicles stand (see `mode_columns`).
    needs : NeedColumns
        Levels of needs.
    mood : MoodColumns
        How good each feels.
    beliefs : BeliefSlots
        Places that each knows.
    goals : GoalColumns
        What each wants to reach.
    refuge : ndarray of int32, shape (n,)
        Where each stays while the home is in danger, or `NO_REFUGE`.
    """

    people: PeopleColumns
    present: Bool
    place: NDArray[np.int32]
    doing: Doing
    trip: Under
    due: NDArray[np.int32]
    day: NDArray[np.int32]
    resting: Bool
    curiosity: Float
    plans: PlanStore
    wishes: WishStore
    parked: NDArray[np.int32]
    needs: NeedColumns
    mood: MoodColumns
    beliefs: BeliefSlots
    goals: GoalColumns
    refuge: NDArray[np.int32]
    _kept: _Kept = field(default_factory=_Kept, init=False, repr=False)

    @classmethod
    def begin(
        cls, people: PeopleColumns, curiosity: Float, parameters: CityParameters
    ) -> CrowdState:
        """Return the state of people in the night in which a run begins."""
        count, beliefs = len(people), parameters.mind.beliefs
        return cls(
            people,
            np.ones(count, dtype=np.bool_),
            people.home.astype(np.int32),
            Doing.nothing(people.home),
            Under.none(count),
            due=np.zeros(count, dtype=np.int32),
            day=np.full(count, -2, dtype=np.int32),
            resting=np.zeros(count, dtype=np.bool_),
            curiosity=curiosity,
            plans=PlanStore(
                people.home, people.work, width=BLOCKS, purposes=len(parameters.purposes)
            ),
            wishes=WishStore.empty(count, len(parameters.free_time)),
            parked=parked_at_first(people, mode_table(parameters)).astype(np.int32),
            needs=NeedColumns.begin(count, parameters),
            mood=MoodColumns.begin(people.big_five, parameters.mind.mood),
            beliefs=BeliefSlots.empty(
                count, beliefs.slots, deviations=beliefs.variance_growth_per_day > 0.0
            ),
            goals=GoalColumns.begin(count),
            refuge=np.full(count, NO_REFUGE, dtype=np.int32),
        )

    def __len__(self) -> int:
        """Return the number of rows, those of people who have left included."""
        return len(self.due)

    @property
    def came_min(self) -> Float:
        """How long the last trip of each row took, in minutes; of meaning for who has arrived."""
        return self.trip.minutes

    def kept(self, make: Callable[..., T], *of: object) -> T:
        """Return what a function makes of the columns, which is made once as long as they stay.

        Loops take columns as tuples, which are the same in each round; what columns hold may
        change, but they are replaced only when other people live here or by other parameters.

        Parameters
        ----------
        make : callable
            A function of the top level of a module; takes the state and `of`.
        *of : object
            What else it reads; other objects, even if they are equal, are read anew.
        """
        token = (self.place, self.people, self.needs.rates, self.mood.parameters, *of)
        known = self._kept.get(make)
        if known is not None and all(map(is_, known[0], token)):
            made: T = known[1]
            return made
        made = make(self, *of)
        self._kept[make] = token, made
        return made

    def empty(self, rows: Int) -> None:
        """Let people leave: their rows do nothing any more."""
        self.present[rows], self.due[rows] = False, NEVER_DUE
        self.trip.destination[rows] = NOT_TRAVELLING

    @property
    def memory_bytes(self) -> int:
        """Bytes of all columns, those of `people` left out."""
        return int(np.sum([one.nbytes for _, one in arrays_of(self)]))
