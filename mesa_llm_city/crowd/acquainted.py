"""Whom rows know, where they can be met, and what they have in common."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.values import Int
from mesa_llm_city.crowd.state_arrays import arrays_of
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import PopulationColumns
from mesa_llm_city.population.columns.own_words import hobby_codes_of
from mesa_llm_city.population.people_columns import PeopleColumns
from mesa_llm_city.population.schedules.free_time import NO_HOBBY
from mesa_llm_city.social.first_ties import first_ties
from mesa_llm_city.social.similarity import Interests, SimilarityTraits
from mesa_llm_city.social.tie_slots import TieSlots

__all__ = ["APART", "Acquainted", "interests_of", "row_order"]

APART = -1
"""Spot of somebody who cannot be met: asleep or under way."""


@dataclass(slots=True, eq=False)
class Acquainted:
    """What meeting and talking reads of n rows.

    Parameters
    ----------
    ties : TieSlots
        Whom each knows.
    spot : ndarray of int32, shape (n,)
        Where each can be met now: a place id, or at home, where only the household is company,
        the number of places plus the position of the household; `APART` for nobody.
    house : ndarray of int32, shape (n,)
        That spot at home.
    traits : SimilarityTraits
        By what people are alike.
    interests : Interests
        What people like to do.
    order : ndarray of int32, shape (n,) or (0,)
        Rows by rising id; empty if they are in that order anyway (see `row_order`).
    """

    ties: TieSlots
    spot: NDArray[np.int32]
    house: NDArray[np.int32]
    traits: SimilarityTraits
    interests: Interests
    order: NDArray[np.int32]

    @classmethod
    def begin(
        cls,
        people: PeopleColumns,
        *,
        education: NDArray[np.integer],
        interests: Interests,
        places: int,
        seed: int,
        parameters: CityParameters,
    ) -> Acquainted:
        """Return who knows whom when a run begins, in a night.

        Parameters
        ----------
        people : PeopleColumns
            Who the rows are.
        education : ndarray of int, shape (n,)
            Positions in `Education`.
        interests : Interests
            What they like to do.
        places : int
            Number of places of the city.
        seed : int
            Seed of the run.
        parameters : CityParameters
            Reads `social`.
        """
        traits = SimilarityTraits(people.age, people.gender, education, people.occupation)
        ties = first_ties(
            people,
            traits,
            seed=seed,
            parameters=parameters.social,
            slots=parameters.social.ties.crowd_slots,
            left_open=parameters.social.ties.crowd_open,
            dtype=np.int32,
        )
        _, house = np.unique(people.household, return_inverse=True)
        return cls(
            ties,
            np.full(len(people), APART, dtype=np.int32),
            (places + house).astype(np.int32),
            traits,
            interests,
            row_order(people.ids),
        )

    def rows_of(self, ids: Int, known: Int) -> Int:
        """Return the rows of persons by id.

        Parameters
        ----------
        ids : ndarray of int64, shape (n,)
            Ids of all rows.
        known : ndarray of int64, shape (m,)
            Ids to be found; the row of one that is not among `ids` is another person's.
        """
        if not len(known):
            return known
        following: Int = known - ids[0]
        if (ids.take(following, mode="clip") == known).all():
            # Ids follow one another as long as nobody has come or gone.
            return following
        order = self.order if len(self.order) else None
        at = np.minimum(np.searchsorted(ids, known, sorter=order), len(ids) - 1)
        return at if order is None else order[at].astype(np.int64)

    @property
    def memory_bytes(self) -> int:
        """Bytes of all columns but those of the people: `traits`, and what they like."""
        apart = (self.house, self.order, self.interests.hobbies)
        columns = (*(one for _, one in arrays_of(self)), *apart)
        return sum(one.nbytes for one in columns)

    def shared_interests(self, one: Int, other: Int) -> tuple[Interests, Interests]:
        """Return the interests of pairs of rows."""
        return self.interests.take(one), self.interests.take(other)


def row_order(ids: Int) -> NDArray[np.int32]:
    """Return the rows of persons by rising id; none if they are in that order anyway."""
    if (ids[1:] > ids[:-1]).all():
        return np.empty(0, dtype=np.int32)
    return np.argsort(ids, kind="stable").astype(np.int32)


def interests_of(people: PopulationColumns) -> Interests:
    """Return what persons like to do, as `Interests.of` returns it of personas."""
    names, codes = hobby_codes_of(people)
    # Only hobbies that somebody has take a bit, in the order of their names.
    used = sorted(np.flatnonzero(np.bincount(codes[codes != NO_HOBBY])), key=names.__getitem__)
    bit = np.zeros(len(names), dtype=np.int64)
    bit[used] = np.arange(len(used))
    bits = np.zeros((len(people), max(-(-len(used) // _WORD_BITS), 1)), dtype=np.uint64)
    for column in codes.T:
        rows = np.flatnonzero(column != NO_HOBBY)
        word, place = np.divmod(bit[column[rows]], _WORD_BITS)
        bits[rows, word] |= np.left_shift(np.uint64(1), place.astype(np.uint64))
    return Interests(people.preferences, bits)


_WORD_BITS = 64
