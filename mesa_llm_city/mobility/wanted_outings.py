"""Which outings persons want on a day, before anything says when there is time for them."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from mesa_llm_city.core.inverse_draws import normal_of
from mesa_llm_city.core.kernels import compiled
from mesa_llm_city.core.latest import keeps_latest
from mesa_llm_city.core.libm import exp
from mesa_llm_city.core.streams import word_of
from mesa_llm_city.core.values import Bool, Float, Purpose
from mesa_llm_city.mobility.day_facts import DayFacts
from mesa_llm_city.mobility.drawn_day import DrawnDays
from mesa_llm_city.mobility.purpose_codes import purpose_codes
from mesa_llm_city.mobility.wanted_loops import (
    DRAWS,
    LEAST_CHANCE,
    DrawnRows,
    Wanted,
    WantedNumbers,
    fill_wanted,
)
from mesa_llm_city.parameters import CityParameters

__all__ = ["WISH_DRAWS", "Wanted", "outing_names", "wanted_numbers", "wanted_outings"]

WISH_DRAWS = 3
"""Numbers of a wish: whether there is one, how long it takes, and at what time."""

_SPORT, _CIVIC = "sport", "civic"


@keeps_latest
@lru_cache(maxsize=16)
def outing_names(parameters: CityParameters) -> tuple[str, ...]:
    """Return what an outing can be for, in the order in which time is kept for it."""
    away = [one for one in parameters.free_time if not parameters.purposes[one].at_home]
    drawn = [one for one in away if one not in {_SPORT, Purpose.SHOPPING}]
    return tuple([_SPORT] * (_SPORT in away) + drawn)


def wanted_outings(facts: DayFacts, drawn: DrawnDays, goes: Bool) -> Wanted:
    """Draw which outings persons want on a day (see `with_outings`).

    Parameters
    ----------
    facts : DayFacts
        The m persons and the day.
    drawn : DrawnDays
        The days by the table of time use.
    goes : ndarray of bool, shape (m,)
        Who leaves home and decides alone; the others want none.

    Returns
    -------
    Wanted
        For the purposes of `outing_names`, in their order.
    """
    names, rows = outing_names(facts.parameters), np.flatnonzero(goes)
    shape = len(names), len(goes)
    loop, people = compiled(fill_wanted), facts.people.for_loops()
    if loop is not None and people is not None and facts.relief is not None:
        wanted = Wanted(np.empty(shape, dtype=bool), *np.empty((3, *shape)))
        loop(
            people,
            facts.streams.persons,
            goes,
            np.asarray(facts.relief),
            facts.factors,
            DrawnRows(drawn.draws.ranks, drawn.draws.shares, drawn.draws.lengths),
            np.uint64(facts.streams.seed_on(facts.day)),
            facts.day + 1,
            wanted_numbers(facts.parameters, facts.people.purposes),
            np.empty(DRAWS),
            wanted,
        )
        return wanted
    found = Wanted(
        np.zeros(shape, dtype=bool), np.full(shape, np.inf), np.zeros(shape), np.zeros(shape)
    )
    streams = facts.streams.take(rows)
    for at, name in enumerate(names):
        # A stream of its own, so that a purpose more changes none of the other draws.
        draws = np.zeros((len(goes), WISH_DRAWS))
        draws[rows] = streams.on(f"wish {name}", day=facts.day, n=WISH_DRAWS)
        for kept, one in zip(found, _wanted(facts, name, drawn, draws), strict=True):
            kept[at, rows] = one[rows]
    return found


@keeps_latest
@lru_cache(maxsize=16)
def wanted_numbers(parameters: CityParameters, liked: tuple[str, ...]) -> WantedNumbers:
    """Return what the loop reads of the parameters, and of the purposes that persons like."""
    free_time, names = parameters.mobility.free_time, outing_names(parameters)
    specs, codes = [parameters.purposes[one] for one in names], purpose_codes(parameters)
    return WantedNumbers(
        np.array([one == _SPORT for one in names], dtype=bool),
        np.array([one == Purpose.SOCIAL for one in names], dtype=bool),
        np.array([codes.of[one] for one in names], dtype=np.int64),
        np.array([liked.index(one) if one in liked else -1 for one in names], dtype=np.int64),
        np.array([one.free_time_weight for one in specs], dtype=np.float64),
        np.array([one.usual_min or 0.0 for one in specs], dtype=np.float64),
        np.array([word_of(f"wish {one}") for one in names], dtype=np.uint64),
        float(free_time.outings_per_liking),
        float(free_time.outings_per_relief),
        float(free_time.length_spread),
    )


def _wanted(facts: DayFacts, name: str, drawn: DrawnDays, draws: Float) -> Wanted:
    """Draw outings of one purpose; arrays of shape (m,)."""
    if name == _SPORT:
        minutes = drawn.draws.away_min(_SPORT, facts.factor(_SPORT))
        never = np.full(len(minutes), np.inf)
        return Wanted(minutes > 0.0, never, minutes, draws[:, 0])
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
    return Wanted(is_wanted, rank, minutes, draws[:, 2])


def _likings(facts: DayFacts, name: str) -> Float | float:
    """Return how much each likes a purpose."""
    weight, people = facts.parameters.purposes[name].free_time_weight, facts.people
    if name not in people.purposes:
        return weight
    known = people.preferences[:, people.purposes.index(name)]
    return np.where(np.isnan(known), weight, known)
