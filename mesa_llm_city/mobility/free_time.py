"""Free time: of a few activities that come to mind, the one of highest value.

This is the rule; `leisure_prompt` asks a language model.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.asking import together
from mesa_llm_city.core.clock import Clock
from mesa_llm_city.core.component import Stateless
from mesa_llm_city.core.stages import Stage
from mesa_llm_city.core.values import Activity, DecisionSource, Float, Int, Weather
from mesa_llm_city.mobility.free_time_columns import (
    choose_free_time,
    feasible_rows,
    free_end_min,
    free_purposes,
    free_time_draws,
)
from mesa_llm_city.mobility.leaning import NO_LEANINGS, leaning_liking
from mesa_llm_city.mobility.wishes import Wish
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.population import Persona

__all__ = [
    "DEFAULT_CLOCK",
    "FreeTimeChoice",
    "FreeTimeChosen",
    "feasible_purposes",
    "free_activity",
    "liking_of",
]

DEFAULT_CLOCK = Clock()
"""The calendar where none is given: the run begins on a Monday."""


class FreeTimeChosen(NamedTuple):
    """What free time is spent on.

    Attributes
    ----------
    activity : Activity
        From the start of the free block; it may end before the block does.
    source : DecisionSource
        Who decided.
    reason : str
        The candidates and their values, best first; by prompt after the reason that the
        model gave.
    """

    activity: Activity
    source: DecisionSource
    reason: str


class FreeTimeChoice(Stateless):
    """Chooses by rule what free time is spent on (CitySim, appendix A.1.1, value-driven planning).

    N of the feasible purposes come to mind, drawn by liking, and the one of highest value is
    taken: ``liking + relief_weight relief - outing_cost + whim noise``. The noise is Gumbel
    distributed, so the choice among the N is a logit. If the day has wishes, those whose time has
    come are among the N and gain `wish_value`; other outings lose `other_outing_cost`.

    Parameters
    ----------
    parameters : CityParameters, optional
        Reads `mobility.free_time` and the purposes.

    Examples
    --------
    >>> from mesa_llm_city.core.asking import run
    >>> from mesa_llm_city.population import profile
    >>> free = Activity(purpose=None, start_min=14 * 60, end_min=18 * 60)
    >>> chosen = run(FreeTimeChoice().choose(
    ...     free, profile("night-shift nurse", home=1, work=2), relief={}, weather=Weather(),
    ...     rng=np.random.default_rng(1),
    ... ))
    >>> chosen.activity.start_min == free.start_min
    True
    """

    __slots__ = ("parameters",)

    def __init__(self, parameters: CityParameters | None = None) -> None:
        self.parameters = default_parameters() if parameters is None else parameters

    async def choose(
        self,
        block: Activity,
        persona: Persona,
        *,
        relief: Mapping[str, float],
        weather: Weather,
        rng: np.random.Generator,
        clock: Clock = DEFAULT_CLOCK,
        leanings: Mapping[str, float] = NO_LEANINGS,
        wishes: Sequence[Wish] | None = None,
    ) -> FreeTimeChosen:
        """Choose what to do with a free block.

        Parameters
        ----------
        block : Activity
            The free time.
        persona : Persona
            The person.
        relief : mapping of str to float
            How much of what the person lacks an hour of each activity would give back.
        weather : Weather
            The weather outside.
        rng : numpy.random.Generator
            Draws which activities come to mind, the noise in their values, and the length.
        clock : Clock, optional
            The calendar, for purposes with hours of their own.
        leanings : mapping of str to float, optional
            How much goals and insights speak for activities, from -1 to 1.
        wishes : sequence of Wish, optional
            Outings that the day is still meant to hold, in order of time; None if nothing is
            said about them.
        """
        return await together(
            _chosen,
            _Asked(
                block,
                persona,
                relief,
                rng,
                leanings,
                wishes,
                _Alike(weather, clock, wishes is None, self.parameters),
            ),
            stage=Stage.FREE_TIME,
        )


class _Alike(NamedTuple):
    """What choices must have in common to be made at once."""

    weather: Weather
    clock: Clock
    is_free: bool
    parameters: CityParameters


class _Asked(NamedTuple):
    """A choice that a person waits for."""

    block: Activity
    persona: Persona
    relief: Mapping[str, float]
    rng: np.random.Generator
    leanings: Mapping[str, float]
    wishes: Sequence[Wish] | None
    alike: _Alike


def _chosen(asked: Sequence[_Asked]) -> list[FreeTimeChosen]:
    """Return the choices that persons wait for; none depends on another."""
    groups: dict[_Alike, list[int]] = {}
    for row, one in enumerate(asked):
        groups.setdefault(one.alike, []).append(row)
    found: dict[int, FreeTimeChosen] = {}
    for alike, rows in groups.items():
        found |= zip(rows, _by_rule([asked[row] for row in rows], alike), strict=True)
    return [found[row] for row in range(len(asked))]


def _by_rule(asked: Sequence[_Asked], alike: _Alike) -> list[FreeTimeChosen]:
    tree = alike.parameters
    names, draws = free_purposes(tree), free_time_draws(tree)
    rows = choose_free_time(
        [one.block.start_min for one in asked],
        [one.block.end_min for one in asked],
        age=[one.persona.age for one in asked],
        is_outsider=[one.persona.outsider is not None for one in asked],
        likings=_likings(asked, names, tree),
        relief=[[one.relief.get(name, 0.0) for name in names] for one in asked],
        weather=alike.weather,
        draws=np.array([one.rng.random(draws) for one in asked]),
        wishes=None if alike.is_free else _as_rows([one.wishes or () for one in asked], tree),
        clock=alike.clock,
        parameters=tree,
    )
    columns = (rows.column, rows.end_min, rows.at_home, rows.values)
    each = zip(asked, *(one.tolist() for one in columns), strict=True)
    return [
        _as_chosen(one, names[column], end, values, names, at_home=at_home)
        for one, column, end, at_home, values in each
    ]


def _likings(asked: Sequence[_Asked], names: Sequence[str], parameters: CityParameters) -> Float:
    """Return what `liking_of` returns for each person and purpose, shape (m, k)."""
    otherwise = [(name, parameters.purposes[name].free_time_weight) for name in names]
    likings = np.array(
        [
            [liked.get(name, weight) for name, weight in otherwise]
            for liked in (one.persona.preferences for one in asked)
        ]
    )
    for row, (_, persona, _, _, leanings, *_) in enumerate(asked):
        if leanings:
            likings[row] = [liking_of(name, persona, leanings, parameters) for name in names]
    return likings


def _as_chosen(
    asked: _Asked,
    purpose: str,
    end_min: int,
    values: Sequence[float],
    names: Sequence[str],
    *,
    at_home: bool,
) -> FreeTimeChosen:
    """Return a choice in the words of one person."""
    activity = Activity(
        purpose=purpose,
        start_min=asked.block.start_min,
        end_min=end_min,
        place=asked.persona.home_inside if at_home else None,
    )
    # What has not come to mind has no value.
    ranked = sorted(
        (one for one in zip(values, names, strict=True) if not math.isnan(one[0])), reverse=True
    )
    reason = " > ".join(f"{name} {value:.2f}" for value, name in ranked)
    return FreeTimeChosen(activity, DecisionSource.RULE, reason)


class _WishRows(NamedTuple):
    """The wishes of persons as a `WishTable`."""

    purpose: Int
    minutes: Int
    from_min: Int
    until_min: Int
    size: Int


@lru_cache(maxsize=16)
def _codes(parameters: CityParameters) -> Mapping[str, int]:
    return {name: code for code, name in enumerate(parameters.purposes)}


def _as_rows(wishes: Sequence[Sequence[Wish]], parameters: CityParameters) -> _WishRows:
    code = _codes(parameters)
    rows = [
        [
            (code[one.purpose], one.minutes, one.from_min, one.until_min)
            for one in some
            # New parameters may have taken a purpose away since the day was planned.
            if one.purpose in code
        ]
        for some in wishes
    ]
    size = np.array([len(some) for some in rows])
    table = np.zeros((len(rows), int(size.max()), 4), dtype=np.int64)
    for row, some in enumerate(rows):
        if some:
            table[row, : len(some)] = some
    purpose, minutes, begin, until = (table[..., column] for column in range(4))
    return _WishRows(purpose, minutes, begin, until, size)


def feasible_purposes(
    block: Activity, persona: Persona, clock: Clock, parameters: CityParameters
) -> tuple[str, ...]:
    """Return what free time can be spent on in a block; rest always can.

    Away from home it takes a block of `outing_min`, a person of `decides_from_age`, and the
    hours of the purpose. Outsiders have not come to rest, but do so in what is left of a stay.

    Parameters
    ----------
    block : Activity
        The free time.
    persona : Persona
        The person.
    clock : Clock
        The calendar.
    parameters : CityParameters
        Reads `mobility.free_time`, `mobility.planner` and the purposes.
    """
    feasible = feasible_rows(
        np.array([block.start_min]),
        np.array([block.end_min]),
        age=persona.age,
        is_outsider=persona.outsider is not None,
        clock=clock,
        parameters=parameters,
    )
    names = free_purposes(parameters)
    return tuple(one for one, is_one in zip(names, feasible[0].tolist(), strict=True) if is_one)


def liking_of(
    purpose: str, persona: Persona, leanings: Mapping[str, float], parameters: CityParameters
) -> float:
    """Return how much a person likes a purpose, goals and insights included.

    A purpose that the person's preferences do not name is liked as its `free_time_weight`.
    """
    weight = persona.preferences.get(purpose)
    usual = parameters.purposes[purpose].free_time_weight
    liking = usual if weight is None else float(np.float32(weight))
    leaning = leanings.get(purpose, 0.0)
    if not leaning:
        return liking
    return float(leaning_liking(liking, leaning, parameters.mobility.planner.leaning_factor))


def free_activity(
    purpose: str, block: Activity, minutes: int, persona: Persona, parameters: CityParameters
) -> Activity:
    """Return an activity that begins with a free block and ends within it.

    It takes `minutes`, but at least `shortest_min`, and leaves no rest of the block that is
    shorter than `useless_min`.
    """
    end = free_end_min(block.start_min, block.end_min, minutes, parameters.mobility.free_time)
    return Activity(
        purpose=purpose,
        start_min=block.start_min,
        end_min=int(end),
        place=persona.home_inside if parameters.purposes[purpose].at_home else None,
    )
