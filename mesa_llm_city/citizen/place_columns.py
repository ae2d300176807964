"""Place columns: where many persons go by rule, each as a citizen would decide."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from functools import partial
from itertools import pairwise
from typing import NamedTuple, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.citizen.place_loops import Draws, Persons, fill_places
from mesa_llm_city.citizen.place_setting import setting_of
from mesa_llm_city.citizen.world import World
from mesa_llm_city.city.choice_columns import ChoiceColumns
from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.column_streams import ColumnStreams
from mesa_llm_city.core.kernels import compiled
from mesa_llm_city.core.narrow import positions_of
from mesa_llm_city.core.place_slots import NO_PLACE
from mesa_llm_city.core.ragged import Ragged
from mesa_llm_city.core.streams import word_of
from mesa_llm_city.core.values import Bool, Float, Int, Purpose
from mesa_llm_city.mind import BeliefSlots, doubt_by_kind, expected_by_kind
from mesa_llm_city.mind.belief_slots import visits_of
from mesa_llm_city.mind.opinions import Experience
from mesa_llm_city.mobility import (
    draw,
    exploration_probability,
    least_stays_min,
    place_probabilities,
    radii_m,
)
from mesa_llm_city.parameters import CityParameters

__all__ = ["Outings", "choose_places"]

SafePlaces: TypeAlias = Callable[[Int, Int], Bool]
"""Tells which places are safe for which persons, given by position."""

_ROWS = 512
"""Rows that are worked on at once, so that they fit into the cache of a processor."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outings:
    """What m persons go out for, and from where.

    Parameters
    ----------
    purpose : ndarray of int, shape (m,)
        Positions in ``tuple(parameters.purposes)``; -1 is gone out for as for leisure.
    origin : ndarray of int, shape (m,)
        Ids of the places where they are.
    minute : ndarray of int, shape (m,)
        When they decide, in minutes.
    start_min, end_min : ndarray of int, shape (m,)
        From when to when they are away, the way there included, in minutes.
    age : ndarray of int, shape (m,)
        In years.
    has_car : ndarray of bool, shape (m,)
        Whether they have a car and a licence.
    wet : ndarray of bool, shape (m,)
        Whether it rains.
    curiosity : ndarray of float64, shape (m,)
        How readily they try new places, in standard deviations among people: the normal number
        of their trait "exploration".
    """

    purpose: NDArray[np.integer]
    origin: NDArray[np.integer]
    minute: NDArray[np.integer]
    start_min: NDArray[np.integer]
    end_min: NDArray[np.integer]
    age: NDArray[np.integer]
    has_car: Bool
    wet: Bool
    curiosity: Float

    def __len__(self) -> int:
        """Return the number of persons."""
        return len(self.origin)

    def take(self, rows: Int | slice) -> Self:
        """Return some of the rows."""
        return replace(self, **{one.name: getattr(self, one.name)[rows] for one in fields(self)})


def choose_places(
    world: World,
    outings: Outings,
    beliefs: BeliefSlots,
    *,
    rows: Int | None = None,
    streams: ColumnStreams,
    parameters: CityParameters,
    is_safe: SafePlaces | None = None,
) -> NDArray[np.int32]:
    """Return where each of m persons goes, by the rule of `GravityChoice`.

    Row by row it is what a citizen with the same beliefs and visits decides at the same minute,
    without habits and the way there: a citizen stays in also if the place
    would close before the arrival.

    Parameters
    ----------
    world : World
        The city, its opening hours, closures and events.
    outings : Outings
        What they go out for.
    beliefs : BeliefSlots
        What they believe, and where they have been; m rows, or those of `rows` and others.
    rows : ndarray of int64, shape (m,), optional
        Row of each person in `beliefs`; the first, the second and so on by default.
    streams : ColumnStreams
        Their random streams.
    parameters : CityParameters
        Reads `mobility` and `mind.beliefs`.
    is_safe : callable, optional
        Takes positions of persons and ids of places, both of shape (k,), and tells which of the
        places are in no danger that the person knows of; all are by default.

    Returns
    -------
    ndarray of int32, shape (m,)
        Ids of the places, -1 where no place in reach is open.
    """
    chosen = np.full(len(outings), NO_PLACE, dtype=np.int32)
    if not len(outings):
        return chosen
    own = np.arange(len(outings)) if rows is None else rows
    loop = compiled(fill_places)
    is_usual = is_safe is None and not world.closures.active
    if loop is not None and is_usual and not parameters.mobility.gravity.curiosity:
        _fill(loop, world, outings, beliefs, own, streams, parameters, chosen)
        return chosen
    uniform = streams.at("place_choice", step=outings.minute, n=1)[:, 0]
    # Those who go out for the same thing stand together.
    order = np.argsort(outings.purpose, kind="stable")
    for first in range(0, len(order), _ROWS):
        some = order[first : first + _ROWS]
        group = _Group(
            world,
            parameters,
            outings.take(some),
            beliefs.take(own[some]).trimmed(),
            streams.take(some),
            None if is_safe is None else partial(_safe_for, is_safe, some),
        )
        chosen[some] = _chosen(group, uniform[some])
    return chosen


def _fill(  # noqa: PLR0917 - as `choose_places`
    loop: Callable[..., None],
    world: World,
    outings: Outings,
    beliefs: BeliefSlots,
    rows: Int,
    streams: ColumnStreams,
    parameters: CityParameters,
    chosen: NDArray[np.int32],
) -> None:
    """Fill the places of all persons by a loop, day by day of setting out."""
    persons = Persons(
        _whole(outings.purpose),
        _whole(outings.origin),
        _whole(outings.minute),
        _whole(outings.start_min),
        _whole(outings.end_min),
        _whole(outings.age),
        np.ascontiguousarray(outings.has_car),
        np.ascontiguousarray(outings.wet),
        np.ascontiguousarray(outings.curiosity),
        _whole(rows),
    )
    first, last = int(persons.start_min.min()), int(persons.start_min.max())
    setting = setting_of(
        world,
        beliefs,
        parameters,
        origin=persons.origin,
        purpose=persons.purpose,
        latest_min=int(persons.minute.max()),
        span_min=(first, last),
    )
    word = np.uint64(word_of("place_choice"))
    draws = Draws(streams.seeds_at(persons.minute), streams.persons, word)
    first, last = first // DAY_MIN, last // DAY_MIN
    for day in range(first, last + 1):
        some = np.arange(len(rows))
        if first < last:
            some = positions_of(persons.start_min // DAY_MIN == day)
        loop(some, persons, draws, setting, day, world.open_until(day), chosen)


def _whole(column: NDArray[np.integer]) -> Int:
    """Return whole numbers as loops take them, so that they are compiled once."""
    return np.ascontiguousarray(column, dtype=np.int64)


def _safe_for(is_safe: SafePlaces, persons: Int, at: Int, places: Int) -> Bool:
    """Tell which places are safe, for persons given by position among some."""
    return is_safe(persons[at], places)


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    """Persons who go out, in the order of their purposes."""

    world: World
    parameters: CityParameters
    outings: Outings
    beliefs: BeliefSlots
    streams: ColumnStreams
    is_safe: SafePlaces | None = None

    def take(self, rows: Int | slice) -> Self:
        return replace(
            self,
            outings=self.outings.take(rows),
            beliefs=self.beliefs.take(rows),
            streams=self.streams.take(rows),
        )

    def purposes(self) -> Iterator[tuple[str, slice]]:
        """Yield the name of each purpose, and who goes out for it."""
        names, code = tuple(self.parameters.purposes), self.outings.purpose
        ends = positions_of(code[1:] != code[:-1]) + 1
        for first, last in pairwise([0, *ends.tolist(), len(code)]):
            at = int(code[first])
            yield Purpose.LEISURE.value if at < 0 else names[at], slice(first, last)


class _Judged(NamedTuple):
    """Places that persons choose among, and how attractive each is, shape (n,)."""

    choices: ChoiceColumns
    liked: Float

    def only(self, keep: Bool) -> _Judged:
        return _Judged(self.choices.only(keep), self.liked[keep])

    def of(self, rows: Int) -> _Judged:
        is_theirs = np.isin(self.choices.row, rows)
        return _Judged(self.choices.of(rows), self.liked[is_theirs])


def _chosen(group: _Group, uniform: Float) -> NDArray[np.int32]:
    """Return the places, as if nothing were closed, and chosen again where one is closed."""
    closures, outings = group.world.closures, group.outings
    judged = _judged(group)
    places = _drawn(group, judged, uniform)
    if not closures.active and group.is_safe is None:
        return places
    choices = judged.choices
    is_open = closures.is_open(choices.place, outings.start_min[choices.row])
    if group.is_safe is not None:
        is_open &= group.is_safe(choices.row, choices.place)
    stays = np.zeros(len(places), dtype=np.bool_)
    stays[choices.row[is_open & (choices.place == places[choices.row])]] = True
    again = positions_of((places != NO_PLACE) & ~stays)
    some, left = group.take(again), judged.only(is_open).of(again)
    uniform = some.streams.at("place_choice again", step=some.outings.minute, n=1)[:, 0]
    places[again] = _drawn(some, left, uniform)
    return places


def _judged(group: _Group) -> _Judged:
    """Return the places in reach that are open, those that are closed for a time included."""
    outings, tree = group.outings, group.parameters
    leisure = tuple(tree.purposes).index(Purpose.LEISURE.value)
    code = np.where(outings.purpose < 0, leisure, outings.purpose)
    start, end = outings.start_min.astype(np.int64), outings.end_min.astype(np.int64)
    radius = radii_m(
        code,
        end - start,
        age=outings.age,
        has_car=outings.has_car,
        wet=outings.wet,
        parameters=tree,
    )
    until = np.maximum(end, start + least_stays_min(code, tree))
    choices = group.world.choices(
        outings.origin,
        code,
        radius_m=radius,
        start_min=start,
        end_min=until,
        known=group.beliefs.place,
        unless_closed=False,
    )
    return _Judged(choices, _attractiveness(group, choices))


def _drawn(group: _Group, judged: _Judged, uniform: Float) -> NDArray[np.int32]:
    """Return the place that each person draws, -1 where there is none."""
    places, choices = np.full(len(group.outings), NO_PLACE, dtype=np.int32), judged.choices
    if not len(choices):
        return places
    persons = Ragged.of(choices.row)
    likely = persons.padded(_probabilities(group, judged, persons))
    column = draw(likely, uniform[persons.rows])
    places[persons.rows] = choices.place[persons.begins + column]
    return places


def _probabilities(group: _Group, judged: _Judged, persons: Ragged) -> Float:
    """Return the probability of each place, shape (n,)."""
    city, beliefs, choices = group.world.city, group.beliefs, judged.choices
    numbers, place, goes = group.parameters.mobility.exploration, choices.place, persons.rows
    rho = numbers.rho + numbers.rho_sd * group.outings.curiosity[goes]
    return place_probabilities(
        judged.liked,
        choices.distance_m,
        persons=persons,
        correction=choices.correction,
        attraction=city.pull[place],
        boost=choices.boost,
        area=city.areas.of_place[place],
        visits=_visits(beliefs, choices),
        explores=exploration_probability(beliefs.different[goes], rho, numbers.gamma),
        parameters=group.parameters,
    )


def _visits(beliefs: BeliefSlots, choices: ChoiceColumns) -> Int:
    """Return how often persons have been to each place, shape (n,)."""
    visits, known = np.zeros(len(choices), dtype=np.int64), positions_of(choices.slot >= 0)
    visits[known] = visits_of(beliefs.seen[choices.row[known], choices.slot[known]])
    return visits


def _attractiveness(group: _Group, choices: ChoiceColumns) -> Float:
    """Return how attractive each place is, shape (n,): by its kind, or as it is known."""
    beliefs, minute = group.beliefs, group.outings.minute
    numbers, curiosity = group.parameters.mind.beliefs, group.parameters.mobility.gravity.curiosity
    known = positions_of(choices.slot >= 0)
    slot = choices.row[known], choices.slot[known]
    expected, doubt = _by_kind(group, choices)
    expected[known] = beliefs.faded(minute, numbers)[slot]
    if not curiosity:
        return expected
    doubt[known] = beliefs.variances(minute, numbers)[slot]
    return expected + curiosity * np.sqrt(doubt)


def _by_kind(group: _Group, choices: ChoiceColumns) -> tuple[Float, Float]:
    """Return what is expected of each place by its kind, and the variance of that; shape (n,).

    Without curiosity nobody asks for the variance, which is empty then.
    """
    city, beliefs, minute = group.world.city, group.beliefs, group.outings.minute
    numbers, curiosity = group.parameters.mind.beliefs, group.parameters.mobility.gravity.curiosity
    category, likeness = city.places.category, city.kind_likeness
    experience, kind = Experience.of(beliefs, minute, numbers), category[beliefs.place]
    tables, doubts, begin = [], [], np.empty(len(minute), dtype=np.int64)
    positions, which, filled = [], np.empty(len(minute), dtype=np.int64), 0
    for number, (purpose, rows) in enumerate(group.purposes()):
        kinds, position = city.candidates.kinds(purpose)
        judged_by = beliefs.take(rows), kind[rows], kinds
        table = expected_by_kind(
            *judged_by,
            minute[rows],
            likeness=likeness,
            parameters=numbers,
            experience=experience.take(rows),
        )
        tables.append(table.ravel())
        if curiosity:
            doubts.append(doubt_by_kind(*judged_by, likeness=likeness, parameters=numbers).ravel())
        begin[rows] = filled + np.arange(len(table)) * table.shape[1]
        which[rows], filled = number, filled + table.size
        positions.append(position)
    entry = which[choices.row] * len(positions[0]) + category[choices.place]
    at = begin[choices.row] + np.concatenate(positions).take(entry)
    expected: Float = np.concatenate(tables).take(at)
    return expected, np.concatenate(doubts).take(at) if curiosity else np.empty(0)
