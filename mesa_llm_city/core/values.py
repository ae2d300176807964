"""Typed values that travel between rooms: no behaviour, units in their names.

Minutes count from midnight of the first day of the run (see `clock`), metres
are metres of the city's projected reference system, and places are named by
their integer id in the city.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.quick_values import quickly_made

__all__ = [
    "OUTSIDE",
    "UNAWARE",
    "Activity",
    "Bool",
    "ChoiceSet",
    "Decision",
    "DecisionSource",
    "Float",
    "Int",
    "Mode",
    "Observation",
    "Purpose",
    "Reaction",
    "ReactionKind",
    "Supply",
    "TravelOption",
    "Trip",
    "Weather",
    "Whole",
]

Bool = NDArray[np.bool_]
Float = NDArray[np.float64]
Int = NDArray[np.int64]
Whole = NDArray[np.signedinteger[Any]]
"""Whole numbers of any size."""


class Purpose(StrEnum):
    """Built-in purposes: what an activity is for, and what a place can be used for.

    A residence is a place that offers `SLEEP`. `TRAVEL` marks the time under
    way and is offered by no place.
    """

    SLEEP = "sleep"
    CARE = "care"
    CARE_OF_OTHERS = "care_of_others"
    HOUSEWORK = "housework"
    REST = "rest"
    MEAL = "meal"
    WORK = "work"
    SCHOOL = "school"
    SHOPPING = "shopping"
    ERRAND = "errand"
    HEALTH = "health"
    LEISURE = "leisure"
    SPORT = "sport"
    SOCIAL = "social"
    TRAVEL = "travel"


OUTSIDE = "outside"
"""Purpose of the time that outsiders spend outside the district, which is not simulated."""

UNAWARE = frozenset({Purpose.SLEEP, OUTSIDE})
"""Purposes during which a person perceives nothing and meets nobody."""


class Mode(StrEnum):
    """Built-in modes of travel (the "vehicle" of CitySim)."""

    WALK = "walk"
    BICYCLE = "bicycle"
    CAR = "car"
    BUS = "bus"
    TRAIN = "train"


class DecisionSource(StrEnum):
    """The source of a decision: a rule, a prompt, or a policy compiled of answers to one."""

    RULE = "rule"
    PROMPT = "prompt"
    POLICY = "policy"


class ReactionKind(StrEnum):
    """Kinds of reactions to an event: a need, a call, or a message."""

    CONTINUE = "continue"
    SATISFY = "satisfy"
    REST = "rest"
    REPLAN = "replan"
    REPLY = "reply"
    FLEE = "flee"
    STAY_IN = "stay_in"
    INFORM = "inform"


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """A block of a day.

    Parameters
    ----------
    purpose : str or None
        What it is for; None is an empty block, which is filled when it begins.
    start_min, end_min : int
        From (inclusive) and to (exclusive), in minutes. The way to the place
        counts into the block.
    place : int, optional
        Id of the place; None if it is chosen when the activity begins.
    fixed : bool, default False
        Whether the end is binding (work, school, sleep) rather than elastic.
    """

    purpose: str | None
    start_min: int
    end_min: int
    place: int | None = None
    fixed: bool = False

    @property
    def minutes(self) -> int:
        """Length in minutes."""
        return self.end_min - self.start_min


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceSet:
    """Places to choose among: arrays of equal length k.

    Parameters
    ----------
    places : ndarray of int64, shape (k,)
        Ids in the city.
    distance_m : ndarray of float64, shape (k,)
        Length of the way in metres.
    category : ndarray of int64, shape (k,)
        Code of the kind of place; equal codes are alike.
    boost : ndarray of float64, shape (k,)
        Factor on the weight of a place, 1 unless an event is on there.
    area : ndarray of int64, shape (k,), optional
        Part of the city each lies in; all in one by default.
    attraction : ndarray of float64, shape (k,), optional
        How strongly each place draws people; only ratios matter. All alike by default.
    correction : ndarray of float64, shape (k,), optional
        How many places each stands for, if they are a sample: the inverse of the probability
        of being in it. 1 by default.
    """

    places: Int
    distance_m: Float
    category: Int
    boost: Float
    area: Int | None = None
    attraction: Float | None = None
    correction: Float | None = None

    def __len__(self) -> int:
        """Return the number of places."""
        return len(self.places)

    def only(self, keep: NDArray[np.bool_]) -> ChoiceSet:
        """Return the places where `keep` (shape (k,)) is true."""
        return ChoiceSet(
            places=self.places[keep],
            distance_m=self.distance_m[keep],
            category=self.category[keep],
            boost=self.boost[keep],
            area=None if self.area is None else self.area[keep],
            attraction=None if self.attraction is None else self.attraction[keep],
            correction=None if self.correction is None else self.correction[keep],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """What the city offers for one purpose: arrays of equal length n.

    Parameters
    ----------
    places : ndarray of int64, shape (n,)
        Ids in the city.
    x, y : ndarray of float64, shape (n,)
        Position in metres.
    zone : ndarray of int64, shape (n,)
        Zone of each place.
    weight : ndarray of float64, shape (n,)
        How much each offers: residents, jobs or seats; relative size.
    """

    places: Int
    x: Float
    y: Float
    zone: Int
    weight: Float

    def only(self, keep: NDArray[np.bool_]) -> Supply:
        """Return the places for which `keep` (shape (n,)) is true."""
        return Supply(
            places=self.places[keep],
            x=self.x[keep],
            y=self.y[keep],
            zone=self.zone[keep],
            weight=self.weight[keep],
        )


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class TravelOption:
    """One way to make a trip.

    Parameters
    ----------
    mode : str
        Name of the main mode, such as ``"walk"``.
    distance_m : float
        Length of the way in metres, access and egress on foot included.
    minutes : float
        Door-to-door time in minutes.
    access_min : float
        Part of `minutes` spent walking to and from the vehicle and waiting.
    cost : float
        Fare or running cost, in units of a train fare.
    """

    mode: str
    distance_m: float
    minutes: float
    access_min: float = 0.0
    cost: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """The weather of an hour.

    Parameters
    ----------
    temperature_c : float
        Air temperature in degrees Celsius.
    rain_mm_h : float
        Rain in millimetres per hour.
    wind_km_h : float, default 0
        Mean wind in kilometres per hour.
    warning : int, default 0
        Level of the warning that weather services have given, from 0 (none) to 4.
    wet_above_mm_h : float, default 0.1
        Rain above which it counts as wet, a drizzle; a city sets it to
        ``city.weather.wet_above_mm_h`` of its parameters.
    """

    temperature_c: float = 15.0
    rain_mm_h: float = 0.0
    wind_km_h: float = 0.0
    warning: int = 0
    wet_above_mm_h: float = 0.1

    @property
    def is_wet(self) -> bool:
        """Whether it rains more than a drizzle."""
        return self.rain_mm_h > self.wet_above_mm_h


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What a person sees at a minute.

    Parameters
    ----------
    minute : int
        Minute of the moment, since midnight of the first day.
    place : int
        Id of the place where the person is.
    weather : Weather
        The weather outside.
    people : tuple of int
        Ids of other people here who are awake and can be talked to, in rising order.
    """

    minute: int
    place: int
    weather: Weather = Weather()
    people: tuple[int, ...] = ()


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """A trip from one place to another.

    Parameters
    ----------
    origin, destination : int
        Ids of the places.
    purpose : str
        Of the activity at the destination.
    option : TravelOption
        Mode, distance and time.
    start_min, end_min : int
        Departure and arrival, in minutes.
    """

    origin: int
    destination: int
    purpose: str
    option: TravelOption
    start_min: int
    end_min: int


class Reaction(NamedTuple):
    """A reaction to an event: whether and how the plan changes, and why.

    Attributes
    ----------
    kind : ReactionKind
        Kind of reaction.
    purpose : str or None
        Purpose of what is done instead, if it is an activity.
    reason : str
        The terms that decided, or the reason that the language model gave.
    source : DecisionSource
        Whether a rule or a prompt decided.
    minutes : int or None
        Length of a meal or rest, in minutes; None is as long as usual.
    """

    kind: ReactionKind
    purpose: str | None
    reason: str
    source: DecisionSource = DecisionSource.RULE
    minutes: int | None = None


class Decision(NamedTuple):
    """A row of the table of decisions.

    Attributes
    ----------
    component : str
        Name of the component that decided, such as ``"mode_choice"``.
    source : DecisionSource
        Whether a rule or a prompt decided.
    choice : str
        The choice.
    reason : str
        The terms that decided, or the reason that the language model gave.
    """

    component: str
    source: DecisionSource
    choice: str
    reason: str
