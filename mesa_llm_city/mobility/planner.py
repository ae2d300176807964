"""Plans of days: mandatory activities, and what is fitted around them in the morning.

A plan runs from getting up to getting up again. Mandatory activities come first (sleep,
work, school), then meals, care, errands, housework and habits are fitted around them; what
stays empty is filled when its time comes, see `free_time` (CitySim, sec. 3.2.1, appendix
A.1.1). This is the rule; `plan_prompt` asks a language model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.asking import together
from mesa_llm_city.core.clock import DAY_MIN, Clock
from mesa_llm_city.core.column_streams import ColumnStreams
from mesa_llm_city.core.component import Stateless
from mesa_llm_city.core.stages import Stage
from mesa_llm_city.core.streams import RandomStreams, Reseeding
from mesa_llm_city.core.values import DecisionSource, Weather
from mesa_llm_city.mobility.day_plans import DayPlans, as_blocks, day_traits, plan_days
from mesa_llm_city.mobility.habits import NO_HABITS
from mesa_llm_city.mobility.leaning import NO_LEANINGS
from mesa_llm_city.mobility.mandatory import mandatory_days
from mesa_llm_city.mobility.outsider_day import outsider_day
from mesa_llm_city.mobility.outsider_meals import with_meals_inside
from mesa_llm_city.mobility.schedule import Plan, outline
from mesa_llm_city.mobility.wishes import NO_RELIEF, Wish
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.population import DayTraits, Persona
from mesa_llm_city.population.people_columns import PeopleColumns

__all__ = ["Planned", "Planner", "mandatory_day"]

_MOST_KEPT = 2**14  # persons whose traits are kept, some 0.5 KB each


class Planned(NamedTuple):
    """A planned day.

    Attributes
    ----------
    plan : tuple of Activity
        Blocks without gap or overlap.
    source : DecisionSource
        Who planned what is not mandatory.
    reason : str
        The blocks in a line, by rule; by prompt the reason that the model gave, and how many
        of its blocks did not fit.
    wishes : tuple of Wish or None
        Outings that the free time of the day is meant to hold, in order of time; None if
        nothing is said about them.
    """

    plan: Plan
    source: DecisionSource
    reason: str
    wishes: tuple[Wish, ...] | None = None


class Planner(Stateless):
    """Plans days by rule.

    Parameters
    ----------
    parameters : CityParameters, optional
        Reads `mobility.planner` and the purposes.

    Examples
    --------
    >>> from mesa_llm_city.core.asking import run
    >>> from mesa_llm_city.population import profile
    >>> nurse = profile("night-shift nurse", home=1, work=2)
    >>> planned = run(Planner().plan_day(
    ...     nurse, 0, clock=Clock(), streams=RandomStreams(7, 3), commute_min=20.0
    ... ))
    >>> planned.plan[-1].purpose, planned.source
    (<Purpose.SLEEP: 'sleep'>, <DecisionSource.RULE: 'rule'>)
    """

    __slots__ = ("parameters",)

    def __init__(self, parameters: CityParameters | None = None) -> None:
        self.parameters = default_parameters() if parameters is None else parameters

    async def plan_day(
        self,
        persona: Persona,
        day: int,
        *,
        clock: Clock,
        streams: RandomStreams,
        commute_min: float,
        weather: Weather | None = None,  # noqa: ARG002 - told to a language model
        needs: Mapping[str, float] | None = None,  # noqa: ARG002 - told to a language model
        memories: Sequence[str] = (),  # noqa: ARG002 - told to a language model
        goals: Sequence[str] = (),  # noqa: ARG002 - told to a language model
        leanings: Mapping[str, float] = NO_LEANINGS,
        usual: Mapping[str, int] = NO_HABITS,
        relief: Mapping[str, float] = NO_RELIEF,
    ) -> Planned:
        """Plan the time from getting up on `day` to getting up on the next.

        Parameters
        ----------
        persona : Persona
            The person.
        day : int
            Index of the day; -1 is the day before the run.
        clock : Clock
            The calendar.
        streams : RandomStreams
            Random streams of the person.
        commute_min : float
            Expected way from home to work or school, in minutes.
        weather : Weather, optional
            The weather outside; read by the prompt form only.
        needs : mapping of str to float, optional
            Levels in [0, 1] by name; read by the prompt form only.
        memories : sequence of str, optional
            What the person remembers, the latest first; read by the prompt form only.
        goals : sequence of str, optional
            What the person wants to reach; read by the prompt form only.
        leanings : mapping of str to float, optional
            How much goals and insights speak for activities, from -1 to 1.
        usual : mapping of str to int, optional
            Minute of the day at which the person is used to beginning activities.
        relief : mapping of str to float, optional
            How much of what the person lacks an hour of each purpose would give back; people
            rather go out for what they lack.
        """
        parameters = self.parameters
        if persona.outsider is not None:
            plan = mandatory_day(
                persona,
                day,
                clock=clock,
                streams=streams,
                commute_min=commute_min,
                parameters=parameters,
            )
            plan = with_meals_inside(plan, persona, day, streams=streams, parameters=parameters)
            return Planned(plan, DecisionSource.RULE, outline(plan))
        return await together(
            _planned,
            _Asked(
                persona,
                streams,
                commute_min,
                leanings,
                usual,
                relief,
                _Alike(
                    day,
                    clock,
                    streams.seed,
                    streams.later,
                    tuple(persona.preferences),
                    parameters,
                ),
            ),
            stage=Stage.PLAN,
        )


class _Alike(NamedTuple):
    """What plans must have in common to be made at once."""

    day: int
    clock: Clock
    seed: int
    later: tuple[Reseeding, ...]
    liked: tuple[str, ...]
    parameters: CityParameters


class _Asked(NamedTuple):
    """A plan that a person waits for."""

    persona: Persona
    streams: RandomStreams
    commute_min: float
    leanings: Mapping[str, float]
    usual: Mapping[str, int]
    relief: Mapping[str, float]
    alike: _Alike


def _planned(asked: Sequence[_Asked]) -> list[Planned]:
    """Return the plans that persons wait for; no plan depends on another."""
    groups: dict[_Alike, list[int]] = {}
    for row, one in enumerate(asked):
        groups.setdefault(one.alike, []).append(row)
    plans: dict[int, Planned] = {}
    for alike, rows in groups.items():
        some = [asked[row] for row in rows]
        made = _made(some, alike)
        for column, row in enumerate(rows):
            plan = made.blocks.plan(column, alike.parameters)
            wishes = made.wishes.wishes(column, alike.parameters)
            plans[row] = Planned(plan, DecisionSource.RULE, outline(plan), wishes)
    return [plans[row] for row in range(len(asked))]


def _made(asked: Sequence[_Asked], alike: _Alike) -> DayPlans:
    names, tree = tuple(alike.parameters.purposes), alike.parameters
    whom = [_Whom(one.persona, alike.seed, one.streams.person, one.commute_min) for one in asked]
    persons = np.array([one.person for one in whom])
    return plan_days(
        PeopleColumns.of([one.persona for one in asked]),
        alike.day,
        clock=alike.clock,
        streams=ColumnStreams(alike.seed, persons, alike.later),
        commute_min=np.array([one.commute_min for one in asked]),
        leanings=_rows([one.leanings for one in asked], 0.0, names),
        usual=_rows([one.usual for one in asked], -1, names),
        relief=_rows([one.relief for one in asked], 0.0, names),
        parameters=tree,
        traits=_traits_of(whom, tree),
    )


class _Whom(NamedTuple):
    """All that the traits of a person follow from, besides parameters."""

    persona: Persona
    seed: int
    person: int
    commute_min: float


_kept_traits: dict[tuple[_Whom, CityParameters], DayTraits] = {}


def _traits_of(whom: Sequence[_Whom], parameters: CityParameters) -> DayTraits | None:
    """Return what persons of one seed are like, which is asked for on each day and so kept."""
    keys = [(one, parameters) for one in whom]
    found = {key: kept for key in keys if (kept := _kept_traits.get(key)) is not None}
    new = [one for one, key in zip(whom, keys, strict=True) if key not in found]
    if new:
        traits = day_traits(
            PeopleColumns.of([one.persona for one in new]),
            streams=ColumnStreams(new[0].seed, np.array([one.person for one in new])),
            commute_min=np.array([one.commute_min for one in new]),
            parameters=parameters,
        )
        if traits is None:
            return None
        if len(_kept_traits) + len(new) > _MOST_KEPT:
            _kept_traits.clear()
        rows = np.arange(len(new))[:, np.newaxis]
        more = {(one, parameters): traits.take(row) for one, row in zip(new, rows, strict=True)}
        _kept_traits.update(more)
        found |= more
    if len(keys) == 1:
        return found[keys[0]]
    return DayTraits.joined([found[key] for key in keys])


def mandatory_day(
    persona: Persona,
    day: int,
    *,
    clock: Clock,
    streams: RandomStreams,
    commute_min: float,
    parameters: CityParameters,
) -> Plan:
    """Return a day with sleep and work or school only, from getting up to getting up.

    That of an outsider runs from entering to entering (see `outsider_day`).

    Parameters
    ----------
    persona, day, clock, streams, commute_min
        See `Planner.plan_day`.
    parameters : CityParameters
        Reads `mobility.planner`, `population.time_use` and `population.outsiders`.
    """
    if persona.outsider is not None:
        return outsider_day(
            persona,
            day,
            clock=clock,
            streams=streams,
            commute_min=commute_min,
            parameters=parameters,
        )
    people = PeopleColumns.of([persona])
    whom = _Whom(persona, streams.seed, streams.person, commute_min)
    traits = _traits_of([whom], parameters)
    plan = mandatory_days(
        people,
        day,
        clock=clock,
        streams=ColumnStreams.of(streams),
        commute_min=np.array([commute_min]),
        traits=traits,
        parameters=parameters,
    )
    return as_blocks(plan.days, people, day * DAY_MIN).plan(0, parameters)


def _rows(
    told: Sequence[Mapping[str, float]], otherwise: float, names: Sequence[str]
) -> NDArray[Any] | None:
    """Return values by person and purpose; None if there are none."""
    if not any(told):
        return None
    return np.array([[one.get(name, otherwise) for name in names] for one in told])
