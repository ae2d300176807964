"""Who knows whom when a run begins: household, friends, colleagues, classmates, neighbours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from mesa_llm_city.core.kernels import compiled
from mesa_llm_city.core.shares import coded_shares
from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.parameters.social import AcquaintanceParameters, SocialParameters
from mesa_llm_city.population import Occupation
from mesa_llm_city.population.people_columns import NOBODY, PeopleColumns
from mesa_llm_city.social.first_tie_loops import Beginners, add_ties
from mesa_llm_city.social.similarity import SimilarityTraits, similarity_rows
from mesa_llm_city.social.tie import Relation
from mesa_llm_city.social.tie_loops import tie_arrays
from mesa_llm_city.social.tie_slots import RELATION_CODES, TieSlots, relation_levels, tie_numbers

__all__ = ["KnownRows", "first_ties", "known_rows"]

_CLASSMATE = RELATION_CODES[Relation.CLASSMATE]
_LEARNERS = [
    code for code, one in enumerate(Occupation) if one in {Occupation.PUPIL, Occupation.STUDENT}
]
_NO_GROUP = -1
_CHUNK = 2**16  # rows whose slots are compared at once, so that they stay in the cache


class KnownRows(NamedTuple):
    """One person that some people know, by their positions among all.

    Attributes
    ----------
    relation : Relation
        What they are to each other; a colleague of somebody who learns is a classmate.
    people : ndarray of int64, shape (k,)
        Those who know somebody, each once.
    others : ndarray of int64, shape (k,)
        Whom each of them knows.
    """

    relation: Relation
    people: Int
    others: Int


class _Rings(NamedTuple):
    """Members of groups, group after group, each in the order of its ring.

    Positions among all people; begin and size of the group of each in this list; and the place of
    each in it, all of shape (k,).
    """

    members: Int
    begin: Int
    size: Int
    place: Int


def known_rows(
    people: PeopleColumns, *, seed: int, parameters: AcquaintanceParameters
) -> Iterator[KnownRows]:
    """Yield whom people know, the closest relation first.

    All members of a household know each other. Friends are drawn among people of a similar
    age, colleagues among those who work or learn in the same place, neighbours among those
    who live in the same place: each such group is put into a ring in random order, and
    everybody knows the nearest on both sides, which come first. So relations are mutual, and one
    more person changes the relations of few.

    Parameters
    ----------
    people : PeopleColumns
        All persons of the run.
    seed : int
        Seed of the run.
    parameters : AcquaintanceParameters
        How many people of each relation somebody knows.
    """
    works_out = (people.work != NOBODY) & (people.work != people.home)
    span = np.minimum(people.age, parameters.oldest_group_from) // parameters.friends_age_years
    groups = (
        (Relation.HOUSEHOLD, people.household, None),
        (
            Relation.FRIEND,
            np.where(people.age < parameters.friends_from_age, _NO_GROUP, span),
            parameters.friends,
        ),
        (
            Relation.COLLEAGUE,
            np.where(works_out, people.work, _NO_GROUP),
            parameters.colleagues,
        ),
        (Relation.NEIGHBOUR, people.home, parameters.neighbours),
    )
    for relation, group, most in groups:
        draw = None if most is None else uniforms(seed, people.ids, f"{relation} ring", 0, 1)[:, 0]
        rings = _rings(group, people.ids, draw)
        for others in _nearest(rings, most):
            yield KnownRows(relation, *others)


def first_ties(
    people: PeopleColumns,
    traits: SimilarityTraits,
    *,
    seed: int,
    parameters: SocialParameters,
    slots: int | None = None,
    left_open: int = 0,
    dtype: DTypeLike = np.int64,
) -> TieSlots:
    """Return the ties with which a run begins (see `known_rows`).

    Where somebody knows more people than there are slots, the closest relations are kept, and
    of the same relation those who are nearest in the ring.

    Parameters
    ----------
    people : PeopleColumns
        All persons of the run, n rows.
    traits : SimilarityTraits
        What their similarity depends on, n rows.
    seed : int
        Seed of the run.
    parameters : SocialParameters
        Reads ``acquaintances``, ``similarity`` and ``ties``.
    slots : int, optional
        Number of slots of each person; ``ties.slots`` by default.
    left_open : int, default 0
        How many of them only members of the household take, so that there is room for people
        who are met.
    dtype : data type of NumPy, default int64
        Type of the ids in the slots.
    """
    width = parameters.ties.slots if slots is None else slots
    ties = TieSlots.empty(len(people), slots=width, dtype=dtype)
    learns = np.isin(people.occupation, _LEARNERS)
    known, loop = np.zeros(len(people), dtype=np.int64), compiled(add_ties)
    for relation, rows, others in known_rows(
        people, seed=seed, parameters=parameters.acquaintances
    ):
        codes = np.full(len(people), RELATION_CODES[relation], dtype=np.int8)
        if relation is Relation.COLLEAGUE:
            codes[learns] = _CLASSMATE
        most = width if relation is Relation.HOUSEHOLD else width - left_open
        if loop is not None:
            age_range = float(parameters.similarity.age_range)
            everybody = Beginners(people.ids, known, traits, age_range)
            loop(
                tie_arrays(ties), everybody, tie_numbers(parameters.ties), rows, others, codes, most
            )
            continue
        for first in range(0, len(rows), _CHUNK):
            chunk = slice(first, first + _CHUNK)
            at, whom = _new(ties, rows[chunk], others[chunk], people.ids, known, most=most)
            slot, code = known[at], codes[at]
            alike = similarity_rows(
                traits.take(at), traits.take(whom), parameters=parameters.similarity
            )
            ties.other[at, slot] = people.ids[whom]
            ties.relation[at, slot] = code
            ties.level_codes[at, slot] = coded_shares(relation_levels(code, alike, parameters.ties))
            known[at] += 1
    return ties


def _new(
    ties: TieSlots, rows: Int, others: Int, ids: Int, known: Int, *, most: int
) -> tuple[Int, Int]:
    """Return those of the people, and of whom they know, that are new to them and find a slot."""
    used = int(known[rows].max(initial=0))
    is_known = (ties.other[rows, :used] == ids[others][:, np.newaxis]).any(axis=1)
    is_new = ~is_known & (known[rows] < most)
    return rows[is_new], others[is_new]


def _rings(group: NDArray[np.integer], ids: Int, draw: Float | None) -> _Rings:
    """Put the members of each group into a ring in the order of their draws, or as they stand."""
    rows = np.flatnonzero(group != _NO_GROUP)
    if draw is None:
        order = np.argsort(group[rows], kind="stable")
    else:
        order = np.lexsort((ids[rows], draw[rows], group[rows]))
    members = rows[order]
    is_first = np.ones(len(members), dtype=np.bool_)
    is_first[1:] = group[members][1:] != group[members][:-1]
    first = np.flatnonzero(is_first)
    size = np.diff(first, append=len(members))
    begin, sizes = np.repeat(first, size), np.repeat(size, size)
    return _Rings(members, begin, sizes, np.arange(len(members)) - begin)


def _nearest(rings: _Rings, most: int | None) -> Iterator[tuple[Int, Int]]:
    """Yield people and who stands next to them, then the next but one, on either side.

    `most` people in all, half of them on each side; everybody in the group if it is None.
    """
    members, begin, size, place = rings
    reach = int(size.max(initial=0)) // 2 if most is None else most // 2
    for step in range(1, reach + 1):
        # In a group of an even number the one opposite is the same on both sides.
        for sign, is_there in ((-1, 2 * step < size), (1, 2 * step <= size)):
            rows = np.flatnonzero(is_there)
            at = begin[rows] + (place[rows] + sign * step) % size[rows]
            yield members[rows], members[at]
