"""Wishes put into their store, as a loop over rows that is compiled (see `kernels`)."""

from __future__ import annotations

import numpy as np

from mesa_llm_city.core.values import Int
from mesa_llm_city.mobility.day_loops import Wishes
from mesa_llm_city.mobility.free_time_loops import WishArrays
from mesa_llm_city.mobility.purpose_codes import FREE

__all__ = ["LATEST", "put_wishes"]

LATEST = np.iinfo(np.int16).max
"""Last minute of a wish, from that of the first one of the day."""


def put_wishes(store: WishArrays, rows: Int, wishes: Wishes) -> None:
    """Replace the wishes of m rows (see `WishStore.put`).

    Parameters
    ----------
    store : WishArrays
        Wishes of all rows, which are changed.
    rows : ndarray of int64, shape (m,)
        The rows.
    wishes : Wishes
        Their new wishes, in order of time.
    """
    for at in range(len(rows)):
        row, size = rows[at], wishes.size[at]
        base = wishes.from_min[at, 0] if size > 0 else 0
        store.base[row], store.size[row] = base, size
        for one in range(store.purpose.shape[1]):
            if one < size:
                store.purpose[row, one] = wishes.purpose[at, one]
                store.minutes[row, one] = wishes.minutes[at, one]
                # What may begin weeks later may begin at any time of the day.
                store.from_min[row, one] = min(wishes.from_min[at, one] - base, LATEST)
                store.until_min[row, one] = min(wishes.until_min[at, one] - base, LATEST)
            else:
                store.purpose[row, one], store.minutes[row, one] = FREE, 0
                store.from_min[row, one], store.until_min[row, one] = 0, 0
