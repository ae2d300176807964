"""From demography and anchors to whole persons: what is open is drawn, person by person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeVar

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.streams import normals, uniforms
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.population.big_five import trait_levels, trait_shift
from mesa_llm_city.population.names import full_names
from mesa_llm_city.population.person_columns import (
    DUTY,
    HOURS,
    LIKES,
    TRAITS,
    Roster,
    feminine,
    household_streams,
)
from mesa_llm_city.population.schedules.daily_hours import (
    Day,
    commute_minutes,
    draw_day,
    eating_out,
)
from mesa_llm_city.population.schedules.free_time import HOBBIES, draw_hobbies, free_time_shares
from mesa_llm_city.population.schedules.working_hours import Duty, draw_duty
from mesa_llm_city.population.synthesis.household_draw import Demography
from mesa_llm_city.population.synthesis.marginals import Shares
from mesa_llm_city.population.synthesis.resources import (
    bicycle_odds,
    car_odds,
    earning_score,
    licence_odds,
    log_normal_income,
)

__all__ = ["Details", "complete", "draw_earning_scores", "draw_ownership"]

T = TypeVar("T")

_SHORTEST_NIGHT_MIN, _LONGEST_NIGHT_MIN = 300, 720


class Details(NamedTuple):
    """What makes n persons of a roster whole: arrays of shape (n,) unless told otherwise.

    Attributes
    ----------
    names : sequence of str
        Given name and surname.
    traits : ndarray of int64, shape (n, 5)
        Levels, in the order of `BigFive`.
    likes : ndarray of float64, shape (n, 5)
        Weights, in the order of `FREE_TIME`.
    hobbies : sequence of tuple of str
        Keys of `HOBBIES`.
    income : ndarray of float64
        In units of the median income of the employed.
    owns : mapping of str to ndarray of bool
        ``car``, ``bicycle``, ``licence``.
    duty, day : Duty, Day
        Hours.
    eats_out : ndarray of float64
        Share of meals eaten out.
    """

    names: Sequence[str]
    traits: Int
    likes: Float
    hobbies: Sequence[tuple[str, ...]]
    income: Float
    owns: Mapping[str, Float]
    duty: Duty
    day: Day
    eats_out: Float


def complete(roster: Roster, *, seed: int, ownership: Shares, sigma: float) -> Details:
    """Draw what a roster leaves open.

    Parameters
    ----------
    roster : Roster
        Who the persons are, where they live and work, and what else is known.
    seed : int
        Seed of the population. What is drawn for a person depends on the
        seed, the person and her household only, never on anybody else.
    ownership : mapping
        Shares with a car, a bicycle and a licence (see `Marginals`).
    sigma : float
        Spread of the logarithm of incomes.

    Returns
    -------
    Details
        What is given as it is given, the rest as drawn.
    """
    people = roster.people
    traits = _traits(roster, seed)
    likes = _likes(roster, traits, seed)
    score = draw_earning_scores(roster.ids, people, seed)
    luck = uniforms(seed, roster.ids, "persona.duty", 0, 6)
    duty = _duty(roster, luck)
    eats_out = eating_out(people.age, people.size == 1, duty.days > 0, luck[:, 5]) / 20.0
    return Details(
        names=_names(roster, seed),
        traits=traits,
        likes=likes,
        hobbies=_hobbies(roster, likes, seed),
        income=roster.known_or("income", log_normal_income(people.occupation, score, sigma)),
        owns=_owns(roster, ownership, seed),
        duty=duty,
        day=_day(roster, traits, duty, seed),
        eats_out=roster.known_or("eats_out", eats_out),
    )


def draw_earning_scores(ids: Int, people: Demography, seed: int) -> Float:
    """Draw how well each person earns (see `earning_score`), shape (n,)."""
    luck = normals(seed, ids, "persona.income", 0, 1)[:, 0]
    return earning_score(people.age, people.occupation, people.education, luck)


def draw_ownership(ids: Int, people: Demography, seed: int) -> dict[str, Float]:
    """Draw how far from owning a car, a bicycle and a licence each person is.

    Returns
    -------
    dict of str to ndarray of float64, shape (n,)
        Uniform numbers in [0, 1), for ``car`` one per household, divided by
        the odds of the person; infinite where it cannot be. Who is below the
        share of owners is one of them.
    """
    own = uniforms(seed, ids, "persona.ownership", 0, 2)
    shared = uniforms(seed, household_streams(people.household), "persona.car", 0, 1)
    odds = np.column_stack(
        [
            car_odds(people.size),
            bicycle_odds(people.age),
            licence_odds(people.age, feminine(people.gender)),
        ]
    )
    far = np.full(odds.shape, np.inf)
    np.divide(np.hstack([shared, own]), odds, out=far, where=odds > 0)
    return dict(zip(("car", "bicycle", "licence"), far.T, strict=True))


def _traits(roster: Roster, seed: int) -> Int:
    people = roster.people
    score = normals(seed, roster.ids, "persona.traits", 0, len(TRAITS))
    drawn = trait_levels(score + trait_shift(people.age, feminine(people.gender)))
    columns = [roster.known_or(name, drawn[:, index]) for index, name in enumerate(TRAITS)]
    return np.column_stack(columns).astype(np.int64)


def _likes(roster: Roster, traits: Int, seed: int) -> Float:
    drawn = (
        free_time_shares(traits, normals(seed, roster.ids, "persona.likes", 0, len(LIKES))) / 20.0
    )
    given = np.column_stack([roster.known(name) for name in LIKES])
    # Shares hang together: they are taken whole or drawn whole.
    return np.where(np.isnan(given).any(axis=1, keepdims=True), drawn, given)


def _hobbies(roster: Roster, likes: Float, seed: int) -> list[tuple[str, ...]]:
    luck = uniforms(seed, roster.ids, "persona.hobbies", 0, len(HOBBIES) + 1)
    return _told_or(roster.hobbies, draw_hobbies(roster.people.age, likes, luck))


def _names(roster: Roster, seed: int) -> list[str]:
    people = roster.people
    own = uniforms(seed, roster.ids, "persona.name", 0, 1)[:, 0]
    family = uniforms(seed, household_streams(people.household), "persona.surname", 0, 1)[:, 0]
    return _told_or(roster.names, full_names(people.gender, own, family))


def _told_or(told: Sequence[T | None], drawn: list[T]) -> list[T]:
    if not told:
        return drawn
    return [luck if own is None else own for own, luck in zip(told, drawn, strict=True)]


def _owns(roster: Roster, ownership: Shares, seed: int) -> dict[str, Float]:
    far = draw_ownership(roster.ids, roster.people, seed)
    return {
        name: roster.known_or(f"has_{name}", (far[name] < ownership[name]).astype(np.int64))
        for name in far
    }


def _duty(roster: Roster, luck: Float) -> Duty:
    people = roster.people
    drawn = draw_duty(people.age, feminine(people.gender), people.occupation, luck)
    columns = zip(DUTY, drawn, strict=True)
    return Duty(*(roster.known_or(name, column).astype(np.int64) for name, column in columns))


def _day(roster: Roster, traits: Int, duty: Duty, seed: int) -> Day:
    commute = np.where(roster.work >= 0, commute_minutes(roster.distance_km), 0.0)
    luck = normals(seed, roster.ids, "persona.day", 0, 4)
    drawn = draw_day(
        roster.people.age, traits[:, TRAITS.index("conscientiousness")], duty, commute, luck
    )
    wake = roster.known_or("wake_min", drawn.wake_min)
    bed = roster.known_or("bed_min", drawn.bed_min)
    # The open end of a night gives way to the end that is given.
    earliest, latest = bed - DAY_MIN + _SHORTEST_NIGHT_MIN, bed - DAY_MIN + _LONGEST_NIGHT_MIN
    fitting = np.clip(np.clip(wake, earliest, latest), 0, DAY_MIN - 1)
    wake = roster.known_or("wake_min", fitting)
    longest, shortest = wake + DAY_MIN - _LONGEST_NIGHT_MIN, wake + DAY_MIN - _SHORTEST_NIGHT_MIN
    bed = roster.known_or("bed_min", np.clip(bed, longest, shortest))
    meals = [roster.known_or(name, getattr(drawn, name)) for name in HOURS[2:]]
    return Day(*(hour.astype(np.int64) for hour in (wake, bed, *meals)))
