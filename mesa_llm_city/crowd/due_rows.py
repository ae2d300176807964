"""What rows do that are due: they arrive, begin, listen, end what they do, or stay."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.kernels import compiled
from mesa_llm_city.core.values import Bool, Int
from mesa_llm_city.crowd.due import Due
from mesa_llm_city.crowd.due_loops import ARRIVES, BEGINS, ENDS, KINDS, LISTENS, STAYS, sort_rows
from mesa_llm_city.crowd.state import NO_REFUGE, NOT_BEGUN, NOT_TRAVELLING, CrowdState

__all__ = ["SortedRows", "sorted_rows"]


class SortedRows(NamedTuple):
    """Positions of due rows by what they do, rising in each.

    Attributes
    ----------
    arrives, begins, listens, ends, stays : ndarray of int64
        Whose trip ends; whose life in the model begins; who has messages to think of; who has
        done what they do; and who goes on with it, but looks up.
    has_refuge : bool
        Whether any of them has a refuge.
    """

    arrives: Int
    begins: Int
    listens: Int
    ends: Int
    stays: Int
    has_refuge: bool


def sorted_rows(state: CrowdState, due: Due, waiting: Bool) -> SortedRows:
    """Return what rows do that are due.

    Parameters
    ----------
    state : CrowdState
        The crowd.
    due : Due
        The m rows.
    waiting : ndarray of bool, shape (n,)
        Who has messages to think of.
    """
    rows, doing, to = due.rows, state.doing, state.trip.destination
    loop = compiled(sort_rows)
    if loop is not None:
        kind = np.empty(len(rows), dtype=np.int8)
        first, order = np.empty(KINDS + 1, dtype=np.int64), np.empty(len(rows), dtype=np.int64)
        columns = doing, to, waiting, state.refuge
        has_refuge = loop(*columns, rows, due.minute, kind, first, order)
        bounds = first.tolist()
    else:
        other = [
            to[rows] != NOT_TRAVELLING,
            doing.purpose[rows] == NOT_BEGUN,
            waiting[rows],
            due.minute >= doing.end[rows],
        ]
        kind = np.select(other, [ARRIVES, BEGINS, LISTENS, ENDS], STAYS)
        order = np.argsort(kind, kind="stable")
        bounds = [0, *np.cumsum(np.bincount(kind, minlength=KINDS)).tolist()]
        has_refuge = bool((state.refuge[rows] != NO_REFUGE).any())
    arrives, begins, listens, ends, stays = (
        order[bounds[one] : bounds[one + 1]] for one in range(KINDS)
    )
    return SortedRows(arrives, begins, listens, ends, stays, has_refuge)
