"""Guesses of people about places that were held out, and how wrong they are."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mesa_llm_city.city.kind_likeness import likeness_of
from mesa_llm_city.core import streams
from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.values import ChoiceSet, Float, Int
from mesa_llm_city.experiments.observed.ratings import Ratings
from mesa_llm_city.experiments.paper.kinds import KINDS, kind_of_place
from mesa_llm_city.experiments.validation.run_tables import Bool
from mesa_llm_city.mind import PlaceBeliefs
from mesa_llm_city.parameters import CityParameters

__all__ = ["METHODS", "SHARE", "Errors", "errors_of_guesses", "held_out"]

SHARE = 0.3
"""Share of the places of each person that are held out."""

METHODS = (
    "the person's own mean rating",
    "what others think of places of the kind",
    "the neutral value for every place",
)
"""The naive predictions."""


class Errors(NamedTuple):
    """Errors of guesses about the m places that were held out.

    Attributes
    ----------
    person, kind : ndarray of int64, shape (m,)
        Rows of the persons, and of the kinds in `KINDS`.
    error : ndarray of float64, shape (m, 4)
        Absolute errors of the guesses, and of the naive predictions.
    by_day : ndarray of float64, shape (m, days)
        Absolute errors of the guesses at the end of each day.
    """

    person: Int
    kind: Int
    error: Float
    by_day: Float


def held_out(ratings: Ratings, *, seed: int, share: float = SHARE) -> Bool:
    """Tell which ratings are of places that their person is to guess, shape (n,).

    A share of the places of each person, rounded, at least one; nobody's only place.
    """
    out = np.zeros(len(ratings), dtype=np.bool_)
    for person in np.unique(ratings.person).tolist():
        own = ratings.person == person
        places = np.unique(ratings.place[own])
        if len(places) < 2:
            continue
        size = min(max(round(share * len(places)), 1), len(places) - 1)
        rng = streams.rng(seed, person, "experiment beliefs", 0)
        out |= own & np.isin(ratings.place, rng.choice(places, size, replace=False))
    return out


def errors_of_guesses(ratings: Ratings, parameters: CityParameters, *, seed: int) -> Errors:
    """Return how far guesses are from what each person thinks of the places held out.

    What a person thinks of a place is the mean of the ratings they gave it, over visits and
    aspects.

    Parameters
    ----------
    ratings : Ratings
        The ratings.
    parameters : CityParameters
        With those of beliefs.
    seed : int
        Seed of the choice of places that are held out.
    """
    names, code = np.unique(np.array(ratings.kinds), return_inverse=True)
    kind_of = code.astype(np.int64)
    groups = np.array(
        [
            KINDS.index(kind_of_place(*one))
            for one in zip(ratings.kinds, ratings.purposes, strict=True)
        ],
        dtype=np.int64,
    )
    likeness = likeness_of(names.tolist())
    out = held_out(ratings, seed=seed)
    others = _OthersMeans(ratings, out, kind_of)
    parts: list[Errors] = []
    for person in np.unique(ratings.person[out]).tolist():
        own = ratings.person == person
        places, truth = _means_by_place(ratings, own & out)
        asked = _choice_set(places, kind_of)
        known = np.flatnonzero(own & ~out)
        by_day = _guesses_by_day(
            ratings, known, asked, parameters=parameters, kind_of=kind_of, likeness=likeness
        )
        neutral = parameters.mind.beliefs.neutral
        naive = [
            np.full(len(places), float(ratings.values[known].mean())),
            others.of_kinds(person, kind_of[places]),
            np.full(len(places), neutral),
        ]
        guesses = np.stack([by_day[:, -1], *naive], axis=-1)
        parts.append(
            Errors(
                person=np.full(len(places), person),
                kind=groups[places],
                error=np.abs(guesses - truth[:, None]),
                by_day=np.abs(by_day - truth[:, None]),
            )
        )
    if not parts:
        none = np.zeros(0, dtype=np.int64)
        return Errors(none, none, np.zeros((0, 1 + len(METHODS))), np.zeros((0, ratings.days)))
    return Errors(*(np.concatenate(one) for one in zip(*parts, strict=True)))


class _OthersMeans:
    """What all other people think of kinds of place, from the ratings that are not held out."""

    def __init__(self, ratings: Ratings, out: Bool, kind_of: Int) -> None:
        known = ~out
        overall = ratings.values[known].mean(axis=1)
        shape = (ratings.persons, int(kind_of.max(initial=0)) + 1)
        self._sums, self._counts = np.zeros(shape), np.zeros(shape)
        cells = (ratings.person[known], kind_of[ratings.place[known]])
        np.add.at(self._sums, cells, overall)
        np.add.at(self._counts, cells, 1.0)

    def of_kinds(self, person: int, kinds: Int) -> Float:
        """Return the mean rating of others for each kind; of all kinds, if nobody rated it."""
        sums = self._sums.sum(axis=0) - self._sums[person]
        counts = self._counts.sum(axis=0) - self._counts[person]
        total = float(counts.sum())
        mean = float(sums.sum()) / total if total else np.nan
        means: Float = np.divide(sums, counts, out=np.full_like(sums, mean), where=counts > 0.5)
        return means[kinds]


def _means_by_place(ratings: Ratings, some: Bool) -> tuple[Int, Float]:
    """Return places, and the mean rating of each over visits and aspects."""
    places, row = np.unique(ratings.place[some], return_inverse=True)
    sums = np.bincount(row, ratings.values[some].mean(axis=1))
    return places, sums / np.bincount(row)


def _choice_set(places: Int, kind_of: Int) -> ChoiceSet:
    return ChoiceSet(
        places=places,
        distance_m=np.zeros(len(places)),
        category=kind_of[places],
        boost=np.ones(len(places)),
    )


def _guesses_by_day(
    ratings: Ratings,
    known: Int,
    asked: ChoiceSet,
    *,
    parameters: CityParameters,
    kind_of: Int,
    likeness: Float,
) -> Float:
    """Return what a person believes of places at the end of each day, shape (k, days).

    Parameters
    ----------
    ratings : Ratings
        The ratings.
    known : ndarray of int64
        Rows of the ratings that the person knows, in the order of time.
    asked : ChoiceSet
        The k places.
    parameters : CityParameters
        With those of beliefs.
    kind_of : ndarray of int64
        Code of the kind of each place.
    likeness : ndarray, shape (kinds, kinds)
        How alike kinds are.
    """
    # Whatever was rated is known here, however many places a person of a model can know.
    rated = max(len(np.unique(ratings.place[known])), parameters.mind.beliefs.slots)
    beliefs = PlaceBeliefs(parameters.with_("mind.beliefs.slots", rated))
    guesses = np.empty((len(asked), ratings.days))
    rows = iter(known.tolist())
    row = next(rows, None)
    for day in range(ratings.days):
        end_min = (day + 1) * DAY_MIN
        while row is not None and ratings.minute[row] < end_min:
            place = int(ratings.place[row])
            beliefs.update(
                place,
                ratings.values[row],
                category=int(kind_of[place]),
                at_min=int(ratings.minute[row]),
            )
            row = next(rows, None)
        guesses[:, day] = beliefs.as_of(end_min, likeness).attractiveness(asked)
    return guesses
