"""From counts of people who enter to persons: groups by gate and role, and their members."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN, WEEK_DAYS
from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.streams import rng, uniforms
from mesa_llm_city.core.values import Float, Int, Supply
from mesa_llm_city.parameters.population import OutsiderParameters
from mesa_llm_city.population.outsiders.counts import EntryCount, Gate
from mesa_llm_city.population.outsiders.entries import DAYS, Entries
from mesa_llm_city.population.outsiders.outsider import Outsider, OutsiderRole
from mesa_llm_city.population.persona import Household, Persona
from mesa_llm_city.population.synthesis.anchors import assign_production_constrained

__all__ = ["Group", "members_of", "whole_groups"]

_FIRST_ID = 10**6


class Group(NamedTuple):
    """The outsiders of one role at one gate.

    Attributes
    ----------
    gate : Gate
        Where they enter.
    role : OutsiderRole
        Why.
    entries : Entries
        When, and how many of them.
    """

    gate: Gate
    role: OutsiderRole
    entries: Entries

    @property
    def ids(self) -> range:
        """Ids of its members."""
        return range(self.entries.first, self.entries.first + self.entries.members)


def whole_groups(
    counts: Sequence[EntryCount],
    *,
    seed: int,
    parameters: OutsiderParameters,
    taken: int = 0,
) -> list[Group]:
    """Return the groups whose members enter as often as counts say, in whole persons.

    Counts times ``scale`` are rounded so that the sum over all gates and hours of each role
    and day is right to half a person (largest remainders).

    Parameters
    ----------
    counts : sequence of EntryCount
        The counts; those of a kind of day take precedence over those of ``all`` days.
    seed : int
        Of the draw who is early.
    parameters : OutsiderParameters
        Reads `scale` and `visitors.days_per_week`.
    taken : int, default 0
        Ids up to this one belong to others.
    """
    whole = _rounded(_by_day(counts), parameters.scale)
    turns = WEEK_DAYS / parameters.visitors.days_per_week
    sizes = {
        key: math.ceil(max(int(one.sum()) for one in days.values()) * _turns(key[1], turns))
        for key, days in whole.items()
    }
    # Groups keep their ids when others grow.
    block = 10 ** max(3, len(str(max(sizes.values(), default=0))))
    first = (taken // _FIRST_ID + 1) * _FIRST_ID
    groups = []
    for row, ((gate, role), days) in enumerate(whole.items()):
        if not sizes[gate, role]:
            continue
        entries = Entries.of(
            {day: one.tolist() for day, one in days.items()},
            first=first + row * block,
            members=sizes[gate, role],
            takes_turns=role is OutsiderRole.VISITOR,
            seed=seed,
        )
        groups.append(Group(gate, role, entries))
    return groups


def members_of(
    groups: Sequence[Group],
    people: Sequence[Persona],
    *,
    gates: Mapping[Gate, int],
    position: Callable[[int], tuple[float, float]],
    by_car: Callable[[Gate], bool],
    work: Supply,
    beta_per_km: float,
    adult_from: int,
    car_share: float,
    seed: int,
) -> tuple[Persona, ...]:
    """Return the persons of all groups.

    Parameters
    ----------
    groups : sequence of Group
        The groups.
    people : sequence of Persona
        Persons whose age, occupation, habits and so on outsiders take over, in turn.
    gates : mapping of Gate to int
        Place ids of the gates.
    position : callable
        Returns where a place lies, in metres.
    by_car : callable
        Tells whether some come by car at a gate.
    work : Supply
        Workplaces; chances go with ``jobs * exp(-beta * km from the gate)``.
    beta_per_km : float
        Decay with distance.
    adult_from : int
        Least age of visitors in years.
    car_share : float
        Share of those with a licence who come by car, where some do.
    seed : int
        Of workplaces and cars, which are drawn person by person.

    Raises
    ------
    DataError
        If there is nobody to take over from, or commuters but no workplace.
    """
    # Synthesised people are in the order of their households.
    order = rng(seed, 0, "outsiders.order", 0).permutation(len(people))
    shuffled = [people[row] for row in order.tolist()]
    pools = {
        OutsiderRole.COMMUTER: _Pool([one for one in shuffled if one.is_employed]),
        OutsiderRole.VISITOR: _Pool([one for one in shuffled if one.age >= adult_from]),
    }
    members: list[Persona] = []
    for group in groups:
        pool, gate = pools[group.role], gates[group.gate]
        if not pool.people:
            _refuse(f"there is nobody like whom a {group.role} could be")
        drives = car_share if by_car(group.gate) else 0.0
        rows = [pool.take(_usual_hour(group, number)) for number in range(len(group.ids))]
        places = _places(group, position(gate), work, beta_per_km, seed)
        cars = uniforms(seed, group.ids, "outsiders.car", 0, 1)[:, 0]
        for number, (own, place, car) in enumerate(zip(rows, places, cars.tolist(), strict=True)):
            person = _member(group, number, own, gate, place)
            members.append(replace(person, has_car=own.has_licence and car < drives))
    return tuple(members)


class _Pool:
    """Persons that are taken one after the other, and all of them again if there are few."""

    def __init__(self, people: Sequence[Persona]) -> None:
        self.people = people
        self._left = list(people[::-1])

    def take(self, hour: int | None) -> Persona:
        """Take the next one who is awake in an hour, or else the next."""
        if not self._left:
            self._left = list(self.people[::-1])
        last = len(self._left) - 1
        fits = (row for row in range(last, -1, -1) if _is_awake(self._left[row], hour))
        return self._left.pop(next(fits, last))


def _is_awake(person: Persona, hour: int | None) -> bool:
    if hour is None:
        return True
    wake, bed = person.habits.wake_min, person.habits.bed_min
    return (hour * HOUR_MIN - wake) % DAY_MIN < (bed - wake) % DAY_MIN


def _usual_hour(group: Group, number: int) -> int | None:
    """Return the hour at which a member of a group enters on weekdays, if always the same."""
    usual = group.entries.hours.get(DAYS[0], ())
    return None if group.entries.takes_turns or number >= len(usual) else usual[number]


def _member(group: Group, number: int, own: Persona, gate: int, work: int | None) -> Persona:
    """Return a person of a group, like `own` in all that does not follow from the group."""
    id_ = group.ids[number]
    outsider = Outsider(role=group.role, number=number, entries=group.entries)
    habits = own.habits
    hour = _usual_hour(group, number)
    if hour is not None:
        habits = replace(habits, work_start_min=hour * HOUR_MIN + HOUR_MIN // 2)
    household = Household(id=id_, size=own.household.size, role=own.household.role)
    return replace(
        own,
        id=id_,
        household=household,
        home=gate,
        work=work,
        habits=habits,
        has_bicycle=False,
        outsider=outsider,
    )


def _places(
    group: Group, at: tuple[float, float], work: Supply, beta_per_km: float, seed: int
) -> list[int | None]:
    """Return the workplaces of the members of a group."""
    if group.role is not OutsiderRole.COMMUTER:
        return [None] * len(group.ids)
    if not len(work.places):
        _refuse("there is no workplace for commuters in the city")
    draws = uniforms(seed, group.ids, "outsiders.work", 0, 1)[:, 0]
    x, y = (np.full(len(draws), one) for one in at)
    rows = assign_production_constrained(x, y, work, beta_per_km=beta_per_km, draws=draws)
    chosen: list[int | None] = work.places[rows].tolist()
    return chosen


def _refuse(defect: str) -> None:
    source = "outsiders"
    raise DataError.listing(source, [defect])


def _turns(role: OutsiderRole, turns: float) -> float:
    return turns if role is OutsiderRole.VISITOR else 1.0


def _by_day(
    counts: Sequence[EntryCount],
) -> dict[tuple[Gate, OutsiderRole], dict[str, Float]]:
    """Return counts by hour of each day, by gate and role, in the order of the table."""
    found: dict[tuple[Gate, OutsiderRole], dict[str, Float]] = {}
    for one in counts:
        days = found.setdefault((one.gate, one.role), {})
        by_hour = days.setdefault(one.day, np.zeros(DAY_MIN // HOUR_MIN))
        by_hour[one.hour] += one.people
    return {key: dict(_spread(days)) for key, days in found.items()}


def _spread(days: Mapping[str, Float]) -> Iterator[tuple[str, Float]]:
    """Put counts of all days in place of kinds of day without any of their own."""
    for day in DAYS:
        if (own := days.get(day, days.get("all"))) is not None:
            yield day, own
    yield from ((day, one) for day, one in days.items() if day not in {*DAYS, "all"})


def _rounded(
    counts: Mapping[tuple[Gate, OutsiderRole], Mapping[str, Float]], scale: float
) -> dict[tuple[Gate, OutsiderRole], dict[str, Int]]:
    whole: dict[tuple[Gate, OutsiderRole], dict[str, Int]] = {key: {} for key in counts}
    for role in OutsiderRole:
        for day in dict.fromkeys(day for (_, of), days in counts.items() for day in days):
            keys = [key for key, days in counts.items() if key[1] is role and day in days]
            if keys:
                cells = scale * np.stack([counts[key][day] for key in keys])
                for key, row in zip(keys, _largest_remainders(cells), strict=True):
                    whole[key][day] = row
    return whole


def _largest_remainders(cells: Float) -> Int:
    """Round cells to whole numbers whose sum is that of the cells, rounded.

    Examples
    --------
    >>> _largest_remainders(np.array([[0.4, 0.4], [0.4, 2.0]])).tolist()
    [[1, 0], [0, 2]]
    """
    whole = np.floor(cells + 1e-9)
    missing = round(math.fsum((cells - whole).ravel().tolist()))
    first = np.argsort(-(cells - whole).ravel().round(9), kind="stable")[:missing]
    whole.ravel()[first] += 1.0
    rounded: Int = whole.astype(np.int64)
    return rounded
