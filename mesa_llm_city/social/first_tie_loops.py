"""First ties, as a loop over people that is compiled (see `kernels`).

It does what `first_ties` does in NumPy, in the same order of operations.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.shares import code_of
from mesa_llm_city.core.values import Int
from mesa_llm_city.social.similarity import SimilarityTraits
from mesa_llm_city.social.similarity_loops import similarity_of_two
from mesa_llm_city.social.tie_loops import TieArrays, first_level
from mesa_llm_city.social.tie_slots import TieNumbers

__all__ = ["Beginners", "add_ties"]


class Beginners(NamedTuple):
    """Who begins to know people.

    Attributes
    ----------
    ids : ndarray of int64, shape (n,)
        Ids of people.
    known : ndarray of int64, shape (n,)
        How many slots of each are in use.
    traits : SimilarityTraits
        What their similarity depends on.
    age_range : float
        As in `SimilarityParameters`.
    """

    ids: Int
    known: Int
    traits: SimilarityTraits
    age_range: float


def add_ties(  # noqa: PLR0917 - compiled loops take no keywords
    ties: TieArrays,
    people: Beginners,
    numbers: TieNumbers,
    rows: Int,
    others: Int,
    relation: NDArray[np.int8],
    most: int,
) -> None:
    """Begin ties of rows to others whom they do not know yet, as long as there are slots.

    Parameters
    ----------
    ties : TieArrays
        The ties, changed in place.
    people : Beginners
        Everybody, of whom `known` is changed.
    numbers : TieNumbers
        How ties begin.
    rows, others : ndarray of int64, shape (k,)
        Rows of those who begin to know somebody, and of whom they know.
    relation : ndarray of int8, shape (n,)
        What others are to each row, as a position in `Relation`.
    most : int
        Number of slots that may be in use.
    """
    ids, known, traits, age_range = people
    other, codes = ties.other, ties.level_codes
    for turn in range(len(rows)):
        row, one = rows[turn], others[turn]
        used = known[row]
        is_new = used < most
        for slot in range(used):
            is_new = is_new and other[row, slot] != ids[one]
        if is_new:
            alike = similarity_of_two(traits, row, one, age_range)
            other[row, used], ties.relation[row, used] = ids[one], relation[row]
            for belief in range(codes.shape[2]):
                begun = numbers.start[relation[row], belief]
                begun = first_level(begun, numbers.homophily[belief], alike)
                codes[row, used, belief] = code_of(begun)
            known[row] = used + 1
